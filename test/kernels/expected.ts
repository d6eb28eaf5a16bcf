/**
 * @file The expected result of a job, computed in float64 from the definition, independently of the kernels.
 */
import type {
  AverageForward,
  ExtremumAgain,
  Job,
  LpBackward,
  LpForward,
  ModeForward,
  OrderForward,
} from '../../src/kernels/job.ts'
import { referenceKernels } from '../../src/kernels/reference/index.ts'
import { addsWide } from '../../src/kernels/sum-order.ts'
import type { AxisPlan } from '../../src/plan/axis.ts'
import { inPlane, outPlane, type PoolPlan } from '../../src/plan/pool-plan.ts'
import { tablesOf } from '../../src/plan/tables.ts'
import type { Division } from '../../src/reducers/average.ts'
import type { Norm } from '../../src/reducers/lp.ts'
import type { Rounding } from '../../src/reducers/rounding.ts'
import { dtypes, integerRange, type Scalar, type TypedArray } from '../../src/tensor/dtype.ts'

export interface Expected {
  readonly written: TypedArray
  readonly indices: Int32Array | null
  /** For sums compared within a bound: per output, the sum of the magnitudes times the number of elements. */
  readonly weights: Float64Array | null
}

/** Windows written out: output i reads `positions[begins[i]]` to `positions[begins[i + 1]]`. */
interface Windows {
  readonly begins: Int32Array
  readonly positions: Int32Array
  readonly divisors: readonly number[][]
}

export function expectedOf(job: Job): Expected {
  const windows = windowsOf(job.plan)
  if (job.reducer === 'max' || job.reducer === 'min')
    return job.pass === 'forward' ? select(job, windows) : send(job, windows)
  if (isRank(job)) return rank(job, windows)
  if (job.reducer === 'mode' && job.indices === null) return vote(job, windows)
  if (job.reducer !== 'average' && job.reducer !== 'lp') return byReference(job)
  if (job.pass === 'forward')
    return job.reducer === 'average' ? average(job, windows) : norm(job as LpForward, windows)
  return job.reducer === 'average' ? share(job, windows) : slope(job as LpBackward, windows)
}

/** Order statistics and modes that are located or mixed, variances and means of powers and exponentials have the bits of the reference, which test/ops compares with their definitions. */
function byReference(job: Job): Expected {
  const written = (job.pass === 'forward' ? job.y : job.dx).slice() as TypedArray
  const indices =
    job.pass === 'forward' && 'indices' in job ? ((job.indices as Int32Array | null)?.slice() ?? null) : null
  const own =
    job.pass === 'forward' ? { ...job, y: written, ...(indices && { indices }) } : { ...job, dx: written }
  const id = `${job.reducer}.${dtypes[job.dtype].short}.${job.pass}.reference`
  referenceKernels.find((kernel) => kernel.id === id)!.run(own)
  return { written, indices, weights: null }
}

const known = new WeakMap<PoolPlan, Windows>()

function windowsOf(plan: PoolPlan): Windows {
  const windows =
    known.get(plan) ??
    plan.axes.reduce(extend, { begins: Int32Array.of(0, 1), positions: Int32Array.of(0), divisors: [[]] })
  known.set(plan, windows)
  return windows
}

/** Combines the windows so far with the windows of one more axis. */
function extend({ begins, positions, divisors }: Windows, axis: AxisPlan): Windows {
  const { first, taps, divisor } = tablesOf(axis)
  const total = taps.reduce((sum, count) => sum + count, 0)
  const next = {
    begins: new Int32Array(divisors.length * axis.outSize + 1),
    positions: new Int32Array(positions.length * total),
    divisors: [] as number[][],
  }
  let at = 0
  divisors.forEach((lead, w) => {
    for (let i = 0; i < axis.outSize; i++) {
      for (let p = begins[w]!; p < begins[w + 1]!; p++)
        for (let tap = 0; tap < taps[i]!; tap++)
          next.positions[at++] = positions[p]! * axis.inSize + first[i]! + tap * axis.step
      next.divisors.push([...lead, divisor[i]!])
      next.begins[next.divisors.length] = at
    }
  })
  return next
}

/** Calls `visit` for each window with the position of its output, the start of its plane and channel, and its number. */
function everyOutput(
  { outer, inner, ...plan }: PoolPlan,
  visit: (at: number, from: number, window: number) => void,
) {
  const [inSize, outSize] = [inPlane({ outer, inner, ...plan }), outPlane({ outer, inner, ...plan })]
  for (let o = 0; o < outer; o++)
    for (let w = 0; w < outSize; w++)
      for (let c = 0; c < inner; c++) visit((o * outSize + w) * inner + c, o * inSize * inner + c, w)
}

function select(
  job: Extract<Job, { reducer: 'max' | 'min'; pass: 'forward' }>,
  { begins, positions }: Windows,
): Expected {
  const { plan, dtype, reducer } = job
  const isMax = reducer === 'max'
  const { float, storage } = dtypes[dtype]
  const x = job.x as ArrayLike<Scalar>
  const keys = keysOf(job.x, isMax)
  const written = new storage(job.y.length) as unknown as Scalar[]
  const indices = new Int32Array(job.y.length)
  const [low, high] = float ? [-Infinity, Infinity] : integerRange(dtype)
  everyOutput(plan, (at, from, w) => {
    let index = begins[w] === begins[w + 1] ? -1 : positions[begins[w]!]!
    let best = keys[from + index * plan.inner]
    for (let i = begins[w]! + 1; i < begins[w + 1]!; i++) {
      const key = keys[from + positions[i]! * plan.inner]!
      if (key > best! || key !== key) [index, best] = [positions[i]!, key]
    }
    written[at] = index < 0 ? (isMax ? low : high) : x[from + index * plan.inner]!
    indices[at] = index
  })
  return { written: written as unknown as TypedArray, indices, weights: null }
}

/** Numbers whose largest is sought: as they are, or in reverse order. */
function keysOf(x: TypedArray, isMax: boolean): ArrayLike<Scalar> {
  if (x instanceof BigInt64Array || x instanceof BigUint64Array) return isMax ? x : x.map((value) => ~value)
  const keys = new Float64Array(x as Float32Array)
  if (!isMax) for (let i = 0; i < keys.length; i++) keys[i] = -keys[i]!
  return keys
}

function send(job: Extract<Job, { reducer: 'max' | 'min'; pass: 'backward' }>, windows: Windows): Expected {
  const { plan } = job
  const indices = job.indices ?? locate(job, windows)
  const round = job.dtype === 'float32' ? Math.fround : (value: number) => value
  const dx = new Float64Array(job.dx.length)
  everyOutput(plan, (at, from) => {
    const index = indices[at]!
    if (index >= 0) dx[from + index * plan.inner] = round(dx[from + index * plan.inner]! + Number(job.dy[at]))
  })
  return { written: stored(job.dx, dx), indices: null, weights: null }
}

function locate({ dy, ...job }: ExtremumAgain, windows: Windows): Int32Array {
  const indices = new Int32Array(dy.length)
  return select({ ...job, pass: 'forward', y: dy, indices }, windows).indices!
}

function divided(
  total: number,
  divisors: readonly number[],
  division: Division,
  round: (value: number) => number,
): number {
  if (division === 'each') return divisors.reduce((rest, divisor) => round(rest / divisor), total)
  const by = division === 'product' ? divisors.reduce((product, divisor) => product * divisor, 1) : division
  return round(total / round(by)) + 0
}

function roundingOf(dtype: Job['dtype']): (value: number) => number {
  return dtype === 'float32' ? Math.fround : (value) => value
}

/** Rounds by the remainder, which is exact while float64 holds the sum. */
function wholeMean(sum: number, divisor: number, rounding: Rounding): number {
  const rest = Math.abs(sum % divisor)
  const size = Math.abs(divisor)
  const down = (Math.abs(sum) - rest) / size
  const isNegative = sum < 0 !== divisor < 0
  const isUp = {
    trunc: false,
    floor: isNegative && rest > 0,
    'half-up': rest >= size - rest,
    'half-even': rest > size - rest || (rest === size - rest && down % 2 === 1),
  }[rounding]
  return (isNegative ? -1 : 1) * (isUp ? down + 1 : down)
}

/** For small windows, whose sums float64 holds. Results beyond the range of the dtype saturate. */
function integerAverage(
  { plan, dtype, division, rounding, x, y }: Extract<Job, { reducer: 'average'; pass: 'forward' }>,
  { begins, positions, divisors }: Windows,
): Expected {
  if (x instanceof BigInt64Array || x instanceof BigUint64Array)
    return longAverage(x, { plan, dtype, division, rounding }, { begins, positions, divisors })
  const [least, largest] = rangeOf(y)
  const values = new Float64Array(x as Int32Array)
  const written = new Float64Array(y.length)
  everyOutput(plan, (at, from, w) => {
    let total = 0
    for (let i = begins[w]!; i < begins[w + 1]!; i++) total += values[from + positions[i]! * plan.inner]!
    const counts = divisors[w]!.reduce((product, divisor) => product * (divisor || 1), 1)
    const whole = wholeMean(total, typeof division === 'number' ? division : counts, rounding)
    written[at] = Math.min(Math.max(whole, least), largest)
  })
  return { written: stored(y, written), indices: null, weights: null }
}

/** The same for 64-bit integers, by the remainders of bigints. */
function longAverage(
  x: BigInt64Array | BigUint64Array,
  { plan, dtype, division, rounding }: Pick<AverageForward, 'plan' | 'dtype' | 'division' | 'rounding'>,
  { begins, positions, divisors }: Windows,
): Expected {
  const [least, largest] = integerRange(dtype) as [bigint, bigint]
  const size = plan.outer * (begins.length - 1) * plan.inner
  const written = new dtypes[dtype].storage(size) as BigInt64Array
  everyOutput(plan, (at, from, w) => {
    let total = 0n
    for (let i = begins[w]!; i < begins[w + 1]!; i++) total += x[from + positions[i]! * plan.inner]!
    const counts = divisors[w]!.reduce((product, divisor) => product * (divisor || 1), 1)
    const divisor = BigInt(typeof division === 'number' ? division : counts)
    const [sum, by] = divisor < 0n ? [-total, -divisor] : [total, divisor]
    const rest = ((sum % by) + by) % by
    const floor = (sum - rest) / by
    const isUp = {
      trunc: sum < 0n && rest > 0n,
      floor: false,
      'half-up': 2n * rest > by || (2n * rest === by && sum > 0n),
      'half-even': 2n * rest > by || (2n * rest === by && floor % 2n !== 0n),
    }[rounding]
    const whole = isUp ? floor + 1n : floor
    written[at] = whole < least ? least : whole > largest ? largest : whole
  })
  return { written, indices: null, weights: null }
}

/** Sums of float64 numbers. `add` rounds as a job does, or keeps the rounding errors. */
interface Sums {
  add(at: number, value: number): void
  total(at: number): number
}

/** Adds up the rounding errors separately (Neumaier). */
function preciseSums(length: number): Sums {
  const [sums, lost] = [new Float64Array(length), new Float64Array(length)]
  return {
    add(at, value) {
      const sum = sums[at]!
      const next = sum + value
      lost[at]! += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
      sums[at] = next
    },
    total: (at) => (Number.isFinite(sums[at]) ? sums[at]! + lost[at]! : sums[at]!),
  }
}

function roundedSums(length: number, round: (value: number) => number): Sums {
  const sums = new Float64Array(length)
  return {
    add(at, value) {
      sums[at] = round(sums[at]! + value)
    },
    total: (at) => sums[at]!,
  }
}

function average(job: Extract<Job, { reducer: 'average'; pass: 'forward' }>, windows: Windows): Expected {
  if (!dtypes[job.dtype].float) return integerAverage(job, windows)
  const { plan } = job
  const { begins, positions, divisors } = windows
  const isWide = addsWide(job)
  const [round, division] = isWide ? [exactly, once(job.division)] : [roundingOf(job.dtype), job.division]
  const x = new Float64Array(job.x as Float32Array)
  const y = new Float64Array(job.y.length)
  const weights = new Float64Array(job.y.length)
  const sums = isWide ? preciseSums(y.length) : roundedSums(y.length, round)
  everyOutput(plan, (at, from, w) => {
    let size = 0
    for (let i = begins[w]!; i < begins[w + 1]!; i++) {
      const value = x[from + positions[i]! * plan.inner]!
      sums.add(at, value)
      size += Math.abs(value)
    }
    const count = begins[w + 1]! - begins[w]!
    y[at] = count === 0 ? 0 : divided(sums.total(at), divisors[w]!, division, round)
    weights[at] = count === 0 ? 0 : Math.abs(divided(size, divisors[w]!, division, exactly)) * count
  })
  return { written: stored(job.y, y), indices: null, weights }
}

function exactly(value: number): number {
  return value
}

function once(division: Division): Division {
  return division === 'each' ? 'product' : division
}

function share(job: Extract<Job, { reducer: 'average'; pass: 'backward' }>, windows: Windows): Expected {
  const { plan } = job
  const { begins, positions, divisors } = windows
  const isWide = addsWide(job)
  const [round, division] = isWide ? [exactly, once(job.division)] : [roundingOf(job.dtype), job.division]
  const { length } = job.dx
  const sums = isWide ? preciseSums(length) : roundedSums(length, round)
  const sizes = new Float64Array(length)
  const counts = new Float64Array(length)
  everyOutput(plan, (at, from, w) => {
    const given = divided(Number(job.dy[at]), divisors[w]!, division, round)
    for (let i = begins[w]!; i < begins[w + 1]!; i++) {
      const to = from + positions[i]! * plan.inner
      sums.add(to, given)
      sizes[to]! += Math.abs(given)
      counts[to]!++
    }
  })
  const dx = Float64Array.from(counts, (_, to) => sums.total(to))
  return { written: stored(job.dx, dx), indices: null, weights: sizes.map((size, to) => size * counts[to]!) }
}

function scaleOf({ fullWindow }: Norm, divisors: readonly number[]): number {
  return fullWindow === null ? 1 : fullWindow / divisors.reduce((product, divisor) => product * divisor, 1)
}

/** A power, whose usual exponents need no logarithm. */
function raised(value: number, p: number): number {
  if (p === 0) return 1
  if (p === 1) return value
  return p === 2 ? value * value : value ** p
}

/** Uses Math.cbrt for p = 3, since 1 / 3 is not a float64 number. */
function rootOf(value: number, p: number): number {
  return p === 3 ? Math.cbrt(value) : value ** (1 / p)
}

function norm(job: LpForward, windows: Windows): Expected {
  const { plan, norm } = job
  const { begins, positions, divisors } = windows
  const powers = new Float64Array(job.x as Float32Array).map((value) => raised(Math.abs(value), norm.p))
  const y = new Float64Array(job.y.length)
  const weights = new Float64Array(job.y.length)
  everyOutput(plan, (at, from, w) => {
    let total = 0
    for (let i = begins[w]!; i < begins[w + 1]!; i++) total += powers[from + positions[i]! * plan.inner]!
    y[at] = begins[w] === begins[w + 1] ? 0 : rootOf(total * scaleOf(norm, divisors[w]!), norm.p)
    weights[at] = Math.abs(y[at]!) * (begins[w + 1]! - begins[w]!)
  })
  return { written: stored(job.y, y), indices: null, weights }
}

function slope(job: LpBackward, windows: Windows): Expected {
  const { plan, norm: of } = job
  const { begins, positions, divisors } = windows
  const y = job.y ?? norm({ ...job, pass: 'forward', y: new Float64Array(job.dy.length) }, windows).written
  const dx = new Float64Array(job.dx.length)
  const sizes = new Float64Array(job.dx.length)
  const counts = new Float64Array(job.dx.length)
  everyOutput(plan, (at, from, w) => {
    for (let i = begins[w]!; i < begins[w + 1]!; i++) {
      const to = from + positions[i]! * plan.inner
      const [value, size] = [Number(job.x[to]), Number(y[at])]
      if (value === 0 || size === 0) continue
      const ratio = Number.isNaN(size) ? size : raised(Math.abs(value) / size, of.p - 1)
      const share = Number(job.dy[at]) * Math.sign(value) * ratio * scaleOf(of, divisors[w]!)
      dx[to]! += share
      sizes[to]! += Math.abs(share)
      counts[to]!++
    }
  })
  return { written: stored(job.dx, dx), indices: null, weights: sizes.map((size, to) => size * counts[to]!) }
}

/** The least and the largest integer that an array of the class holds. */
function rangeOf(array: TypedArray): readonly [number, number] {
  const bits = array.BYTES_PER_ELEMENT * 8
  return array.constructor.name.startsWith('U')
    ? [0, 2 ** bits - 1]
    : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
}

/** float64 results as an array of the job's class holds them. */
function stored(like: TypedArray, values: Float64Array): TypedArray {
  const array = new (like.constructor as new (length: number) => Float32Array)(values.length)
  array.set(values)
  return array as TypedArray
}

type Element = number | bigint

/** The elements of each window, which `resultOf` reduces. */
function reduced(
  { plan, x, y }: OrderForward | ModeForward,
  { begins, positions }: Windows,
  resultOf: (elements: Element[]) => Element,
): Expected {
  const written = y.slice() as Int32Array
  everyOutput(plan, (at, from, w) => {
    const own = Array.from(positions.subarray(begins[w]!, begins[w + 1]!), (p) => x[from + p * plan.inner]!)
    written[at] = resultOf(own) as never
  })
  return { written: written as TypedArray, indices: null, weights: null }
}

/** Whether a comes before b: -0 before 0. */
function precedes(a: Element, b: Element): boolean {
  return a < b || (a === b && Object.is(a, -0) && !Object.is(b, -0))
}

function isRank(job: Job): job is OrderForward {
  if (job.pass === 'backward' || job.dtype.endsWith('int64') || ('indices' in job && job.indices !== null))
    return false
  return (
    job.reducer === 'median' ||
    (job.reducer === 'quantile' && ['lower', 'nearest'].includes(job.interpolation))
  )
}

function rank(job: OrderForward, windows: Windows): Expected {
  const { dtype } = job
  const isWhole = !dtypes[dtype].float
  return reduced(job, windows, (elements) => {
    if (elements.some((value) => value !== value)) return Number.NaN
    const sorted = [...Float64Array.from(elements as number[]).sort()]
    if (sorted.length === 0) return isWhole ? 0 : Number.NaN
    if (job.reducer === 'quantile') {
      const position = (sorted.length - 1) * job.q
      const half = position - Math.floor(position) === 0.5
      if (job.interpolation === 'lower') return sorted[Math.floor(position)]!
      return sorted[half ? 2 * Math.round(position / 2) : Math.round(position)]!
    }
    const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
    if (Object.is(low, high)) return low
    return isWhole ? wholeMean(low + high, 2, job.rounding!) : roundingOf(dtype)((low + high) / 2)
  })
}

function vote(job: ModeForward, windows: Windows): Expected {
  const { ties, ignore } = job
  return reduced(job, windows, (elements) => {
    const others = elements.filter((label) => label !== ignore)
    const times = (label: Element) => others.filter((other) => other === label).length
    const most = Math.max(...others.map(times))
    const common = others.filter((label) => times(label) === most)
    const sorted = common.toSorted((a, b) => (precedes(a, b) ? -1 : 1))
    const won = ties === 'first' ? common[0] : ties === 'lowest' ? sorted[0] : sorted.at(-1)
    return won ?? elements[0] ?? ignore ?? 0
  })
}
