/**
 * @file Other crossovers than those in use, for tests and the bench.
 */
import { tuning } from '../../src/kernels/tuning.ts'

/** Runs under these values, and puts back what was. */
export function under<T>(values: Partial<typeof tuning>, run: () => T): T {
  const inUse = { ...tuning }
  Object.assign(tuning, values)
  try {
    return run()
  } finally {
    Object.assign(tuning, inUse)
  }
}
