/**
 * @file Differences of outputs, and inputs moved by whole pixels.
 */
import type { Plane } from '../../../src/render/presets.ts'

export interface Difference {
  readonly plane: Plane
  readonly count: number
  /** Mean magnitude over all cells. */
  readonly mean: number
}

/** a − b; null where the shapes differ. Equal infinities and NaN beside NaN do not differ. */
export function difference(a: Plane, b: Plane): Difference | null {
  if (a.rows !== b.rows || a.columns !== b.columns) return null
  const values = a.values.map((value, i) => {
    const other = b.values[i]!
    return Object.is(value, other) || value === other ? 0 : value - other
  })
  const finite = values.filter(Number.isFinite)
  return {
    plane: { ...a, values },
    count: values.filter((value) => value !== 0).length,
    mean: finite.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, finite.length),
  }
}

/** Moves every channel down and to the right; what leaves returns on the other side. */
export function shifted(planes: readonly Plane[], down: number, right: number): readonly Plane[] {
  const wrap = (place: number, size: number) => ((place % size) + size) % size
  return planes.map(({ rows, columns, values }) => ({
    rows,
    columns,
    values: values.map((_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns]
      return values[wrap(row - down, rows) * columns + wrap(column - right, columns)]!
    }),
  }))
}
