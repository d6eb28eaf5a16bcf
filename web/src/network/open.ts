/**
 * @file A part of a map as the stage shows it: the same numbers under the same windows, so that its output is a part of the pooled map.
 */
import type { Pooling } from '../../../src/render/pooling.ts'
import type { Plane } from '../../../src/render/presets.ts'

export interface OpenedMap {
  readonly pooling: Pooling
  readonly input: Plane
  /** The output that the pixel belongs to. */
  readonly at: number
  /** The place of the input in its map. */
  readonly from: readonly [row: number, column: number]
  /** The part of the pooled map that the output is. */
  readonly part: {
    readonly row: number
    readonly column: number
    readonly rows: number
    readonly columns: number
  }
}

/** Some windows of an axis, and the inputs and padding that they cover. */
interface Span {
  readonly first: number
  readonly outputs: number
  readonly from: number
  readonly to: number
  readonly pads: readonly [number, number]
}

/**
 * @param place the place in `plane` that was chosen; the part is cut around it
 * @param most  outputs along an axis
 */
export function openMap(pooling: Pooling, plane: Plane, place: number, most = 6): OpenedMap {
  const axis = (index: 0 | 1, size: number, at: number) => spanOf(pooling, index, size, at, most)
  const [row, column] = [Math.floor(place / plane.columns), place % plane.columns]
  const [rows, columns] = [axis(0, plane.rows, row), axis(1, plane.columns, column)]
  const input = partOf(plane, [rows.from, columns.from], {
    rows: rows.to - rows.from,
    columns: columns.to - columns.from,
  })
  const within = (span: Span, at: number, stride: number) =>
    Math.min(span.outputs - 1, Math.max(0, Math.floor(at / stride) - span.first))
  const at =
    within(rows, row, pooling.stride[0]) * columns.outputs + within(columns, column, pooling.stride[1])
  return {
    pooling: { ...pooling, padding: [rows.pads, columns.pads] },
    input,
    from: [rows.from, columns.from],
    at,
    part: { row: rows.first, column: columns.first, rows: rows.outputs, columns: columns.outputs },
  }
}

function spanOf(
  { kernel, stride, padding }: Pooling,
  axis: 0 | 1,
  size: number,
  at: number,
  most: number,
): Span {
  const [window, step] = [kernel[axis], stride[axis]]
  const [before, after] = padding[axis] as readonly [number, number]
  const all = Math.floor((size + before + after - window) / step) + 1
  const outputs = Math.min(most, all)
  const first = Math.min(all - outputs, Math.max(0, Math.floor(at / step) - Math.floor(outputs / 2)))
  const [start, end] = [first * step - before, (first + outputs - 1) * step - before + window]
  return {
    first,
    outputs,
    from: Math.max(0, start),
    to: Math.min(size, end),
    pads: [Math.max(0, -start), Math.max(0, end - size)],
  }
}

/** A part of a plane, rounded to as many digits as are shown. */
export function partOf(
  plane: Plane,
  [row, column]: readonly [number, number],
  { rows, columns }: { readonly rows: number; readonly columns: number },
  digits = 3,
): Plane {
  const values = Array.from({ length: rows * columns }, (_, i) => {
    const place = (row + Math.floor(i / columns)) * plane.columns + column + (i % columns)
    return Number(plane.values[place]!.toPrecision(digits))
  })
  return { rows, columns, values }
}
