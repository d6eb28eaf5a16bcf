/**
 * @file Gradients sent to the positions that max and min picked.
 */

/** `dx[plane][index][c] += dy[plane][output][c]`, in order; an index of -1 goes nowhere. */
@inline
export function scatter<T>(
  dy: usize,
  indices: usize,
  dx: usize,
  planes: i32,
  outputs: i32,
  inner: i32,
  planePitch: usize,
): void {
  for (let plane = 0; plane < planes; plane++, dx += planePitch) {
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
