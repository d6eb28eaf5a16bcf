/**
 * @file float16 and bfloat16 to float32, and back to the nearest, ties to even. All round `n` up to a multiple of 16:
 * both arrays have room for that.
 */

/** Bits of float32. */
const infinity: i32 = 0x7f800000
const sign: i32 = i32.MIN_VALUE

export function widenBF16(src: usize, dst: usize, n: i32): void {
  for (const end = src + 2 * n; src < end; src += 32, dst += 64) {
    const bits = v128.load(src)
    const more = v128.load(src, 16)
    v128.store(dst, i32x4.shl(i32x4.extend_low_i16x8_u(bits), 16))
    v128.store(dst, i32x4.shl(i32x4.extend_high_i16x8_u(bits), 16), 16)
    v128.store(dst, i32x4.shl(i32x4.extend_low_i16x8_u(more), 16), 32)
    v128.store(dst, i32x4.shl(i32x4.extend_high_i16x8_u(more), 16), 48)
  }
}

export function widenF16(src: usize, dst: usize, n: i32): void {
  for (const end = src + 2 * n; src < end; src += 32, dst += 64) {
    const bits = v128.load(src)
    const more = v128.load(src, 16)
    const magnitude = i16x8.max_s(v128.and(bits, i16x8.splat(0x7fff)), v128.and(more, i16x8.splat(0x7fff)))
    v128.store(dst, scaledF16(i32x4.extend_low_i16x8_s(bits)))
    v128.store(dst, scaledF16(i32x4.extend_high_i16x8_s(bits)), 16)
    v128.store(dst, scaledF16(i32x4.extend_low_i16x8_s(more)), 32)
    v128.store(dst, scaledF16(i32x4.extend_high_i16x8_s(more)), 48)
    if (v128.any_true(i16x8.gt_s(magnitude, i16x8.splat(0x7bff)))) markEndless(src, dst)
  }
}

/** Gives 16 floats the exponent of infinity where their bits have it. */
function markEndless(src: usize, dst: usize): void {
  for (let i: usize = 0; i < 64; i += 16) {
    const bits = v128.and(v128.load16x4_u(src + (i >> 1)), i32x4.splat(0x7c00))
    const isEndless = i32x4.eq(bits, i32x4.splat(0x7c00))
    v128.store(dst + i, v128.or(v128.load(dst + i), v128.and(isEndless, i32x4.splat(infinity))))
  }
}

export function narrowBF16(src: usize, dst: usize, n: i32): void {
  for (const end = dst + 2 * n; dst < end; src += 64, dst += 32) {
    const a = v128.load(src)
    const b = v128.load(src, 16)
    const c = v128.load(src, 32)
    const d = v128.load(src, 48)
    const probe = f32x4.add(f32x4.add(a, b), f32x4.add(c, d))
    if (v128.any_true(f32x4.ne(probe, probe))) {
      v128.store(dst, i16x8.narrow_i32x4_u(narrowedBF16(a), narrowedBF16(b)))
      v128.store(dst, i16x8.narrow_i32x4_u(narrowedBF16(c), narrowedBF16(d)), 16)
    } else {
      v128.store(dst, i16x8.narrow_i32x4_u(roundedBF16(a), roundedBF16(b)))
      v128.store(dst, i16x8.narrow_i32x4_u(roundedBF16(c), roundedBF16(d)), 16)
    }
  }
}

export function narrowF16(src: usize, dst: usize, n: i32): void {
  for (const end = dst + 2 * n; dst < end; src += 64, dst += 32) {
    const a = v128.load(src)
    const b = v128.load(src, 16)
    const c = v128.load(src, 32)
    const d = v128.load(src, 48)
    // Less than 0 for each negative number, and above it for each other but 0.
    const signs = i16x8.narrow_i32x4_s(a, b)
    const moreSigns = i16x8.narrow_i32x4_s(c, d)
    const normal = i16x8.narrow_i32x4_s(normalF16(magnitudeOf(a)), normalF16(magnitudeOf(b)))
    const more = i16x8.narrow_i32x4_s(normalF16(magnitudeOf(c)), normalF16(magnitudeOf(d)))
    const isLarge = i16x8.gt_s(i16x8.max_s(normal, more), i16x8.splat(0x7bff))
    const isOdd = v128.or(isLarge, v128.or(smallF16(normal, signs), smallF16(more, moreSigns)))
    if (v128.any_true(isOdd)) {
      v128.store(dst, signedF16(i16x8.narrow_i32x4_s(bitsF16(magnitudeOf(a)), bitsF16(magnitudeOf(b))), signs))
      v128.store(dst, signedF16(i16x8.narrow_i32x4_s(bitsF16(magnitudeOf(c)), bitsF16(magnitudeOf(d))), moreSigns), 16)
    } else {
      const zero = i16x8.splat(0)
      v128.store(dst, signedF16(i16x8.max_s(normal, zero), signs))
      v128.store(dst, signedF16(i16x8.max_s(more, zero), moreSigns), 16)
    }
  }
}

@inline
function magnitudeOf(value: v128): v128 {
  return v128.and(value, i32x4.splat(~sign))
}

/** True for numbers that may be subnormal in float16. */
@inline
function smallF16(normal: v128, signs: v128): v128 {
  return v128.andnot(i16x8.lt_s(normal, i16x8.splat(0x400)), i16x8.eq(signs, i16x8.splat(0)))
}

@inline
function signedF16(bits: v128, signs: v128): v128 {
  return v128.or(bits, v128.and(signs, i16x8.splat(i16.MIN_VALUE)))
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
  const quiet = v128.or(i32x4.shr_u(value, 16), i32x4.splat(0x40))
  return v128.bitselect(quiet, roundedBF16(value), f32x4.ne(value, value))
}

@inline
function roundedBF16(value: v128): v128 {
  const odd = v128.and(i32x4.shr_u(value, 16), i32x4.splat(1))
  return i32x4.shr_u(i32x4.add(i32x4.add(value, i32x4.splat(0x7fff)), odd), 16)
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
function bitsF16(magnitude: v128): v128 {
  const magic = f32x4.splat(0.5)
  const subnormal = i32x4.sub(f32x4.add(magnitude, magic), magic)
  const isSubnormal = i32x4.lt_s(magnitude, i32x4.splat(113 << 23))
  const isFinite = i32x4.lt_s(magnitude, i32x4.splat(143 << 23))
  let bits = v128.bitselect(subnormal, normalF16(magnitude), isSubnormal)
  bits = v128.bitselect(bits, i32x4.splat(0x7c00), isFinite)
  const nan = v128.or(v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(0x3ff)), i32x4.splat(0x7e00))
  return v128.bitselect(nan, bits, f32x4.ne(magnitude, magnitude))
}
