/**
 * @file Visits the windows of all planes of a plan. Windows with equally many taps along each axis share a list of them.
 */
import { type AxisPlan, firstOf, tapsOf } from '../../plan/axis.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'

/**
 * `at` is the place of the output, and `first` that of the window's first element; the others are `taps` from there, in
 * row-major order. `plane` is the place of the plane's first element, so that positions in the plane are
 * `(first - plane + tap) / inner`.
 */
export type Visit = (at: number, first: number, taps: Int32Array, plane: number) => void

/** The windows of a plane are visited in row-major order. */
export function visitWindows(plan: PoolPlan, visit: Visit): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const { rows, columns, lists } = windowsOf(plan.axes, inner)
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

/** The outputs along some axes: the first element of each, and which list of taps it has, as offsets from the first. */
interface Outputs {
  readonly firsts: readonly number[]
  readonly forms: readonly number[]
  readonly lists: readonly (readonly number[])[]
}

interface Windows {
  readonly rows: Outputs
  readonly columns: Outputs
  /** By the form of the row, and that of the column. */
  readonly lists: readonly (readonly Int32Array[])[]
}

const one: Outputs = { firsts: [0], forms: [0], lists: [[0]] }

/** All axes but the last make rows. */
function windowsOf(axes: readonly AxisPlan[], inner: number): Windows {
  const [last, ...lead] = axes.toReversed() as [AxisPlan, ...AxisPlan[]]
  const columns = outputsOf(last, inner)
  let rows = one
  let pitch = inner * last.inSize
  for (const axis of lead) {
    rows = crossed(outputsOf(axis, pitch), rows)
    pitch *= axis.inSize
  }
  const lists = rows.lists.map((row) =>
    columns.lists.map((column) => Int32Array.from(row.flatMap((from) => column.map((tap) => from + tap)))),
  )
  return { rows, columns, lists }
}

function outputsOf(axis: AxisPlan, pitch: number): Outputs {
  const outputs = Array.from({ length: axis.outSize }, (_, i) => i)
  const counts = outputs.map((i) => tapsOf(axis, i))
  const distinct = [...new Set(counts)]
  return {
    firsts: outputs.map((i) => firstOf(axis, i) * pitch),
    forms: counts.map((count) => distinct.indexOf(count)),
    lists: distinct.map((count) => Array.from({ length: count }, (_, tap) => tap * axis.step * pitch)),
  }
}

/** The outputs along the axes of both, those of `own` first. */
function crossed(own: Outputs, rest: Outputs): Outputs {
  const forms = rest.lists.length
  return {
    firsts: own.firsts.flatMap((from) => rest.firsts.map((first) => from + first)),
    forms: own.forms.flatMap((form) => rest.forms.map((other) => form * forms + other)),
    lists: own.lists.flatMap((from) =>
      rest.lists.map((list) => from.flatMap((lead) => list.map((tap) => lead + tap))),
    ),
  }
}
