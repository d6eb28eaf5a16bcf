/**
 * @file Means of integers: sums divided by multiplication and shift, rounded, and narrowed. The host proves that the
 * division is exact for all sums (see whole-division.ts).
 */
import { lanes, min } from './vectors'

/** Neighbouring outputs of a row that are folded and divided alike. */
@unmanaged
export class Segment {
  from: i32
  to: i32
  /** True if the first taps of the outputs are neighbours: then they are one run. */
  isRun: bool
  /** True if the division is a shift alone. */
  isPower: bool
  /** True if a quotient that was rounded up at a half must become even. */
  toEven: bool
  divisor: u32
  multiplier: u32
  shift: i32
  /** Added to every sum: it rounds, and makes the sum of signed elements positive. */
  bias: u32
  /** Added to negative sums as well. */
  negativeBias: u32
}

/** Divides a run of sums `A` and stores the means as `T`. */
export function storeMeans<T, A>(s: Segment, src: usize, dst: usize, n: i32): void {
  const times = sizeof<A>() / sizeof<T>()
  let i = 0
  for (; i + 16 / sizeof<T>() <= n; i += 16 / sizeof<T>(), src += 16 * times, dst += 16) {
    const a = quotient<A>(s, v128.load(src))
    const b = quotient<A>(s, v128.load(src, 16))
    if (times == 2) v128.store(dst, signedAgain<T>(narrowed<A>(a, b)))
    else {
      const low = i16x8.narrow_i32x4_u(a, b)
      const high = i16x8.narrow_i32x4_u(quotient<A>(s, v128.load(src, 32)), quotient<A>(s, v128.load(src, 48)))
      v128.store(dst, signedAgain<T>(i8x16.narrow_i16x8_u(low, high)))
    }
  }
  for (; i < n; i += lanes<A>(), src += 16, dst += lanes<A>() * sizeof<T>()) {
    const half = narrowed<A>(quotient<A>(s, v128.load(src)), v128.splat<A>(<A>0))
    const part = times == 2 ? half : i8x16.narrow_i16x8_u(half, half)
    storePart(dst, signedAgain<T>(part), min(n - i, lanes<A>()) * sizeof<T>())
  }
}

@inline
function quotient<A>(s: Segment, sum: v128): v128 {
  let value = v128.add<A>(sum, v128.splat<A>(<A>s.bias))
  if (isSigned<A>()) {
    const negative = v128.shr<A>(sum, sizeof<A>() * 8 - 1)
    value = v128.add<A>(value, v128.and(negative, v128.splat<A>(<A>s.negativeBias)))
  }
  if (s.isPower) return toEven<A>(s, value, shifted<A>(value, s.shift))
  return toEven<A>(s, value, shifted<A>(highProduct<A>(value, v128.splat<A>(<A>s.multiplier)), s.shift))
}

@inline
function toEven<A>(s: Segment, value: v128, quotient: v128): v128 {
  if (!s.toEven) return quotient
  const isHalf = v128.eq<A>(v128.mul<A>(quotient, v128.splat<A>(<A>s.divisor)), value)
  return v128.sub<A>(quotient, v128.and(v128.and(isHalf, quotient), v128.splat<A>(<A>1)))
}

/** From unsigned order to that of `T`. */
@inline
function signedAgain<T>(value: v128): v128 {
  if (!isSigned<T>()) return value
  return v128.xor(value, v128.splat<T>(<T>((<T>1) << (<T>(sizeof<T>() * 8 - 1)))))
}

@inline
function shifted<A>(value: v128, by: i32): v128 {
  return sizeof<A>() == 2 ? i16x8.shr_u(value, by) : i32x4.shr_u(value, by)
}

/** The upper halves of the products of unsigned lanes. */
@inline
function highProduct<A>(a: v128, b: v128): v128 {
  if (sizeof<A>() == 2) {
    const low = i32x4.extmul_low_i16x8_u(a, b)
    return v128.shuffle<i16>(low, i32x4.extmul_high_i16x8_u(a, b), 1, 3, 5, 7, 9, 11, 13, 15)
  }
  const low = i64x2.extmul_low_i32x4_u(a, b)
  return v128.shuffle<i32>(low, i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7)
}

/** Of quotients that fit unsigned elements of half the size. */
@inline
function narrowed<A>(a: v128, b: v128): v128 {
  return sizeof<A>() == 2 ? i8x16.narrow_i16x8_u(a, b) : i16x8.narrow_i32x4_u(a, b)
}

/** Stores the first `bytes` of a vector, at most 8. */
function storePart(to: usize, value: v128, bytes: i32): void {
  if (bytes == 8) v128.store64_lane(to, value, 0)
  if (bytes & 4) {
    v128.store32_lane(to, value, 0)
    value = i64x2.shr_u(value, 32)
    to += 4
  }
  if (bytes & 2) {
    v128.store16_lane(to, value, 0)
    value = i64x2.shr_u(value, 16)
    to += 2
  }
  if (bytes & 1) v128.store8_lane(to, value, 0)
}
