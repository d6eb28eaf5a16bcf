/**
 * @file Averages of what counts in windows of 2 by 2, in one pass, see assembly/counted-means2x2.ts.
 */
import { type Rounding, roundings } from '../../reducers/rounding.ts'
import { writeBlock } from './block.ts'
import type { CountedTile } from './count-in-tiles.ts'
import { type ElementType, f32 } from './element-type.ts'
import type { LoweredPlan } from './lowered-plan.ts'
import { is1x2s2, is2x2s2, rowsOf2x2s2 } from './specialized.ts'
import type { SumSetup } from './sums.ts'
import type { TilePass } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

/** Null if the tile has other windows, or elements that the kernel does not know. */
export function countedMean2x2Pass(
  { op: { instance, kind }, sharing, means, each, epilogue }: SumSetup,
  tile: LoweredPlan,
  counting: CountedTile,
): TilePass | null {
  const divides = each !== undefined
  if (sharing !== null || !(is2x2s2(tile) || is1x2s2(tile))) return null
  if (means?.type.bits === 8 && divides)
    return pass(instance, tile, counting, {
      kernel: means.type.signed ? 'I8' : 'U8',
      kind: means.kind,
      divides,
      rounding: means.rounding,
    })
  if (kind !== f32 || means || (each ?? epilogue).whole !== null) return null
  return divides || epilogue.division === 1
    ? pass(instance, tile, counting, { kernel: 'F32', kind, divides, rounding: 'trunc' })
    : null
}

interface How {
  readonly kernel: 'F32' | 'I8' | 'U8'
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
  const [, rows, cols] = tile.axes
  const values = instance.alloc(2 * kind.bytes)
  const inside = instance.view(kind.array, values, 2)
  inside[0] = fill as number
  if (nodata !== undefined) inside[1] = nodata as number
  const run = instance.kernel(`countedMean2x2s2${kernel}`)
  const block = writeBlock(instance, [
    ...[tile.planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize, ...rowsOf2x2s2(tile, kind)],
    ...[Number(divides), roundings.indexOf(rounding) + 1, Math.min(least, many)],
    ...[values, nodata === undefined ? 0 : values + kind.bytes],
  ])
  return (src, dst, _along, _beside, map) => void run(block(src, dst, map))
}
