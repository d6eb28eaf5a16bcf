/**
 * @file Leaves elements out of a tile: replaces them by the element that changes no result, in a copy.
 */
import type { Scalar } from '../../../tensor/dtype.ts'
import type { Counted, Job } from '../../job.ts'
import { writeBlock } from '../block.ts'
import type { ElementType } from '../element-type.ts'
import { inSizeOf, type LoweredPlan } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { writeSpreadMasks } from './spread-bytes.ts'

interface Neutral extends Pick<ElementType, 'array' | 'bytes'> {
  readonly neutral: number | bigint
  /** Neighbouring elements that share a mark. */
  readonly unit: number
  /** The least mark of an element that stays. */
  readonly least: number
}

/** True if a tile is a copy of its elements, which may be overwritten. */
type Owned = { readonly isOwned: boolean }

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

/** The elements of a tile that share a mark: the group, if no tile cuts it. */
export function unitsOf({ group }: Pick<Counted, 'group'>): (tile: LoweredPlan) => number {
  return ({ inner }) => (inner % group === 0 ? group : 1)
}

/** Runs `pass` on the elements that count, with the marks as its last operand. */
export function leaveOut(
  instance: WasmInstance,
  tile: LoweredPlan,
  neutral: Neutral & Owned,
  pass: TilePass,
): TilePass {
  const size = tile.planes * inSizeOf(tile)
  const keptFor = keptPlace(instance, size * neutral.bytes, neutral)
  const keep = keepPass(instance, size, neutral)
  return (src, dst, along, beside, map) => {
    const kept = keptFor(src)
    keep(src, kept, map)
    pass(kept, dst, along, beside, map)
  }
}

/** Gives the address for the elements that are kept of a tile at `src`. */
export function keptPlace(
  instance: WasmInstance,
  bytes: number,
  { isOwned }: Owned,
): (src: number) => number {
  if (isOwned) return (src) => src
  const kept = instance.alloc(bytes)
  return () => kept
}

/** The same for the elements that are not `nodata`. */
export function leaveOutValue(
  instance: WasmInstance,
  tile: LoweredPlan,
  { name, array, bytes }: ElementType,
  { neutral, nodata, isOwned }: Owned & { readonly neutral: number | bigint; readonly nodata: Scalar },
  pass: TilePass,
): TilePass {
  const size = tile.planes * inSizeOf(tile)
  const keptFor = keptPlace(instance, size * bytes, { isOwned })
  const [value, unwanted] = [instance.alloc(bytes), instance.alloc(bytes)]
  instance.view(array, value, 1)[0] = neutral as number
  instance.view(array, unwanted, 1)[0] = nodata as number
  const keep = instance.kernel(`keepOthers${name}`)
  const block = writeBlock(instance, [size, value, unwanted])
  return (src, dst, along, beside, map) => {
    const kept = keptFor(src)
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
  const masks = unit > 1 && unit * bytes < 16 && instance.isSimd ? writeSpreadMasks(instance, unit) : 0
  const block = writeBlock(instance, [size / unit, value, unit, least, masks])
  return (src, dst, marks) => void keep(block(src, dst, marks))
}
