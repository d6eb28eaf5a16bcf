/**
 * @file Shuffles of two vectors: even and odd elements, shifts by one element, interleaving, and the join of
 * neighbours.
 */
import { join } from './reducers'

@inline
export function evens<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return lowHalves(a, b)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 0, 2, 4, 6)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
  return v128.shuffle<i8>(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
}

@inline
export function odds<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return highHalves(a, b)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 1, 3, 5, 7)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
  return v128.shuffle<i8>(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
}

/** The last element of `a`, then `b` without its last. */
@inline
export function shiftIn<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<i64>(a, b, 1, 2)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 3, 4, 5, 6)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 7, 8, 9, 10, 11, 12, 13, 14)
  return v128.shuffle<i8>(a, b, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}

/** `a` without its first element, then the first element of `b`. */
@inline
export function shiftOut<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<i64>(a, b, 1, 2)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 1, 2, 3, 4)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 1, 2, 3, 4, 5, 6, 7, 8)
  return v128.shuffle<i8>(a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
}

/** The lower 8 bytes of both vectors. */
@inline
export function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 0, 2)
}

@inline
export function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 1, 3)
}

/** Interleaves the first halves of both vectors. */
@inline
export function interleaveLow<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return lowHalves(a, b)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

/** Interleaves the last halves of both vectors. */
@inline
export function interleaveHigh<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return highHalves(a, b)
  if (sizeof<T>() == 4) return v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  if (sizeof<T>() == 2) return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

/** Repeats each of the first two 4-byte elements. */
@inline
export function twiceLow(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 0, 0, 1, 1)
}

@inline
export function twiceHigh(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 2, 2, 3, 3)
}

/** Joins each pair of neighbours in two vectors. */
@inline
export function joinPairs<T, R>(a: v128, b: v128): v128 {
  if (sizeof<T>() > 1) return join<T, R>(evens<T>(a, b), odds<T>(a, b))
  // Bytes: shifts the odd element onto the even one, joins, and narrows.
  const mask = i16x8.splat(0xff)
  const p = join<T, R>(a, i16x8.shr_u(a, 8))
  const q = join<T, R>(b, i16x8.shr_u(b, 8))
  return i8x16.narrow_i16x8_u(v128.and(p, mask), v128.and(q, mask))
}
