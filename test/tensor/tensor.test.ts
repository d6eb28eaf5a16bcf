import { Float16Array } from '@petamoriken/float16'
import { describe, expect, it } from 'vitest'
import { avgPool2d, isPoolError, maxPool2dBackward, rand, Tensor, tensor, zeros } from '../../src/index.ts'
import { asTensor } from '../../src/tensor/as-tensor.ts'
import { codeOf } from '../support/refusals.ts'

describe('tensor', () => {
  it('keeps a typed array and reads nested arrays as float32', () => {
    const data = new Int8Array([1, 2, 3, 4])
    expect(tensor(data, [2, 2]).data).toBe(data)
    const nested = tensor([
      [1, 2],
      [3, 4.5],
    ])
    expect([nested.shape, nested.dtype, nested.toArray()]).toEqual([
      [2, 2],
      'float32',
      [
        [1, 2],
        [3, 4.5],
      ],
    ])
  })

  it('holds float16 and bfloat16 as bits, rounded once to nearest even', () => {
    expect([...tensor([1, -2, 65504, 65520, 1 / 3, 6e-8, Number.NaN], undefined, 'float16').data]).toEqual([
      0x3c00, 0xc000, 0x7bff, 0x7c00, 0x3555, 0x0001, 0x7e00,
    ])
    expect([
      ...tensor([1, -2, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.4e38, Number.NaN], undefined, 'bfloat16').data,
    ]).toEqual([0x3f80, 0xc000, 0x3f80, 0x3f82, 0x7f80, 0x7fc0])
    expect(tensor(new Uint16Array([0x3c00, 0x3555]), [2], 'float16').toArray()).toEqual([1, 0.333251953125])
  })

  it('holds int64 as bigints', () => {
    expect(tensor([1, 2n, -3], undefined, 'int64').toArray()).toEqual([1n, 2n, -3n])
  })

  it.each([
    ['ragged rows', () => tensor([[1, 2], [3]]), 'BAD_SHAPE'],
    ['depths that differ', () => tensor([[1], 2] as never), 'BAD_SHAPE'],
    ['text', () => tensor(['1'] as never), 'BAD_DTYPE'],
    ['a fraction in int32', () => tensor([1.5], undefined, 'int32'), 'BAD_DTYPE'],
    ['300 in uint8', () => tensor([300], undefined, 'uint8'), 'BAD_DTYPE'],
    ['an unknown dtype', () => tensor([1], undefined, 'float8' as never), 'BAD_DTYPE'],
    ['a shape of another size', () => tensor(new Float32Array(3), [2, 2]), 'BAD_SHAPE'],
    ['a seed that is no whole number', () => rand([1], { seed: 0.5 }), 'BAD_PARAM'],
    ['random integers', () => rand([1], { dtype: 'int32' }), 'BAD_DTYPE'],
    ['more elements than memory', () => zeros([2 ** 31 - 1, 2 ** 31 - 1]), 'LIMIT'],
  ] as const)('refuses %s', (_, make, code) => {
    expect(codeOf(make)).toBe(code)
  })
})

describe('what counts as a tensor', () => {
  const values = (x: unknown): unknown => asTensor('test', 'x', x as never).toArray()
  const data = Float32Array.from({ length: 6 }, (_, i) => i)

  it('takes dims for shape, as ONNX Runtime has it', () => {
    expect(values({ data, dims: [2, 3], type: 'float32' })).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
  })

  it('makes strided, transposed, reversed and offset views dense', () => {
    expect(values({ data, shape: [3, 2], stride: [1, 3], offset: 0 })).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ])
    expect(values({ data, shape: [3], stride: [-2], offset: 5 })).toEqual([5, 3, 1])
    expect(values({ data, shape: [2, 2], offset: 1 })).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(values({ data, shape: [2, 2], stride: [0, 1] })).toEqual([
      [0, 1],
      [0, 1],
    ])
  })

  it('the stride of an axis of length 1 has no say', () => {
    const view = asTensor('test', 'x', { data, shape: [1, 6], stride: [99, 1], offset: 0 })
    expect(view.data.buffer).toBe(data.buffer)
  })

  it('takes typed arrays at an offset of their buffer', () => {
    expect(values({ data: new Float32Array(data.buffer, 8, 2), shape: [2] })).toEqual([2, 3])
  })

  it("takes a Float16Array, the engine's own or a polyfill, and gives one back", () => {
    const own = (globalThis as { Float16Array?: typeof Float16Array }).Float16Array
    for (const Half of own === undefined ? [Float16Array] : [Float16Array, own]) {
      const x = { data: new Half([1, 2, 3, 4.5]), shape: [1, 2, 2] } as never
      const y = avgPool2d(x, { kernelSize: 2 })
      expect([y.dtype, y.data.constructor, y.toArray()]).toEqual(['float16', Half, [[[2.625]]]])
      const dy = { data: new Half([2]), shape: [1, 1, 1] } as never
      expect([...maxPool2dBackward(dy, x, { kernelSize: 2 }).data]).toEqual([0, 0, 0, 2])
    }
  })

  it('takes clamped bytes as uint8', () => {
    expect(asTensor('test', 'x', { data: new Uint8ClampedArray(2), shape: [2] }).dtype).toBe('uint8')
  })

  it.each([
    ['a view past its data', { data, shape: [7], offset: 0 }, 'BAD_SHAPE'],
    ['a view before its data', { data, shape: [2], stride: [-1], offset: 0 }, 'BAD_SHAPE'],
    ['strides of another rank', { data, shape: [6], stride: [1, 1] }, 'BAD_SHAPE'],
    ['a plain array of texts as data', { data: ['1', '2'], shape: [2] }, 'BAD_DTYPE'],
    ['a plain array of an unknown dtype', { data: [1, 2], shape: [2], dtype: 'generic' }, 'BAD_DTYPE'],
    ['data behind a function', { data: () => data, shape: [6] }, 'BAD_DTYPE'],
    ['no data', { shape: [2] }, 'BAD_DTYPE'],
    ['a number', 3, 'BAD_DTYPE'],
    ['null', null, 'BAD_DTYPE'],
    ['no shape', { data }, 'BAD_SHAPE'],
    ['a dtype the array does not hold', { data, shape: [6], dtype: 'float16' }, 'BAD_DTYPE'],
  ])('refuses %s', (_, x, code) => {
    expect(codeOf(() => asTensor('test', 'x', x as never))).toBe(code)
  })
})

describe('printing', () => {
  it('prints as PyTorch does', () => {
    expect(String(rand([2, 3], { seed: 0 }))).toBe(
      'tensor([[0.4963, 0.7682, 0.0885],\n        [0.1320, 0.3074, 0.6341]])',
    )
    expect(String(tensor([1, 2, -30]))).toBe('tensor([  1.,   2., -30.])')
    expect(String(tensor([0.5, Number.NaN, Number.NEGATIVE_INFINITY]))).toBe(
      'tensor([0.5000,    nan,   -inf])',
    )
    expect(String(tensor([1e-5, 1]))).toBe('tensor([1.0000e-05, 1.0000e+00])')
    expect(String(tensor([-0, 1]))).toBe('tensor([-0., 1.])')
    expect(String(tensor([1, 2], undefined, 'int32'))).toBe('tensor([1, 2], dtype=int32)')
    expect(String(zeros([0, 3]))).toBe('tensor([], size=(0, 3))')
    expect(String(new Tensor(Float32Array.of(2), [], 'float32'))).toBe('tensor(2.)')
  })

  it('cuts long axes to their ends', () => {
    const lines = String(
      tensor(
        Float32Array.from({ length: 2000 }, (_, i) => i % 7),
        [40, 50],
      ),
    ).split('\n')
    expect(lines).toHaveLength(7)
    expect(lines[0]).toBe('tensor([[0., 1., 2.,  ..., 5., 6., 0.],')
    expect(lines[3]).toBe('        ...,')
  })
})

describe('isPoolError', () => {
  it('narrows by code', () => {
    try {
      tensor(new Float32Array(3), [2])
      expect.unreachable()
    } catch (error) {
      expect(isPoolError(error)).toBe(true)
      expect(isPoolError(error, 'BAD_SHAPE', 'LIMIT')).toBe(true)
      expect(isPoolError(error, 'LIMIT')).toBe(false)
    }
  })
})
