/**
 * @file Leaves elements out of a tile and counts the others in its windows: no array of counts is made, and windows with too few are
 * filled while they are in the cache.
 */
import type { Scalar } from '../../../tensor/dtype.ts'
import type { Counted, CountedTiles } from '../../job.ts'
import { copyUnits } from '../../shared-planes.ts'
import { writeBlock } from '../block.ts'
import { type ElementType, i32, u8 } from '../element-type.ts'
import { inSizeOf, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { Bytes, TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { countPass } from './count-pass.ts'
import { keepPass, keptPlace } from './leave-out.ts'

/** What a job counts in tiles; null if it does not, or not here. Reads no data. */
export function countedTiles(
  counted: Counted | undefined,
  { isSimd }: Pick<WasmInstance, 'isSimd'>,
): CountedTiles | null {
  return (isSimd && counted?.tiles) || null
}

/** The marks of a mask, one for each element; undefined if there is none. */
export function marksInTiles({ planes, copyMarks }: Counted): Bytes | undefined {
  if (!planes) return undefined
  const { marks } = planes
  const group = marks.of.isLast && marks.channels === 1 ? marks.of.channels : 1
  return { group, unitIn: () => 1, copy: copyMarks ?? ((at, into, unit) => copyUnits(marks, at, into, unit)) }
}

/** What a tile counts, and the element that replaces those that are left out. */
export interface CountedTile {
  readonly tiles: CountedTiles
  readonly least: number
  readonly neutral: number | bigint
  /** True if the tile is a copy of its elements, which may be overwritten. */
  readonly isOwned: boolean
}

/** Runs `pass` on the elements that count. Its fourth operand are their numbers, of `countBytes` for each output; its fifth the marks. */
export function countInTile(
  instance: WasmInstance,
  tile: LoweredPlan,
  kind: ElementType,
  { tiles, least, neutral, isOwned }: CountedTile,
  pass: TilePass,
): TilePass {
  const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
  const mark = tiles.nodata === undefined ? null : markPass(instance, kind, inSize, tiles.nodata)
  const keptFor = keptPlace(instance, inSize * kind.bytes, { isOwned })
  const keep = keepPass(instance, inSize, { ...kind, neutral, unit: 1, least: 1 })
  const isByte = tiles.countBytes === 1
  const count = countPass(instance, tile, isByte ? u8 : i32)
  const counts = instance.alloc(outSize * tiles.countBytes)
  const fill = (isByte ? fillByBytes : fillEach)(instance, kind, outSize, least, tiles.fill as number)
  return (src, dst, along, _, map) => {
    const marks = mark === null ? map : mark(src, map)
    const kept = keptFor(src)
    keep(src, kept, marks)
    count(marks, counts, 0)
    pass(kept, dst, along, counts, marks)
    fill(dst, counts)
  }
}

/** Writes `value` where fewer than `least` count. */
type Fill = (
  instance: WasmInstance,
  kind: ElementType,
  size: number,
  least: number,
  value: number,
) => (dst: number, counts: number) => void

const fillByBytes: Fill = (instance, kind, size, least, value) => {
  const lowest = instance.kernel('leastByte')
  const keep = keepPass(instance, size, { ...kind, neutral: value, unit: 1, least })
  return (dst, counts) => {
    if (lowest(counts, size) < least) keep(dst, dst, counts)
  }
}

/** Windows of many elements are few. */
const fillEach: Fill =
  (instance, { array }, size, least, value) =>
  (dst, counts) => {
    const inside = instance.view(array, dst, size)
    instance.view(Int32Array, counts, size).forEach((count, i) => {
      if (count < least) inside[i] = value
    })
  }

/** Marks the elements that are not `nodata` and that a mask marks too, if there is one. Returns the address of the marks. */
function markPass(
  instance: WasmInstance,
  { name, array, bytes }: ElementType,
  size: number,
  nodata: Scalar,
): (src: number, mask: number) => number {
  const [marks, unwanted] = [instance.alloc(size), instance.alloc(bytes)]
  instance.view(array, unwanted, 1)[0] = nodata as number
  const run = instance.kernel(`mark${name}`)
  const block = writeBlock(instance, [size, unwanted])
  return (src, mask) => {
    run(block(src, marks, mask))
    return marks
  }
}
