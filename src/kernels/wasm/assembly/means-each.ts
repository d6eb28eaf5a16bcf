/**
 * @file Means of integers with a divisor of its own for each: the elements that count. 0 stands for 1.
 */
import { Rounding } from './grid'
import { interleaveHigh, interleaveLow } from './shuffles'
import { lanes, vectorStart } from './vectors'

/**
 * Divides a run of sums `A` and stores the means as `T`. `isShort` says that float32 holds the sums, twice as large
 * if halves are rounded: no quotient then rounds across a whole number or a half. `isFew` says that no divisor is above
 * 12.
 */
export function storeMeansEach<T, A>(
  src: usize,
  dst: usize,
  n: i32,
  divisors: usize,
  divisorBytes: i32,
  rounding: i32,
  isShort: bool,
  isFew: bool,
): void {
  const isPlain = rounding != Rounding.HalfEven && !(isSigned<T>() && rounding == Rounding.Floor)
  if (sizeof<T>() == 1 && sizeof<A>() == 2 && isFew && divisorBytes == 1 && isPlain && n >= 16) {
    for (let i = 0; i < n; i += 16) {
      const j = <usize>vectorStart<T>(i, n)
      v128.store(dst + j, fewMeans<T>(src + (j << 1), v128.load(divisors + j), rounding))
    }
    return
  }
  if (isShort && divisorBytes == 1 && n >= lanes<T>()) {
    for (let i = 0; i < n; i += lanes<T>()) {
      const j = <usize>vectorStart<T>(i, n)
      storeVector<T, A>(src + j * sizeof<A>(), dst + j * sizeof<T>(), divisors + j, rounding)
    }
    return
  }
  for (let i: usize = 0; i < <usize>n; i++) {
    const count = divisorBytes == 1 ? <i32>load<u8>(divisors + i) : load<i32>(divisors + (i << 2))
    const sum = <f64>load<A>(src + i * sizeof<A>())
    store<T>(dst + i * sizeof<T>(), <T>(<i32>roundedTo(sum / <f64>max<i32>(count, 1), rounding)))
  }
}

/** The quotient as a whole number. */
export function roundedTo(quotient: f64, rounding: i32): f64 {
  if (rounding == Rounding.Floor) return floor(quotient)
  if (rounding == Rounding.HalfEven) return nearest(quotient)
  const whole = trunc(quotient)
  if (rounding == Rounding.HalfUp && abs(quotient - whole) >= 0.5) return whole + copysign(1.0, quotient)
  return whole
}

/** A vector of means of sums of 16 bits whose divisors are at most 12; halves round away from zero. */
@inline
function fewMeans<T>(src: usize, counts: v128, rounding: i32): v128 {
  const low = i8x16.swizzle(
    i8x16(-1, -1, 0x01, -0x55, 0x01, -0x66, 0x56, 0x4a, 0x01, 0x39, -0x33, -0x5d, -0x55, 0, 0, 0),
    counts,
  )
  const high = i8x16.swizzle(
    i8x16(0x7f, 0x7f, 0x40, 0x2a, 0x20, 0x19, 0x15, 0x12, 0x10, 0x0e, 0x0c, 0x0b, 0x0a, 0, 0, 0),
    counts,
  )
  const halves = rounding == Rounding.HalfUp ? i8x16.splat(0) : i8x16.shr_u(counts, 1)
  const a = scaled<T>(v128.load(src), interleaveLow<T>(low, high), i16x8.extend_low_i8x16_u(halves))
  const b = scaled<T>(v128.load(src, 16), interleaveHigh<T>(low, high), i16x8.extend_high_i8x16_u(halves))
  return isSigned<T>() ? i8x16.narrow_i16x8_s(a, b) : i8x16.narrow_i16x8_u(a, b)
}

/**
 * Multiplies by a fraction of 2^15 just above 1 / divisor and rounds, once half of the divisor is taken off. Exact for
 * sums of as many bytes, but 0 may become -1.
 */
@inline
function scaled<T>(sums: v128, multipliers: v128, halves: v128): v128 {
  if (!isSigned<T>()) return i16x8.q15mulr_sat_s(i16x8.sub(sums, halves), multipliers)
  const sign = i16x8.shr_s(sums, 15)
  const size = i16x8.q15mulr_sat_s(i16x8.sub(i16x8.abs(sums), halves), multipliers)
  return i16x8.sub(v128.xor(i16x8.max_s(size, i16x8.splat(0)), sign), sign)
}

/** A vector of means. */
@inline
function storeVector<T, A>(src: usize, dst: usize, divisors: usize, rounding: i32): void {
  if (sizeof<T>() == 2) {
    v128.store(dst, eight<T, A>(src, i16x8.max_u(v128.load8x8_u(divisors), i16x8.splat(1)), rounding))
    return
  }
  const counts = i8x16.max_u(v128.load(divisors), i8x16.splat(1))
  const low = eight<i16, A>(src, i16x8.extend_low_i8x16_u(counts), rounding)
  const high = eight<i16, A>(src + 8 * sizeof<A>(), i16x8.extend_high_i8x16_u(counts), rounding)
  v128.store(dst, isSigned<T>() ? i8x16.narrow_i16x8_s(low, high) : i8x16.narrow_i16x8_u(low, high))
}

/** Eight means, as 16 bits. */
@inline
function eight<T, A>(src: usize, counts: v128, rounding: i32): v128 {
  let low = v128.load(src)
  let high = low
  if (sizeof<A>() == 4) high = v128.load(src, 16)
  else if (isSigned<A>()) {
    low = i32x4.extend_low_i16x8_s(high)
    high = i32x4.extend_high_i16x8_s(high)
  } else {
    low = i32x4.extend_low_i16x8_u(high)
    high = i32x4.extend_high_i16x8_u(high)
  }
  const a = shortQuotients<T>(low, i32x4.extend_low_i16x8_u(counts), rounding)
  const b = shortQuotients<T>(high, i32x4.extend_high_i16x8_u(counts), rounding)
  return isSigned<T>() ? i16x8.narrow_i32x4_s(a, b) : i16x8.narrow_i32x4_u(a, b)
}

/** Four quotients of sums that float32 holds, rounded to whole numbers of 16 bits as `T` has them. */
@inline
export function shortQuotients<T>(sums: v128, counts: v128, rounding: i32): v128 {
  const quotient = f32x4.div(f32x4.convert_i32x4_s(sums), f32x4.convert_i32x4_s(counts))
  let whole = quotient
  if (rounding == Rounding.Floor || (!isSigned<T>() && rounding == Rounding.Trunc)) whole = f32x4.floor(quotient)
  else if (rounding == Rounding.HalfUp) {
    const half = v128.or(f32x4.splat(0.5), v128.and(quotient, f32x4.splat(-0.0)))
    whole = f32x4.trunc(f32x4.add(quotient, half))
  } else if (rounding == Rounding.Trunc) whole = f32x4.trunc(quotient)
  // At this size the last bit of float32 is 1: halves become even.
  const large: f32 = 12582912
  return i32x4.sub(f32x4.add(whole, f32x4.splat(large)), i32x4.splat(reinterpret<i32>(large)))
}
