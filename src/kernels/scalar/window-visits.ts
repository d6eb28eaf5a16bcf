/**
 * @file Visits the windows of all planes of a plan.
 */
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { crossedTaps, outputsAlong } from '../outputs-along.ts'

/**
 * `at` is the place of the output, and `first` that of the window's first element; its elements lie `taps` from there, in
 * row-major order. `plane` is the place of the plane's first element, so that positions in the plane are
 * `(first - plane + tap) / inner`.
 */
type Visit = (at: number, first: number, taps: Int32Array, plane: number) => void

/** The windows of a plane are visited in row-major order. */
export function visitWindows(plan: PoolPlan, visit: Visit): void {
  const { outer, inner, axes } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const columns = outputsAlong(axes.slice(-1), inner)
  const rows = outputsAlong(axes.slice(0, -1), inner * axes.at(-1)!.inSize)
  const lists = crossedTaps(rows.lists, columns.lists)
  for (let o = 0; o < outer; o++) {
    let at = o * outSize
    for (let row = 0; row < rows.firsts.length; row++) {
      const own = lists[rows.forms[row]!]!
      const lead = o * inSize + rows.firsts[row]!
      for (let column = 0; column < columns.firsts.length; column++) {
        const taps = own[columns.forms[column]!]!
        const first = lead + columns.firsts[column]!
        for (let c = 0; c < inner; c++) visit(at++, first + c, taps, o * inSize + c)
      }
    }
  }
}
