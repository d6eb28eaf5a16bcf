/**
 * @file Leaves elements out of a tile: replaces them by the element that changes no result, in a copy.
 */
import type { Scalar } from '../../tensor/dtype.ts'
import type { Counted, Job } from '../job.ts'
import { writeBlock } from './block.ts'
import type { ElementType } from './element-type.ts'
import { inSizeOf, type LoweredPlan } from './lowered-plan.ts'
import type { TilePass } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

interface Neutral extends Pick<ElementType, 'array' | 'bytes'> {
  readonly neutral: number | bigint
  /** Neighbouring elements that share a mark. */
  readonly unit: number
  /** The least mark of an element that stays. */
  readonly least: number
}

/** The marks of what a pass reads: elements that count, or windows with so many that their gradients count. */
export function marksOf(
  { pass }: Job,
  counted: Counted,
): { readonly copy: Counted['copyMap']; readonly least: number } {
  if (pass === 'forward') return { copy: counted.copyMap, least: 1 }
  const { copyCounts, least } = counted
  if (copyCounts !== null && least <= mostByte) return { copy: copyCounts, least }
  const { counts } = counted
  const copy = (at: number, into: Uint8Array, unit: number): void => {
    for (let i = 0; i < into.length; i++) into[i] = Number(counts[at + i * unit]! >= least)
  }
  return { copy, least: 1 }
}

const mostByte = 255

/** True if the marks of the windows of a gradient are their divisors too. */
export function dividesByMarks({ copyCounts, copyDivisors, least }: Counted): boolean {
  return copyCounts !== null && copyDivisors === copyCounts && least <= mostByte
}

/** The elements of a tile that share a mark: the group, if it fills a vector and no tile cuts it. */
export function unitsOf(
  { group }: Pick<Counted, 'group'>,
  kind: Pick<ElementType, 'bytes'>,
): (tile: LoweredPlan) => number {
  return ({ inner }) => (group * kind.bytes >= 16 && inner % group === 0 ? group : 1)
}

/** Runs `pass` on the elements that count, with the marks as its last operand. */
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
    pass(kept, dst, along, beside, map)
  }
}

/** The same for the elements that are not `nodata`. */
export function leaveOutValue(
  instance: WasmInstance,
  tile: LoweredPlan,
  { name, array, bytes }: ElementType,
  { neutral, nodata }: { readonly neutral: number | bigint; readonly nodata: Scalar },
  pass: TilePass,
): TilePass {
  const size = tile.planes * inSizeOf(tile)
  const [kept, value, unwanted] = [size * bytes, bytes, bytes].map((length) => instance.alloc(length)) as [
    number,
    number,
    number,
  ]
  instance.view(array, value, 1)[0] = neutral as number
  instance.view(array, unwanted, 1)[0] = nodata as number
  const keep = instance.kernel(`keepOthers${name}`)
  const block = writeBlock(instance, [size, value, unwanted])
  return (src, dst, along, beside, map) => {
    keep(block(src, kept))
    pass(kept, dst, along, beside, map)
  }
}

/** Copies the elements whose mark is at least `least`, and writes the neutral element in place of the others. */
export function keepPass(
  instance: WasmInstance,
  size: number,
  { array, bytes, neutral, unit, least }: Neutral,
): (src: number, dst: number, marks: number) => void {
  const value = instance.alloc(bytes)
  instance.view(array, value, 1)[0] = neutral as number
  const keep = instance.kernel(`keepU${8 * bytes}`)
  const block = writeBlock(instance, [size / unit, value, unit, least])
  return (src, dst, marks) => void keep(block(src, dst, marks))
}
