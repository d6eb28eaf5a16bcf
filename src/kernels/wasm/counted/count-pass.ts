/**
 * @file The pass that counts the marks in the windows of a tile.
 */

import { type ElementType, u8 } from '../element-type.ts'
import { downAcrossPass } from '../folds/down-across.ts'
import type { Pass } from '../pass.ts'
import type { LoweredPlan } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Counts the marks of a tile: the results are elements of `kind`, which hold them. */
export function countPass(instance: WasmInstance, tile: LoweredPlan, kind: ElementType): Pass {
  return downAcrossPass(
    {
      instance,
      kernel: `downAcrossSumU8U${8 * kind.bytes}`,
      kind: u8,
      folds: kind,
      orderMask: 0,
      neutral: 0,
      slides: true,
      isRaw: true,
      partsOf: () => [{ from: 0, to: tile.axes[2].outSize, divisor: 1, division: null }],
    },
    tile,
  )
}
