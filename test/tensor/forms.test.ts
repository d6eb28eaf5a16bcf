/**
 * What counts as a tensor: arrays of another realm, rows that are typed arrays, pixels of a canvas, ndarrays over plain arrays; and outputs
 * that are tensors.
 */
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import * as pool from '../../src/index.ts'
import { type DType, dtypeNames, dtypes } from '../../src/tensor/dtype.ts'
import { callOf, catalogue, functions, knownSamples, runForward } from '../support/catalogue.ts'
import { codeOf, refusalOf } from '../support/refusals.ts'

/** A copy whose arrays are those of another realm. */
function abroad<T>(value: T): T {
  if (value instanceof pool.Tensor) {
    const { data, shape, dtype } = value
    const foreign = runInNewContext(`(values) => ${data.constructor.name}.from(values)`)([...data])
    return { data: foreign, shape: runInNewContext(`[${shape}]`), dtype } as T
  }
  return value
}
const foreignLike = ({ data }: pool.Tensor) => runInNewContext(`new ${data.constructor.name}(${data.length})`)

describe('arrays of another realm', () => {
  it.each(catalogue)('are inputs, indices and outputs of $name', (entry) => {
    const all: DType[] = ['float32', 'int64', 'uint8']
    const defined = all.filter((dtype) => codeOf(() => runForward(entry, dtype)) !== 'BAD_DTYPE')
    expect(defined).not.toEqual([])
    for (const dtype of defined) {
      const extra = knownSamples(entry)
      const { inputs, options } = callOf(entry, dtype, extra)
      const y = runForward(entry, dtype, extra)
      const out = foreignLike(y)
      const given = runInNewContext('(options) => ({ ...options })')({
        ...Object.fromEntries(Object.entries(options).map(([name, value]) => [name, abroad(value)])),
        out,
      })
      const own = functions[entry.name]!(...inputs.map(abroad), given)
      expect(own.data).toBe(out)
      expect([...own.data]).toEqual([...y.data])
    }
  })

  it('are gradients, indices that were kept, and their outputs', () => {
    const x = pool.rand([1, 1, 4, 4], { seed: 0 })
    const { output, indices } = pool.maxPool2d(x, { kernelSize: 2, returnIndices: true })
    const dx = pool.maxPool2dBackward(output, x, { kernelSize: 2, indices })
    const out = foreignLike(x)
    pool.maxPool2dBackward(abroad(output), abroad(x), { kernelSize: 2, indices: abroad(indices), out })
    expect([...out]).toEqual([...dx.data])
    const indicesOut = foreignLike(indices)
    pool.maxPool2d(abroad(x), { kernelSize: 2, returnIndices: true, indicesOut })
    expect([...indicesOut]).toEqual([...indices.data])
  })

  it('are what tensor, rand and layers take', () => {
    expect(pool.tensor(runInNewContext('[[1, 2], [3, 4]]')).shape).toEqual([2, 2])
    expect(pool.rand(runInNewContext('[2, 3]'), runInNewContext('({ seed: 0 })')).shape).toEqual([2, 3])
    const options = runInNewContext('({ kernelSize: [2, 2] })')
    const layer = new pool.MaxPool2d(options)
    options.kernelSize[0] = 0
    expect(layer.outputShape([1, 4, 4])).toEqual([1, 2, 2])
  })
})

it('rows may be typed arrays, whose dtype it then is unless another is asked for', () => {
  const rows = [Float64Array.of(1, 5, 2, 4), Float64Array.of(8, 7, 6, 9)]
  const y = pool.maxPool1d(rows, { kernelSize: 2 })
  expect([y.dtype, y.toArray()]).toEqual([
    'float64',
    [
      [5, 4],
      [8, 9],
    ],
  ])
  const dx = pool.avgPool1dBackward([Float64Array.of(1, 2), Float64Array.of(3, 4)], rows, { kernelSize: 2 })
  expect(dx.toArray()).toEqual([
    [0.5, 0.5, 1, 1],
    [1.5, 1.5, 2, 2],
  ])
  expect(pool.tensor(rows, undefined, 'int32').data).toEqual(Int32Array.of(1, 5, 2, 4, 8, 7, 6, 9))
  expect(codeOf(() => pool.tensor([Float64Array.of(1), Float32Array.of(1)] as never))).toBe('BAD_SHAPE')
  expect(codeOf(() => pool.tensor([Float64Array.of(1), Float64Array.of(1, 2)]))).toBe('BAD_SHAPE')
  expect(codeOf(() => pool.tensor([Float64Array.of(1.5)], undefined, 'int8'))).toBe('BAD_DTYPE')
})

it('pixels of a canvas are [height, width, 4]', () => {
  const pixels = { data: Uint8ClampedArray.from({ length: 16 }, (_, i) => i), width: 2, height: 2 }
  const y = pool.maxPool2d(pixels, { kernelSize: 2, layout: 'NHWC' })
  expect([y.shape, [...y.data]]).toEqual([
    [1, 1, 4],
    [12, 13, 14, 15],
  ])
  expect(codeOf(() => pool.maxPool2d({ ...pixels, width: 3 }, { kernelSize: 2, layout: 'NHWC' }))).toBe(
    'BAD_SHAPE',
  )
})

it('pixels of a canvas are refused in a layout whose channels are not last', () => {
  const pixels = { data: new Uint8ClampedArray(64), width: 4, height: 4 }
  const calls = [
    () => pool.maxPool2d(pixels, { kernelSize: 2 }),
    () => pool.adaptiveAvgPool2d(pixels, { outputSize: 1 }),
    () => pool.fractionalMaxPool2d(pixels, { kernelSize: 2, outputSize: 2 }),
  ]
  for (const call of calls) expect(call).toThrow(/layout = "NCHW"; ImageData has its channels last.*'NHWC'/)
})

it('an ndarray over a plain array is read as nested arrays are, strides included', () => {
  const turned = { data: [1, 2, 3, 4, 5, 6], shape: [1, 3, 2], stride: [6, 1, 3], offset: 0, dtype: 'array' }
  const y = pool.maxPool2d(turned, { kernelSize: [3, 1] })
  expect([y.dtype, y.toArray()]).toEqual(['float32', [[[3, 6]]]])
  expect(pool.tensor({ data: [1, 2], shape: [2], dtype: 'int8' }).data).toEqual(Int8Array.of(1, 2))
})

it('out and indicesOut may be tensors of the exact shape', () => {
  const x = pool.rand([1, 2, 4, 4], { seed: 0 })
  const out = pool.zeros([1, 2, 2, 2])
  const indicesOut = pool.zeros([1, 2, 2, 2], { dtype: 'int32' })
  const { output, indices } = pool.maxPool2d(x, { kernelSize: 2, returnIndices: true, out, indicesOut })
  expect(output.data).toBe(out.data)
  expect(indices.data).toBe(indicesOut.data)
  expect([...out.data]).toEqual([...pool.maxPool2d(x, { kernelSize: 2 }).data])
  const turned = { kernelSize: 2, out: pool.zeros([2, 1, 2, 2]) }
  expect(codeOf(() => pool.maxPool2d(x, turned))).toBe('BAD_SHAPE')
  expect(codeOf(() => pool.avgPool2d(x, { kernelSize: 2, out: x }))).toBe('BAD_SHAPE')
  const places = pool.maxPool2d(x, { kernelSize: 2, returnIndices: true }).indices
  const unpooled = pool.tensor(new Float32Array(32).fill(7), [1, 2, 4, 4])
  pool.maxUnpool2d(output, places, { kernelSize: 2, out: unpooled })
  expect([...unpooled.data]).toEqual([...pool.maxUnpool2d(output, places, { kernelSize: 2 }).data])
})

it('a tensor of TensorFlow.js is sent to pool2d/tfjs, in a line', () => {
  const x = { data: async () => new Float32Array(16), dataSync: () => 0, shape: [1, 4, 4], dtype: 'float32' }
  const refusal = refusalOf(() => pool.maxPool2d(x as never, { kernelSize: 2 }))
  expect(refusal?.code).toBe('BAD_DTYPE')
  expect(refusal?.message).toMatch(/^maxPool2d: x = Object; .* Use pool2d\/tfjs, or pass .*\.$/)
})

describe('Tensor', () => {
  it('cannot be changed after its checks', () => {
    const x = pool.rand([1, 2, 2], { seed: 0 })
    expect(() => Object.assign(x, { shape: [1, 200, 200] })).toThrow(TypeError)
    const forged = Object.create(pool.Tensor.prototype, {
      data: { value: new Float32Array(4) },
      shape: { value: [1, '2', 2] },
    })
    expect(codeOf(() => pool.maxPool2d(forged, { kernelSize: 2 }))).toBe('BAD_SHAPE')
  })

  it('takes another shape over the same elements', () => {
    const x = pool.rand([2, 6], { seed: 0 })
    expect(x.reshape([1, 3, -1]).shape).toEqual([1, 3, 4])
    expect(x.reshape([12]).data).toBe(x.data)
    for (const shape of [[5, -1], [-1, -1], [0, -1], [13], [2.5, -1], undefined])
      expect(
        codeOf(() => x.reshape(shape as never)),
        String(shape),
      ).toBe('BAD_SHAPE')
  })

  it.each(dtypeNames)('goes through JSON as it is: %s', (dtype) => {
    const values = dtypes[dtype].float ? [1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY] : [0, 1, 2, 127]
    const x =
      dtype === 'uint64'
        ? pool.tensor([2n ** 64n - 1n], [1, 1], dtype)
        : pool.tensor([values], undefined, dtype)
    const { data, shape, dtype: read } = pool.tensor(JSON.parse(JSON.stringify(x)))
    expect([read, shape]).toEqual([dtype, x.shape])
    expect(data).toEqual(x.data)
  })
})
