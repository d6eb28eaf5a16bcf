/**
 * @file Finds an element of a window by a condition.
 */
import { firstOf, tapsOf } from '../plan/axis.ts'
import type { PoolPlan } from '../plan/pool-plan.ts'

/** The first position of a window, in row-major order, for which `holds` is true; -1 if there is none. */
export function firstPosition(
  { axes }: PoolPlan,
  output: number,
  holds: (position: number) => boolean,
): number {
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
