/**
 * Arrays that a caller gives: frozen ones that were never checked, ones with holes, ones that hold themselves, ones of any length. Each is
 * refused with a PoolError, at once, and the next call is right.
 */
import { expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { legacyPool2d } from '../../../src/legacy.ts'
import { refusalOf } from '../../support/refusals.ts'

const x = pool.rand([1, 1, 4, 4], { seed: 0 })
const sparse = (length: number): never => new Array(length) as never
/** An array with an entry that is not there. */
const holed = (...entries: unknown[]): never => {
  const array = [...entries]
  for (const [at, entry] of entries.entries()) if (entry === undefined) delete array[at]
  return array as never
}
const itself = (): never => {
  const array: unknown[] = []
  array[0] = array
  return array as never
}
const deep = (levels: number): never => {
  let array: unknown = [1]
  for (let level = 0; level < levels; level++) array = [array]
  return array as never
}
/** 2^64 elements in 64 arrays. */
const shared = (): never => {
  let array: unknown = [1, 1]
  for (let level = 1; level < 64; level++) array = [array, array]
  return array as never
}
const data = new Float32Array(16)

it.each<[string, () => unknown, string]>([
  [
    'a frozen shape of texts',
    () => new pool.Tensor(data, Object.freeze(['1', '1', '4', '4']) as never),
    'BAD_SHAPE',
  ],
  ['a frozen shape of fractions', () => new pool.Tensor(data, Object.freeze([1, 1.6, 2.5, 4])), 'BAD_SHAPE'],
  [
    'a frozen shape with a hole',
    () => new pool.Tensor(data, Object.freeze(holed(16, undefined))),
    'BAD_SHAPE',
  ],
  [
    'an array-like in frozen clothes',
    () => new pool.Tensor({ length: 1, constructor: Float32Array } as never, [1], 'float32'),
    'BAD_DTYPE',
  ],
  [
    'a DataView for a shape',
    () => new pool.Tensor(data.slice(0, 1), new DataView(new ArrayBuffer(4)) as never),
    'BAD_SHAPE',
  ],
  ['a shape of holes', () => pool.zeros(sparse(2)), 'BAD_SHAPE'],
  ['a shape of 2^32 - 1 axes', () => pool.zeros(sparse(2 ** 32 - 1)), 'BAD_SHAPE'],
  [
    'a shape with a hole for outputShape',
    () => pool.outputShape('maxPool2d', holed(1, 1, undefined, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'a shape with a hole for explain',
    () => pool.explain('maxPool2d', holed(1, 1, undefined, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'a shape with a hole of an input',
    () => pool.maxPool2d({ data, shape: holed(1, undefined, 4, 4) }, { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'a stride with a hole',
    () => pool.maxPool2d({ data, shape: [1, 4, 4], stride: holed(16, undefined, 1) }, { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'a stride of holes',
    () => pool.maxPool2d({ data, shape: [1, 4, 4], stride: sparse(3) }, { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  ['a window with a hole', () => pool.maxPool2d(x, { kernelSize: holed(2, undefined) }), 'BAD_PARAM'],
  ['a window of holes', () => pool.maxPool2d(x, { kernelSize: sparse(2) }), 'BAD_PARAM'],
  ['a window of 2^32 - 1 holes', () => pool.maxPool2d(x, { kernelSize: sparse(2 ** 32 - 1) }), 'BAD_PARAM'],
  [
    'a stride option with a hole',
    () => pool.avgPool2d(x, { kernelSize: 2, stride: holed(undefined, 1) }),
    'BAD_PARAM',
  ],
  [
    'a padding with a hole',
    () => pool.maxPool2d(x, { kernelSize: 2, padding: holed(1, undefined) }),
    'BAD_PARAM',
  ],
  [
    'pads with a hole',
    () => pool.maxPool2d(x, { kernelSize: 2, padding: holed([1, 1], undefined) }),
    'BAD_PARAM',
  ],
  [
    'a pad with a hole',
    () => pool.maxPool2d(x, { kernelSize: 2, padding: [holed(1, undefined), [1, 1]] as never }),
    'BAD_PARAM',
  ],
  [
    'a dilation with a hole',
    () => pool.lpPool2d(x, { normType: 2, kernelSize: 2, dilation: holed(1, undefined) }),
    'BAD_PARAM',
  ],
  [
    'ratios with a hole',
    () => pool.fractionalMaxPool2d(x, { kernelSize: 2, outputRatio: holed(0.5, undefined) }),
    'BAD_PARAM',
  ],
  [
    'samples with a hole',
    () =>
      pool.fractionalMaxPool2d(x, { kernelSize: 2, outputSize: 2, randomSamples: [[holed(0.5, undefined)]] }),
    'BAD_DTYPE',
  ],
  [
    'an output size of an unpooling with a hole',
    () =>
      pool.maxUnpool2d(x, new pool.Tensor(new Int32Array(16), x.shape), {
        kernelSize: 2,
        outputSize: holed(8, undefined),
      }),
    'BAD_SHAPE',
  ],
  [
    'an adaptive size with a hole',
    () => pool.adaptiveAvgPool2d(x, { outputSize: holed(1, undefined) }),
    'BAD_PARAM',
  ],
  [
    'a window of a layer with a hole',
    () => new pool.MaxPool2d({ kernelSize: holed(2, undefined) }),
    'BAD_PARAM',
  ],
  ['a size of Pool2D with a hole', () => new pool.Pool2D({ size: holed(2, undefined) }), 'BAD_PARAM'],
  ['a size of the tutorial with a hole', () => legacyPool2d(x, { size: holed(2, undefined) }), 'BAD_PARAM'],
  ['a row with a hole', () => pool.maxPool1d([holed(1, undefined)], { kernelSize: 1 }), 'BAD_DTYPE'],
  ['a hole for a row', () => pool.tensor(holed([1, 2], undefined)), 'BAD_SHAPE'],
  ['a hole first', () => pool.tensor(holed(undefined, [1, 2])), 'BAD_DTYPE'],
  ['an array that holds itself', () => pool.maxPool2d(itself(), { kernelSize: 2 }), 'BAD_SHAPE'],
  ['an array that holds itself in tensor', () => pool.tensor(itself()), 'BAD_SHAPE'],
  ['an array that holds itself as an option', () => pool.maxPool2d(x, { kernelSize: itself() }), 'BAD_PARAM'],
  [
    'an array that holds itself as a gradient',
    () => pool.maxPool2dBackward(itself(), x, { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'an array that holds itself among samples',
    () => new pool.FractionalMaxPool2d({ kernelSize: 2, outputSize: 2, randomSamples: itself() }),
    'BAD_SHAPE',
  ],
  ['100,000 levels', () => pool.tensor(deep(1e5)), 'BAD_SHAPE'],
  ['100,000 levels of a window', () => pool.maxPool2d(x, { kernelSize: deep(1e5) }), 'BAD_PARAM'],
  [
    '100,000 levels in an array that is unknown',
    () => pool.maxPool2d(x, { kernelSize: 2, strides: deep(1e5) } as never),
    'BAD_PARAM',
  ],
  ['2^64 elements in 64 arrays', () => pool.tensor(shared()), 'LIMIT'],
])('refuses %s', (_, call, code) => {
  const start = performance.now()
  const refusal = refusalOf(call)
  expect(performance.now() - start).toBeLessThan(1000)
  expect(refusal?.code).toBe(code)
  expect(refusal?.message.length).toBeLessThan(500)
  expect(
    pool.maxPool2d(
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      { kernelSize: 2 },
    ).data[0],
  ).toBe(4)
})

it.each([4194306, 2 ** 31 - 1])('counts exactly or refuses: a window of %i, 2^31 - 1 apart', (kernelSize) => {
  const options = { kernelSize, dilation: 2 ** 31 - 1, padding: 'same' } as const
  const refusal = refusalOf(() => pool.maxPool1d(pool.zeros([1, 1, 4]), options))
  expect(refusal?.code).toBe('LIMIT')
  const exact = { kernelSize: 2 ** 21, dilation: 2 ** 31 - 1, padding: 'same', stride: 1 } as const
  expect(pool.maxPool1d(pool.zeros([1, 1, 4]), exact).shape).toEqual([1, 1, 4])
})
