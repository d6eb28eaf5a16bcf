/**
 * @file `downsample` against its definition: random tensors of every dtype, rank and method, and cases that other tools get wrong.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPoolError } from '../../src/errors.ts'
import { Tensor, tensor } from '../../src/index.ts'
import { roundOnce } from '../../src/pyramid/downsample/rounding-once.ts'
import { downsample, downsampleMethods } from '../../src/pyramid/index.ts'
import {
  type DType,
  dtypeNames,
  dtypes,
  integerRange,
  type Scalar,
  type TypedArray,
} from '../../src/tensor/dtype.ts'
import { narrow } from '../../src/tensor/half.ts'
import { isHalf, valuesOf } from '../../src/tensor/storage.ts'
import { define, type Rules } from './definition.ts'

const runs = Number(process.env.POOL2D_RUNS ?? 6)
const seed = Number(process.env.POOL2D_SEED ?? 1)

/** Few different values, so that windows tie; the ends of the range, NaN and -0 among them. */
function valuesFor(dtype: DType): readonly Scalar[] {
  if (dtypes[dtype].float) return [0, -0, 1, 1.5, -2, 3, 100, Number.NaN, Number.POSITIVE_INFINITY, -1000]
  const [low, high] = integerRange(dtype)
  return typeof low === 'bigint'
    ? [low, high as bigint, 0n, 1n, 2n, 3n, 2n ** 53n + 1n, (high as bigint) - 1n]
    : [low, high, 0, 1, 2, 3, 7, (high as number) - 1]
}

function tensorOf(dtype: DType, shape: readonly number[], picks: readonly number[]): Tensor {
  const choices = valuesFor(dtype)
  const values = picks.map((pick) => choices[pick % choices.length]!)
  const { storage } = dtypes[dtype]
  const data = new storage(values.length) as TypedArray
  if (isHalf(dtype)) narrow(values as number[], dtype, data as Uint16Array)
  else data.set(values as never)
  return new Tensor(data, shape, dtype)
}

function stepOf(dtype: DType) {
  return (value: Scalar): Scalar => {
    if (!dtypes[dtype].float) {
      const [, high] = integerRange(dtype)
      return typeof value === 'bigint'
        ? value === high
          ? value - 1n
          : value + 1n
        : value === high
          ? value - 1
          : value + 1
    }
    return roundedNext(value as number, dtype)
  }
}

/** The next larger element, by halving the distance to it. */
function roundedNext(value: number, dtype: DType): number {
  const round = roundOnce(dtype)
  let gap = Math.max(Math.abs(value), 1)
  while (round(value + gap / 2) > value && gap > 2 ** -1022) gap /= 2
  return round(value + gap)
}

const cases = fc.record({
  dtype: fc.constantFrom(...dtypeNames),
  method: fc.constantFrom(...downsampleMethods),
  shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
  factors: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
  picks: fc.infiniteStream(fc.nat(9)),
  nodata: fc.option(fc.nat(9), { nil: undefined }),
  background: fc.option(fc.nat(9), { nil: undefined }),
  trim: fc.boolean(),
})

describe('downsample', () => {
  it('follows its definition', () => {
    fc.assert(
      fc.property(cases, ({ dtype, method, shape, picks, ...given }) => {
        const factors = given.factors.slice(0, shape.length)
        const edges = given.trim && shape.every((n, axis) => n >= factors[axis]!) ? 'trim' : 'keep'
        const size = shape.reduce((a, b) => a * b, 1)
        const x = tensorOf(dtype, shape, [...picks.take(size)])
        const choices = valuesFor(dtype)
        const nodata = given.nodata === undefined ? undefined : choices[given.nodata % choices.length]
        const picked = given.background === undefined ? undefined : choices[given.background % choices.length]
        const background = method === 'mode' ? picked : undefined
        // A step from infinity or to zero is a fixed case below.
        if (
          nodata !== undefined &&
          method === 'mean' &&
          [0, Number.POSITIVE_INFINITY].includes(nodata as number) &&
          dtypes[dtype].float
        )
          return
        const y = downsample(x, { factor: factors, method, nodata, background, edges })
        const rules: Rules = {
          factors,
          method,
          nodata,
          background,
          edges,
          ...(dtypes[dtype].float && { round: roundOnce(dtype) }),
          step: stepOf(dtype),
        }
        const wanted = define(valuesOf(x), shape, rules).map((value) => (value === 0 ? 0 : value))
        expect(Array.from(valuesOf(y), (value) => (value === 0 ? 0 : value))).toEqual(wanted)
      }),
      { numRuns: 100 * runs, seed },
    )
  })
})

const rows = (data: TypedArray, ...shape: number[]) => tensor(data, shape)
const two = (x: Tensor, method: 'mean' | 'mode', rest = {}) =>
  downsample(x, { factor: 2, method, ...rest }).toArray()

describe('what other tools get wrong', () => {
  it('ids above 2^24, 2^53 and at 2^64 - 1 stay', () => {
    const id = 302011022
    expect(two(rows(Int32Array.of(id, id, id, 1), 2, 2), 'mode')).toEqual([[id]])
    expect(two(rows(Int32Array.of(id, id, id, id), 2, 2), 'mean')).toEqual([[id]])
    for (const big of [2n ** 53n + 1n, 2n ** 64n - 1n]) {
      expect(two(rows(BigUint64Array.of(big, big, 1n, 2n), 2, 2), 'mode')).toEqual([[big]])
      expect(two(rows(BigUint64Array.of(big, big, big, big), 2, 2), 'mean')).toEqual([[big]])
    }
  })

  it('odd rows and columns count', () => {
    const x = rows(
      Uint8Array.from({ length: 20 }, (_, i) => i + 1),
      4,
      5,
    )
    expect(two(x, 'mean')).toEqual([
      [4, 6, 8],
      [14, 16, 18],
    ])
    expect(
      two(
        rows(
          Uint16Array.from({ length: 9 }, () => 10),
          3,
          3,
        ),
        'mean',
      ),
    ).toEqual([
      [10, 10],
      [10, 10],
    ])
  })

  it('ties go to the smallest, halves to even', () => {
    expect(two(rows(Uint8Array.of(4, 3, 2, 1), 2, 2), 'mode')).toEqual([[1]])
    expect(two(rows(Uint16Array.of(1, 2, 2, 2), 2, 2), 'mean')).toEqual([[2]])
    const pairs = rows(Int8Array.of(0, 1, 1, 2, 2, 3, -1, 0, -2, -1, 127, 126), 12)
    expect(downsample(pairs, { factor: 2, method: 'mean' }).toArray()).toEqual([0, 2, 2, 0, -2, 126])
  })

  it('noise drifts by less than 0.1 over eight levels, a constant not at all', () => {
    let state = 1
    const noise = Uint16Array.from({ length: 1024 * 1024 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 20
    })
    const mean = (data: ArrayLike<number>) => Array.from(data).reduce((a, b) => a + b, 0) / data.length
    let x = rows(noise, 1024, 1024)
    let constant = rows(new Uint16Array(513 * 511).fill(4095), 513, 511)
    for (let level = 0; level < 8; level++) {
      x = downsample(x, { factor: 2, method: 'mean' })
      constant = downsample(constant, { factor: 2, method: 'mean' })
    }
    expect(Math.abs(mean(x.data as Uint16Array) - mean(noise))).toBeLessThan(0.1)
    expect(new Set(constant.data as Uint16Array)).toEqual(new Set([4095]))
  })
})

describe('nodata, background, alpha', () => {
  it('a mean that would be nodata moves one step', () => {
    expect(two(rows(Int16Array.of(-1, 1, -3, 3), 2, 2), 'mean', { nodata: 0 })).toEqual([[1]])
    expect(two(rows(Uint8Array.of(255, 255, 254, 254), 2, 2), 'mean', { nodata: 254 })).toEqual([[255]])
    expect(two(rows(Float32Array.of(-1, 1), 1, 2), 'mean', { nodata: 0 })).toEqual([[2 ** -149]])
    expect(two(rows(Float64Array.of(-1, 1), 1, 2), 'mean', { nodata: 0 })).toEqual([[2 ** -1074]])
    expect(two(rows(Uint8Array.of(7, 7, 7, 7), 2, 2), 'mean', { nodata: 7 })).toEqual([[7]])
  })

  it('thin objects stay before their background', () => {
    const x = rows(Uint8Array.of(0, 0, 0, 9), 2, 2)
    expect(two(x, 'mode')).toEqual([[0]])
    expect(two(x, 'mode', { background: 0 })).toEqual([[9]])
    expect(two(rows(new Uint8Array(4), 2, 2), 'mode', { background: 0 })).toEqual([[0]])
  })

  it('colours under transparent pixels do not count; alpha is the share that is covered', () => {
    const x = rows(Uint8Array.of(200, 10, 20, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 2, 2, 4)
    const y = downsample(x, { factor: [2, 2, 1], method: 'mean', alpha: { axis: 2, channel: 3 } })
    expect(y.toArray()).toEqual([[[200, 10, 20, 64]]])
    const clear = downsample(rows(new Uint8Array(16), 2, 2, 4), {
      factor: [2, 2, 1],
      method: 'mean',
      alpha: { axis: 2, channel: 3 },
    })
    expect(clear.toArray()).toEqual([[[0, 0, 0, 0]]])
  })
})

it('bfloat16 is rounded once', () => {
  expect(roundOnce('bfloat16')(1 + 2 ** -8 + 2 ** -40)).toBe(1 + 2 ** -7)
  expect(roundOnce('bfloat16')(1 + 3 * 2 ** -8 - 2 ** -40)).toBe(1 + 2 ** -7)
  expect(roundOnce('bfloat16')(1 + 2 ** -8)).toBe(1)
})

it.each([
  [{ factor: 0 }, 'BAD_PARAM', /factor = 0; must be a whole number >= 1/],
  [{ factor: [2] }, 'BAD_PARAM', /one number for each of the 2 axes/],
  [{ method: 'average' }, 'BAD_PARAM', /must be one of mean, mode/],
  [{ background: 0 }, 'BAD_PARAM', /with method "mode" only/],
  [{ nodata: 256 }, 'BAD_PARAM', /uint8 holds, from 0 to 255/],
  [{ nodata: Number.NaN }, 'BAD_PARAM', /uint8 holds/],
  [{ alpha: { axis: 0, channel: 0 } }, 'BAD_PARAM', /must be 1 along the axis/],
  [{ edges: 'trim', factor: 3 }, 'BAD_SHAPE', /must fit at least once/],
  [{ kernelSize: 2 }, 'BAD_PARAM', /no such option/],
])('refuses %o', (given, code, message) => {
  const options = { factor: 2, method: 'mean' as const, ...given } as never
  try {
    downsample(rows(new Uint8Array(4), 2, 2), options)
    expect.unreachable()
  } catch (error) {
    expect(isPoolError(error, code as never)).toBe(true)
    expect((error as Error).message).toMatch(message)
  }
})
