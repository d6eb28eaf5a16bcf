/**
 * @file The taps at which windows have the elements of one or two ranks: the first ones, or the last NaN.
 */
import { lowerOf } from './select'
import { Windows } from './windows'

/** Negative numbers have their magnitude bits inverted: as integers, keys are in the order of the numbers. */
@inline
export function flip(bits: v128): v128 {
  return v128.xor(bits, i32x4.shr_u(i32x4.shr_s(bits, 31), 1))
}

/** Stores two bytes for each window: the taps of the lower and of the higher element, the same if these are equal. */
export function storePicked<T>(w: Windows, dst: usize, count: i32, low: i32, high: i32, isOne: bool): void {
  const isNaN = copyKeys<T>(w, count)
  const lower = isSingle<T>() ? lowerOf<i32>(w.values, count, low, high) : lowerOf<T>(w.values, count, low, high)
  const higher = low == high ? lower : v128.load(w.values + ((<usize>high) << 4))
  const one = splatTap<T>(1)
  let tap = splatTap<T>(count)
  let first = i32x4.splat(0)
  let second = first
  for (let at = w.keys + ((<usize>count) << 4); at > w.keys; ) {
    at -= 16
    const key = v128.load(at)
    tap = subTaps<T>(tap, one)
    first = v128.bitselect(tap, first, isSame<T>(key, lower))
    second = v128.bitselect(tap, second, isSame<T>(key, higher))
  }
  if (isFloat<T>() && v128.any_true(isNaN)) {
    const last = lastNaN<T>(w, count)
    first = v128.bitselect(last, first, isNaN)
    second = v128.bitselect(last, second, isNaN)
  }
  storePairs<T>(dst, first, second, isOne)
}

/** float32 is selected as integers. */
@inline
function isSingle<T>(): bool {
  return isFloat<T>() && sizeof<T>() == 4
}

/** Copies the keys of all taps, which selecting moves. Returns where some element is NaN. */
@inline
function copyKeys<T>(w: Windows, count: i32): v128 {
  const values = w.values
  const distance = w.keys - values
  const end = values + ((<usize>count) << 4)
  let isNaN = i32x4.splat(0)
  for (let at = values; at < end; at += 16) {
    const value = v128.load(at)
    if (isFloat<T>()) isNaN = v128.or(isNaN, v128.ne<T>(value, value))
    const key = isSingle<T>() ? flip(value) : value
    if (isSingle<T>()) v128.store(at, key)
    v128.store(at + distance, key)
  }
  return isNaN
}

@inline
function lastNaN<T>(w: Windows, count: i32): v128 {
  let last = i32x4.splat(0)
  for (let k = 0; k < count; k++) {
    const key = v128.load(w.keys + ((<usize>k) << 4))
    const value = isSingle<T>() ? flip(key) : key
    last = v128.bitselect(splatTap<T>(k), last, v128.ne<T>(value, value))
  }
  return last
}

/** By bits: -0 is not +0. */
@inline
function isSame<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return i64x2.eq(a, b)
  return sizeof<T>() == 4 ? i32x4.eq(a, b) : v128.eq<T>(a, b)
}

/** Taps in lanes as wide as the elements. */
@inline
function splatTap<T>(tap: i32): v128 {
  if (sizeof<T>() == 1) return i8x16.splat(<i8>tap)
  if (sizeof<T>() == 2) return i16x8.splat(<i16>tap)
  return sizeof<T>() == 4 ? i32x4.splat(tap) : i64x2.splat(tap)
}

@inline
function subTaps<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 1) return i8x16.sub(a, b)
  if (sizeof<T>() == 2) return i16x8.sub(a, b)
  return sizeof<T>() == 4 ? i32x4.sub(a, b) : i64x2.sub(a, b)
}

/** The pairs of a vector, or its first one. */
@inline
function storePairs<T>(dst: usize, first: v128, second: v128, isOne: bool): void {
  let pairs: v128
  if (sizeof<T>() == 1) {
    pairs = v128.shuffle<i8>(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
  } else {
    pairs = v128.or(first, i32x4.shl(second, 8))
    if (sizeof<T>() == 8) pairs = v128.shuffle<i32>(pairs, pairs, 0, 2, 0, 2)
    if (sizeof<T>() >= 4) pairs = i16x8.narrow_i32x4_u(pairs, pairs)
  }
  if (isOne) {
    v128.store16_lane(dst, pairs, 0)
    return
  }
  if (sizeof<T>() == 8) v128.store32_lane(dst, pairs, 0)
  else if (sizeof<T>() == 4) v128.store64_lane(dst, pairs, 0)
  else v128.store(dst, pairs)
  if (sizeof<T>() > 1) return
  const rest = v128.shuffle<i8>(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
  v128.store(dst, rest, 16)
}
