/**
 * @file What the WebAssembly kernels compute: how a job of each kind is run in a instance, whichever thread's it is.
 */
import { type DType, dtypes } from '../../tensor/dtype.ts'
import type { Job } from '../job.ts'
import { averageBackward, averageForward } from './average.ts'
import { selectBackward, selectForward } from './extremum.ts'
import { lpBackward, lpForward } from './lp.ts'
import { averageFits, selectFits } from './supports.ts'
import type { RunIn } from './wasm-instance.ts'

export interface Row<J extends Job = Job> {
  readonly reducer: J['reducer']
  readonly pass: J['pass']
  readonly fits: (job: J) => true | string
  readonly run: RunIn<J>
}

function row<R extends Job['reducer'], P extends Job['pass']>(
  reducer: R,
  pass: P,
  fits: (job: Extract<Job, { reducer: R; pass: P }>) => true | string,
  run: RunIn<Extract<Job, { reducer: R; pass: P }>>,
): Row {
  return { reducer, pass, fits, run } as unknown as Row
}

export const rows: readonly Row[] = [
  row('max', 'forward', selectFits, selectForward),
  row('min', 'forward', selectFits, selectForward),
  row('max', 'backward', selectFits, selectBackward),
  row('min', 'backward', selectFits, selectBackward),
  row('average', 'forward', averageFits, averageForward),
  row('average', 'backward', averageFits, averageBackward),
  row('lp', 'forward', () => true, lpForward),
  row('lp', 'backward', () => true, lpBackward),
]

export function isComputed(dtype: DType, { reducer, pass }: Row): boolean {
  return dtypes[dtype].float || (pass === 'forward' && reducer !== 'lp')
}
