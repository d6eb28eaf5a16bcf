/**
 * @file max and min by plain loops.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { extrema } from '../../reducers/extremum.ts'
import type { ExtremumBackward, ExtremumForward } from '../job.ts'
import { windowsOf } from './windows.ts'

export function selectForward({ reducer, dtype, plan, x, y, indices }: ExtremumForward): void {
  const { identity, wins } = extrema[reducer]
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, places } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        let best = identity(dtype)
        let index = places[0] ?? -1
        for (const place of places) {
          const value = x[(o * inSize + place) * inner + c]!
          if (wins(value, best)) {
            best = value
            index = place
          }
        }
        const at = (o * outSize + output) * inner + c
        y[at] = best
        if (indices !== null) indices[at] = index
      }
    }
  }
}

export function selectBackward({ plan, dy, dx, indices }: ExtremumBackward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  dx.fill(0 as never)
  for (let o = 0; o < outer; o++) {
    for (let output = 0; output < outSize; output++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        if (indices[at]! >= 0)
          (dx as Float32Array)[(o * inSize + indices[at]!) * inner + c]! += dy[at] as number
      }
    }
  }
}
