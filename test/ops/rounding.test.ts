/**
 * Means of integers, compared with their definition in whole numbers: every rule, every dtype to its ends, every kernel family.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AvgPool2d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  explain,
  globalAvgPool,
  Pool2D,
  type Rounding,
  type Tensor,
  tensor,
} from '../../src/index.ts'
import { readJob, writeJob } from '../../src/kernels/threads/message.ts'
import { planAdaptive } from '../../src/plan/adaptive.ts'
import { roundings } from '../../src/reducers/rounding.ts'
import { type DType, dtypeNames, dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { catalogue, functions, runBackward, runForward } from '../support/catalogue.ts'
import { check } from '../support/configurations.ts'
import { kernelFamilies, onKernels } from '../support/kernel-family.ts'
import { codeOf, refusalOf } from '../support/refusals.ts'

const integers = dtypeNames.filter((dtype) => !dtypes[dtype].float)

function rangeOf(dtype: DType): readonly [bigint, bigint] {
  const bits = BigInt(dtype.match(/\d+/)![0])
  return dtype.startsWith('u') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]
}

const isRoundedUp: Record<Rounding, (below: number, rest: number, half: number) => boolean> = {
  trunc: (below, rest) => below < 0 && rest > 0,
  floor: () => false,
  'half-up': (below, _, half) => half > 0 || (half === 0 && below >= 0),
  'half-even': (below, _, half) => half > 0 || (half === 0 && below % 2 !== 0),
}

/** The same for bytes, in numbers. */
function byteMean(
  sum: number,
  divisor: number,
  rounding: Rounding,
  [least, largest]: readonly number[],
): number {
  const [top, bottom] = divisor < 0 ? [-sum, -divisor] : [sum, divisor]
  const below = Math.floor(top / bottom)
  const rest = top - below * bottom
  const isUp = isRoundedUp[rounding](below, rest, 2 * rest - bottom)
  return Math.min(Math.max(isUp ? below + 1 : below, least!), largest!)
}

/** From the floor of the quotient and what is left above it. */
function meanOf(sum: bigint, divisor: bigint, rounding: Rounding, dtype: DType): bigint {
  const [top, bottom] = divisor < 0n ? [-sum, -divisor] : [sum, divisor]
  const below = top >= 0n ? top / bottom : -((bottom - 1n - top) / bottom)
  const rest = top - below * bottom
  const half = 2n * rest - bottom
  const isUp = {
    trunc: below < 0n && rest > 0n,
    floor: false,
    'half-up': half > 0n || (half === 0n && below >= 0n),
    'half-even': half > 0n || (half === 0n && below % 2n !== 0n),
  }[rounding]
  const [least, largest] = rangeOf(dtype)
  const whole = isUp ? below + 1n : below
  return whole < least ? least : whole > largest ? largest : whole
}

function arrayOf(dtype: DType, values: readonly (bigint | number)[]): TypedArray {
  const data = new dtypes[dtype].storage(values.length)
  values.forEach((value, i) => {
    data[i] = (
      data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(value) : Number(value)
    ) as never
  })
  return data
}

function isSame(got: TypedArray, want: TypedArray): boolean {
  for (let i = 0; i < want.length; i++) if (got[i] !== want[i]) return false
  return got.length === want.length
}

const bigints = ({ data }: Tensor): bigint[] => Array.from(data as Int32Array, BigInt)

it.each([
  ['trunc', 253],
  ['floor', 253],
  ['half-up', 254],
  ['half-even', 254],
] as const)('%s of 253, 254, 254 is %d', (rounding, mean) => {
  const x = tensor(Uint8Array.of(253, 254, 254), [1, 1, 3])
  expect(avgPool1d(x, { kernelSize: 3, rounding }).data).toEqual(Uint8Array.of(mean))
  expect(globalAvgPool(x, { rounding }).data).toEqual(Uint8Array.of(mean))
})

it.each([
  ['trunc', [2, -2, 3, -3, 0]],
  ['floor', [2, -3, 3, -4, 0]],
  ['half-up', [3, -3, 4, -4, 1]],
  ['half-even', [2, -2, 4, -4, 0]],
] as const)('halves by %s', (rounding, want) => {
  const x = tensor(Int16Array.of(2, 3, -2, -3, 3, 4, -3, -4, 0, 1), [1, 1, 10])
  expect([...avgPool1d(x, { kernelSize: 2, rounding }).data]).toEqual(want)
})

it('trunc is what is left out', () => {
  const x = tensor(Int8Array.of(-3, -4, 3, 4), [1, 1, 4])
  expect(avgPool1d(x, { kernelSize: 2 }).data).toEqual(Int8Array.of(-3, 3))
  expect(new Pool2D({ mode: 'average' }).forward(tensor(Uint8Array.of(1, 1, 1, 0), [1, 2, 2])).data[0]).toBe(
    0,
  )
})

/** Windows of 2 by 2 whose elements sum to what is wanted. */
function squaresOf(sums: readonly number[]): number[] {
  const part = (sum: number, i: number): number => Math.floor((sum + i) / 4)
  const row = (i: number): number[] => sums.flatMap((sum) => [part(sum, i), part(sum, i + 1)])
  return [...row(0), ...row(2)]
}

const quarterRules = (['uint8', 'int8', 'uint16', 'int16'] as const).flatMap((dtype) =>
  roundings.map((rounding) => [dtype, rounding] as const),
)

it.each(quarterRules)('quarters of sums of four %s, from end to end, by %s', (dtype, rounding) => {
  const [least, largest] = rangeOf(dtype).map(Number) as [number, number]
  const [from, to] = [4 * least, 4 * largest]
  const step = dtype.endsWith('8') ? 1 : 61
  for (const count of [(to - from) / step + 1, 7, 16, 21].map(Math.floor)) {
    const sums = Array.from({ length: count }, (_, i) =>
      i < count / 2 ? from + i * step : to - (count - 1 - i) * step,
    )
    const x = tensor(arrayOf(dtype, squaresOf(sums)), [1, 1, 2, 2 * count], dtype)
    const want = arrayOf(
      dtype,
      sums.map((sum) => byteMean(sum, 4, rounding, [least, largest])),
    )
    for (const family of kernelFamilies) {
      const { data } = onKernels(family, () => avgPool2d(x, { kernelSize: 2, rounding }))
      if (!isSame(data, want)) expect(data, `${family} ${count}`).toEqual(want)
    }
  }
})

const byteRules = (['uint8', 'int8'] as const).flatMap((dtype) =>
  roundings.map((rounding) => [dtype, rounding] as const),
)

it.each(byteRules)('every sum of two %s over every divisor, by %s', (dtype, rounding) => {
  const range = rangeOf(dtype).map(Number)
  const [least, largest] = range as [number, number]
  const sums = Array.from({ length: 511 }, (_, i) => 2 * least + i)
  const halves = sums.flatMap((sum) => [Math.floor(sum / 2), Math.ceil(sum / 2)])
  expect(halves.every((value) => value >= least && value <= largest)).toBe(true)
  const x = tensor(arrayOf(dtype, halves), [1, 1, halves.length], dtype)
  for (let divisorOverride = -512; divisorOverride <= 512; divisorOverride++) {
    if (divisorOverride === 0) continue
    const options = { kernelSize: 2, divisorOverride, rounding }
    const want = arrayOf(
      dtype,
      sums.map((sum) => byteMean(sum, divisorOverride, rounding, range)),
    )
    // Vectors multiply by a constant of each divisor; the others divide.
    for (const family of divisorOverride % 5 === 0 ? kernelFamilies : (['simd'] as const)) {
      const { data } = onKernels(family, () => avgPool1d(x, options))
      if (!isSame(data, want)) expect(data, `${family} ${divisorOverride} ${rounding}`).toEqual(want)
    }
  }
})

/** Ends of the range, and halves of it, as often as anything between. */
function valuesOf(dtype: DType, length: number): fc.Arbitrary<bigint[]> {
  const [min, max] = rangeOf(dtype)
  const near = fc.constantFrom(min, max, max - 1n, (min + max) / 2n)
  return fc.array(fc.oneof(fc.bigInt({ min, max }), near), { minLength: length, maxLength: length })
}

const divisors = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: -40, max: -1 }),
  fc.constantFrom(2 ** 24 + 1, -(2 ** 24) - 1, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
)

const means = fc
  .record({
    dtype: fc.constantFrom(...integers),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
    channels: fc.integer({ min: 1, max: 5 }),
    layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
    rounding: fc.constantFrom(...roundings),
    divisorOverride: divisors,
    pads: fc.boolean(),
    countIncludePad: fc.boolean(),
  })
  .chain((settings) =>
    valuesOf(
      settings.dtype,
      settings.sizes.reduce((a, b) => a * b, settings.channels),
    ).map((values) => ({ ...settings, values })),
  )

it('any window of any dtype', () => {
  check(
    means,
    ({ dtype, sizes, channels, layout, rounding, divisorOverride, pads, countIncludePad, values }) => {
      const rank = sizes.length
      const kernelSize = sizes.map((size) => Math.min(size, 3))
      const padding = kernelSize.map((size) => (pads ? size >> 1 : 0))
      const shape = layout === 'NCHW' ? [1, channels, ...sizes] : [1, ...sizes, channels]
      const options = { kernelSize, stride: 1, padding, layout, rounding, divisorOverride, countIncludePad }
      const pool = [avgPool1d, avgPool2d, avgPool3d][rank - 1]!
      const y = pool(tensor(arrayOf(dtype, values), shape, dtype), options)
      const outputs = sizes.map((size, i) => size + 2 * padding[i]! - kernelSize[i]! + 1)
      const want: bigint[] = []
      const at = (place: readonly number[], channel: number): bigint => {
        const flat = place.reduce((sum, p, i) => sum * sizes[i]! + p, 0)
        return values[
          layout === 'NCHW' ? channel * (values.length / channels) + flat : flat * channels + channel
        ]!
      }
      const addOutputs = (channel: number, place: readonly number[]): void => {
        let [sum, count] = [0n, 0]
        const visit = (taps: readonly number[]): void => {
          if (taps.length < rank) {
            const [axis, from] = [taps.length, place[taps.length]! - padding[taps.length]!]
            for (let k = 0; k < kernelSize[axis]!; k++) visit([...taps, from + k])
          } else if (taps.every((tap, i) => tap >= 0 && tap < sizes[i]!)) {
            sum += at(taps, channel)
            count++
          }
        }
        visit([])
        const counted = countIncludePad ? kernelSize.reduce((a, b) => a * b, 1) : count
        want.push(meanOf(sum, BigInt(divisorOverride ?? counted), rounding, dtype))
      }
      const positions = outputs.reduce<number[][]>(
        (lead, size) => lead.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
        [[]],
      )
      const everyChannel = Array.from({ length: channels }, (_, i) => i)
      if (layout === 'NCHW') for (const c of everyChannel) for (const place of positions) addOutputs(c, place)
      else for (const place of positions) for (const c of everyChannel) addOutputs(c, place)
      expect(bigints(y)).toEqual(want)
    },
  )
})

describe.each(kernelFamilies)('quotients that float32 does not tell from others, %s', (family) => {
  const plane = (value: number, C: typeof Uint8Array | typeof Int8Array) => new C(256 * 512).fill(value)
  const mean = (data: Uint8Array | Int8Array, divisorOverride: number, rounding: Rounding) => {
    const x = tensor(data, [1, 1, 256, data.length / 256])
    const options = { kernelSize: [256, data.length / 256], divisorOverride, rounding }
    return onKernels(family, () => avgPool2d(x, options)).data[0]
  }

  it('just under and just above a half', () => {
    const data = plane(255, Uint8Array).subarray(0, 2 ** 16)
    const divisor = 11_141_119
    data[0] = data[1] = 254
    expect(mean(data, divisor, 'half-up')).toBe(1)
    expect(mean(data, divisor, 'half-even')).toBe(1)
    data[1] = 255
    expect(mean(data, divisor, 'half-up')).toBe(2)
    expect(mean(data, -divisor, 'half-up')).toBe(0)
  })

  it('just short of -1', () => {
    const data = plane(-128, Int8Array)
    expect(mean(data, 2 ** 24, 'trunc')).toBe(-1)
    expect(mean(data, 2 ** 24 + 1, 'trunc')).toBe(0)
    expect(mean(data, 2 ** 24 + 1, 'floor')).toBe(-1)
  })

  it('just short of a half', () => {
    const x = tensor(new Int16Array(256).fill(-(2 ** 15)), [1, 1, 16, 16])
    const mean = (divisorOverride: number) =>
      onKernels(family, () => avgPool2d(x, { kernelSize: 16, divisorOverride, rounding: 'half-up' })).data[0]
    expect(mean(2 ** 24)).toBe(-1)
    expect(mean(2 ** 24 + 1)).toBe(0)
  })
})

describe('sums that no float holds', () => {
  /** All the largest, and the last few less. */
  function filled(dtype: DType, size: number, less: number): TypedArray {
    const data = new dtypes[dtype].storage(size)
    data.fill((dtype.endsWith('64') ? rangeOf(dtype)[1] : Number(rangeOf(dtype)[1])) as never)
    for (let i = size - less; i < size; i++) (data[i] as number)--
    return data
  }

  it.each([
    ['int32', 2 ** 22 + 3],
    ['uint32', 2 ** 21 + 1],
    ['uint8', 4100 * 4100],
    ['int64', 70_001],
    ['uint64', 1031],
  ] as const)('%s, one window of %d', (dtype, size) => {
    const half = size >> 1
    for (const less of [half, half + 1]) {
      const data = filled(dtype, size, less)
      const sum = BigInt(size) * rangeOf(dtype)[1] - BigInt(less)
      for (const rounding of roundings) {
        const want = meanOf(sum, BigInt(size), rounding, dtype)
        expect(bigints(globalAvgPool(tensor(data, [1, 1, size], dtype), { rounding }))).toEqual([want])
      }
    }
  })

  it('channels last, in a plane of rows', () => {
    const [rows, columns] = [1500, 1401]
    const data = new Uint32Array(rows * columns * 2)
    for (let i = 0; i < data.length; i += 2) {
      data[i] = 2 ** 32 - 1
      data[i + 1] = i % 4 === 0 ? 2 ** 32 - 1 : 2 ** 32 - 2
    }
    const x = tensor(data, [1, rows, columns, 2])
    const y = globalAvgPool(x, { layout: 'NHWC', rounding: 'half-even' })
    expect([...y.data]).toEqual([2 ** 32 - 1, 2 ** 32 - 2])
    expect([...adaptiveAvgPool2d(x, { outputSize: 1, layout: 'NHWC', rounding: 'floor' }).data]).toEqual([
      2 ** 32 - 1,
      2 ** 32 - 2,
    ])
  })
})

describe.each(integers)('%s past its range', (dtype) => {
  it.each(kernelFamilies)('%s', (family) => {
    const [least, largest] = rangeOf(dtype)
    const x = tensor(arrayOf(dtype, [largest, largest, least, least]), [1, 1, 4], dtype)
    const of = (divisorOverride: number) =>
      bigints(onKernels(family, () => avgPool1d(x, { kernelSize: 2, divisorOverride })))
    expect(of(1)).toEqual([largest, least])
    expect(of(-1)).toEqual([least, least === 0n ? 0n : largest])
  })
})

describe('refused', () => {
  const averages = catalogue.filter(({ optional }) => 'rounding' in optional)

  it('all averages, sums, medians and quantiles take it', () => {
    const names = ['Avg', 'Sum', 'Median', 'Quantile'].flatMap((name) => [
      ...[1, 2, 3].flatMap((rank) => [`adaptive${name}Pool${rank}d`, `${name.toLowerCase()}Pool${rank}d`]),
      `global${name}Pool`,
    ])
    expect(averages.map(({ name }) => name).sort()).toEqual(names.sort())
  })

  it.each(averages)('of floating numbers: $name', (entry) => {
    for (const dtype of dtypeNames.filter((name) => dtypes[name].float)) {
      for (const rounding of roundings) {
        expect(codeOf(() => runForward(entry, dtype, { rounding }))).toBe('BAD_PARAM')
        expect(
          codeOf(() =>
            functions[`${entry.name}Backward`]!(runForward(entry, dtype), runForward(entry, dtype), {
              ...entry.required,
              rounding,
            }),
          ),
        ).toBe('BAD_PARAM')
        const { name, required } = entry
        const shape = [1, 1, 4, 5, 6].slice(0, 2 + entry.rank)
        expect(codeOf(() => explain(name, shape, { ...required, rounding } as never, dtype))).toBe(
          'BAD_PARAM',
        )
        expect(codeOf(() => explain(name, shape, { ...required, rounding } as never, 'uint8'))).toBe('none')
      }
    }
    expect(codeOf(() => runBackward(entry, 'int32', { rounding: 'floor' }))).toBe('BAD_DTYPE')
  })

  it('an unknown name', () => {
    const x = tensor(Uint8Array.of(1, 2), [1, 1, 2])
    const error = refusalOf(() => avgPool1d(x, { kernelSize: 2, rounding: 'nearest' as never }))
    expect(error?.message).toMatch(
      /^avgPool1d: rounding = "nearest"; must be "trunc" or "floor" or "half-up"/,
    )
    expect(codeOf(() => new AvgPool2d({ kernelSize: 2, rounding: 'half' as never }))).toBe('BAD_PARAM')
  })

  it('of maxima', () => {
    expect(codeOf(() => new Pool2D({ rounding: 'floor' }))).toBe('BAD_PARAM')
    expect(new Pool2D({ mode: 'average', rounding: 'half-up' }).options.rounding).toBe('half-up')
  })

  it.each([0.5, 1.5, -2.5, Number.NaN, 0, Infinity])('a divisor of %d', (divisorOverride) => {
    const x = tensor(Uint8Array.of(1, 2), [1, 1, 2])
    expect(codeOf(() => avgPool1d(x, { kernelSize: 2, divisorOverride }))).toBe('BAD_PARAM')
  })
})

it.each(roundings)('threads are told to round by %s', (rounding) => {
  const [x, y, buffer] = [Uint8Array.of(1, 2), new Uint8Array(1), new ArrayBuffer(4096)]
  const plan = { outer: 1, axes: [planAdaptive(2, 1)], inner: 1 }
  const how = { division: 'product', exact: false, rounding } as const
  const job = { reducer: 'average', pass: 'forward', dtype: 'uint8', plan, x, y, ...how } as const
  expect(writeJob(job, buffer, 0)).toBe(true)
  expect(readJob(buffer, 0)).toMatchObject({ dtype: 'uint8', ...how })
})

it('layers round as functions do', () => {
  const x = tensor(Int32Array.of(1, 2, 2, 1, 1, 2, 2, 2), [2, 1, 2, 2])
  for (const rounding of roundings) {
    const options = { kernelSize: 2, rounding }
    expect(new AvgPool2d(options).forward(x).data).toEqual(avgPool2d(x, options).data)
    const layer = new Pool2D({ size: 2, stride: 2, mode: 'average', rounding })
    expect(layer.forward(x).data).toEqual(avgPool2d(x, options).data)
  }
})
