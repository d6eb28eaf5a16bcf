/**
 * @file Plain TypeScript kernels: the quickest for tiny inputs, and what serves where WebAssembly is not allowed.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { type DType, dtypeNames, dtypes } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Job, Kernel } from '../kernel.ts'
import { averageBackward, averageForward } from './average.ts'
import { selectBackward, selectForward } from './select.ts'

type Row = Pick<Kernel, 'reducer' | 'pass'> & { readonly run: (job: never) => void }

const rows: readonly Row[] = [
  { reducer: 'max', pass: 'forward', run: selectForward },
  { reducer: 'min', pass: 'forward', run: selectForward },
  { reducer: 'max', pass: 'backward', run: selectBackward },
  { reducer: 'min', pass: 'backward', run: selectBackward },
  { reducer: 'average', pass: 'forward', run: averageForward },
  { reducer: 'average', pass: 'backward', run: averageBackward },
]

/** All that float64 holds; sums of integers are exact below 2^53, which takes windows of 2^21 32-bit elements. */
function isComputed(dtype: DType, { pass }: Row): boolean {
  const { float, storage } = dtypes[dtype]
  const fits = float || storage.BYTES_PER_ELEMENT < 8
  return fits && !isHalf(dtype) && (float || pass === 'forward')
}

/** Copies of a plane are float64, and lists of places 32-bit. */
const largestPlane = 2 ** 27

function supports({ plan }: Job): true | string {
  const plane = plan.inner * Math.max(inPlane(plan), outPlane(plan))
  return plane <= largestPlane || `planes of ${plane} elements; these kernels copy at most ${largestPlane}`
}

export const scalarKernels: readonly Kernel[] = dtypeNames.flatMap((dtype) =>
  rows
    .filter((entry) => isComputed(dtype, entry))
    .map((entry) => ({
      ...entry,
      id: `${entry.reducer}.${dtypes[dtype].short}.${entry.pass}.scalar`,
      dtype,
      supports,
      run: entry.run as Kernel['run'],
    })),
)
