/**
 * @file float16 and bfloat16 to float32, and back to the nearest, ties to even. All round `n` up to whole vectors: both
 * arrays have room for that.
 */

/** Bits of float32. */
const infinity: i32 = 0x7f800000
const sign: i32 = i32.MIN_VALUE

export function widenBF16(src: usize, dst: usize, n: i32): void {
  for (const end = src + 2 * n; src < end; src += 16, dst += 32) {
    const bits = v128.load(src)
    v128.store(dst, i32x4.shl(i32x4.extend_low_i16x8_u(bits), 16))
    v128.store(dst, i32x4.shl(i32x4.extend_high_i16x8_u(bits), 16), 16)
  }
}

export function widenF16(src: usize, dst: usize, n: i32): void {
  for (const end = src + 2 * n; src < end; src += 16, dst += 32) {
    const bits = v128.load(src)
    const low = scaledF16(i32x4.extend_low_i16x8_s(bits))
    const high = scaledF16(i32x4.extend_high_i16x8_s(bits))
    const isEndless = i16x8.eq(v128.and(bits, i16x8.splat(0x7c00)), i16x8.splat(0x7c00))
    if (v128.any_true(isEndless)) {
      v128.store(dst, v128.or(low, v128.and(i32x4.extend_low_i16x8_s(isEndless), i32x4.splat(infinity))))
      v128.store(dst, v128.or(high, v128.and(i32x4.extend_high_i16x8_s(isEndless), i32x4.splat(infinity))), 16)
    } else {
      v128.store(dst, low)
      v128.store(dst, high, 16)
    }
  }
}

export function narrowBF16(src: usize, dst: usize, n: i32): void {
  for (const end = dst + 2 * n; dst < end; src += 32, dst += 16)
    v128.store(dst, i16x8.narrow_i32x4_u(narrowedBF16(v128.load(src)), narrowedBF16(v128.load(src, 16))))
}

export function narrowF16(src: usize, dst: usize, n: i32): void {
  for (const end = dst + 2 * n; dst < end; src += 32, dst += 16) {
    const first = v128.load(src)
    const second = v128.load(src, 16)
    const low = v128.and(first, i32x4.splat(~sign))
    const high = v128.and(second, i32x4.splat(~sign))
    const normal = i16x8.narrow_i32x4_s(normalF16(low), normalF16(high))
    let bits = i16x8.max_s(normal, i16x8.splat(0))
    const isSmall = v128.and(
      i16x8.lt_s(normal, i16x8.splat(0x400)),
      i16x8.gt_s(i16x8.narrow_i32x4_s(low, high), i16x8.splat(0)),
    )
    if (v128.any_true(v128.or(isSmall, i16x8.gt_s(normal, i16x8.splat(0x7bff)))))
      bits = i16x8.narrow_i32x4_s(magnitudeF16(low), magnitudeF16(high))
    const signs = i16x8.narrow_i32x4_s(i32x4.shr_s(first, 16), i32x4.shr_s(second, 16))
    v128.store(dst, v128.or(bits, v128.and(signs, i16x8.splat(i16.MIN_VALUE))))
  }
}

/**
 * Moves exponent and fraction of sign-extended bits into place and scales by 2^112, the difference of the exponents'
 * biases. Infinities and NaN need the exponent of infinity besides.
 */
@inline
function scaledF16(bits: v128): v128 {
  const magnitude = v128.and(i32x4.shl(bits, 13), i32x4.splat(0x8fffe000))
  return f32x4.mul(magnitude, f32x4.splat(reinterpret<f32>(0x77800000)))
}

@inline
function narrowedBF16(value: v128): v128 {
  const upper = i32x4.shr_u(value, 16)
  const odd = v128.and(upper, i32x4.splat(1))
  const rounded = i32x4.shr_u(i32x4.add(i32x4.add(value, i32x4.splat(0x7fff)), odd), 16)
  return v128.bitselect(v128.or(upper, i32x4.splat(0x40)), rounded, f32x4.ne(value, value))
}

/**
 * The bits of a magnitude that is normal in float16, rounded by an addition below the last bit that stays. Less than
 * those of the smallest such number for all that are smaller, negative for 0, more than those of the largest for
 * infinities and NaN.
 */
@inline
function normalF16(magnitude: v128): v128 {
  const odd = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1))
  // Half of the last bit, less one, and the difference of the exponents' biases.
  return i32x4.shr_s(i32x4.add(i32x4.add(magnitude, i32x4.splat(0xfff - (112 << 23))), odd), 13)
}

/** The bits of any magnitude. Subnormal ones round by the addition of a float whose last bit is theirs. */
function magnitudeF16(magnitude: v128): v128 {
  const magic = f32x4.splat(0.5)
  const subnormal = i32x4.sub(f32x4.add(magnitude, magic), magic)
  const isSubnormal = i32x4.lt_s(magnitude, i32x4.splat(113 << 23))
  const isFinite = i32x4.lt_s(magnitude, i32x4.splat(143 << 23))
  let bits = v128.bitselect(subnormal, normalF16(magnitude), isSubnormal)
  bits = v128.bitselect(bits, i32x4.splat(0x7c00), isFinite)
  const nan = v128.or(v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(0x3ff)), i32x4.splat(0x7e00))
  return v128.bitselect(nan, bits, f32x4.ne(magnitude, magnitude))
}
