/**
 * @file The contract of a kernel, clause by clause: the defined answer, bit for bit or within the stated bound.
 */
import { allKernels, optionalKernels } from '../../src/kernels/all-kernels.ts'
import type { Job, Kernel } from '../../src/kernels/job.ts'
import { tuning, withTuning } from '../../src/kernels/tuning.ts'
import { roundings } from '../../src/reducers/rounding.ts'
import { dtypes } from '../../src/tensor/dtype.ts'
import { firstDifference, jobOf, planOf, sliding, type Values, writtenBy } from './jobs.ts'
import { tryLeftOut } from './left-out.ts'
import type { Outcome } from './outcome.ts'
import { cut, large, layouts, randomPlan, shapes, widths } from './plans.ts'
import { type Case, type Named, tryNaN, tryPlans } from './trial.ts'

export interface Clause {
  readonly name: string
  readonly outcome: () => Outcome
}

/** The kernels under test: all except the reference. Kernels with the same jobs are adjacent, so that they share expected results. */
export const boundKernels: readonly Kernel[] = allKernels
  .filter(({ id }) => !id.endsWith('.reference'))
  .sort((a, b) => (a.id < b.id ? -1 : 1))

/** The number of random plans in `npm test`. `npm run test:deep` asks for more. */
export const usualRandoms = 10

/** Random plans, each named after its seed. */
export function randomPlans(count: number, firstSeed: number): readonly Named[] {
  return Array.from({ length: count }, (_, i): Named => {
    const seed = firstSeed + i
    return [`seed ${seed}`, randomPlan(seed)]
  })
}

/** Which plans of a list to try. */
export type Choice = <T>(plans: readonly T[]) => readonly T[]

export function contractOf(
  kernel: Kernel,
  randoms: readonly Named[],
  choose: Choice = (plans) => plans,
): readonly Clause[] {
  const { dtype, reducer, pass } = kernel
  const { float, storage } = dtypes[dtype]
  const lanes = 16 / storage.prototype.BYTES_PER_ELEMENT
  // Dtypes that represent a code path run every plan; the others, and norms, which run as sums, run a third, except in deep runs.
  const isDeep = randoms.length > usualRandoms
  const isSample = isDeep || (reducer !== 'lp' && (dtype === 'float32' || dtype === 'uint8'))
  const findsNaN = (reducer === 'max' || reducer === 'min') && float && pass === 'forward'
  const clause = (name: string, plans: readonly Named[], cases: readonly Partial<Case>[]): Clause => ({
    name,
    outcome: () => tryPlans(kernel, plans, cases, isDeep ? cases.length : 3),
  })
  // Expected order statistics are sorted window by window, which is slow: a few plans of each kind are enough for one code path.
  const isOrder = optionalKernels.includes(kernel)
  const some = (plans: readonly Named[], rest: number): readonly Named[] =>
    choose(plans.filter((_, i) => i % (isOrder ? (isSample ? 8 : 29) : rest) === 0))
  return [
    clause(
      'every width up to two vectors and one element',
      some(widths(lanes), 1),
      variants(kernel, ['ties']),
    ),
    clause(
      'channels, ranks, irregular and empty windows',
      some(layouts, isSample ? 1 : 3),
      variants(kernel, float ? ['special'] : ['ties']),
    ),
    ...(isOrder
      ? []
      : [
          inSmallTiles(
            clause('plans larger than a tile', some(large, isSample ? 1 : 3), [
              { values: 'plain', ...(!float && { rounding: 'half-even' as const }) },
            ]),
          ),
        ]),
    inTinyTiles(
      clause(
        'planes that are cut along one axis after another',
        some(cut, isSample ? 1 : 3),
        variants(kernel, ['ties']),
      ),
    ),
    clause(
      `${randoms.length} random plans`,
      some(randoms, 1),
      variants(kernel, ['ties', float ? 'special' : 'plain']),
    ),
    ...(findsNaN
      ? [{ name: 'NaN at every tap and lane', outcome: () => tryNaN(kernel, choose(plansForNaN(lanes))) }]
      : []),
    ...(kernel.leavesOut ? [leftOut(kernel, randoms, choose)] : []),
    { name: 'a refused job leaves its outputs alone', outcome: () => tryRefused(kernel) },
  ]
}

/** Some plans whole, and some in tiles of 1,024 float32 numbers, which cut planes. */
function leftOut(kernel: Kernel, randoms: readonly Named[], choose: Choice): Clause {
  const { float } = dtypes[kernel.dtype]
  const values = float && kernel.reducer !== 'lp' ? 'special' : 'ties'
  const cases = variants(kernel, [values]).slice(0, 3)
  const isSample = kernel.dtype === 'float32' || kernel.dtype === 'uint8'
  const some = choose([...everyThird(everyThird(layouts)), ...randoms.slice(0, 3)])
  const tiled = choose(everyThird(optionalKernels.includes(kernel) ? everyThird(large) : large))
  const perPlan = randoms.length > usualRandoms ? cases.length : 1
  return {
    name: 'jobs that leave elements out, whole and in tiles',
    outcome: () => {
      const whole = tryLeftOut(kernel, some, cases, perPlan)
      const tiles = { tileBytes: 4096, stagedTileBytes: 4096, minBandHalos: 1 }
      const cut = withTuning(tiles, () => tryLeftOut(kernel, isSample ? tiled : [], cases.slice(-1)))
      return {
        wrong: [...whole.wrong, ...cut.wrong],
        compared: whole.compared + cut.compared,
        skipped: [...whole.skipped, ...cut.skipped],
      }
    },
  }
}

/** Makes staged tiles small enough that the plans fill more than one. */
function inSmallTiles({ name, outcome }: Clause): Clause {
  return { name, outcome: () => withTuning({ stagedTileBytes: tuning.tileBytes }, outcome) }
}

/** Tiles of 16 float32 numbers; jobs more than 32 times as large are cut along a second axis. */
function inTinyTiles({ name, outcome }: Clause): Clause {
  return { name, outcome: () => withTuning({ tileBytes: 64, minBandHalos: 1 }, outcome) }
}

function plansForNaN(lanes: number) {
  const same = ['2 s2', '3 s1 p1', '3 s2 p1', '4 s3 p2', '9 s1 p4', 'whole'].map((shape) =>
    planOf(shape === 'whole' ? 8 : 2, [shapes[shape]!(9), shapes[shape]!(2 * lanes + 2)]),
  )
  // Rows shorter than a vector, which keep their NaN, then sliding columns.
  const long = sliding(6 * lanes, 4 * lanes + 1, { stride: 1, padding: lanes })
  // Pixels whose windows share taps.
  const pixels = planOf(1, [shapes['3 s1 p1']!(3), shapes['3 s1 p1']!(4)], 4 * lanes + 1)
  return [...same, planOf(4, [long, shapes['2 s2']!(2 * lanes - 2)]), pixels]
}

function everyThird(plans: readonly Named[]): readonly Named[] {
  return plans.filter((_, i) => i % 3 === 0)
}

function tryRefused(kernel: Kernel): Outcome {
  const plan = planOf(1, [shapes['2 s2']!(4), shapes['2 s2']!(4)])
  const { job } = jobOf({ ...kernel, plan })
  const tooMany = { ...job, plan: { ...plan, axes: [...plan.axes, ...plan.axes] } } as Job
  const before = writtenBy(job).slice()
  kernel.supports(tooMany)
  const at = firstDifference(writtenBy(job), before)
  return { wrong: at < 0 ? [] : [`output[${at}] was touched`], compared: 1, skipped: [] }
}

/** Bytes run every rounding rule with every divisor; other integers share the code and run each rule and each divisor once. */
function integerMeans(dtype: Kernel['dtype']): Partial<Case>[] {
  const divisions = ['product', 'each', -3, 2] as const
  if (dtype === 'uint8')
    return roundings.flatMap((rounding) => divisions.map((division) => ({ division, rounding })))
  return roundings.map((rounding, i) => ({ division: divisions[i % divisions.length]!, rounding }))
}

/**
 * Medians with every rule, quantiles, modes with every rule and a label to ignore, each with and without indices, variances
 * and means of powers and exponentials; null for other reducers.
 */
function ownSpecs(reducer: Kernel['reducer'], dtype: Kernel['dtype']): Partial<Case>[] | null {
  const isWhole = !dtypes[dtype].float
  const rules = isWhole ? roundings.map((rounding) => ({ rounding })) : [{}]
  if (reducer === 'quantile')
    return locatedOrNot([
      { q: 0.3, interpolation: 'lower' },
      { q: 0.5, interpolation: 'nearest' },
      ...rules.map((rule, i) => ({ q: 0.9 - i / 5, interpolation: 'linear', ...rule })),
      { q: 0.35, interpolation: 'midpoint', ...rules.at(-1) },
    ])
  if (reducer === 'median') return locatedOrNot(rules)
  if (reducer === 'variance')
    return [{ spec: { correction: 1, root: false } }, { spec: { correction: 0.5, root: true } }]
  if (reducer === 'gem') return [{ spec: { p: 3, eps: 1e-6 } }, { spec: { p: 2.5, eps: 0 } }]
  if (reducer === 'soft' || reducer === 'stochastic-mean') return [{ spec: {} }]
  if (reducer === 'lse') return [{ spec: { r: 2 } }, { spec: { r: -1 } }]
  if (reducer !== 'mode') return null
  return locatedOrNot([
    { ties: 'first', ignore: null },
    { ties: 'lowest', ignore: dtype.endsWith('int64') ? 1n : 1 },
    { ties: 'highest', ignore: null },
  ])
}

function locatedOrNot(specs: readonly object[]): Partial<Case>[] {
  return [false, true].flatMap((withIndices) => specs.map((spec) => ({ spec, withIndices })))
}

const norms = [
  { p: 1, fullWindow: null },
  { p: 2, fullWindow: 12 },
  { p: 3, fullWindow: 1 },
  { p: 2.5, fullWindow: null },
]

/** The settings to run a kernel with: with indices, `exact`, other divisors, other rounding rules. */
function variants({ reducer, pass, dtype }: Kernel, values: readonly Values[]): Case[] {
  const ways: Partial<Case>[] =
    ownSpecs(reducer, dtype) ??
    (reducer === 'average' && !dtypes[dtype].float
      ? integerMeans(dtype)
      : reducer === 'average'
        ? [
            { division: 'product', exact: true },
            { division: 'each', exact: true },
            { division: -3, exact: true },
            {},
          ]
        : reducer === 'lp'
          ? norms.flatMap((norm) => (pass === 'forward' ? [{ norm }] : [{ norm }, { norm, again: true }]))
          : [{ withIndices: false }, { withIndices: true }])
  const isRatio = reducer === 'lp' && pass === 'backward'
  return values
    .flatMap((value) => (isRatio && value === 'special' ? [value, 'wide' as const] : [value]))
    .flatMap((value) => ways.map((way) => ({ ...way, values: value }) as Case))
}
