/**
 * @file The reference kernels: slow and obvious, for every job. They define the results of all other kernels.
 */
import { isDefined, reducerNames } from '../../reducers/table.ts'
import { dtypeNames, dtypes } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Job, Kernel } from '../job.ts'
import { addsWide } from '../sum-order.ts'
import { backward } from './backward.ts'
import { forward } from './forward.ts'
import { wideBackward, wideForward } from './wide.ts'

function run(job: Job): void {
  if (job.reducer === 'average' && addsWide(job)) {
    if (job.pass === 'forward') wideForward(job)
    else wideBackward(job)
  } else if (job.pass === 'forward') forward(job)
  else backward(job)
}

/** Half precision is computed as float32. */
export const referenceKernels: readonly Kernel[] = reducerNames.flatMap((reducer) =>
  (['forward', 'backward'] as const).flatMap((pass) =>
    dtypeNames
      .filter((dtype) => !isHalf(dtype) && isDefined(reducer, pass, dtype))
      .map((dtype) => ({
        backend: 'reference' as const,
        id: `${reducer}.${dtypes[dtype].short}.${pass}.reference`,
        reducer,
        pass,
        dtype,
        leavesOut: true as const,
        supports: () => true as const,
        run,
      })),
  ),
)
