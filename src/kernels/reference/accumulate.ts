/**
 * @file Averages and norms by plain loops, over any reducer that folds a window.
 */
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import type { Accumulation, Fold } from '../../reducers/accumulation.ts'
import type { Scalar, TypedArray } from '../../tensor/dtype.ts'
import { windowsOf } from './windows.ts'

interface Forward {
  readonly plan: PoolPlan
  readonly x: TypedArray
  readonly y: TypedArray
}

/** A window that touches no element gives 0. */
export function accumulateForward(reducer: Fold, { plan, x, y }: Forward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, places, divisors } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        let sum = reducer.identity
        for (const place of places)
          sum = reducer.combine(sum, reducer.lift(x[(o * inSize + place) * inner + c]!))
        y[(o * outSize + output) * inner + c] = reducer.finish(sum, places.length === 0 ? [] : divisors)
      }
    }
  }
}

interface Backward {
  readonly plan: PoolPlan
  readonly dy: TypedArray
  readonly dx: TypedArray
  /** Needed by reducers whose slope depends on the values. */
  readonly x?: TypedArray
  readonly y?: TypedArray
}

export function accumulateBackward(reducer: Accumulation, { plan, dy, dx, x = dx, y = dy }: Backward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  dx.fill(0 as never)
  for (const { output, places, divisors } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        for (const place of places) {
          const from = (o * inSize + place) * inner + c
          const share: Scalar = reducer.backward(dy[at]!, x[from]!, y[at]!, divisors)
          ;(dx as Float32Array)[from]! += share as number
        }
      }
    }
  }
}
