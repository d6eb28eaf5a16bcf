/**
 * @file Indices of windows from which elements were left out.
 */
import { inPlane, outPlane } from '../../../plan/pool-plan.ts'
import { extrema } from '../../../reducers/extremum.ts'
import { firstPosition } from '../../first-position.ts'
import type { ExtremumForward } from '../../job.ts'

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
