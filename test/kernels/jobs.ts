/**
 * @file Jobs for kernel tests: operands with special values, and outputs between canaries, which reveal writes outside.
 */
import type { Job, LpForward } from '../../src/kernels/job.ts'
import { planAdaptive } from '../../src/plan/adaptive.ts'
import { type AxisPlan, planAxis } from '../../src/plan/axis.ts'
import { planFractional } from '../../src/plan/fractional.ts'
import { resolveAxis } from '../../src/plan/padding.ts'
import { inPlane, outPlane, type PoolPlan } from '../../src/plan/pool-plan.ts'
import type { Division } from '../../src/reducers/average.ts'
import type { Norm } from '../../src/reducers/lp.ts'
import type { Rounding } from '../../src/reducers/rounding.ts'
import { type DType, dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { type Expected, expectedOf } from './expected.ts'

/** A seeded random generator, so that a failure can be repeated. */
export function randomOf(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface SlidingOptions {
  readonly stride?: number
  readonly padding?: number
  readonly padAfter?: number
  readonly dilation?: number
  readonly ceilMode?: boolean
  readonly countPadding?: boolean
}

export function sliding(inSize: number, window: number, options: SlidingOptions = {}): AxisPlan {
  const { stride = window, padding = 0, dilation = 1, ceilMode = false, countPadding = true } = options
  const pads = [padding, options.padAfter ?? padding] as const
  return planAxis(resolveAxis({ inSize, window, stride, dilation, ceilMode, padding: pads }), countPadding)
}

export const adaptive = planAdaptive

export function fractional(inSize: number, outSize: number, window: number, sample: number): AxisPlan {
  return planFractional(inSize, outSize, window, sample, Math.fround)
}

export function planOf(outer: number, axes: readonly AxisPlan[], inner = 1): PoolPlan {
  return { outer, axes, inner }
}

/**
 * Which values to draw: `plain`, few `ties`, `special` with NaN, infinities, zeros of both signs and denormals, or `wide`, of every
 * magnitude.
 */
export type Values = 'plain' | 'ties' | 'special' | 'wide'

export function fill(array: TypedArray, dtype: DType, values: Values, random: () => number): TypedArray {
  const { float } = dtypes[dtype]
  const data = array as unknown as Record<number, number | bigint> & TypedArray
  const bits = data.BYTES_PER_ELEMENT * 8
  const specials = [Number.NaN, Infinity, -Infinity, 0, -0, 1e-42, -1e-42, 1, -1]
  for (let i = 0; i < data.length; i++) {
    const draw = random()
    let value = float ? (draw - 0.5) * 8 : Math.floor((draw - 0.5) * 2 ** bits)
    if (values === 'ties') value = Math.floor(draw * 3) - 1
    if (values === 'ties' && float && value === 0 && random() < 0.5) value = -0
    if (values === 'wide' && draw < 0.9)
      value = (random() < 0.5 ? -1 : 1) * 2 ** ((random() - 0.5) * (bits === 64 ? 800 : 200))
    if (values === 'special' && float && random() < 0.3) value = specials[Math.floor(random() * 9)]!
    // Of 64 bits, a number holds the upper 53.
    if (!float && bits === 64)
      data[i] = BigInt(value) + BigInt(values === 'ties' ? 0 : Math.floor(random() * 2048))
    else data[i] = value
  }
  return data
}

/** An array with canaries on both sides, which reveal writes outside. */
export class Guarded<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly #all: Uint8Array
  readonly #before: number

  constructor(storage: new (buffer: ArrayBuffer, offset: number, length: number) => A, length: number) {
    const bytes = (storage as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT * length
    const buffer = new ArrayBuffer(64 + bytes + 64)
    this.#all = new Uint8Array(buffer).fill(0xa5)
    this.#before = 64
    this.data = new storage(buffer, 64, length)
  }

  get intact(): boolean {
    const end = this.#before + this.data.byteLength
    return (
      this.#all.subarray(0, this.#before).every((byte) => byte === 0xa5) &&
      this.#all.subarray(end).every((byte) => byte === 0xa5)
    )
  }
}

export interface Wanted {
  readonly reducer: Job['reducer']
  readonly pass: Job['pass']
  readonly dtype: DType
  readonly plan: PoolPlan
  readonly values?: Values
  readonly seed?: number
  readonly withIndices?: boolean
  readonly division?: Division
  readonly rounding?: Rounding
  readonly exact?: boolean
  readonly norm?: Norm
  /** True for gradients of norms that are found again. */
  readonly again?: boolean
  /** The reducer's other parameters, but for averages and norms. */
  readonly spec?: object
}

/** Reducers whose gradient folds each window again. */
const foldsWindows: readonly Job['reducer'][] = ['variance', 'gem', 'soft', 'lse', 'stochastic-mean']

const picksElements: readonly Job['reducer'][] = ['max', 'min', 'median', 'quantile', 'mode']

/** Numbers are drawn once for each seed, and repeated after a prime number of elements, which is no multiple of a row. */
const period = 16_381
const drawn = new Map<string, TypedArray>()

function drawnOf(dtype: DType, values: Values, seed: number): TypedArray {
  const key = `${dtype} ${values} ${seed}`
  const numbers = drawn.get(key) ?? fill(new dtypes[dtype].storage(period), dtype, values, randomOf(seed))
  drawn.set(key, numbers)
  return numbers
}

const forwards = new WeakMap<PoolPlan, Map<string, Expected>>()

/** The forward result that a gradient needs, the same for every kernel. */
function forwardOf(
  { plan, reducer, dtype, values, seed, norm, spec }: Wanted,
  compute: () => Expected,
): Expected {
  const ofPlan = forwards.get(plan) ?? new Map<string, Expected>()
  forwards.set(plan, ofPlan)
  const key = JSON.stringify([reducer, dtype, values, seed, norm, spec])
  const known = ofPlan.get(key) ?? compute()
  ofPlan.set(key, known)
  return known
}

type Outputs = { readonly y: Guarded; readonly indices: Guarded<Int32Array> | null }

/** Builds the job, with fresh guarded outputs each time `outputs` is called. */
export function jobOf(wanted: Wanted): { job: Job; outputs: Outputs } {
  const { reducer, pass, dtype, plan, values = 'plain', seed = 1 } = wanted
  const storage = dtypes[dtype].storage as unknown as new (
    buffer: ArrayBuffer,
    offset: number,
    length: number,
  ) => TypedArray
  const make = (size: number) => new Guarded(storage, size)
  const inSize = plan.outer * inPlane(plan) * plan.inner
  const outSize = plan.outer * outPlane(plan) * plan.inner
  const draw = (size: number, of: Values): TypedArray => {
    const { data } = make(size)
    const numbers = drawnOf(dtype, of, seed)
    for (let at = 0; at < size; at += period) data.set(numbers.subarray(0, size - at) as never, at)
    return data
  }
  const x = draw(inSize, values)
  const isBackward = pass === 'backward'
  const outputs = (): Outputs => {
    const y = make(isBackward ? inSize : outSize)
    const located = picksElements.includes(reducer) && !isBackward && wanted.withIndices === true
    return { y, indices: located ? new Guarded(Int32Array, outSize) : null }
  }
  const dy = isBackward ? draw(outSize, values === 'special' ? 'plain' : values) : x
  const build = ({ y, indices }: Outputs): Job => {
    const common = { dtype, plan, reducer, pass }
    const { division = 'product', rounding = 'trunc', exact = false } = wanted
    const { norm = { p: 2, fullWindow: null } } = wanted
    if (reducer === 'average')
      return {
        ...common,
        division,
        exact,
        ...(isBackward ? { dy, dx: y.data } : { rounding, x, y: y.data }),
      } as Job
    if (reducer === 'lp') {
      const forward = {
        ...common,
        pass: 'forward',
        norm,
        x,
        y: isBackward ? make(outSize).data : y.data,
      } as LpForward
      if (!isBackward) return forward
      return {
        ...forward,
        pass,
        y: wanted.again === true ? null : forwardOf(wanted, () => expectedOf(forward)).written,
        dy,
        dx: y.data,
      } as Job
    }
    if (foldsWindows.includes(reducer))
      return { ...common, ...wanted.spec, x, ...(isBackward ? { dy, dx: y.data } : { y: y.data }) } as Job
    if (!isBackward) return { ...common, ...wanted.spec, x, y: y.data, indices: indices?.data ?? null } as Job
    if (wanted.spec !== undefined) {
      const known = wanted.withIndices === true ? winners(x) : null
      return { ...common, ...wanted.spec, x, dy, dx: y.data, indices: known } as Job
    }
    if (wanted.withIndices === false) return { ...common, x, dy, dx: y.data, indices: null } as Job
    return { ...common, dy, dx: y.data, indices: winners(x) } as Job
  }
  const winners = (data: TypedArray): Int32Array =>
    forwardOf(wanted, () => {
      const indices = new Int32Array(outSize)
      const y = new dtypes[dtype].storage(outSize)
      return expectedOf({ reducer, pass: 'forward', dtype, plan, ...wanted.spec, x: data, y, indices } as Job)
    }).indices!
  const mine = outputs()
  return { job: build(mine), outputs: mine }
}

/** The array a job writes. */
export function writtenBy(job: Job): TypedArray {
  return job.pass === 'forward' ? job.y : job.dx
}

/** First place where two arrays differ: NaN equals NaN, +0 does not equal -0. -1 if none. */
export function firstDifference(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number {
  if (haveSameBytes(a, b)) return -1
  for (let i = 0; i < b.length; i++) if (!Object.is(a[i], b[i])) return i
  return a.length === b.length ? -1 : b.length
}

function haveSameBytes(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): boolean {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a.constructor !== b.constructor) return false
  if (a.byteLength !== b.byteLength || a.byteOffset % 4 !== 0 || b.byteOffset % 4 !== 0) return false
  const words = a.byteLength >> 2
  const [left, right] = [a, b].map(({ buffer, byteOffset }) => new Int32Array(buffer, byteOffset, words))
  for (let i = 0; i < words; i++) if (left![i] !== right![i]) return false
  const [leftBytes, rightBytes] = [a, b].map((view) => bytesOf(view).subarray(words << 2))
  return leftBytes!.every((byte, i) => byte === rightBytes![i])
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
