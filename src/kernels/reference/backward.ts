/**
 * @file Gradients by plain loops: for every element of each window, or at the positions that indices give.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { reducerOf } from '../../reducers/table.ts'
import type { BackwardJob, ExtremumBackward } from '../job.ts'
import { divisorsAt } from './forward.ts'
import { windowsOf } from './windows.ts'

export function backward(job: BackwardJob): void {
  job.dx.fill(0 as never)
  if ('indices' in job) byIndex(job)
  else byWindow(job)
}

function byWindow(job: Exclude<BackwardJob, ExtremumBackward>): void {
  const { plan, dtype, counted } = job
  const [dx, dy] = [job.dx, job.dy] as [Float32Array, Float32Array]
  const [x, y] = ('x' in job ? [job.x, job.y] : [dx, dy]) as [Float32Array, Float32Array]
  const gradient = reducerOf(job, dtype).gradient!
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, places, divisors } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        if (counted !== undefined && counted.counts[at]! < counted.least) continue
        const own = divisorsAt(counted, at, places.length, divisors)
        for (const place of places) {
          const from = (o * inSize + place) * inner + c
          if (counted !== undefined && counted.map[from] === 0) continue
          dx[from]! += gradient(dy[at]!, x[from]!, y[at]!, own)
        }
      }
    }
  }
}

function byIndex({ plan, dy, dx, indices }: ExtremumBackward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
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
