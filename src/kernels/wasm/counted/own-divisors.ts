/**
 * @file Divisors that depend on what counts in each window: one for each output, instead of those of the plan.
 */
import type { AverageBackward, AverageForward, Counted } from '../../job.ts'
import { writeBlock } from '../block.ts'
import { type ElementType, i32 } from '../element-type.ts'
import type { LoweredPlan } from '../tiles/lowered-plan.ts'
import type { Operands } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { countedTiles } from './count-in-tiles.ts'
import { spreadPass } from './spread-bytes.ts'

type Mean = Pick<AverageForward | AverageBackward, 'division' | 'counted'>

/** True if the windows of a job do not divide by a number, nor by the plan's divisors. Reads no data. */
export function hasOwnDivisors({ division, counted }: Mean, instance: WasmInstance): boolean {
  if (typeof division === 'number' || counted === undefined) return false
  if (countedTiles(counted, instance) !== null) return true
  return counted.copyDivisors !== null || counted.divisors !== null
}

/** The same for means of small integers: a byte for each output, or 32 bits. */
export function wholeDivisors({ counted }: Mean): NonNullable<Operands['beside']> {
  const { copyDivisors: copy, group } = counted!
  return copy === null ? { data: counted!.divisors!, cell: i32 } : { copy, group, unitIn: () => 1 }
}

/** The operand of a job that has divisors: bytes, or numbers of a type. */
export function ownDivisors({ counted }: Mean, cell: ElementType): NonNullable<Operands['beside']> {
  const { copyDivisors } = counted!
  return copyDivisors === null
    ? { data: counted!.divisors!, cell }
    : { copy: copyDivisors, group: counted!.group, unitIn: unitsOfOutputs(counted!) }
}

/** How many outputs share a divisor, if divisors are bytes. */
export function unitOfDivisors(
  { counted }: Mean,
  instance: WasmInstance,
): { readonly unitIn?: (tile: LoweredPlan) => number; readonly areInts?: boolean } {
  const tiles = countedTiles(counted, instance)
  if (tiles !== null) return tiles.countBytes === 1 ? { unitIn: () => 1 } : { areInts: true }
  return counted!.copyDivisors === null ? {} : { unitIn: unitsOfOutputs(counted!) }
}

function unitsOfOutputs({ group }: Pick<Counted, 'group'>): (tile: LoweredPlan) => number {
  return ({ inner }) => (inner % group === 0 ? group : 1)
}

/** Gives the address of divisors as numbers that are given as 32-bit integers, where 0 stands for 1. */
export function divisorsOfInts(
  instance: WasmInstance,
  { array, bytes }: ElementType,
  size: number,
): (divisors: number) => number {
  const numbers = instance.alloc(size * bytes)
  return (divisors) => {
    const inside = instance.view(array, numbers, size)
    instance.view(Int32Array, divisors, size).forEach((count, i) => {
      inside[i] = Math.max(1, count)
    })
    return numbers
  }
}

/** Gives the address of divisors as numbers: bytes are converted, one for each `unit`; numbers stay. */
export function divisorsPass(
  instance: WasmInstance,
  { name, bytes }: ElementType,
  size: number,
  unit: number | undefined,
): (divisors: number) => number {
  if (unit === undefined) return (divisors) => divisors
  const isSmall = unit > 1 && unit * bytes < 16
  const spread = isSmall ? spreadPass(instance, size / unit, unit) : null
  const group = isSmall ? 1 : unit
  const numbers = instance.alloc(size * bytes)
  const convert = instance.kernel(`countDivisors${name}`)
  const block = writeBlock(instance, [size / group, group])
  return (divisors) => {
    convert(block(spread === null ? divisors : spread(divisors), numbers))
    return numbers
  }
}
