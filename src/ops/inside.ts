/**
 * @file Whether all of many indices lie in their plane: as maxima of unsigned numbers, by kernels and threads, where they need no copy.
 */
import { runJob } from '../kernels/run.ts'
import { ownerOf, withTemporary } from '../kernels/wasm/arena.ts'
import { planAxis } from '../plan/axis.ts'
import type { PoolPlan } from '../plan/pool-plan.ts'

/** Indices are laid out as planes of so many rows and channels, and the maximum of each channel is taken. */
const rows = 64
const channels = 256
const block = rows * channels

const axis = planAxis(
  { inSize: rows, outSize: 1, window: rows, stride: rows, padBefore: 0, padAfter: 0, dilation: 1 },
  false,
)

/** -1 does not lie in a plane: as an unsigned number it is the largest. */
export function areInside(indices: Int32Array, planeSize: number): boolean {
  const blocks = ownerOf([indices]) === undefined ? 0 : Math.floor(indices.length / block)
  if (blocks === 0) return inLoop(indices, planeSize)
  const rest = indices.subarray(blocks * block)
  return (
    inLoop(rest, planeSize) && inBlocks(indices, { outer: blocks, axes: [axis], inner: channels }, planeSize)
  )
}

function inBlocks(indices: Int32Array, plan: PoolPlan, planeSize: number): boolean {
  const x = new Uint32Array(indices.buffer, indices.byteOffset, plan.outer * block)
  return withTemporary(indices, Uint32Array, plan.outer * channels, (y) => {
    runJob({ reducer: 'max', pass: 'forward', dtype: 'uint32', plan, x, y, indices: null })
    return y.every((largest) => largest < planeSize)
  })
}

/** Without a branch: the signs of each index and of its distance to the last one are gathered. */
function inLoop(indices: Int32Array, planeSize: number): boolean {
  const last = planeSize - 1
  let signs = 0
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    signs |= index | (last - index)
  }
  return signs >= 0
}
