/**
 * @file Maxima of small integers over 2 by 2 windows at stride 2, of a few interleaved channels: see
 * assembly/pixels2x2s2.ts.
 */
import { writeBlock } from '../block.ts'
import { is1x2s2, is2x2s2, rowsOf2x2s2 } from '../folds/specialized.ts'
import type { Op, Pass } from '../pass.ts'
import type { LoweredPlan } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

const vector = 16

/** True if a vector holds a pair of pixels, and a row of outputs the results of one. */
export function isPixels2x2s2({ instance, kind }: Op, tile: LoweredPlan): boolean {
  const { inner, axes } = tile
  const pairs = Math.floor(vector / (2 * inner * kind.bytes))
  if (!instance.isSimd || kind.float || kind.bytes > 2 || inner === 1) return false
  const plane = { ...tile, inner: 1 }
  return pairs > 0 && axes[2].outSize >= pairs && (is2x2s2(plane) || is1x2s2(plane))
}

export function pixels2x2s2Pass(op: Op, tile: LoweredPlan): Pass {
  const { instance, kind, orderMask } = op
  const { planes, axes, inner } = tile
  const [, rows, cols] = axes
  const pixel = inner * kind.bytes
  const { bytes, masks } = writePixels(op, inner)
  const run = instance.kernel(`pixels2x2s2${kind.name}`)
  const block = writeBlock(instance, [
    ...[planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize],
    ...rowsOf2x2s2({ ...tile, inner: 1 }, { bytes: pixel }),
    ...[orderMask, pixel, bytes, masks],
  ])
  return (src, dst) => void run(block(src, dst))
}

/** The bytes of the results of a vector, and the masks of swizzles. */
export function writePixels({ instance, kind }: Op, inner: number): { bytes: number; masks: number } {
  const pixel = inner * kind.bytes
  return { bytes: pixel * Math.floor(vector / (2 * pixel)), masks: writeMasks(instance, pixel) }
}

/** The masks of swizzles that join the first pixels of pairs, and the second ones. */
function writeMasks(instance: WasmInstance, pixel: number): number {
  const address = instance.alloc(2 * vector)
  const masks = instance.view(Uint8Array, address, 2 * vector).fill(0x80)
  for (let pair = 0; 2 * pixel * (pair + 1) <= vector; pair++) {
    for (let i = 0; i < pixel; i++) {
      masks[pair * pixel + i] = 2 * pair * pixel + i
      masks[vector + pair * pixel + i] = (2 * pair + 1) * pixel + i
    }
  }
  return address
}
