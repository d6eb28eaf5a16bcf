/**
 * @file Averages of what counts in windows of 2 by 2, in one pass, see assembly/counted-means2x2.ts.
 */
import { type Rounding, roundings } from '../../../reducers/rounding.ts'
import { pairsOf, writePairs } from '../averages/whole-means.ts'
import { writeBlock } from '../block.ts'
import { type ElementType, f32, lanesOf } from '../element-type.ts'
import { is1x2s2, is2x2s2, rowsOf2x2s2 } from '../folds/specialized.ts'
import type { SumSetup } from '../folds/sums.ts'
import type { LoweredPlan } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import type { CountedTile } from './count-in-tiles.ts'

/** Null if the tile has other windows or pixels, or elements that the kernel does not know. */
export function countedMean2x2Pass(
  { op: { instance, kind }, sharing, means, each, epilogue }: SumSetup,
  tile: LoweredPlan,
  counting: CountedTile,
): TilePass | null {
  const divides = each !== undefined
  const plane = { ...tile, inner: 1 }
  if (sharing !== null || !(is2x2s2(plane) || is1x2s2(plane))) return null
  if (means && divides && means.type.bits !== 32) {
    const how = { kind: means.kind, divides, rounding: means.rounding }
    return fitsPixels(tile, means.kind)
      ? pass(instance, tile, counting, {
          ...how,
          kernel: `${means.type.signed ? 'I' : 'U'}${means.type.bits}`,
        })
      : null
  }
  if (kind !== f32 || means || (each ?? epilogue).whole !== null || !fitsPixels(tile, kind)) return null
  return divides || epilogue.division === 1
    ? pass(instance, tile, counting, { kernel: 'F32', kind, divides, rounding: 'trunc' })
    : null
}

/** True for one channel, a vector of channels and more, and integers of which four pixels fit in a vector. */
function fitsPixels({ inner }: LoweredPlan, kind: ElementType): boolean {
  return inner === 1 || inner >= lanesOf(kind) || (!kind.float && pairsOf(inner, kind) > 1)
}

interface How {
  readonly kernel: string
  readonly kind: ElementType
  readonly divides: boolean
  readonly rounding: Rounding
}

/** More elements than any window has. */
const many = 5

function pass(
  instance: WasmInstance,
  tile: LoweredPlan,
  { tiles: { nodata, fill }, least }: CountedTile,
  { kernel, kind, divides, rounding }: How,
): TilePass {
  const { inner } = tile
  const [, rows, cols] = tile.axes
  const values = instance.alloc(2 * kind.bytes)
  const inside = instance.view(kind.array, values, 2)
  inside[0] = fill as number
  if (nodata !== undefined) inside[1] = nodata as number
  const run = instance.kernel(`countedMean2x2s2${kernel}`)
  const pairs = pairsOf(inner, kind)
  const block = writeBlock(instance, [
    ...[tile.planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize],
    ...rowsOf2x2s2({ ...tile, inner: 1 }, { bytes: inner * kind.bytes }),
    ...[Number(divides), roundings.indexOf(rounding) + 1, Math.min(least, many)],
    ...[values, nodata === undefined ? 0 : values + kind.bytes],
    ...[inner, pairs, pairs === 0 ? 0 : writePairs(instance, kind.bytes, inner)],
  ])
  return (src, dst, _along, _beside, map) => void run(block(src, dst, map))
}
