/**
 * @file Rows of one channel: every other element of two vectors, a vector moved by one element, pairs folded.
 */

@inline
export function evens<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<i64>(a, b, 0, 2)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 0, 2, 4, 6)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
  return v128.shuffle<i8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
}

@inline
export function odds<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<i64>(a, b, 1, 3)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 1, 3, 5, 7)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
  return v128.shuffle<i8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
}

/** The last element of `a`, then all of `b` but its last. */
@inline
export function moved<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<i64>(a, b, 1, 2)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 3, 4, 5, 6)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 7, 8, 9, 10, 11, 12, 13, 14)
  return v128.shuffle<i8>(a, b, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}

/** All of `a` but its first, then the first element of `b`. */
@inline
export function advanced<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<i64>(a, b, 1, 2)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 1, 2, 3, 4)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 1, 2, 3, 4, 5, 6, 7, 8)
  return v128.shuffle<i8>(a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
}

/** The larger (or smaller), `a` of equals; a NaN in `b` is lost. */
@inline
export function better<T>(a: v128, b: v128, min: bool): v128 {
  if (isFloat<T>()) return min ? v128.pmin<T>(a, b) : v128.pmax<T>(a, b)
  return min ? v128.min<T>(a, b) : v128.max<T>(a, b)
}

/** The better of each pair of neighbours in two vectors. */
@inline
export function betterOfPairs<T>(a: v128, b: v128, min: bool): v128 {
  if (sizeof<T>() > 1) return better<T>(evens<T>(a, b), odds<T>(a, b), min)
  // Bytes: the odd one is shifted onto the even one, and pairs are narrowed.
  const mask = i16x8.splat(0xff)
  const p = better<T>(a, i16x8.shr_u(a, 8), min)
  const q = better<T>(b, i16x8.shr_u(b, 8), min)
  return i8x16.narrow_i16x8_u(v128.and(p, mask), v128.and(q, mask))
}

@inline
export function betterOne<T>(a: T, b: T, min: bool): T {
  return (min ? b < a : b > a) ? b : a
}
