/**
 * @file Runs code with other crossovers, for tests and the bench.
 */
import { tuning } from '../../src/kernels/tuning.ts'

/** Calls `run` with these values of `tuning`, then restores the old ones. */
export function under<T>(values: Partial<typeof tuning>, run: () => T): T {
  const inUse = { ...tuning }
  Object.assign(tuning, values)
  try {
    return run()
  } finally {
    Object.assign(tuning, inUse)
  }
}
