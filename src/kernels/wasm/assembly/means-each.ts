/**
 * @file Means of integers with a divisor of its own for each: the elements that count. 0 stands for 1.
 */
import { Rounding } from './grid'
import { lanes, vectorStart } from './vectors'

/**
 * Divides a run of sums `A` and stores the means as `T`. `isShort` says that float32 holds the sums, twice as large
 * if halves are rounded: no quotient then rounds across a whole number or a half.
 */
export function storeMeansEach<T, A>(
  src: usize,
  dst: usize,
  n: i32,
  divisors: usize,
  divisorBytes: i32,
  rounding: i32,
  isShort: bool,
): void {
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
  const a = quotients(low, i32x4.extend_low_i16x8_u(counts), rounding)
  const b = quotients(high, i32x4.extend_high_i16x8_u(counts), rounding)
  return isSigned<T>() ? i16x8.narrow_i32x4_s(a, b) : i16x8.narrow_i32x4_u(a, b)
}

/** Four quotients of sums that float32 holds, rounded. */
@inline
export function quotients(sums: v128, counts: v128, rounding: i32): v128 {
  const quotient = f32x4.div(f32x4.convert_i32x4_s(sums), f32x4.convert_i32x4_u(counts))
  if (rounding == Rounding.Floor) return i32x4.trunc_sat_f32x4_s(f32x4.floor(quotient))
  if (rounding == Rounding.HalfEven) return i32x4.trunc_sat_f32x4_s(f32x4.nearest(quotient))
  if (rounding == Rounding.HalfUp) {
    const half = v128.or(f32x4.splat(0.5), v128.and(quotient, f32x4.splat(-0.0)))
    return i32x4.trunc_sat_f32x4_s(f32x4.add(quotient, half))
  }
  return i32x4.trunc_sat_f32x4_s(quotient)
}
