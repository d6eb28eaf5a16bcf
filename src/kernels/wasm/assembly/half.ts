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
  for (const end = src + 2 * n; src < end; src += 8, dst += 16) v128.store(dst, widenedF16(v128.load16x4_u(src)))
}

export function narrowBF16(src: usize, dst: usize, n: i32): void {
  for (const end = dst + 2 * n; dst < end; src += 32, dst += 16)
    v128.store(dst, i16x8.narrow_i32x4_u(narrowedBF16(v128.load(src)), narrowedBF16(v128.load(src, 16))))
}

export function narrowF16(src: usize, dst: usize, n: i32): void {
  for (const end = dst + 2 * n; dst < end; src += 32, dst += 16)
    v128.store(dst, i16x8.narrow_i32x4_u(narrowedF16(v128.load(src)), narrowedF16(v128.load(src, 16))))
}

/** Moves exponent and fraction into place and scales by 2^112, the difference of the exponents' biases. */
@inline
function widenedF16(bits: v128): v128 {
  const magnitude = i32x4.shl(v128.and(bits, i32x4.splat(0x7fff)), 13)
  const isInfinite = i32x4.gt_s(magnitude, i32x4.splat(0x0f7fffff))
  const scaled = f32x4.mul(magnitude, f32x4.splat(reinterpret<f32>(0x77800000)))
  const value = v128.or(scaled, v128.and(isInfinite, i32x4.splat(infinity)))
  return v128.or(value, i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16))
}

@inline
function narrowedBF16(value: v128): v128 {
  const upper = i32x4.shr_u(value, 16)
  const odd = v128.and(upper, i32x4.splat(1))
  const rounded = i32x4.shr_u(i32x4.add(i32x4.add(value, i32x4.splat(0x7fff)), odd), 16)
  return v128.bitselect(v128.or(upper, i32x4.splat(0x40)), rounded, f32x4.ne(value, value))
}

/**
 * Normal numbers round by an addition below the last bit that stays, subnormal ones by the addition of a float whose
 * last bit is theirs.
 */
@inline
function narrowedF16(value: v128): v128 {
  const signs = v128.and(value, i32x4.splat(sign))
  const magnitude = v128.xor(value, signs)
  const isNaN = f32x4.ne(value, value)
  const magic = f32x4.splat(0.5)
  const subnormal = i32x4.sub(f32x4.add(magnitude, magic), magic)
  const odd = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1))
  // Half of the last bit, less one, and the difference of the exponents' biases.
  const rounded = i32x4.add(i32x4.add(magnitude, i32x4.splat(0xfff - (112 << 23))), odd)
  const isSubnormal = i32x4.lt_s(magnitude, i32x4.splat(113 << 23))
  let bits = v128.bitselect(subnormal, i32x4.shr_u(rounded, 13), isSubnormal)
  const isFinite = i32x4.lt_s(magnitude, i32x4.splat(143 << 23))
  bits = v128.bitselect(bits, i32x4.splat(0x7c00), isFinite)
  const nan = v128.or(v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(0x3ff)), i32x4.splat(0x7e00))
  return v128.or(v128.bitselect(nan, bits, isNaN), i32x4.shr_u(signs, 16))
}
