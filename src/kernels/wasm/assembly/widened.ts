/**
 * @file Elements in the lanes of a larger type.
 */

/** As many elements of `T` as a vector has of `A`. */
@inline
export function widened<T, A>(at: usize): v128 {
  if (sizeof<T>() == sizeof<A>()) return v128.load(at)
  if (isFloat<A>()) {
    const two = v128.load64_zero(at)
    if (isFloat<T>()) return f64x2.promote_low_f32x4(two)
    return isSigned<T>() ? f64x2.convert_low_i32x4_s(two) : f64x2.convert_low_i32x4_u(two)
  }
  if (sizeof<A>() == 2) return isSigned<T>() ? v128.load8x8_s(at) : v128.load8x8_u(at)
  if (sizeof<T>() == 2) return isSigned<T>() ? v128.load16x4_s(at) : v128.load16x4_u(at)
  const four = v128.load32_zero(at)
  return isSigned<T>()
    ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(four))
    : i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four))
}
