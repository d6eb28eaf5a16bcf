/**
 * @file Indices of windows from which elements were left out.
 */
import { firstOf, tapsOf } from '../../plan/axis.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { extrema } from '../../reducers/extremum.ts'
import type { ExtremumForward } from '../job.ts'

/**
 * Corrects the indices of windows in which too few elements count, and of those whose result equals the element that replaced what
 * is left out: there the first element that counts is the right one, since all that count are equal.
 */
export function locateCounted({ plan, reducer, dtype, y, indices, counted }: ExtremumForward): void {
  if (counted === undefined || indices === null) return
  const { inner } = plan
  const { map, counts, least } = counted
  const neutral = extrema[reducer].identity(dtype)
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (let at = 0; at < indices.length; at++) {
    if (counts[at]! < least) indices[at] = -1
    else if (y[at] === neutral) {
      const pixel = Math.floor(at / inner)
      const from = Math.floor(pixel / outSize) * inSize
      const isCounted = (position: number): boolean => map[(from + position) * inner + (at % inner)] === 1
      indices[at] = firstPosition(plan, pixel % outSize, isCounted)
    }
  }
}

/** The first position of a window, in row-major order, for which `holds` is true. */
function firstPosition({ axes }: PoolPlan, output: number, holds: (position: number) => boolean): number {
  const position: number[] = []
  let rest = output
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    position[axis] = rest % axes[axis]!.outSize
    rest = Math.floor(rest / axes[axis]!.outSize)
  }
  const search = (depth: number, lead: number): number => {
    if (depth === axes.length) return holds(lead) ? lead : -1
    const axis = axes[depth]!
    const begin = lead * axis.inSize + firstOf(axis, position[depth]!)
    const taps = tapsOf(axis, position[depth]!)
    for (let tap = 0; tap < taps; tap++) {
      const found = search(depth + 1, begin + tap * axis.step)
      if (found >= 0) return found
    }
    return -1
  }
  return search(0, 0)
}
