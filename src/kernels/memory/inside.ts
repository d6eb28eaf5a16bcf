/**
 * @file Checks that indices lie in their plane: by a WebAssembly kernel, in place or piece by piece, or by a loop.
 */
import { type WasmInstance, wasmInstanceOf } from '../wasm/wasm-instance.ts'
import { ownerOf } from './wasm-memory.ts'

/** Indices that are copied at a time; they stay in the cache. With fewer than `few` the loop is faster than a copy. */
const piece = 2 ** 16
const few = 2 ** 12

/** True if every index is at least 0 and below `planeSize`. */
export function areInside(indices: Int32Array, planeSize: number): boolean {
  const last = planeSize - 1
  const owner = ownerOf([indices])
  if (owner !== undefined)
    return owner.kernel('indicesWithin')(indices.byteOffset, indices.length, 0, last) !== 0
  if (indices.length < few) return inLoop(indices, last)
  const instance = wasmInstanceOf('simd')
  return 'reason' in instance ? inLoop(indices, last) : inPieces(instance, indices, last)
}

function inPieces(instance: WasmInstance, indices: Int32Array, last: number): boolean {
  instance.release()
  const scratch = instance.alloc(4 * piece)
  const bounded = instance.kernel('indicesWithin')
  for (let at = 0; at < indices.length; at += piece) {
    const part = indices.subarray(at, at + piece)
    instance.view(Int32Array, scratch, part.length).set(part)
    if (bounded(scratch, part.length, 0, last) === 0) return false
  }
  return true
}

/** Without a branch: collects the sign bits of each index and of its distance to the last. */
function inLoop(indices: Int32Array, last: number): boolean {
  let signs = 0
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    signs |= index | (last - index)
  }
  return signs >= 0
}
