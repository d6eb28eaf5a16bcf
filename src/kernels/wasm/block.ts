/**
 * @file Writes the parameters of a kernel to memory, in the form of assembly/block.ts: three pointers, then 4-byte
 * numbers.
 */
import type { ElementType } from './element-type.ts'
import type { WasmInstance } from './wasm-instance.ts'

/** Sets the pointers and returns the address of the block. */
export type Block = (src: number, dst: number, indices?: number) => number

export function writeBlock(instance: WasmInstance, parameters: readonly number[]): Block {
  const address = instance.alloc(4 * (3 + parameters.length))
  const at = address >> 2
  instance.ints.set(parameters, at + 3)
  return (src, dst, indices = 0) => {
    const { ints } = instance
    ints[at] = src
    ints[at + 1] = dst
    ints[at + 2] = indices
    return address
  }
}

/** Writes a table of numbers and returns its address. */
export function writeNumbers(
  instance: WasmInstance,
  { array, bytes }: ElementType,
  numbers: ArrayLike<number>,
): number {
  const address = instance.alloc(numbers.length * bytes)
  instance.view(array, address, numbers.length).set(numbers)
  return address
}
