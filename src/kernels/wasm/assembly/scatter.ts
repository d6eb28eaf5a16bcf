/**
 * @file The gradient of max and min: adds at the positions that won.
 */
import { Block } from './block'

@unmanaged
class Scatter extends Block {
  planes: i32
  outputs: i32
  inner: i32
  /** Bytes of a plane of gradients of the input. */
  dstPlane: usize
  /** True if neighbours often have the same index. Of pixels they do not. */
  repeats: i32
}

/** `dx[plane][index][c] += dy[plane][output][c]`, in order. An index of -1 is skipped. */
@inline
export function scatter<T, I>(block: usize): void {
  const s = changetype<Scatter>(block)
  const outputs = s.outputs
  const inner = s.inner
  let dy = s.src
  let indices = s.indices
  let dx = s.dst
  const size = <usize>outputs * inner
  for (let plane = s.planes; plane > 0; plane--, dx += s.dstPlane) {
    if (inner > 1) scatterPixels<T, I>(dy, indices, dx, size, inner)
    else if (s.repeats != 0) scatterRuns<T, I>(dy, indices, dx, outputs)
    else scatterPlane<T, I>(dy, indices, dx, outputs)
    dy += size * sizeof<T>()
    indices += size * sizeof<I>()
  }
}

/** Of one channel, four at a time. */
function scatterPlane<T, I>(dy: usize, indices: usize, dx: usize, outputs: i32): void {
  let left = outputs
  for (; left >= 4; left -= 4, dy += 4 * sizeof<T>(), indices += 4 * sizeof<I>()) {
    addAt<T, I>(dy, indices, dx, 1)
    addAt<T, I>(dy + sizeof<T>(), indices + sizeof<I>(), dx, 1)
    addAt<T, I>(dy + 2 * sizeof<T>(), indices + 2 * sizeof<I>(), dx, 1)
    addAt<T, I>(dy + 3 * sizeof<T>(), indices + 3 * sizeof<I>(), dx, 1)
  }
  for (; left > 0; left--, dy += sizeof<T>(), indices += sizeof<I>()) addAt<T, I>(dy, indices, dx, 1)
}

function scatterPixels<T, I>(dy: usize, indices: usize, dx: usize, size: usize, inner: i32): void {
  const end = dy + size * sizeof<T>()
  while (dy < end) {
    let channel = dx
    let left = inner
    for (; left >= 4; left -= 4) {
      addAt<T, I>(dy, indices, channel, inner)
      addAt<T, I>(dy + sizeof<T>(), indices + sizeof<I>(), channel + sizeof<T>(), inner)
      addAt<T, I>(dy + 2 * sizeof<T>(), indices + 2 * sizeof<I>(), channel + 2 * sizeof<T>(), inner)
      addAt<T, I>(dy + 3 * sizeof<T>(), indices + 3 * sizeof<I>(), channel + 3 * sizeof<T>(), inner)
      dy += 4 * sizeof<T>()
      indices += 4 * sizeof<I>()
      channel += 4 * sizeof<T>()
    }
    if (left >= 2) {
      addAt<T, I>(dy, indices, channel, inner)
      addAt<T, I>(dy + sizeof<T>(), indices + sizeof<I>(), channel + sizeof<T>(), inner)
      left -= 2
      dy += 2 * sizeof<T>()
      indices += 2 * sizeof<I>()
      channel += 2 * sizeof<T>()
    }
    if (left == 0) continue
    addAt<T, I>(dy, indices, channel, inner)
    dy += sizeof<T>()
    indices += sizeof<I>()
  }
}

@inline
function addAt<T, I>(dy: usize, indices: usize, dx: usize, inner: i32): void {
  const index = <i32>load<I>(indices)
  if (index < 0) return
  const at = dx + <usize>index * inner * sizeof<T>()
  store<T>(at, load<T>(at) + load<T>(dy))
}

/** A sum that several neighbours add to waits in a register, not in memory. */
function scatterRuns<T, I>(dy: usize, indices: usize, dx: usize, outputs: i32): void {
  let last = -1
  let at = dx
  let sum: T = 0
  for (let left = outputs; left > 0; left--, dy += sizeof<T>(), indices += sizeof<I>()) {
    const index = <i32>load<I>(indices)
    if (index != last) {
      if (last >= 0) store<T>(at, sum)
      last = index
      if (index < 0) continue
      at = dx + <usize>index * sizeof<T>()
      sum = load<T>(at)
    }
    sum += load<T>(dy)
  }
  if (last >= 0) store<T>(at, sum)
}

/** Bits of half precision. */
@unmanaged
class ScatterBits extends Scatter {
  /** The bits of infinity, and the bit that makes a NaN quiet. */
  infinity: i32
  quiet: i32
}

/**
 * As `scatter`, for bits of half precision, each at an element of its own: what is added to 0.
 *
 * @returns true if two met, and then what is written is wrong
 */
export function scatterBits(block: usize): bool {
  const s = changetype<ScatterBits>(block)
  const inner = s.inner
  let dy = s.src
  let indices = s.indices
  let dx = s.dst
  let met = 0
  for (let plane = s.planes; plane > 0; plane--, dx += s.dstPlane) {
    for (let output = s.outputs; output > 0; output--) {
      for (let c = 0; c < inner; c++, dy += 2, indices += 4) {
        const index = load<i32>(indices)
        if (index < 0) continue
        let bits = <i32>load<u16>(dy)
        const magnitude = bits & 0x7fff
        if (magnitude == 0) continue
        if (magnitude > s.infinity) bits |= s.quiet
        const at = dx + ((<usize>index * inner + c) << 1)
        met |= load<u16>(at)
        store<u16>(at, <u16>bits)
      }
    }
  }
  return met != 0
}
