/**
 * @file Counts as divisors: bytes become numbers, and 0 becomes 1.
 */
import { Block } from './block'

@unmanaged
class Counts extends Block {
  /** The number of counts. */
  n: i32
  /** Neighbouring divisors that share a count. */
  group: i32
}

@inline
export function countDivisors<T>(block: usize): void {
  const c = changetype<Counts>(block)
  const n = c.n
  const group = c.group
  let src = c.src
  let dst = c.dst
  let i = 0
  if (ASC_FEATURE_SIMD && group == 1) {
    for (; i + 8 <= n; i += 8, src += 8, dst += 8 * sizeof<T>()) {
      const words = i16x8.max_u(v128.load8x8_u(src), i16x8.splat(1))
      store4<T>(dst, i32x4.extend_low_i16x8_u(words))
      store4<T>(dst + 4 * sizeof<T>(), i32x4.extend_high_i16x8_u(words))
    }
  }
  for (; i < n; i++, src++) {
    const count = <T>max<u32>(load<u8>(src), 1)
    let j = 0
    if (ASC_FEATURE_SIMD)
      for (; j + <i32>(16 / sizeof<T>()) <= group; j += <i32>(16 / sizeof<T>()), dst += 16)
        v128.store(dst, v128.splat<T>(count))
    for (; j < group; j++, dst += sizeof<T>()) store<T>(dst, count)
  }
}

@inline
function store4<T>(dst: usize, longs: v128): void {
  if (sizeof<T>() == 4) {
    v128.store(dst, f32x4.convert_i32x4_u(longs))
    return
  }
  v128.store(dst, f64x2.convert_low_i32x4_u(longs))
  v128.store(dst, f64x2.convert_low_i32x4_u(v128.shuffle<i64>(longs, longs, 1, 1)), 16)
}
