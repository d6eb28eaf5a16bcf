/**
 * @file Writes the divisors of averages as tables: two per row and one per column.
 */
import { divisorOf } from '../../../plan/axis.ts'
import { periodicIn } from '../../../plan/tables.ts'
import type { Division } from '../../../reducers/average.ts'
import { type Rounding, roundings } from '../../../reducers/rounding.ts'
import { writeNumbers } from '../block.ts'
import type { ElementType } from '../element-type.ts'
import type { Axis } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import type { Layout } from './direct.ts'
import { EpilogueKind, type GridSpec } from './grid.ts'

/** The end of an average. `whole` says how integers are rounded; it is null for floats. */
export interface Epilogue {
  readonly division: Division
  readonly whole: { readonly rounding: Rounding; readonly range: readonly number[] } | null
}

/**
 * No table if the divisor is 1. `product` and numbers divide once, `each` divides once per axis, and integers always
 * divide once.
 */
export function divisors(
  instance: WasmInstance,
  kind: ElementType,
  { division, whole }: Epilogue,
  layout: Layout,
): Partial<GridSpec> {
  if (division === 1 && whole === null) return {}
  const [a, b, c] = layout.axes
  const isEach = division === 'each' && whole === null
  const pairs = (i: number, j: number): readonly [number, number] => {
    if (typeof division === 'number') return [1, division]
    const [first, second] = [countOf(a, i), countOf(b, j)]
    return isEach ? [first, second] : [1, first * second]
  }
  const rows = a.outSize * b.outSize
  const rowDivisors = instance.alloc(2 * rows * kind.bytes)
  const table = instance.view(kind.array, rowDivisors, 2 * rows)
  for (let i = 0; i < a.outSize; i++)
    for (let j = 0; j < b.outSize; j++) table.set(pairs(i, j), 2 * (i * b.outSize + j))
  return {
    epilogue: isEach ? EpilogueKind.Each : EpilogueKind.Product,
    ...roundingOf(instance, kind, whole),
    rowDivisors,
    perElement: layout.isRun,
    colDivisors: writeColumnDivisors(instance, kind, layout, (i) =>
      typeof division === 'number' ? 1 : countOf(c, i),
    ),
  }
}

/** The rounding of integers; nothing for floats. */
export function roundingOf(
  instance: WasmInstance,
  kind: ElementType,
  whole: Epilogue['whole'],
): Partial<GridSpec> {
  if (whole === null) return {}
  return {
    rounding: roundings.indexOf(whole.rounding) + 1,
    range: writeNumbers(instance, kind, whole.range),
  }
}

/** At least 1, so that an empty window gives 0 instead of 0 / 0. */
function countOf(axis: Axis, i: number): number {
  return divisorOf(axis, i) || 1
}

/** One number per column, or per element of a run. Columns whose windows repeat have one number. */
export function writeColumnDivisors(
  instance: WasmInstance,
  kind: ElementType,
  { axes, inner, isRun }: Layout,
  countOf: (i: number) => number,
): number {
  const count = axes[2].outSize
  const repeat = isRun ? inner : 1
  const address = instance.alloc(count * repeat * kind.bytes)
  const table = instance.view(kind.array, address, count * repeat)
  const write = (from: number, to: number): void => {
    if (to > from) table.fill(countOf(from), from * repeat, to * repeat)
  }
  const [from, to] = axes[2].rule.periodic.period === 1 ? periodicIn(axes[2], 0, count) : [0, 0]
  for (let i = 0; i < from; i++) write(i, i + 1)
  write(from, to)
  for (let i = to; i < count; i++) write(i, i + 1)
  return address
}
