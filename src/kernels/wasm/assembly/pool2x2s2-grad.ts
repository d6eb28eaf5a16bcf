/**
 * @file Gradients of 2 by 2 windows at stride 2 that cover the whole plane, of one channel. Writes every element.
 */
import { Block } from './block'
import { twiceHigh, twiceLow } from './shuffles'

/** `rows` and `cols` count outputs. */
@unmanaged
class Gradients2x2 extends Block {
  planes: i32
  rows: i32
  cols: i32
  /** For averages: the address of the divisor. */
  divisor: usize
}

/** Writes the share of each output to its four inputs. */
@inline
export function averageGrad2x2s2<T>(block: usize): void {
  const g = changetype<Gradients2x2>(block)
  const cols = g.cols
  const divisor = load<T>(g.divisor)
  const pitch = <usize>cols * 2 * sizeof<T>()
  let dy = g.src
  let dx = g.dst
  for (let row = g.planes * g.rows; row > 0; row--, dy += <usize>cols * sizeof<T>(), dx += 2 * pitch) {
    const below = dx + pitch
    let i = 0
    if (ASC_FEATURE_SIMD && sizeof<T>() == 4) {
      const divisors = v128.splat<T>(divisor)
      const zero = v128.splat<T>(<T>0)
      for (; i + 4 <= cols; i += 4) {
        const share = v128.add<T>(v128.div<T>(v128.load(dy + (i << 2)), divisors), zero)
        const low = twiceLow(share)
        const high = twiceHigh(share)
        v128.store(dx + (i << 3), low)
        v128.store(dx + (i << 3), high, 16)
        v128.store(below + (i << 3), low)
        v128.store(below + (i << 3), high, 16)
      }
    }
    for (; i < cols; i++) {
      const share = <T>(load<T>(dy + i * sizeof<T>()) / divisor + <T>0)
      const at = 2 * i * sizeof<T>()
      store<T>(dx + at, share)
      store<T>(dx + at, share, sizeof<T>())
      store<T>(below + at, share)
      store<T>(below + at, share, sizeof<T>())
    }
  }
}

/**
 * Writes each gradient to its index. @returns true if an index lies outside its window; that gradient is then not
 * written
 */
export function scatter2x2s2(block: usize): bool {
  const g = changetype<Gradients2x2>(block)
  const rows = g.rows
  const cols = g.cols
  let dy = g.src
  let indices = g.indices
  let dx = g.dst
  const inCols = 2 * cols
  let strays = false
  for (let plane = 0; plane < g.planes; plane++) {
    for (let row = 0; row < rows; row++) {
      const origin = 2 * row * inCols
      const below = dx + ((<usize>inCols) << 2)
      let i = 0
      if (ASC_FEATURE_SIMD) {
        const first = i32x4(0, 1, 0, 1)
        const second = i32x4.add(first, i32x4.splat(inCols))
        const step = i32x4.splat(8)
        let positions = i32x4.add(i32x4.splat(origin), i32x4(0, 2, 4, 6))
        let taken = i32x4.splat(0)
        for (; i + 4 <= cols; i += 4) {
          const at = i32x4.sub(v128.load(indices + (i << 2)), positions)
          const value = f32x4.add(v128.load(dy + (i << 2)), f32x4.splat(0))
          const low = twiceLow(at)
          const high = twiceHigh(at)
          const lowValue = twiceLow(value)
          const highValue = twiceHigh(value)
          const is0 = i32x4.eq(low, first)
          const is1 = i32x4.eq(high, first)
          const is2 = i32x4.eq(low, second)
          const is3 = i32x4.eq(high, second)
          v128.store(dx + (i << 3), v128.and(lowValue, is0))
          v128.store(dx + (i << 3), v128.and(highValue, is1), 16)
          v128.store(below + (i << 3), v128.and(lowValue, is2))
          v128.store(below + (i << 3), v128.and(highValue, is3), 16)
          taken = i32x4.sub(taken, i32x4.add(i32x4.add(is0, is1), i32x4.add(is2, is3)))
          positions = i32x4.add(positions, step)
        }
        const pair = i32x4.add(taken, v128.shuffle<i32>(taken, taken, 2, 3, 0, 1))
        if (i32x4.extract_lane(pair, 0) + i32x4.extract_lane(pair, 1) != i) strays = true
      }
      for (; i < cols; i++) {
        const at = load<i32>(indices + (i << 2)) - origin - 2 * i
        const value = load<f32>(dy + (i << 2)) + <f32>0
        store<f32>(dx + (i << 3), at == 0 ? value : <f32>0)
        store<f32>(dx + (i << 3), at == 1 ? value : <f32>0, 4)
        store<f32>(below + (i << 3), at == inCols ? value : <f32>0)
        store<f32>(below + (i << 3), at == inCols + 1 ? value : <f32>0, 4)
        if (at != 0 && at != 1 && at != inCols && at != inCols + 1) strays = true
      }
      dy += (<usize>cols) << 2
      indices += (<usize>cols) << 2
      dx += (<usize>inCols) << 3
    }
  }
  return strays
}
