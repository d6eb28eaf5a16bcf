/**
 * @file Gives each element of a group its own copy of the byte that they share.
 */
import { writeBlock } from './block.ts'
import type { WasmInstance } from './wasm-instance.ts'

/** Bytes of a vector, which also may be written past the end. */
const vector = 16

/** Repeats each of `size` bytes `times` times, and returns the address of the copies. */
export function spreadPass(instance: WasmInstance, size: number, times: number): (bytes: number) => number {
  const copies = instance.alloc(size * times + vector)
  const spread = instance.kernel('spreadBytes')
  const block = writeBlock(instance, [size, times, instance.isSimd ? writeMasks(instance, times) : 0])
  return (bytes) => {
    spread(block(bytes, copies))
    return copies
  }
}

/** For a vector that begins `within` a group, the place of the byte of each of its elements. */
function writeMasks(instance: WasmInstance, times: number): number {
  if (times > vector) return 0
  const address = instance.alloc(times * vector)
  const masks = instance.view(Uint8Array, address, times * vector)
  for (let within = 0; within < times; within++)
    for (let i = 0; i < vector; i++) masks[within * vector + i] = Math.floor((within + i) / times)
  return address
}
