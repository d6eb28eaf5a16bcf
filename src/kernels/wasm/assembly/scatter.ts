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
}

/** `dx[plane][index][c] += dy[plane][output][c]`, in order. An index of -1 is skipped. */
@inline
export function scatter<T>(block: usize): void {
  const s = changetype<Scatter>(block)
  const outputs = s.outputs
  const inner = s.inner
  let dy = s.src
  let indices = s.indices
  let dx = s.dst
  for (let plane = s.planes; plane > 0; plane--, dx += s.dstPlane) {
    for (let output = 0; output < outputs; output++) {
      for (let c = 0; c < inner; c++, dy += sizeof<T>(), indices += 4) {
        const index = load<i32>(indices)
        if (index < 0) continue
        const at = dx + (<usize>index * inner + c) * sizeof<T>()
        store<T>(at, load<T>(at) + load<T>(dy))
      }
    }
  }
}
