/**
 * @file Other crossovers than those in use, for tests and the bench.
 */
import { crossovers } from '../../src/kernels/crossovers.ts'

/** Runs under these values, and puts back what was. */
export function under<T>(values: Partial<typeof crossovers>, run: () => T): T {
  const inUse = { ...crossovers }
  Object.assign(crossovers, values)
  try {
    return run()
  } finally {
    Object.assign(crossovers, inUse)
  }
}
