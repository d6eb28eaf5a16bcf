/**
 * @file The parameters of a kernel, in memory as assembly/block.ts begins them: three pointers, then numbers of 4 bytes.
 */
import type { ElementType } from './element-type.ts'
import type { WasmInstance } from './wasm-instance.ts'

/** Binds the pointers, and gives the address that the kernel takes. */
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

/** A few numbers of an element type, as a table. */
export function writeNumbers(
  instance: WasmInstance,
  { array, bytes }: ElementType,
  numbers: readonly number[],
): number {
  const address = instance.alloc(numbers.length * bytes)
  instance.view(array, address, numbers.length).set(numbers)
  return address
}
