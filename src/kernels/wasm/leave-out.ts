/**
 * @file Leaves elements out of a tile: replaces them by the element that changes no result, in a copy.
 */
import { writeBlock } from './block.ts'
import type { ElementType } from './element-type.ts'
import { inSizeOf, type LoweredPlan } from './lowered-plan.ts'
import type { TilePass } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

type Neutral = Pick<ElementType, 'array' | 'bytes'> & { readonly neutral: number | bigint }

/** Runs `pass` on the elements that count. */
export function leaveOut(
  instance: WasmInstance,
  tile: LoweredPlan,
  { array, bytes, neutral }: Neutral,
  pass: TilePass,
): TilePass {
  const size = tile.planes * inSizeOf(tile)
  const kept = instance.alloc(size * bytes)
  const value = instance.alloc(bytes)
  instance.view(array, value, 1)[0] = neutral as number
  const keep = instance.kernel(`keepU${8 * bytes}`)
  const block = writeBlock(instance, [size, value])
  return (src, dst, along, beside, map) => {
    keep(block(src, kept, map))
    pass(kept, dst, along, beside, 0)
  }
}
