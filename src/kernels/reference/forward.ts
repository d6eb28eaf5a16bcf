/**
 * @file Forward passes by plain loops, for any reducer.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { reducerOf } from '../../reducers/table.ts'
import type { ExtremumForward, ForwardJob } from '../job.ts'
import { windowsOf } from './windows.ts'

export function forward(job: ForwardJob): void {
  if ('indices' in job) pick(job)
  else fold(job)
}

/** The loop of `pick` without positions. Engines compile it separately, which keeps sums of bigints off the heap. */
function fold({ plan, dtype, x, y, ...spec }: Exclude<ForwardJob, ExtremumForward>): void {
  const { init, step, finish } = reducerOf(spec, dtype)
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, places, divisors } of windowsOf(plan.axes)) {
    const counts = places.length === 0 ? [] : divisors
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        let state = init()
        for (const place of places) state = step(state, x[(o * inSize + place) * inner + c]!, place)
        y[(o * outSize + output) * inner + c] = finish(state, counts)
      }
    }
  }
}

function pick({ plan, dtype, x, y, indices, ...spec }: ExtremumForward): void {
  const { init, step, finish, index } = reducerOf(spec, dtype)
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, places, divisors } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        let state = init()
        for (const place of places) state = step(state, x[(o * inSize + place) * inner + c]!, place)
        const at = (o * outSize + output) * inner + c
        y[at] = finish(state, divisors)
        if (indices !== null) indices[at] = index!(state)
      }
    }
  }
}
