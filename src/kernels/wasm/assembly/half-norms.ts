/**
 * @file Lp norms of half precision with p = 1, 2 and 3, in float32: powers and roots, and the beginning and the end of
 * their gradients. Of numbers in the range of float16 every power, share and product stays in that of float32.
 */

/** 2^-116 and 2^120: the range, in which powers and products are normal. */
const least: f32 = reinterpret<f32>(0x05800000)
const most: f32 = reinterpret<f32>(0x7b800000)
/** The largest number. */
const greatest: f32 = reinterpret<f32>(0x7f7fffff)
/** The same for shares, so that their sums times slopes stay there too: 2^-62 and 2^66. */
const leastShare: f32 = reinterpret<f32>(0x20800000)
const mostShare: f32 = reinterpret<f32>(0x60800000)
/** Sums of up to 2^18 cubes of numbers between these are normal: 2^-36 and 2^36. */
const leastTame: i32 = 0x2d800000
const mostTame: i32 = 0x51800000

/** True if a number is so small or large that powers may leave the range; zeros, infinities and NaN are not. */
export function hasWild(src: usize, n: i32): bool {
  let wild = v128.splat<i32>(0)
  let left = n
  for (; left >= 4; left -= 4, src += 16) wild = v128.or(wild, wildLanes(v128.load(src)))
  if (left > 0) wild = v128.or(wild, v128.and(wildLanes(v128.load(src)), firstLanes(left)))
  return v128.any_true(wild)
}

@inline
function wildLanes(value: v128): v128 {
  const bits = v128.and(value, i32x4.splat(0x7fffffff))
  const isTame = i32x4.le_u(i32x4.sub(bits, i32x4.splat(leastTame)), i32x4.splat(mostTame - leastTame))
  const isOther = i32x4.le_u(i32x4.sub(bits, i32x4.splat(1)), i32x4.splat(0x7f7ffffe))
  return v128.andnot(isOther, isTame)
}

/** `|value|^exponent` for exponents of 1 to 3. */
@inline
export function halfPower(value: v128, exponent: i32): v128 {
  if (exponent == 1) return f32x4.abs(value)
  const square = f32x4.mul(value, value)
  return exponent == 2 ? square : f32x4.mul(square, f32x4.abs(value))
}

/** Stores the powers of `n` numbers, and of what follows them in their last vector. */
export function halfPowers(src: usize, dst: usize, n: i32, exponent: i32): void {
  for (const end = src + <usize>n * 4; src < end; src += 16, dst += 16)
    v128.store(dst, halfPower(v128.load(src), exponent))
}

/** Stores the roots of a run of scaled sums. The vectors of `src` may be read past its end. */
export function storeHalfNorms(src: usize, dst: usize, n: i32, exponent: i32, scale: f64): void {
  const by = f32x4.splat(<f32>scale)
  let left = n
  for (; left >= 4; left -= 4, src += 16, dst += 16) v128.store(dst, root(f32x4.mul(v128.load(src), by), exponent))
  storeFirst(dst, root(f32x4.mul(v128.load(src), by), exponent), left)
}

@inline
function root(value: v128, exponent: i32): v128 {
  if (exponent != 3) return exponent == 2 ? f32x4.sqrt(value) : value
  return v128.bitselect(cubeRoot(value), value, f32x4.lt(value, f32x4.splat(Infinity)))
}

@inline
function cubeRoot(x: v128): v128 {
  const r = inverseCubeRoot(x)
  return f32x4.mul(f32x4.mul(x, r), r)
}

/** By a third of the bits, a step of the third order with factors that fit these, and one of the second. */
@inline
function inverseCubeRoot(x: v128): v128 {
  const third = i16x8.q15mulr_sat_s(x, i16x8.splat(0x2aab))
  let r = i32x4.sub(i32x4.splat(0x548f8000), third)
  const cube = f32x4.mul(f32x4.mul(f32x4.mul(x, r), r), r)
  const step = f32x4.sub(f32x4.splat(1.1682531), f32x4.mul(cube, f32x4.splat(0.45158533)))
  r = f32x4.mul(r, f32x4.sub(f32x4.splat(1.7227951), f32x4.mul(cube, step)))
  return f32x4.add(r, f32x4.mul(r, f32x4.mul(cubicRest(x, r), f32x4.splat(1 / 3.0))))
}

/** 1 - x r^3 */
@inline
function cubicRest(x: v128, r: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.mul(f32x4.mul(x, r), r), r))
}

/**
 * `dst = dy / y^(norm - 1)`, 0 where y is 0. May write past the end.
 *
 * @returns true if some are NaN: those that leave the range, whose inputs need more care
 */
export function halfShares(dy: usize, y: usize, dst: usize, n: i32, norm: i32): bool {
  let wild = v128.splat<i32>(0)
  for (let left = n; left > 0; left -= 4, dy += 16, y += 16, dst += 16) {
    const factor = v128.load(dy)
    const base = v128.load(y)
    let wildNow = v128.splat<i32>(0)
    if (norm == 1) {
      wildNow = f32x4.ne(base, base)
      v128.store(dst, v128.or(v128.and(factor, f32x4.ne(base, f32x4.splat(0))), wildNow))
    } else {
      const power = norm == 2 ? base : f32x4.mul(base, base)
      let share = f32x4.div(factor, power)
      let isTame = isWithin(share, leastShare, mostShare)
      if (norm == 3) isTame = v128.and(isTame, f32x4.ge(power, f32x4.splat(least)))
      if (!i32x4.all_true(isTame)) {
        const isUsed = f32x4.ne(base, f32x4.splat(0))
        const isZero = v128.and(f32x4.eq(factor, share), f32x4.eq(share, f32x4.splat(0)))
        isTame = v128.or(isTame, v128.and(isZero, f32x4.lt(base, f32x4.splat(Infinity))))
        wildNow = v128.andnot(isUsed, isTame)
        share = v128.or(v128.and(share, isUsed), wildNow)
      }
      v128.store(dst, share)
    }
    if (left < 4) wildNow = v128.and(wildNow, firstLanes(left))
    wild = v128.or(wild, wildNow)
  }
  return v128.any_true(wild)
}

/** Type arguments: the p of a norm. */
type First = u8
type Second = u16
type Third = u32

/** `dst = dy / y^(norm - 1)` of norms y with the scaled `sums`, as `halfShares` has it. */
export function halfSharesOf(sums: usize, dy: usize, dst: usize, n: i32, norm: i32, scale: f64): bool {
  if (norm == 1) return sharesOfSums<First>(sums, dy, dst, n, <f32>scale)
  if (norm == 2) return sharesOfSums<Second>(sums, dy, dst, n, <f32>scale)
  return sharesOfSums<Third>(sums, dy, dst, n, <f32>scale)
}

/** Two vectors at a time, with less care if nothing is near the ends of the range. */
function sharesOfSums<P>(sums: usize, dy: usize, dst: usize, n: i32, scale: f32): bool {
  const by = f32x4.splat(scale)
  let wild = v128.splat<i32>(0)
  for (let left = n; left > 0; left -= 8, sums += 32, dy += 32, dst += 32) {
    if (left >= 8) {
      const sum = f32x4.mul(v128.load(sums), by)
      const next = f32x4.mul(v128.load(sums, 16), by)
      const share = shareOf<P>(sum, f32x4.mul(v128.load(dy), by))
      const nextShare = shareOf<P>(next, f32x4.mul(v128.load(dy, 16), by))
      let outside = beyond(sum, next, sizeof<P>() == 1 ? 0 : least, sizeof<P>() == 1 ? Infinity : greatest)
      if (sizeof<P>() > 1)
        outside = v128.or(outside, beyond(f32x4.abs(share), f32x4.abs(nextShare), leastShare, mostShare))
      if (i32x4.bitmask(outside) == 0) {
        v128.store(dst, share)
        v128.store(dst, nextShare, 16)
        continue
      }
    }
    wild = v128.or(wild, shareWithCare<P>(sums, dy, dst, left, by))
    if (left > 4) wild = v128.or(wild, shareWithCare<P>(sums + 16, dy + 16, dst + 16, left - 4, by))
  }
  return v128.any_true(wild)
}

/** Of up to four elements. @returns the lanes that left the range */
function shareWithCare<P>(sums: usize, dy: usize, dst: usize, left: i32, by: v128): v128 {
  const sum = f32x4.mul(v128.load(sums), by)
  const factor = f32x4.mul(v128.load(dy), by)
  const share = shareOf<P>(sum, factor)
  let isTame = f32x4.eq(sum, sum)
  if (sizeof<P>() > 1) {
    isTame = v128.and(isWithin(share, leastShare, mostShare), f32x4.ge(sum, f32x4.splat(least)))
    isTame = v128.and(isTame, f32x4.lt(sum, f32x4.splat(Infinity)))
  }
  const isUsed = f32x4.ne(sum, f32x4.splat(0))
  const isZero = v128.and(f32x4.eq(factor, f32x4.splat(0)), f32x4.lt(sum, f32x4.splat(Infinity)))
  const wild = v128.andnot(isUsed, v128.or(isTame, isZero))
  v128.store(dst, v128.or(v128.and(share, isUsed), wild))
  return left < 4 ? v128.and(wild, firstLanes(left)) : wild
}

@inline
function shareOf<P>(sum: v128, factor: v128): v128 {
  if (sizeof<P>() == 1) return v128.and(factor, f32x4.ne(sum, f32x4.splat(0)))
  if (sizeof<P>() == 2) return f32x4.div(factor, f32x4.sqrt(sum))
  const r = inverseCubeRoot(sum)
  return f32x4.mul(f32x4.mul(factor, r), r)
}

/** `dst = sum * sign(x) * |x|^(norm - 1)`, 0 where x or the sum is 0, and as `halfShares` has it. */
export function halfSlopes(sums: usize, x: usize, dst: usize, n: i32, norm: i32): bool {
  if (norm == 1) return slopes<First>(sums, x, dst, n)
  return norm == 2 ? slopes<Second>(sums, x, dst, n) : slopes<Third>(sums, x, dst, n)
}

/** As `sharesOfSums` has it. */
function slopes<P>(sums: usize, x: usize, dst: usize, n: i32): bool {
  let wild = v128.splat<i32>(0)
  for (let left = n; left > 0; left -= 8, sums += 32, x += 32, dst += 32) {
    if (left >= 8) {
      const base = v128.load(x)
      const next = v128.load(x, 16)
      const slope = slopeOf<P>(base)
      const nextSlope = slopeOf<P>(next)
      const product = weighed<P>(v128.load(sums), slope, base)
      const nextProduct = weighed<P>(v128.load(sums, 16), nextSlope, next)
      let outside = beyond(f32x4.abs(product), f32x4.abs(nextProduct), sizeof<P>() == 1 ? 0 : least, most)
      if (sizeof<P>() == 4) outside = v128.or(outside, beyond(f32x4.abs(slope), f32x4.abs(nextSlope), least, Infinity))
      if (i32x4.bitmask(outside) == 0) {
        v128.store(dst, product)
        v128.store(dst, nextProduct, 16)
        continue
      }
    }
    wild = v128.or(wild, slopeWithCare<P>(sums, x, dst, left))
    if (left > 4) wild = v128.or(wild, slopeWithCare<P>(sums + 16, x + 16, dst + 16, left - 4))
  }
  return v128.any_true(wild)
}

/** Of up to four elements. @returns the lanes that left the range */
function slopeWithCare<P>(sums: usize, x: usize, dst: usize, left: i32): v128 {
  const sum = v128.load(sums)
  const base = v128.load(x)
  const slope = slopeOf<P>(base)
  const product = sizeof<P>() == 1 ? v128.xor(sum, slope) : f32x4.mul(sum, slope)
  let isTame = isWithin(product, sizeof<P>() == 1 ? 0 : least, most)
  if (sizeof<P>() == 4) isTame = v128.and(isTame, f32x4.ge(f32x4.abs(slope), f32x4.splat(least)))
  const isUsed = v128.and(f32x4.ne(base, f32x4.splat(0)), f32x4.ne(sum, f32x4.splat(0)))
  const wild = v128.andnot(isUsed, isTame)
  const result = v128.or(v128.and(product, isUsed), wild)
  if (left >= 4) {
    v128.store(dst, result)
    return wild
  }
  storeFirst(dst, result, left)
  return v128.and(wild, firstLanes(left))
}

/** `sign(x) * |x|^(p - 1)`; of p = 1 the sign bit. */
@inline
function slopeOf<P>(x: v128): v128 {
  if (sizeof<P>() == 1) return v128.and(x, f32x4.splat(-0.0))
  return sizeof<P>() == 2 ? x : f32x4.mul(x, f32x4.abs(x))
}

/** Of p = 1 also 0, never -0, where x or the sum is 0. */
@inline
function weighed<P>(sum: v128, slope: v128, x: v128): v128 {
  if (sizeof<P>() > 1) return f32x4.mul(sum, slope)
  return v128.and(f32x4.add(v128.xor(sum, slope), f32x4.splat(0)), f32x4.ne(x, f32x4.splat(0)))
}

/** Sets the sign of lanes in which one of two numbers from 0 is less than `low`, more than `high`, or NaN. */
@inline
function beyond(a: v128, b: v128, low: f32, high: f32): v128 {
  return v128.or(
    i32x4.sub(i32x4.min_s(a, b), i32x4.splat(reinterpret<i32>(low))),
    i32x4.sub(i32x4.splat(reinterpret<i32>(high)), i32x4.max_s(a, b)),
  )
}

@inline
function isWithin(value: v128, low: f32, high: f32): v128 {
  const magnitude = f32x4.abs(value)
  return v128.and(f32x4.ge(magnitude, f32x4.splat(low)), f32x4.le(magnitude, f32x4.splat(high)))
}

@inline
function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count))
}

/** Stores the first `count` lanes, less than 4. */
@inline
function storeFirst(to: usize, value: v128, count: i32): void {
  if (count > 1) v128.store64_lane(to, value, 0)
  if (count == 1) v128.store32_lane(to, value, 0)
  if (count == 3) v128.store32_lane(to, value, 2, 8)
}
