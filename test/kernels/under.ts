/**
 * @file Tests that hold under other crossovers than those in use.
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
