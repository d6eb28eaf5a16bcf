/**
 * @file Forward passes by plain loops, for any reducer.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { reducerOf } from '../../reducers/table.ts'
import type { Counted, ForwardJob, PickingForward } from '../job.ts'
import { windowsOf } from './windows.ts'

export function forward(job: ForwardJob): void {
  if ('indices' in job) pick(job)
  else fold(job)
}

/** The loop of `pick` without positions. Engines compile it separately, which keeps sums of bigints off the heap. */
function fold({ plan, dtype, x, y, counted, ...spec }: Exclude<ForwardJob, PickingForward>): void {
  const { init, step, finish } = reducerOf(spec, dtype)
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, positions, divisors } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        let state = init()
        for (const position of positions) {
          const from = (o * inSize + position) * inner + c
          if (counted === undefined || counted.map[from] === 1) state = step(state, x[from]!, position)
        }
        const at = (o * outSize + output) * inner + c
        y[at] = finish(state, divisorsAt(counted, at, positions.length, divisors))
      }
    }
  }
}

/** The divisors of a window; empty for a window without elements. */
export function divisorsAt(
  counted: Counted | undefined,
  at: number,
  taps: number,
  divisors: readonly number[],
): readonly number[] {
  if ((counted?.counts[at] ?? taps) === 0) return []
  return counted?.divisors ? [counted.divisors[at]!] : divisors
}

function pick({ plan, dtype, x, y, indices, counted, ...spec }: PickingForward): void {
  const { init, step, finish, index } = reducerOf(spec, dtype)
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, positions, divisors } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        let state = init()
        for (const position of positions) {
          const from = (o * inSize + position) * inner + c
          if (counted === undefined || counted.map[from] === 1) state = step(state, x[from]!, position)
        }
        const at = (o * outSize + output) * inner + c
        y[at] = finish(state, divisors)
        if (indices !== null)
          indices[at] = counted !== undefined && counted.counts[at]! < counted.least ? -1 : index!(state)
      }
    }
  }
}
