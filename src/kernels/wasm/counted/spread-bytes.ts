/**
 * @file Gives each element of a group its own copy of the byte that they share.
 */
import { writeBlock } from '../block.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Bytes of a vector, which also may be written past the end. */
const vector = 16

/** Repeats each of `size` bytes `times` times, and returns the address of the copies. */
export function spreadPass(instance: WasmInstance, size: number, times: number): (bytes: number) => number {
  const copies = instance.alloc(size * times + vector)
  const spread = instance.kernel('spreadBytes')
  const masks = instance.isSimd && times <= vector ? writeSpreadMasks(instance, times) : 0
  const block = writeBlock(instance, [size, times, masks])
  return (bytes) => {
    spread(block(bytes, copies))
    return copies
  }
}

/** For each vector of copies of sixteen bytes, the places of its bytes among them. `times` is at most 16. */
export function writeSpreadMasks(instance: WasmInstance, times: number): number {
  const address = instance.alloc(times * vector)
  const masks = instance.view(Uint8Array, address, times * vector)
  for (let i = 0; i < masks.length; i++) masks[i] = Math.floor(i / times)
  return address
}
