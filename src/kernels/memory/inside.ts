/**
 * @file Whether all of many indices lie in their plane: by a kernel, where they are or piece by piece, or by a loop.
 */

import { type WasmInstance, wasmInstanceOf } from '../wasm/wasm-instance.ts'
import { ownerOf } from './wasm-memory.ts'

/** Indices that are copied at a time: they stay in the cache. Fewer are not worth a copy. */
const piece = 2 ** 16
const few = 2 ** 12

/** -1 does not lie in a plane. */
export function areInside(indices: Int32Array, planeSize: number): boolean {
  const last = planeSize - 1
  const owner = ownerOf([indices])
  if (owner !== undefined)
    return owner.kernel('indicesWithin')(indices.byteOffset, indices.length, last) !== 0
  if (indices.length < few) return inLoop(indices, last)
  const machine = wasmInstanceOf('simd')
  return 'reason' in machine ? inLoop(indices, last) : inPieces(machine, indices, last)
}

function inPieces(machine: WasmInstance, indices: Int32Array, last: number): boolean {
  machine.release()
  const scratch = machine.alloc(4 * piece)
  const bounded = machine.kernel('indicesWithin')
  for (let at = 0; at < indices.length; at += piece) {
    const part = indices.subarray(at, at + piece)
    machine.view(Int32Array, scratch, part.length).set(part)
    if (bounded(scratch, part.length, last) === 0) return false
  }
  return true
}

/** Without a branch: the signs of each index and of its distance to the last one are gathered. */
function inLoop(indices: Int32Array, last: number): boolean {
  let signs = 0
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    signs |= index | (last - index)
  }
  return signs >= 0
}
