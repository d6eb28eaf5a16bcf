/**
 * @file Marks the elements that are not one value: 1, or 0 for the value. If the value is NaN, NaN gets 0.
 */
import { Block } from './block'
import { evens } from './shuffles'

/** `indices` points to other marks, of which those of 0 stay 0; it is 0 if there are none. */
@unmanaged
class Mark extends Block {
  n: i32
  /** The address of the value. */
  value: usize
}

/** Integers of one size are equal whatever their sign, so there is a kernel for each size. */
@inline
export function mark<T>(block: usize): void {
  const m = changetype<Mark>(block)
  const n = m.n
  const value = load<T>(m.value)
  const isNaN = isFloat<T>() && value != value
  let src = m.src
  let dst = m.dst
  const mask = m.indices
  let i = 0
  if (ASC_FEATURE_SIMD) {
    const values = v128.splat<T>(value)
    for (; i + 16 <= n; i += 16, src += 16 * sizeof<T>(), dst += 16) {
      const own = isNaN ? numbers<T>(src) : others<T>(src, values)
      v128.store(dst, v128.and(own, mask ? v128.load(mask + i) : i8x16.splat(1)))
    }
  }
  for (; i < n; i++, src += sizeof<T>(), dst++) {
    const element = load<T>(src)
    const own = isNaN ? element == element : element != value
    store<u8>(dst, u8(own) & (mask ? load<u8>(mask + i) : 1))
  }
}

/** Sixteen bytes, whose lanes are -1 for numbers and 0 for NaN. */
@inline
function numbers<T>(at: usize): v128 {
  if (sizeof<T>() == 8)
    return i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(same8<T>(at), same8<T>(at + 32)),
      i16x8.narrow_i32x4_s(same8<T>(at + 64), same8<T>(at + 96)),
    )
  const low = i16x8.narrow_i32x4_s(same<T>(at), same<T>(at + 16))
  return i8x16.narrow_i16x8_s(low, i16x8.narrow_i32x4_s(same<T>(at + 32), same<T>(at + 48)))
}

@inline
function same<T>(at: usize): v128 {
  const a = v128.load(at)
  return v128.eq<T>(a, a)
}

/** The lanes of four elements of 8 bytes, as 32 bits each. */
@inline
function same8<T>(at: usize): v128 {
  return evens<i32>(same<T>(at), same<T>(at + 16))
}

/** Sixteen bytes, whose lanes are -1 for elements other than the value. */
@inline
function others<T>(at: usize, value: v128): v128 {
  if (sizeof<T>() == 1) return other<T>(at, value)
  if (sizeof<T>() == 2) return i8x16.narrow_i16x8_s(other<T>(at, value), other<T>(at + 16, value))
  if (sizeof<T>() == 4) {
    const low = i16x8.narrow_i32x4_s(other<T>(at, value), other<T>(at + 16, value))
    return i8x16.narrow_i16x8_s(low, i16x8.narrow_i32x4_s(other<T>(at + 32, value), other<T>(at + 48, value)))
  }
  const low = i16x8.narrow_i32x4_s(other8<T>(at, value), other8<T>(at + 32, value))
  return i8x16.narrow_i16x8_s(low, i16x8.narrow_i32x4_s(other8<T>(at + 64, value), other8<T>(at + 96, value)))
}

@inline
function other<T>(at: usize, value: v128): v128 {
  return v128.ne<T>(v128.load(at), value)
}

@inline
function other8<T>(at: usize, value: v128): v128 {
  return evens<i32>(other<T>(at, value), other<T>(at + 16, value))
}
