/**
 * @file Whether all of many indices lie in their plane, in the kernels' own memory or by a loop.
 */
import { ownerOf } from '../kernels/wasm/arena.ts'

/** -1 does not lie in a plane. */
export function areInside(indices: Int32Array, planeSize: number): boolean {
  const owner = ownerOf([indices])
  if (owner === undefined) return inLoop(indices, planeSize - 1)
  return owner.kernel('boundedI32')(indices.byteOffset, indices.length, planeSize - 1) !== 0
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
