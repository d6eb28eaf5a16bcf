/**
 * @file Separable argmax: finds values and positions along the last axis, then picks among them along the other axes.
 */
import { statsOf } from '../../../plan/tables.ts'
import { direct, positions } from '../folds/direct.ts'
import { writeGrid } from '../folds/grid.ts'
import { writeWindows } from '../folds/indirection.ts'
import { axisGrid, type Op, type Pass } from '../pass.ts'
import { type Axes, type Axis, type LoweredPlan, unit } from '../tiles/lowered-plan.ts'

/** Windows with fewer taps are folded directly. */
const separableMinTaps = 20

/** True if going axis by axis reads less than folding whole windows, and every window has a tap. */
export function fitsSeparableArgmax({ axes }: LoweredPlan): boolean {
  const most = axes.map((axis) => statsOf(axis).mostTaps)
  const [whole, parts] = [most.reduce((a, b) => a * b), most.reduce((a, b) => a + b)]
  return whole >= separableMinTaps && whole > 2 * parts && axes.every((axis) => statsOf(axis).fewestTaps > 0)
}

/** Ties keep row-major order: the last axis prefers the left, the others the upper. The last NaN wins on every axis. */
export function separableArgmax(
  op: Op,
  argAlongAxis: (grid: number) => void,
  { planes, axes, inner }: LoweredPlan,
): Pass {
  const [a, b, c] = axes
  const alone = (axis: Axis): Axes => [unit, unit, axis]
  const rows = planes * a.inSize * b.inSize
  let pass = direct(op, { planes: rows, axes: alone(c), inner }, { extras: positions(op), withIndices: true })
  let n = c.outSize * inner
  let stride = c.length
  for (const [axis, lead] of [
    [b, planes * a.inSize],
    [a, planes],
  ] as const) {
    if (axis.length > 1 || axis.outSize > 1)
      pass = argAlongAxisPass(op, argAlongAxis, pass, { planes: lead, axis, n, stride })
    n *= axis.outSize
    stride *= axis.length
  }
  return pass
}

interface Step {
  readonly planes: number
  readonly axis: Axis
  readonly n: number
  /** Difference of positions between neighbours along the axis. */
  readonly stride: number
}

/** Runs `before` into scratch, then folds along the axis. */
function argAlongAxisPass(op: Op, argAlongAxis: (grid: number) => void, before: Pass, step: Step): Pass {
  const { instance, kind, orderMask } = op
  const { planes, axis, n, stride } = step
  const size = planes * axis.inSize * n
  const values = instance.alloc(size * kind.bytes)
  const starts = instance.alloc(size * 4)
  const rowPositions = writeWindows(instance, [axis], [stride], [axis.origin]).items
  const grid = writeGrid(instance, { rowPositions, starts, ...axisGrid(op, planes, axis, n) }, orderMask)
  return (src, dst, indices) => {
    before(src, values, starts)
    argAlongAxis(grid(values, dst, indices))
  }
}
