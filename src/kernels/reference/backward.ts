/**
 * @file Gradients by plain loops: for every element of each window, or at the positions that indices give.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { reducerOf } from '../../reducers/table.ts'
import { findAgain } from '../find-again.ts'
import type {
  AverageBackward,
  BackwardJob,
  ExtremumAgain,
  ExtremumBackward,
  LpBackward,
  OrderBackward,
} from '../job.ts'
import { divisorsAt, forward } from './forward.ts'
import { windowsOf } from './windows.ts'

export function backward(job: BackwardJob): void {
  job.dx.fill(0 as never)
  if ('indices' in job) {
    if (!('x' in job)) byIndex(job)
    else if (job.reducer === 'max' || job.reducer === 'min') findAgain(job as ExtremumAgain, forward, byIndex)
    else byShares(job as OrderBackward)
  } else if (job.reducer === 'average' || job.reducer === 'lp') byOutput(job)
  else byWindow(job)
}

/** Shares that depend on the output and an element alone. */
function byOutput(job: AverageBackward | LpBackward): void {
  const { plan, dtype, counted } = job
  const [dx, dy] = [job.dx, job.dy] as [Float32Array, Float32Array]
  const [x, y] = ('x' in job ? [job.x, job.y ?? normsOf(job)] : [dx, dy]) as [Float32Array, Float32Array]
  const gradient = reducerOf(job, dtype).gradient!
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, positions, divisors } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        if (counted !== undefined && counted.counts[at]! < counted.least) continue
        const own = divisorsAt(counted, at, positions.length, divisors)
        for (const position of positions) {
          const from = (o * inSize + position) * inner + c
          if (counted !== undefined && counted.map[from] === 0) continue
          dx[from]! += gradient(dy[at]!, x[from]!, y[at]!, own)
        }
      }
    }
  }
}

function normsOf({ dx: _, dy, ...job }: LpBackward): Float64Array {
  const y = new Float64Array(dy.length)
  forward({ ...job, pass: 'forward', y })
  return y
}

/** Shares that depend on the whole window, which is folded again. */
function byWindow({
  plan,
  dtype,
  x,
  dy,
  dx,
  counted,
  ...spec
}: Exclude<BackwardJob, ExtremumBackward | ExtremumAgain | AverageBackward | LpBackward>): void {
  const [from, given, to] = [x, dy, dx] as [Float32Array, Float32Array, Float32Array]
  const { init, step, slope } = reducerOf(spec, dtype)
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, positions } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        if (counted !== undefined && counted.counts[at]! < counted.least) continue
        const all = positions.map((position) => (o * inSize + position) * inner + c)
        const own = counted === undefined ? all : all.filter((position) => counted.map[position] === 1)
        let state = init()
        for (const position of own) state = step(state, from[position]!, position)
        const share = slope!(state)
        for (const position of own) to[position]! += share(given[at]!, from[position]!)
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

function byShares({ plan, dtype, x, dy, dx, indices, counted, ...spec }: OrderBackward): void {
  const { init, step, shares } = reducerOf(spec, dtype)
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, positions } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        const send = (position: number, share: number): void => {
          ;(dx as Float32Array)[(o * inSize + position) * inner + c]! += share
        }
        if (indices !== null && indices[at]! >= 0) {
          send(indices[at]!, dy[at] as number)
          continue
        }
        if (counted !== undefined && counted.counts[at]! < counted.least) continue
        let state = init()
        for (const position of positions) {
          const from = (o * inSize + position) * inner + c
          if (counted === undefined || counted.map[from] === 1) state = step(state, x[from]!, position)
        }
        for (const { position, share } of shares!(state, dy[at] as number)) send(position, share)
      }
    }
  }
}
