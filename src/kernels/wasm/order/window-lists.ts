/**
 * @file The windows of a plan as lists for assembly/order/fold-windows.ts: windows with equally many taps along each axis share a list.
 */
import { type AxisPlan, firstOf, tapsOf } from '../../../plan/axis.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Addresses of the lists of all windows whose outputs along the first of two axes or more are in a range. */
export interface WindowLists {
  readonly rows: number
  readonly columns: number
  readonly rowFirsts: number
  readonly columnFirsts: number
  readonly rowLists: number
  readonly columnLists: number
}

/** One output along some axes: its first element, and its taps as distances from it, in elements. */
interface Output {
  readonly first: number
  /** Names the numbers of taps along the axes. */
  readonly form: string
  taps(): readonly number[]
}

/** @param from  the first element of the inputs that are in memory */
export function writeWindowLists(
  instance: WasmInstance,
  axes: readonly AxisPlan[],
  inner: number,
  range: readonly [begin: number, end: number],
  from: number,
): WindowLists {
  const [last, ...lead] = axes.toReversed() as [AxisPlan, ...AxisPlan[]]
  const columns = outputsOf([last], inner, [0, last.outSize])
  const rows = lead.length === 0 ? [whole] : outputsOf(lead.reverse(), inner * last.inSize, range)
  const columnForms = formsOf(columns)
  const lists = new Map<string, number>()
  for (const [form, { taps }] of formsOf(rows)) {
    const own = Array.from(columnForms.values(), (column) => writeTaps(instance, taps(), column.taps()))
    lists.set(form, writeWhole(instance, own))
  }
  const places = [...columnForms.keys()]
  return {
    rows: rows.length,
    columns: columns.length,
    rowFirsts: writeWhole(
      instance,
      rows.map(({ first }) => first - from),
    ),
    columnFirsts: writeWhole(
      instance,
      columns.map(({ first }) => first),
    ),
    rowLists: writeWhole(
      instance,
      rows.map(({ form }) => lists.get(form)!),
    ),
    columnLists: writeWhole(
      instance,
      columns.map(({ form }) => places.indexOf(form)),
    ),
  }
}

const whole: Output = { first: 0, form: '', taps: () => [0] }

/** The outputs along axes, of which the last has elements `pitch` apart, for a range along the first. */
function outputsOf(
  axes: readonly AxisPlan[],
  pitch: number,
  [begin, end]: readonly [number, number],
): readonly Output[] {
  let outputs: readonly Output[] = [whole]
  axes.forEach((axis, i) => {
    const size = axes.slice(i + 1).reduce((product, { inSize }) => product * inSize, pitch)
    const [from, to] = i === 0 ? [begin, end] : [0, axis.outSize]
    outputs = outputs.flatMap(({ first, form, taps }) =>
      Array.from({ length: to - from }, (_, n) => {
        const count = tapsOf(axis, from + n)
        return {
          first: first + firstOf(axis, from + n) * size,
          form: `${form} ${count}`,
          taps: () =>
            taps().flatMap((tap) => Array.from({ length: count }, (_, k) => tap + k * axis.step * size)),
        }
      }),
    )
  })
  return outputs
}

/** An output of each form. */
function formsOf(outputs: readonly Output[]): ReadonlyMap<string, Output> {
  return new Map(outputs.map((output) => [output.form, output]))
}

/** The number of taps of a window, and then the taps in row-major order. */
function writeTaps(instance: WasmInstance, rows: readonly number[], columns: readonly number[]): number {
  const taps = rows.flatMap((row) => columns.map((column) => row + column))
  return writeWhole(instance, [taps.length, ...taps])
}

function writeWhole(instance: WasmInstance, numbers: readonly number[]): number {
  const address = instance.alloc(4 * numbers.length)
  instance.ints.set(numbers, address >> 2)
  return address
}
