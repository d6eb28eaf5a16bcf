/**
 * @file The windows of a plan as lists for assembly/order/fold-windows.ts: windows with equally many taps along each axis share a list.
 */
import { type AxisPlan, firstOf, tapsOf } from '../../../plan/axis.ts'
import type { PoolPlan } from '../../../plan/pool-plan.ts'
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

/** One output along some axes: its first element, and its taps as distances from it, in elements. */
interface Output {
  readonly first: number
  /** Names the numbers of taps along the axes. */
  readonly form: string
  taps(): readonly number[]
}

/** The outputs along the last axis in runs whose windows have the same taps. */
export interface Columns {
  readonly columns: number
  /** Of each run its outputs, the first element, elements from one window to the next, and the place of its taps among the forms. */
  readonly runs: readonly (readonly [columns: number, first: number, stride: number, form: number])[]
  /** An output of each form. */
  readonly forms: readonly Output[]
}

export function columnsOf(axis: AxisPlan, inner: number): Columns {
  const outputs = outputsOf([axis], inner, [0, axis.outSize])
  const forms = formsOf(outputs)
  const places = new Map(Array.from(forms.keys(), (form, place) => [form, place]))
  const runs: [number, number, number, number][] = []
  outputs.forEach(({ first, form }) => {
    const place = places.get(form)!
    const run = runs.at(-1)
    const stride = run === undefined ? 0 : first - (run[1] + (run[0] - 1) * run[2])
    if (run === undefined || run[3] !== place || (run[0] > 1 && run[2] !== stride))
      runs.push([1, first, 0, place])
    else {
      run[0]++
      run[2] = stride
    }
  })
  return { columns: outputs.length, runs, forms: [...forms.values()] }
}

/** @param from  the first element of the inputs that are in memory */
export function writeWindowLists(
  instance: WasmInstance,
  { axes, inner }: Pick<PoolPlan, 'axes' | 'inner'>,
  { columns, runs, forms }: Columns,
  range: readonly [begin: number, end: number],
  from: number,
): WindowLists {
  const lead = axes.slice(0, -1)
  const rows = lead.length === 0 ? [whole] : outputsOf(lead, inner * axes.at(-1)!.inSize, range)
  const lists = new Map<string, number>()
  for (const [form, { taps }] of formsOf(rows)) {
    const own = forms.map((column) => writeTaps(instance, taps(), column.taps()))
    lists.set(form, writeWhole(instance, own))
  }
  return {
    rows: rows.length,
    columns,
    runs: runs.length,
    rowFirsts: writeWhole(
      instance,
      rows.map(({ first }) => first - from),
    ),
    rowLists: writeWhole(
      instance,
      rows.map(({ form }) => lists.get(form)!),
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
