/**
 * @file The windows of a plan as lists for assembly/order/fold-windows.ts: windows with equally many taps along each axis share a list.
 */
import type { AxisPlan } from '../../../plan/axis.ts'
import type { PoolPlan } from '../../../plan/pool-plan.ts'
import { crossedTaps, type OutputsAlong, outputsAlong } from '../../outputs-along.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Addresses of the lists of all windows whose outputs along the first of two axes or more are in a range. */
export interface WindowLists {
  readonly rows: number
  readonly columns: number
  readonly runs: number
  readonly rowFirsts: number
  readonly rowLists: number
  readonly table: number
}

/** The outputs along the last axis in runs whose windows have the same taps. */
export interface Columns {
  readonly columns: number
  /** Of each run its outputs, the first element, elements from one window to the next, and the place of its taps among the forms. */
  readonly runs: readonly (readonly [columns: number, first: number, stride: number, form: number])[]
  /** The taps of each form. */
  readonly lists: OutputsAlong['lists']
}

export function columnsOf(axis: AxisPlan, inner: number): Columns {
  const { firsts, forms, lists } = outputsAlong([axis], inner)
  const runs: [number, number, number, number][] = []
  firsts.forEach((first, i) => {
    const place = forms[i]!
    const run = runs.at(-1)
    const stride = run === undefined ? 0 : first - (run[1] + (run[0] - 1) * run[2])
    if (run === undefined || run[3] !== place || (run[0] > 1 && run[2] !== stride))
      runs.push([1, first, 0, place])
    else {
      run[0]++
      run[2] = stride
    }
  })
  return { columns: firsts.length, runs, lists }
}

/** @param from  the first element of the inputs that are in memory */
export function writeWindowLists(
  instance: WasmInstance,
  { axes, inner }: Pick<PoolPlan, 'axes' | 'inner'>,
  { columns, runs, lists }: Columns,
  range: readonly [begin: number, end: number],
  from: number,
): WindowLists {
  const rows = outputsAlong(axes.slice(0, -1), inner * axes.at(-1)!.inSize, range)
  const addresses = crossedTaps(rows.lists, lists).map((forms) =>
    writeWhole(
      instance,
      forms.map((taps) => writeWhole(instance, [taps.length, ...taps])),
    ),
  )
  return {
    rows: rows.firsts.length,
    columns,
    runs: runs.length,
    rowFirsts: writeWhole(
      instance,
      rows.firsts.map((first) => first - from),
    ),
    rowLists: writeWhole(
      instance,
      rows.forms.map((form) => addresses[form]!),
    ),
    table: writeWhole(instance, runs.flat()),
  }
}

/** What follows the size of the planes in the block of assembly/order/window-runs.ts, before the arrays of a kernel. */
export function listParameters(
  { columns, rows, runs, rowFirsts, rowLists, table }: WindowLists,
  inner: number,
): readonly number[] {
  return [inner, columns, rows, runs, rowFirsts, rowLists, table]
}

function writeWhole(instance: WasmInstance, numbers: ArrayLike<number>): number {
  const address = instance.alloc(4 * numbers.length)
  instance.ints.set(numbers, address >> 2)
  return address
}
