/**
 * @file Finds the largest or smallest elements of half precision again: among 16-bit keys in the order of the values, with positions of 16
 * bits. Tiles with NaN, other windows and planes of more positions are widened to float32.
 */
import type { ExtremumAgain } from '../../job.ts'
import { writeBlock } from '../block.ts'
import { f32, i16, u16 } from '../element-type.ts'
import type { Pass } from '../pass.ts'
import { conversionOf, slack } from '../tiles/conversion.ts'
import { inSizeOf, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { argSteps, fitsArgSteps, mostPositions } from './arg-steps.ts'
import { infinity } from './half-extremum.ts'

/** Adds the gradients of a tile to those of its elements. */
export type Send = (x: number, dy: number, dx: number) => void

/**
 * @param scatter  adds gradients at positions of 16 bits
 * @param floats   compiles the pass for elements that are widened
 */
export function findHalves(
  instance: WasmInstance,
  job: ExtremumAgain,
  tile: LoweredPlan,
  scatter: Pass,
  floats: () => Send,
): Send {
  const op = { instance, kind: i16, padValue: -(2 ** 15) }
  const general = () => findWidened(instance, job, tile, floats())
  if (!fitsArgSteps(op, tile) || positionsIn(tile) > mostPositions) return general()
  const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
  const [keys, y, places] = [inSize, outSize, outSize].map((size) => instance.alloc(size * u16.bytes)) as [
    number,
    number,
    number,
  ]
  const swap = instance.kernel('halfKeys')
  const toKeys = writeBlock(instance, [inSize, infinity[job.half!], job.reducer === 'min' ? -1 : 0, -1])
  const find = argSteps(op, 'argStepsMaxI16', tile)
  let again: Send | null = null
  return (x, dy, dx) => {
    if (swap(toKeys(x, keys)) === 0 && find(keys, y, places) === 0) {
      scatter(dy, dx, places)
      return
    }
    again ??= general()
    again(x, dy, dx)
  }
}

/** `floats` finds among elements that are widened. */
export function findWidened(
  instance: WasmInstance,
  { half, x }: ExtremumAgain,
  tile: LoweredPlan,
  floats: Send,
): Send {
  const size = tile.planes * inSizeOf(tile)
  const wide = instance.alloc(size * f32.bytes + slack)
  const { load } = conversionOf(instance, x, f32, size, half)!
  return (src, dy, dx) => {
    load(src, wide, size)
    floats(wide, dy, dx)
  }
}

/** Positions of a whole plane. */
function positionsIn({ axes }: LoweredPlan): number {
  return axes.reduce((count, { length }) => count * length, 1)
}
