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
  /** The part of the pooled map that the output is. */
  readonly part: {
    readonly row: number
    readonly column: number
    readonly rows: number
    readonly columns: number
  }
}

/** Outputs along an axis. */
const most = 6

/** Some windows of an axis, and the inputs and padding that they cover. */
interface Span {
  readonly first: number
  readonly outputs: number
  readonly from: number
  readonly to: number
  readonly pads: readonly [number, number]
}

/** @param place the place in `plane` that was chosen; the part is cut around it */
export function openMap(pooling: Pooling, plane: Plane, place: number): OpenedMap {
  const axis = (index: 0 | 1, size: number, at: number) => spanOf(pooling, index, size, at)
  const [row, column] = [Math.floor(place / plane.columns), place % plane.columns]
  const [rows, columns] = [axis(0, plane.rows, row), axis(1, plane.columns, column)]
  const input = {
    rows: rows.to - rows.from,
    columns: columns.to - columns.from,
    values: [] as number[],
  }
  for (let r = rows.from; r < rows.to; r++) {
    for (let c = columns.from; c < columns.to; c++) {
      input.values.push(Number(plane.values[r * plane.columns + c]!.toPrecision(3)))
    }
  }
  const within = (span: Span, at: number, stride: number) =>
    Math.min(span.outputs - 1, Math.max(0, Math.floor(at / stride) - span.first))
  const at =
    within(rows, row, pooling.stride[0]) * columns.outputs + within(columns, column, pooling.stride[1])
  return {
    pooling: { ...pooling, padding: [rows.pads, columns.pads] },
    input,
    at,
    part: { row: rows.first, column: columns.first, rows: rows.outputs, columns: columns.outputs },
  }
}

function spanOf({ kernel, stride, padding }: Pooling, axis: 0 | 1, size: number, at: number): Span {
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
