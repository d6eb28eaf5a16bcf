/**
 * @file Marks of elements, a byte for each that counts, as lanes.
 */

/** Marks as lanes of the size of elements, -1 for those that count. */
@inline
export function marksAt<T>(at: usize): v128 {
  if (sizeof<T>() == 1) return i8x16.neg(v128.load(at))
  if (sizeof<T>() == 2) return i16x8.neg(v128.load8x8_u(at))
  return i32x4.neg(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))))
}
