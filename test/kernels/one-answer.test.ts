/**
 * The bits of a result depend only on window, stride and values: not on tile sizes, on the number of threads, or on cuts of a
 * plane into chunks.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ExtremumForward, Job, Kernel } from '../../src/kernels/job.ts'
import { chooseKernel, kernels } from '../../src/kernels/registry.ts'
import { type Tuning, withTuning } from '../../src/kernels/tuning.ts'
import { rows } from '../../src/kernels/wasm/rows.ts'
import { isShareable } from '../../src/kernels/wasm/strategy.ts'
import { type WasmInstance, wasmInstanceOf } from '../../src/kernels/wasm/wasm-instance.ts'
import type { AxisPlan } from '../../src/plan/axis.ts'
import { inPlane, outPlane, type PoolPlan } from '../../src/plan/pool-plan.ts'
import { slicePlan } from '../../src/plan/slice.ts'
import { dtypeNames, dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { isHalf } from '../../src/tensor/storage.ts'
import {
  adaptive,
  firstDifference,
  jobOf,
  planOf,
  randomOf,
  sliding,
  type Wanted,
  writtenBy,
} from './jobs.ts'

const numRuns = Number(process.env.POOL2D_RUNS ?? 150)
const seed = Number(process.env.POOL2D_SEED ?? 1)

const axes = fc.oneof(
  { weight: 5, arbitrary: slidingAxis() },
  { weight: 5, arbitrary: overlappingAxis() },
  {
    weight: 1,
    arbitrary: fc
      .record({ size: size(), outputs: fc.integer({ min: 1, max: 5 }) })
      .map(({ size, outputs }) => adaptive(size, outputs)),
  },
)

function size(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 70 }))
}

function slidingAxis(): fc.Arbitrary<AxisPlan> {
  return fc
    .record({
      size: size(),
      window: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 40 })),
      stride: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
      padding: fc.double({ min: 0, max: 1, noNaN: true }),
      dilation: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
      ceilMode: fc.boolean(),
      countPadding: fc.boolean(),
    })
    .map(({ size, window, padding, dilation, ...rest }) => {
      const reach = (window - 1) * dilation + 1
      const pads = Math.max(Math.ceil((reach - size) / 2), Math.floor((padding * window) / 2))
      return sliding(size, window, { ...rest, dilation, padding: pads })
    })
}

/** Windows that share sums. */
function overlappingAxis(): fc.Arbitrary<AxisPlan> {
  return fc
    .record({
      size: fc.integer({ min: 24, max: 70 }),
      window: fc.integer({ min: 8, max: 20 }),
      padding: fc.nat(10),
    })
    .map(({ size, window, padding }) =>
      sliding(size, window, { stride: 1, padding: Math.min(padding, window >> 1) }),
    )
}

const plans: fc.Arbitrary<PoolPlan> = fc
  .record({
    outer: fc.integer({ min: 1, max: 3 }),
    axes: fc.array(axes, { minLength: 1, maxLength: 2 }),
    inner: fc.constantFrom(1, 1, 1, 2, 3, 5),
  })
  .map(({ outer, axes, inner }) => planOf(outer, axes, inner))

const ways: readonly Partial<Wanted>[] = [
  { reducer: 'average', pass: 'forward' },
  { reducer: 'average', pass: 'forward' },
  { reducer: 'average', pass: 'forward', division: 'each' },
  { reducer: 'average', pass: 'forward', exact: true },
  { reducer: 'average', pass: 'backward' },
  { reducer: 'lp', pass: 'forward' },
  { reducer: 'lp', pass: 'backward' },
  { reducer: 'max', pass: 'forward', withIndices: true },
]

const wanteds: fc.Arbitrary<Wanted> = fc
  .record({
    plan: plans,
    way: fc.constantFrom(...ways),
    dtype: fc.constantFrom('float32' as const, 'float32' as const, 'float64' as const),
    values: fc.constantFrom('plain' as const, 'wide' as const),
    seed: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ way, ...rest }) => ({ ...way, ...rest }) as Wanted)

const tilings: fc.Arbitrary<Partial<Tuning>> = fc.record({
  tileBytes: fc.integer({ min: 64, max: 65_536 }),
  stagedTileBytes: fc.integer({ min: 64, max: 65_536 }),
  placedTileBytes: fc.integer({ min: 64, max: 65_536 }),
  minBandHalos: fc.integer({ min: 0, max: 8 }),
})

function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  try {
    fc.assert(fc.property(arbitrary, property), { numRuns, seed })
  } catch (error) {
    throw new Error(`POOL2D_SEED=${seed} POOL2D_RUNS=${numRuns} repeats this. ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function kernelOf({ reducer, dtype, pass }: Job, backend: string): Kernel | undefined {
  return kernels.find(
    (kernel) =>
      kernel.reducer === reducer &&
      kernel.dtype === dtype &&
      kernel.pass === pass &&
      kernel.id.endsWith(`.${backend}`),
  )
}

/** The job on large numbers that cancel, with small ones between them, so that any change of the order of addition changes the result. */
function cancelling(job: Job, seed: number): Job {
  if (job.reducer !== 'average') return job
  const random = randomOf(seed + 100)
  const given = (job.pass === 'forward' ? job.x : job.dy).slice() as Float32Array
  for (let i = 0; i < given.length; i++) {
    const draw = random()
    if (draw < 0.1) given[i] = draw < 0.05 ? 2 ** 60 : -(2 ** 60)
  }
  return job.pass === 'forward' ? { ...job, x: given } : { ...job, dy: given }
}

function jobOfWanted(wanted: Wanted): Job {
  const { job } = jobOf(wanted)
  return wanted.values === 'plain' ? cancelling(job, wanted.seed ?? 1) : job
}

function expectSame(got: ArrayLike<number | bigint>, want: ArrayLike<number | bigint>): void {
  const at = firstDifference(got, want)
  if (at >= 0) expect(`[${at}] = ${got[at]}`).toBe(`[${at}] = ${want[at]}`)
}

const builds = [
  ['simd', 'simd'],
  ['scalar', 'wasm'],
] as const

it.each(builds)('tiles of any size, run by any number of threads, in the %s build', (build, backend) => {
  const machine = wasmInstanceOf(build) as WasmInstance
  check(fc.tuple(wanteds, tilings, fc.integer({ min: 1, max: 4 })), ([wanted, tiling, threads]) => {
    const job = jobOfWanted(wanted)
    const kernel = kernelOf(job, backend)!
    if (outPlane(job.plan) === 0 || kernel.supports(job) !== true) return
    kernel.run(job)
    const { methodOf, run } = rows.find(({ reducer, pass }) => reducer === job.reducer && pass === job.pass)!
    if (!isShareable(methodOf(job), job, machine)) return
    const whole = writtenBy(job).slice()
    writtenBy(job).fill(7 as never)
    withTuning(tiling, () => {
      for (let thread = 0; thread < threads; thread++) {
        run(machine, job, function* (tiles) {
          let i = 0
          for (const tile of tiles) if (i++ % threads === thread) yield tile
        })
      }
    })
    expectSame(writtenBy(job), whole)
  })
})

it('gradients of norms, whatever lies beside an element in a vector', () => {
  const plan = planOf(1, [sliding(13, 1, { stride: 1 })], 5)
  const job = jobOfWanted({ reducer: 'lp', pass: 'backward', dtype: 'float64', plan })
  const kernel = kernelOf(job, 'simd')!
  kernel.run(job)
  const whole = writtenBy(job).slice()
  withTuning({ tileBytes: 64, stagedTileBytes: 64 }, () => kernel.run(job))
  expectSame(writtenBy(job), whole)
})

const extrema: fc.Arbitrary<Wanted> = fc
  .record({
    reducer: fc.constantFrom('max' as const, 'min' as const),
    withIndices: fc.boolean(),
    plan: plans,
    dtype: fc.constantFrom(...dtypeNames.filter((name) => !isHalf(name))),
    values: fc.constantFrom('plain' as const, 'special' as const),
    seed: fc.integer({ min: 1, max: 9 }),
  })
  .map((drawn) => ({ ...drawn, pass: 'forward' as const }))

it.each(builds)('maxima of large windows in steps, in the %s build', (_, backend) =>
  check(fc.tuple(extrema, fc.integer({ min: 1, max: 300 })), ([wanted, windowBytes]) => {
    const job = jobOf(wanted).job as ExtremumForward
    const kernel = kernelOf(job, backend)!
    if (kernel.supports(job) !== true) return
    const written = [job.y, job.indices].filter((array) => array !== null)
    kernel.run(job)
    const whole = written.map((array) => array.slice())
    for (const array of written) array.fill((typeof array[0] === 'bigint' ? 7n : 7) as never)
    withTuning({ windowBytes }, () => kernel.run(job))
    for (const [i, array] of written.entries()) expectSame(array, whole[i]!)
  }),
)

it('all backends', () =>
  check(wanteds, (wanted) => {
    if (wanted.reducer === 'lp') return
    const job = jobOfWanted(wanted)
    if (outPlane(job.plan) === 0) return
    kernelOf(job, 'reference')!.run(job)
    const defined = writtenBy(job).slice()
    for (const backend of ['simd', 'wasm', 'scalar']) {
      const kernel = kernelOf(job, backend)!
      if (kernel.supports(job) !== true) continue
      kernel.run(job)
      expectSame(writtenBy(job), defined)
    }
  }))

it('a plane cut into chunks, each run by the kernel that is chosen for it', () =>
  check(
    fc.tuple(wanteds, fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 4 })),
    ([wanted, which, cuts]) => {
      if (wanted.pass === 'backward' || wanted.reducer === 'max') return
      const job = jobOfWanted(wanted)
      const { plan } = job
      if (outPlane(plan) === 0) return
      chooseKernel(job).run(job)
      const axis = which % plan.axes.length
      const { outSize } = plan.axes[axis]!
      const ends = [...new Set([...cuts.map((cut) => cut % outSize), outSize])].toSorted((a, b) => a - b)
      let begin = 0
      for (const end of ends) {
        if (end === begin) continue
        const slice = slicePlan(plan, axis, [begin, end])
        if (inPlane(slice) > 0) {
          const { x } = job as { x: TypedArray } & Job
          const part = {
            ...job,
            plan: slice,
            x: takeAlong(x, plan, axis, 'inSize', slice.axes[axis]!.origin, slice.axes[axis]!.inSize),
            y: new dtypes[job.dtype].storage(plan.outer * outPlane(slice) * plan.inner),
          } as Job
          chooseKernel(part).run(part)
          expectSame(writtenBy(part), takeAlong(writtenBy(job), plan, axis, 'outSize', begin, end - begin))
        }
        begin = end
      }
    },
  ))

/** Places `[from, from + count)` along an axis. */
function takeAlong(
  data: TypedArray,
  { outer, axes, inner }: PoolPlan,
  axis: number,
  of: 'inSize' | 'outSize',
  from: number,
  count: number,
): TypedArray {
  const lead = axes.slice(0, axis).reduce((size, each) => size * each[of], outer)
  const rest = axes.slice(axis + 1).reduce((size, each) => size * each[of], inner)
  const length = axes[axis]![of]
  const taken = new (data.constructor as Float32ArrayConstructor)(lead * count * rest)
  for (let i = 0; i < lead; i++)
    taken.set(
      (data as Float32Array).subarray((i * length + from) * rest, (i * length + from + count) * rest),
      i * count * rest,
    )
  return taken
}
