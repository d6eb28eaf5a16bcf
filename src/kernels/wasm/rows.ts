/**
 * @file The jobs that WebAssembly computes: for each reducer and pass, the method that runs it. Workers use the same
 * table.
 */
import { hasEmptyWindow } from '../../plan/pool-plan.ts'
import type {
  AverageBackward,
  AverageForward,
  ExtremumAgain,
  ExtremumBackward,
  ExtremumForward,
  Job,
  LpForward,
} from '../job.ts'
import { average, averageGrad } from './averages/average.ts'
import { halfAverageGrad, spreadsHalves } from './averages/half-average-grad.ts'
import { longMeans } from './averages/long-means.ts'
import { argExtremum } from './extrema/arg-extremum.ts'
import { extremum } from './extrema/extremum.ts'
import { extremumAgain } from './extrema/extremum-again.ts'
import { extremumGrad, halfExtremumGrad } from './extrema/extremum-grad.ts'
import { halfExtremum } from './extrema/half-extremum.ts'
import { halfExtremumAgain } from './extrema/half-extremum-again.ts'
import { sendsBits } from './extrema/scatter.ts'
import { halfLp, halfLpGrad, halfLpGradAgain } from './norms/half-lp.ts'
import { lp } from './norms/lp.ts'
import { lpGrad, lpGradAgain } from './norms/lp-grad.ts'
import { type Method, runBy } from './strategy.ts'
import { averageFits, isLong, selectFits } from './supports.ts'
import type { RunIn } from './wasm-instance.ts'

export interface Row<J extends Job = Job> {
  readonly reducer: J['reducer']
  readonly pass: J['pass']
  readonly fits: (job: J) => true | string
  /** Its strategies, in order of preference, decide which code runs. */
  readonly methodOf: (job: J) => Method<J, unknown>
  readonly run: RunIn<J>
}

function row<R extends Job['reducer'], P extends Job['pass'], S>(
  reducer: R,
  pass: P,
  fits: (job: Extract<Job, { reducer: R; pass: P }>) => true | string,
  methodOf: (job: Extract<Job, { reducer: R; pass: P }>) => Method<Extract<Job, { reducer: R; pass: P }>, S>,
): Row {
  const run: RunIn<Extract<Job, { reducer: R; pass: P }>> = (instance, job, share) =>
    runBy(methodOf(job), job, instance, share)
  return { reducer, pass, fits, methodOf, run } as unknown as Row
}

function gradientOf(
  job: ExtremumBackward | ExtremumAgain,
): Method<ExtremumBackward | ExtremumAgain, unknown> {
  const [again, byIndex] = sendsBits(job)
    ? [halfExtremumAgain, halfExtremumGrad]
    : [extremumAgain, extremumGrad]
  return ('x' in job ? again : byIndex) as Method<ExtremumBackward | ExtremumAgain, unknown>
}

/** An element without a place in the order stands for empty windows. */
function extremumOf({ indices, half, plan }: ExtremumForward): Method<ExtremumForward, unknown> {
  if (indices !== null) return argExtremum as Method<ExtremumForward, unknown>
  const byKeys = half !== undefined && !hasEmptyWindow(plan)
  return (byKeys ? halfExtremum : extremum) as Method<ExtremumForward, unknown>
}

export const rows: readonly Row[] = [
  row('max', 'forward', selectFits, extremumOf),
  row('min', 'forward', selectFits, extremumOf),
  row('max', 'backward', selectFits, gradientOf),
  row('min', 'backward', selectFits, gradientOf),
  row(
    'average',
    'forward',
    averageFits,
    ({ dtype }) => (isLong(dtype) ? longMeans : average) as Method<AverageForward, unknown>,
  ),
  row(
    'average',
    'backward',
    averageFits,
    (job) => (spreadsHalves(job) ? halfAverageGrad : averageGrad) as Method<AverageBackward, unknown>,
  ),
  row(
    'lp',
    'forward',
    ({ counted }) =>
      counted?.divisors == null || 'means over the elements that count have divisors of their own',
    ({ half }) => (half === undefined ? lp : halfLp) as Method<LpForward, unknown>,
  ),
  row(
    'lp',
    'backward',
    () => true,
    ({ half, y }) => {
      if (half === undefined) return y === null ? lpGradAgain : lpGrad
      return y === null ? halfLpGradAgain : halfLpGrad
    },
  ),
]
