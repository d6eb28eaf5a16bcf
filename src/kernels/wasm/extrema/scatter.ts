/**
 * @file Gradients that are added at indices: as numbers, or as bits of halves of which no two meet.
 */
import { statsOf } from '../../../plan/tables.ts'
import type { HalfType } from '../../../tensor/half.ts'
import type { ExtremumBackward } from '../../job.ts'
import { areApart } from '../averages/spread.ts'
import { writeBlock } from '../block.ts'
import { type ElementType, u16 } from '../element-type.ts'
import type { Pass } from '../pass.ts'
import { type LoweredPlan, lowerTransposed, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { infinity } from './half-extremum.ts'

/** The bit that makes a NaN quiet. */
export const quiet: Record<HalfType, number> = { float16: 0x200, bfloat16: 0x40 }

/** Halves of which no two should meet are sent as bits. */
export function sendsBits({ half, plan }: Pick<ExtremumBackward, 'half' | 'plan'>): boolean {
  return half !== undefined && areApart(lowerTransposed(plan))
}

/** With 7 readers, branches that guess wrong cost what the register gains. */
const leastRepeats = 16

/** 1 if so many outputs of a row read an input that neighbours mostly found the same, else 0. */
export function readsRepeat(readers: number): number {
  return Number(readers >= leastRepeats)
}

/** Adds gradients at indices to planes of `plane` elements. */
export function scatterPass(
  instance: WasmInstance,
  tile: LoweredPlan,
  { name, bytes }: ElementType,
  indices: 'I32' | 'U16',
  plane: number,
): Pass {
  const scatter = instance.kernel(`scatter${name}${indices}`)
  const along = tile.axes[2]
  const block = writeBlock(instance, [
    ...[tile.planes, outSizeOf(tile) / tile.inner, tile.inner, plane * bytes],
    readsRepeat(statsOf(along).reads / along.inSize),
  ])
  return (dy, dx, at) => void scatter(block(dy, dx, at))
}

/**
 * Sends bits of halves to planes of `plane` elements.
 *
 * @param sizes  planes, outputs of each, and channels
 * @returns a pass that is true if two met
 */
export function bitsPass(
  instance: WasmInstance,
  half: HalfType,
  sizes: readonly [planes: number, outputs: number, inner: number],
  plane: number,
): (dy: number, dx: number, indices: number) => boolean {
  const scatter = instance.kernel('scatterBits')
  const block = writeBlock(instance, [...sizes, plane * u16.bytes, 0, infinity[half], quiet[half]])
  return (dy, dx, indices) => scatter(block(dy, dx, indices)) !== 0
}
