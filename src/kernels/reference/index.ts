/**
 * @file The reference kernels: slow, obvious, for every job. They define what every other kernel must give.
 */
import type { Accumulation, Fold } from '../../reducers/accumulation.ts'
import { average, integerAverage } from '../../reducers/average.ts'
import { lp } from '../../reducers/lp.ts'
import { type DType, dtypeNames, dtypes } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { AverageForward, Job, Kernel } from '../job.ts'
import { addsWide } from '../sum-order.ts'
import { accumulateBackward, accumulateForward } from './accumulate.ts'
import { selectBackward, selectForward } from './extremum.ts'
import { wideBackward, wideForward } from './wide.ts'

type Row<J extends Job = Job> = Pick<Kernel<J>, 'reducer' | 'pass' | 'run'>

function row<R extends Job['reducer'], P extends Job['pass']>(
  reducer: R,
  pass: P,
  run: (job: Extract<Job, { reducer: R; pass: P }>) => void,
): Row {
  return { reducer, pass, run } as unknown as Row
}

function meanOf({ dtype, division, rounding }: AverageForward): Fold {
  return dtypes[dtype].float ? average(dtype, division) : integerAverage(dtype, division, rounding)
}

const rows: readonly Row[] = [
  row('max', 'forward', selectForward),
  row('min', 'forward', selectForward),
  row('max', 'backward', selectBackward),
  row('min', 'backward', selectBackward),
  row('average', 'forward', (job) => {
    if (addsWide(job)) wideForward(job)
    else accumulateForward(meanOf(job), job)
  }),
  row('average', 'backward', (job) => {
    if (addsWide(job)) wideBackward(job)
    else accumulateBackward(average(job.dtype, job.division), job)
  }),
  row('lp', 'forward', (job) => accumulateForward(lp(job.norm) as Accumulation<never>, job)),
  row('lp', 'backward', (job) => accumulateBackward(lp(job.norm) as Accumulation<never>, job)),
]

/** Half precision runs as float32; integers have no gradient and no norm. */
function isComputed(dtype: DType, { reducer, pass }: Row): boolean {
  return !isHalf(dtype) && (dtypes[dtype].float || (pass === 'forward' && reducer !== 'lp'))
}

export const referenceKernels: readonly Kernel[] = dtypeNames.flatMap((dtype) =>
  rows
    .filter((entry) => isComputed(dtype, entry))
    .map((entry) => ({
      ...entry,
      id: `${entry.reducer}.${dtypes[dtype].short}.${entry.pass}.reference`,
      backend: 'reference' as const,
      dtype,
      supports: () => true as const,
    })),
)
