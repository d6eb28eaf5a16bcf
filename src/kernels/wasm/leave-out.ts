/**
 * @file Leaves elements out of a tile: replaces them by the element that changes no result, in a copy.
 */
import type { Counted } from '../job.ts'
import { writeBlock } from './block.ts'
import type { ElementType } from './element-type.ts'
import { inSizeOf, type LoweredPlan } from './lowered-plan.ts'
import type { TilePass } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

interface Neutral extends Pick<ElementType, 'array' | 'bytes'> {
  readonly neutral: number | bigint
  /** Neighbouring elements that share a mark. */
  readonly unit: number
}

/** The elements of a tile that share a mark: the group, if it fills a vector and no tile cuts it. */
export function unitsOf(
  { group }: Pick<Counted, 'group'>,
  kind: Pick<ElementType, 'bytes'>,
): (tile: LoweredPlan) => number {
  return ({ inner }) => (group * kind.bytes >= 16 && inner % group === 0 ? group : 1)
}

/** Runs `pass` on the elements that count. */
export function leaveOut(
  instance: WasmInstance,
  tile: LoweredPlan,
  neutral: Neutral,
  pass: TilePass,
): TilePass {
  const size = tile.planes * inSizeOf(tile)
  const kept = instance.alloc(size * neutral.bytes)
  const keep = keepPass(instance, size, neutral)
  return (src, dst, along, beside, map) => {
    keep(src, kept, map)
    pass(kept, dst, along, beside, 0)
  }
}

/** Copies the elements whose mark is at least `least`, and writes the neutral element in place of the others. */
export function keepPass(
  instance: WasmInstance,
  size: number,
  { array, bytes, neutral, unit }: Neutral,
  least = 1,
): (src: number, dst: number, marks: number) => void {
  const value = instance.alloc(bytes)
  instance.view(array, value, 1)[0] = neutral as number
  const keep = instance.kernel(`keepU${8 * bytes}`)
  const block = writeBlock(instance, [size / unit, value, unit, least])
  return (src, dst, marks) => void keep(block(src, dst, marks))
}
