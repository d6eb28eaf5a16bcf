/**
 * @file Maxima and minima of what counts in windows of 2 by 2, in one pass, see assembly/kept-maxima2x2.ts.
 */
import { writeBlock } from '../block.ts'
import { lanesOf } from '../element-type.ts'
import { isPixels2x2s2, writePixels } from '../extrema/pixels2x2s2.ts'
import { is1x2s2, is2x2s2, rowsOf2x2s2 } from '../folds/specialized.ts'
import type { Op } from '../pass.ts'
import type { LoweredPlan } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'

/**
 * Null if the tile has other windows or pixels, or elements that the kernel does not know. The fifth operand of the pass is a mark for each
 * element.
 *
 * @param name     the suffix of kernels, such as `MaxF32`
 * @param general  a pass that leaves elements out and keeps NaN
 */
export function keptMaxima2x2Pass(
  op: Op,
  name: string,
  tile: LoweredPlan,
  general: () => TilePass,
): TilePass | null {
  const { instance, kind, orderMask } = op
  const { planes, axes, inner } = tile
  const [, rows, cols] = axes
  const plane = { ...tile, inner: 1 }
  if (!instance.isSimd || kind.bytes > 4 || !(is2x2s2(plane) || is1x2s2(plane))) return null
  const arePixels = isPixels2x2s2(op, tile)
  const lanes = lanesOf(kind)
  if (!arePixels && inner < lanes && (inner > 1 || cols.outSize < lanes)) return null
  const { bytes, masks } = arePixels ? writePixels(op, inner) : { bytes: 0, masks: 0 }
  const run = instance.kernel(`keptPool2x2s2${name}`)
  const block = writeBlock(instance, [
    ...[planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize],
    ...rowsOf2x2s2(plane, { bytes: inner * kind.bytes }),
    ...[orderMask, inner, bytes, masks],
  ])
  let again: TilePass | null = null
  return (src, dst, along, beside, map) => {
    if (run(block(src, dst, map)) === 0) return
    again ??= general()
    again(src, dst, along, beside, map)
  }
}
