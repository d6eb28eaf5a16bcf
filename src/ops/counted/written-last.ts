/**
 * @file Results in arrays of the caller, where nothing is written before all is known to be right.
 */
import { ownerOf } from '../../kernels/memory/wasm-memory.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { outputTensor } from '../buffers.ts'
import type { Call } from '../call.ts'
import type { LeftOut } from './elements.ts'

/** True if the output is the caller's, or lies in its memory. */
export function writesOwn({ x, given }: Call<unknown>): boolean {
  return given.out !== undefined || ownerOf([x.data]) !== undefined
}

/** Bytes of a mask for each of a result, from which on a result is copied sooner than the mask is read twice. */
const fewer = 4

/** True if a result costs less to copy into the caller's array at the end than a whole mask to be looked at first. */
export function isWrittenLast({ x, axes, shape, given }: Call, { mask }: LeftOut): boolean {
  if (mask === null || given.out === undefined || ownerOf([x.data]) !== undefined) return false
  const isWhole = mask.batch === axes.batch && mask.channels === axes.channels
  return isWhole && sizeOf(shape) * storageOf(x.data).BYTES_PER_ELEMENT * fewer <= mask.data.length
}

/** Copies a result into the caller's array. */
export function written({ op, x, shape, given }: Call, result: Tensor): Tensor {
  const output = outputTensor(op, x, shape, given.out, [x])
  storageOf(output.data).set(storageOf(result.data) as never)
  return output
}
