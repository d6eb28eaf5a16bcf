/**
 * @file Each choice both ways, on the example that shows the disagreement.
 */
import { describe, expect, test } from 'vitest'
import {
  averagePool,
  lpPool,
  maxPool,
  maxUnpool,
  onnxRuntimeChoices,
  runNode,
} from '../../../src/adapters/onnx/index.ts'
import { tensor } from '../../../src/tensor/create.ts'
import type { TypedArray } from '../../../src/tensor/dtype.ts'
import { codeOf, refusalOf } from '../../support/refusals.ts'

const line = (...values: number[]) => tensor([[values]])
const five = line(1, 2, 3, 4, 5)

test('validCeil: auto_pad VALID with ceil_mode, 5 elements, kernel 2, stride 2', () => {
  const attributes = { kernel_shape: [2], strides: [2], auto_pad: 'VALID', ceil_mode: 1 } as const
  expect(maxPool({ X: five }, attributes).Y.toArray()).toEqual([[[2, 4, 5]]])
  expect(maxPool({ X: five }, attributes, { validCeil: 'ignore' }).Y.toArray()).toEqual([[[2, 4]]])
})

describe('sameWindow: auto_pad SAME_UPPER with dilation 2, 5 elements, kernel 2', () => {
  const attributes = { kernel_shape: [2], dilations: [2], auto_pad: 'SAME_UPPER' } as const

  test('maximum', () => {
    expect(maxPool({ X: five }, attributes).Y.toArray()).toEqual([[[2, 3, 4, 5, 4]]])
    expect(maxPool({ X: five }, attributes, { sameWindow: 'undilated' }).Y.toArray()).toEqual([
      [[3, 4, 5, 4]],
    ])
  })

  test('average', () => {
    expect(averagePool({ X: five }, attributes).Y.toArray()).toEqual([[[2, 2, 3, 4, 4]]])
    expect(averagePool({ X: five }, attributes, { sameWindow: 'undilated' }).Y.toArray()).toEqual([
      [[2, 3, 4, 4]],
    ])
  })
})

test('partialNorm: a window that ceil mode cuts short', () => {
  const attributes = { kernel_shape: [2], strides: [2], ceil_mode: 1 }
  const x = line(3, 4, 5)
  expect(lpPool({ X: x }, attributes).Y.toArray()).toEqual([[[5, 5]]])
  const [whole, partial] = lpPool({ X: x }, attributes, {
    partialNorm: 'scaled',
  }).Y.data as Float32Array
  expect(whole).toBe(5)
  expect(partial).toBeCloseTo(5 * Math.SQRT2, 6)
})

describe('widePads: pads as wide as the window', () => {
  const attributes = { kernel_shape: [2], pads: [3, 2] }
  const x = line(-1, -2)

  test('windows that touch no element give -Infinity at -1, and 0', () => {
    const { Y, Indices } = maxPool({ X: x }, attributes)
    expect(Y.toArray()).toEqual([[[-Infinity, -Infinity, -1, -1, -2, -Infinity]]])
    expect(Indices.toArray()).toEqual([[[-1n, -1n, 0n, 0n, 1n, -1n]]])
    expect(averagePool({ X: x }, attributes).Y.toArray()).toEqual([[[0, 0, -1, -1.5, -2, 0]]])
    expect(averagePool({ X: x }, { ...attributes, count_include_pad: 1 }).Y.toArray()).toEqual([
      [[0, 0, -0.5, -1.5, -1, 0]],
    ])
    expect(lpPool({ X: x }, { ...attributes, p: 1 }).Y.toArray()).toEqual([[[0, 0, 1, 3, 2, 0]]])
    const bytes = tensor(Int8Array.of(-1, -2), [1, 1, 2])
    expect(maxPool({ X: bytes }, attributes).Y.toArray()).toEqual([[[-128, -128, -1, -1, -2, -128]]])
  })

  test('or are refused', () => {
    const refused = refusalOf(() => maxPool({ X: x }, attributes, { widePads: 'refuse' }))
    expect(refused?.message).toMatch('pads of spatial axis 0 = [3, 2]; must be less than the window 2')
    expect(codeOf(() => maxPool({ X: x }, { ...attributes, pads: [1, 1] }, { widePads: 'refuse' }))).toBe(
      'none',
    )
  })
})

describe('shortInput: a window longer than the padded input', () => {
  test.each([
    [1, 4, [5]],
    [4, 4, []],
    [2, 2, []],
    [2, 3, [5]],
    [1, 1, []],
  ])('lacking %i at stride %i: %j', (lack, stride, values) => {
    const attributes = { kernel_shape: [5 + lack], strides: [stride] }
    expect(codeOf(() => maxPool({ X: five }, attributes))).toBe('BAD_SHAPE')
    const { Y, Indices } = maxPool({ X: five }, attributes, { shortInput: 'truncate' })
    expect(Y.toArray()).toEqual([[values]])
    expect(Indices.toArray()).toEqual([[values.map(() => 4n)]])
  })

  test('lacking two strides is refused either way', () => {
    expect(codeOf(() => maxPool({ X: five }, { kernel_shape: [7] }, { shortInput: 'truncate' }))).toBe(
      'BAD_SHAPE',
    )
  })
})

test('unpoolIndices: output_shape beside the shape that the attributes infer', () => {
  const inputs = {
    X: tensor([
      [
        [
          [5, 6],
          [7, 8],
        ],
      ],
    ]),
    I: tensor(BigInt64Array.of(5n, 7n, 13n, 15n), [1, 1, 2, 2]),
    output_shape: tensor(BigInt64Array.of(1n, 1n, 5n, 5n), [4]),
  }
  const attributes = { kernel_shape: [2, 2], strides: [2, 2] }
  const places = (data: TypedArray) => [5, 6, 7, 8].map((value) => (data as Float32Array).indexOf(value))
  expect(places(maxUnpool(inputs, attributes).output.data)).toEqual([5, 7, 13, 15])
  expect(places(maxUnpool(inputs, attributes, { unpoolIndices: 'inferred' }).output.data)).toEqual([
    6, 8, 16, 18,
  ])
  const small = { ...inputs, output_shape: tensor(BigInt64Array.of(1n, 1n, 3n, 5n), [4]) }
  expect(codeOf(() => maxUnpool(small, attributes, { unpoolIndices: 'inferred' }))).toBe('BAD_SHAPE')
})

test('exact: row-major sums over windows of any size', () => {
  const x = tensor(
    Float32Array.from({ length: 64 * 64 }, (_, i) => Math.fround(Math.sin(i) * 1e4)),
    [1, 1, 64, 64],
  )
  const [exact] = runNode({ opType: 'GlobalAveragePool' }, [x], { exact: true })
  let sum = 0
  for (const value of x.data) sum = Math.fround(sum + value)
  expect(exact!.data[0]).toBe(Math.fround(sum / 4096))
})

test('as ONNX Runtime decides', () => {
  expect(Object.isFrozen(onnxRuntimeChoices)).toBe(true)
  const attributes = { kernel_shape: [2], dilations: [2], auto_pad: 'SAME_UPPER' } as const
  expect(maxPool({ X: five }, attributes, onnxRuntimeChoices).Y.shape).toEqual([1, 1, 4])
})
