/**
 * @file Elements in the lanes of a larger type.
 */

/** Type arguments: the first vector at an address, and those after it. */
@unmanaged
export class At0 {}
@unmanaged
export class At1 {
  a: u8
}
@unmanaged
export class At2 {
  a: u16
}
@unmanaged
export class At3 {
  a: u16
  b: u8
}

/** As many elements of `T` as a vector has of `A`. */
@inline
export function widened<T, A>(at: usize): v128 {
  return widenedAt<T, A, At0>(at)
}

/** The same after as many vectors as `O` says. The offset is part of the instructions. */
@inline
export function widenedAt<T, A, O>(at: usize): v128 {
  const offset = (16 / sizeof<A>()) * sizeof<T>() * offsetof<O>()
  if (sizeof<T>() == sizeof<A>()) return v128.load(at, offset)
  if (isFloat<A>()) {
    const two = v128.load64_zero(at, offset)
    if (isFloat<T>()) return f64x2.promote_low_f32x4(two)
    return isSigned<T>() ? f64x2.convert_low_i32x4_s(two) : f64x2.convert_low_i32x4_u(two)
  }
  if (sizeof<A>() == 2) return isSigned<T>() ? v128.load8x8_s(at, offset) : v128.load8x8_u(at, offset)
  if (sizeof<T>() == 2) return isSigned<T>() ? v128.load16x4_s(at, offset) : v128.load16x4_u(at, offset)
  const four = v128.load32_zero(at, offset)
  return isSigned<T>()
    ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(four))
    : i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four))
}
