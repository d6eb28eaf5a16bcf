/**
 * @file Verifies a candidate's answer: maxima to the bit, averages within the error bound of float32 sums of that length.
 */
import type { Answer } from './expected.ts'
import { type Problem, sizeOf } from './problem.ts'

/** The error in the answer, or null. */
export function findError(problem: Problem, expected: Answer, given: Answer): string | null {
  const { workload, outShape } = problem
  const size = sizeOf(workload.pass === 'forward' ? outShape : workload.shape)
  const bound = workload.reducer === 'average' ? workload.window ** 2 * 2 ** -24 : 0
  return (
    compare('y', size, bound, expected.y, given.y) ??
    (expected.indices ? compare('indices', size, 0, expected.indices, given.indices ?? []) : null)
  )
}

function compare(
  name: string,
  size: number,
  bound: number,
  expected: ArrayLike<number>,
  given: ArrayLike<number>,
): string | null {
  if (given.length !== size) return `${given.length} ${name}, not ${size}`
  for (let i = 0; i < size; i++) {
    if (!(Math.abs(given[i]! - expected[i]!) <= bound))
      return `${name}[${i}] = ${given[i]}, not ${expected[i]}`
  }
  return null
}
