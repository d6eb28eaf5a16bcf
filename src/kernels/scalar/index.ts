/**
 * @file The plain TypeScript kernels: the fastest for tiny inputs, and the fallback without WebAssembly.
 */
import { isDefined } from '../../reducers/table.ts'
import { type DType, dtypeNames, dtypes } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Job, Kernel } from '../job.ts'
import { averageBackward, averageForward } from './average.ts'
import { largestPlane, planeOf } from './copies.ts'
import { selectBackward, selectForward } from './extremum.ts'

type Row = Pick<Kernel, 'reducer' | 'pass'> & { readonly run: (job: never) => void }

const rows: readonly Row[] = [
  { reducer: 'max', pass: 'forward', run: selectForward },
  { reducer: 'min', pass: 'forward', run: selectForward },
  { reducer: 'max', pass: 'backward', run: selectBackward },
  { reducer: 'min', pass: 'backward', run: selectBackward },
  { reducer: 'average', pass: 'forward', run: averageForward },
  { reducer: 'average', pass: 'backward', run: averageBackward },
]

/** Dtypes whose values float64 holds. */
function isComputed(dtype: DType, { reducer, pass }: Row): boolean {
  const { float, storage } = dtypes[dtype]
  const fits = float || storage.BYTES_PER_ELEMENT < 8
  return fits && !isHalf(dtype) && isDefined(reducer, pass, dtype)
}

function supports({ plan, reducer, dtype }: Job): true | string {
  if (reducer === 'average' && !dtypes[dtype].float) return true
  const plane = planeOf(plan)
  return plane <= largestPlane || `planes of ${plane} elements; these kernels copy at most ${largestPlane}`
}

export const scalarKernels: readonly Kernel[] = dtypeNames.flatMap((dtype) =>
  rows
    .filter((entry) => isComputed(dtype, entry))
    .map((entry) => ({
      ...entry,
      id: `${entry.reducer}.${dtypes[dtype].short}.${entry.pass}.scalar`,
      backend: 'scalar' as const,
      dtype,
      supports,
      run: entry.run as Kernel['run'],
    })),
)
