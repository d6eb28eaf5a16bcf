/**
 * @file Boxes of elements: copying between arrays of different shapes.
 */
import { type DType, dtypes, type Scalar, type TypedArray } from '../../tensor/dtype.ts'
import { narrow } from '../../tensor/half.ts'
import { rowMajorStrides, sizeOf } from '../../tensor/shape.ts'
import type { ReusedMemory } from '../store/reused-memory.ts'

/** Along each axis: the first element, and the one after the last. */
export interface Box {
  readonly from: readonly number[]
  readonly to: readonly number[]
}

export function shapeOfBox({ from, to }: Box): number[] {
  return from.map((begin, axis) => to[axis]! - begin)
}

/** The intersection of two boxes, or undefined. */
export function intersection(a: Box, b: Box): Box | undefined {
  const from = a.from.map((begin, axis) => Math.max(begin, b.from[axis]!))
  const to = a.to.map((end, axis) => Math.min(end, b.to[axis]!))
  return from.every((begin, axis) => begin < to[axis]!) ? { from, to } : undefined
}

/** An array that holds the elements of a box, row by row. */
export interface Placed {
  readonly data: TypedArray
  readonly box: Box
  /** Views of the rows that are copied from memory that is used again. */
  readonly rows?: RowViews
}

/** The chunks that hold the elements of a box, row by row, one whole chunk after the other. */
export interface Cells {
  readonly data: TypedArray
  /** Its beginning is that of a chunk. */
  readonly box: Box
  readonly cell: readonly number[]
}

/** The chunk at a place of the array's grid. */
export function cellAt({ data, box, cell }: Cells, place: readonly number[]): Placed {
  const [counts, length] = [cellCounts(box, cell), sizeOf(cell)]
  const index = place.reduce((sum, at, axis) => sum * counts[axis]! + at - box.from[axis]! / cell[axis]!, 0)
  return { data: data.subarray(index * length, (index + 1) * length), box: boxOfCell(place, cell) }
}

/** How many cells lie along each axis of a box that begins with one. */
export function cellCounts(box: Box, cell: readonly number[]): number[] {
  return shapeOfBox(box).map((length, axis) => Math.ceil(length / cell[axis]!))
}

/** Views that are kept: about two megabytes. */
const mostViews = 2 ** 14

/** Views of the rows of arrays in one memory, made once: those of each copy would be most of the garbage of a run. */
export class RowViews {
  #buffer: unknown
  #offset = 0
  #run = 0
  readonly #views = new Map<number, TypedArray>()

  /** `run` elements from the element `from` on. */
  row(data: TypedArray, from: number, run: number): TypedArray {
    const { buffer, byteOffset } = data
    if (buffer !== this.#buffer || byteOffset !== this.#offset || run !== this.#run) {
      ;[this.#buffer, this.#offset, this.#run] = [buffer, byteOffset, run]
      this.#views.clear()
    }
    const known = this.#views.get(from)
    if (known !== undefined) return known
    const view = data.subarray(from, from + run)
    if (this.#views.size < mostViews) this.#views.set(from, view)
    return view
  }
}

/** A number as arrays hold it: half precision by its bits. */
export function storedScalar(value: Scalar, dtype: DType): Scalar {
  if (dtype !== 'float16') return value
  const bits = new Uint16Array(1)
  narrow([value as number], 'float16', bits)
  return bits[0]!
}

/** An array of any content, new and zeroed unless there is memory to reuse. */
export function arrayOf(shape: readonly number[], dtype: DType, memory?: ReusedMemory): TypedArray {
  const { storage } = dtypes[dtype]
  const size = sizeOf(shape)
  return memory === undefined
    ? new storage(size)
    : new storage(memory.take(size * storage.BYTES_PER_ELEMENT).buffer, 0, size)
}

/** An array whose elements are all `value`, new unless there is memory to reuse. */
export function filled(
  shape: readonly number[],
  dtype: DType,
  value: Scalar,
  memory?: ReusedMemory,
): TypedArray {
  const stored = storedScalar(value, dtype)
  const data = arrayOf(shape, dtype, memory)
  const isZeroed = memory === undefined && (Object.is(stored, 0) || stored === 0n)
  return isZeroed ? data : data.fill(stored as never)
}

/** Copies what the boxes share. */
export function copyShared(source: Placed, target: Placed): void {
  const shared = intersection(source.box, target.box)
  if (shared === undefined) return
  const [own, other] = [layoutOf(source.box, shared), layoutOf(target.box, shared)]
  const shape = shapeOfBox(shared)
  // Whole rows that lie one after the other on both sides are copied at once.
  let last = shape.length - 1
  let run = shape[last] ?? 1
  while (last > 0 && run === own.strides[last - 1] && run === other.strides[last - 1]) run *= shape[--last]!
  const { data, rows } = source
  const bytes = bytesOfBoth(data, target.data)
  const size = data.BYTES_PER_ELEMENT
  const copy = (axis: number, from: number, to: number): void => {
    if (axis >= last) {
      if (bytes !== undefined) {
        const begin = data.byteOffset + from * size
        bytes.copyWithin(target.data.byteOffset + to * size, begin, begin + run * size)
        return
      }
      const row = rows === undefined ? data.subarray(from, from + run) : rows.row(data, from, run)
      target.data.set(row as never, to)
      return
    }
    for (let i = 0; i < shape[axis]!; i++)
      copy(axis + 1, from + i * own.strides[axis]!, to + i * other.strides[axis]!)
  }
  copy(0, own.start, other.start)
}

/** The memory that two arrays share: bytes move within it without a view of each row. */
function bytesOfBoth({ buffer }: TypedArray, { buffer: other }: TypedArray): Uint8Array | undefined {
  return buffer === other ? new Uint8Array(buffer) : undefined
}

function layoutOf(box: Box, { from }: Box): { readonly strides: readonly number[]; readonly start: number } {
  const strides = rowMajorStrides(shapeOfBox(box))
  const start = from.reduce((sum, begin, axis) => sum + (begin - box.from[axis]!) * strides[axis]!, 0)
  return { strides, start }
}

/** Every place of a grid of cells over a box: the cells that hold any of its elements, row by row. */
export function* cellsOf({ from, to }: Box, cell: readonly number[]): Generator<number[]> {
  const first = from.map((begin, axis) => Math.floor(begin / cell[axis]!))
  const counts = to.map((end, axis) => Math.ceil(end / cell[axis]!) - first[axis]!)
  const total = sizeOf(counts)
  for (let index = 0; index < total; index++) {
    const place = placeAt(index, counts)
    for (let axis = 0; axis < place.length; axis++) place[axis]! += first[axis]!
    yield place
  }
}

/** The place of an index in a grid, row by row. */
export function placeAt(index: number, counts: readonly number[]): number[] {
  const place = new Array<number>(counts.length)
  let rest = index
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    place[axis] = rest % counts[axis]!
    rest = Math.floor(rest / counts[axis]!)
  }
  return place
}

/** The box of a cell of a grid. */
export function boxOfCell(place: readonly number[], cell: readonly number[]): Box {
  return {
    from: place.map((i, axis) => i * cell[axis]!),
    to: place.map((i, axis) => (i + 1) * cell[axis]!),
  }
}
