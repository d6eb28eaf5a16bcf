/**
 * @file Lp norms with p = 1, 2 and 3: powers and roots in float64 vectors, and the beginning and the end of their
 * gradients.
 */
import { Block } from './block'
import { cubeRoot, cubeRoots, inverseCubeRoot } from './cube-root'
import { halfShares } from './half-norms'
import { isUsed, least, most, tameLanes, weighed, wildAmong } from './powers'
import { lowHalves } from './shuffles'

/** `src` and `indices` are the factors and the bases. */
@unmanaged
class Weights extends Block {
  n: i32
  /** The p of the norm. */
  exponent: i32
}

/** `dst = dy * sign(y) * |y|^(1 - p)` in `A`, as `weigh` has it. */
@inline
export function shareNorms<T, A>(block: usize): bool {
  const w = changetype<Weights>(block)
  if (sizeof<A>() == 4) return halfShares(w.src, w.indices, w.dst, w.n, w.exponent)
  if (w.exponent == 1) {
    plainShares<T>(w.src, w.indices, w.dst, w.n)
    return false
  }
  if (sizeof<T>() == 4 && sharesInRange(w.src, w.indices, w.dst, w.n, w.exponent)) return false
  return weighRun<T, T, f64, Shares>(w.src, w.indices, w.dst, w.n, w.exponent - 1)
}

/** `dst = dy * |y|^(1 - p)` in float64, of gradients dy and the sums of the powers of norms y. */
@inline
export function sendNorms<T>(block: usize): bool {
  const w = changetype<Weights>(block)
  return sharesOf<T>(w.src, w.indices, w.dst, w.n, w.exponent, 1)
}

/** `dst = sum * sign(x) * |x|^(p - 1)`, as `weigh` has it. The sums are float64. */
@inline
export function slopeNorms<T>(block: usize): bool {
  const w = changetype<Weights>(block)
  return slopeRun<T>(w.src, w.indices, w.dst, w.n, w.exponent)
}

export function slopeRun<T>(sums: usize, x: usize, dst: usize, n: i32, norm: i32): bool {
  if (norm == 1) {
    signRun<T>(sums, x, dst, n)
    return false
  }
  if (sizeof<T>() == 4 && slopesInRange(sums, x, dst, n, norm)) return false
  return weighRun<f64, T, T, Slopes>(sums, x, dst, n, norm - 1)
}

/** `dst = |src|^p` in float64. */
@inline
export function powerNorms<T>(block: usize): void {
  const w = changetype<Weights>(block)
  for (let left = w.n, src = w.src, dst = w.dst; left > 0; left -= 2, src += 2 * sizeof<T>(), dst += 16)
    storePair<f64>(dst, power(pairOf<T>(src, left), w.exponent), left)
}

/** `dst = src^(1 / p)` of float64 numbers from 0, rounded once. */
@inline
export function rootNorms<T>(block: usize): void {
  const w = changetype<Weights>(block)
  storeNorms<T>(w.src, w.dst, w.n, w.exponent, 1)
}

/** `dst = dy` in float64, 0 where y is 0 and NaN where it is NaN. */
function plainShares<T>(dy: usize, y: usize, dst: usize, n: i32): void {
  for (let left = n; left > 0; left -= 2, dy += 2 * sizeof<T>(), y += 2 * sizeof<T>(), dst += 16) {
    const norm = pairOf<T>(y, left)
    const share = v128.and(pairOf<T>(dy, left), f64x2.ne(norm, f64x2.splat(0)))
    storePair<f64>(dst, v128.bitselect(norm, share, f64x2.ne(norm, norm)), left)
  }
}

/**
 * Powers of float32 numbers up to the second, and their quotients and products, stay in the range of float64: only
 * infinities and NaN need more care.
 *
 * @returns false if there are any, and then some shares are wrong
 */
function sharesInRange(dy: usize, y: usize, dst: usize, n: i32, norm: i32): bool {
  let odd = v128.splat<i32>(0)
  for (let left = n; left > 0; left -= 2, dy += 8, y += 8, dst += 16) {
    const base = pairOf<f32>(y, left)
    const factor = pairOf<f32>(dy, left)
    const power = norm == 2 ? base : f64x2.mul(base, base)
    const share = v128.and(f64x2.div(factor, power), f64x2.ne(base, f64x2.splat(0)))
    odd = v128.or(odd, v128.or(f64x2.sub(share, share), f64x2.sub(base, base)))
    storePair<f64>(dst, share, left)
  }
  return !v128.any_true(odd)
}

/** As `sharesInRange` for slopes. A gradient beyond float32 is taken for odd too. */
function slopesInRange(sums: usize, x: usize, dst: usize, n: i32, norm: i32): bool {
  let odd = v128.splat<i32>(0)
  let left = n
  for (; left >= 4; left -= 4, sums += 32, x += 16, dst += 16) {
    const base = pairOf<f32>(x, 2)
    const next = pairOf<f32>(x + 8, 2)
    const slope = norm == 2 ? base : f64x2.mul(base, f64x2.abs(base))
    const nextSlope = norm == 2 ? next : f64x2.mul(next, f64x2.abs(next))
    const product = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums), slope))
    const nextProduct = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums, 16), nextSlope))
    const gradients = lowHalves(product, nextProduct)
    odd = v128.or(odd, f32x4.sub(gradients, gradients))
    v128.store(dst, gradients)
  }
  for (; left > 0; left -= 2, sums += 16, x += 8, dst += 8) {
    const base = pairOf<f32>(x, left)
    const product = f64x2.mul(pairOf<f64>(sums, left), norm == 2 ? base : f64x2.mul(base, f64x2.abs(base)))
    odd = v128.or(odd, f64x2.sub(product, product))
    storePair<f32>(dst, product, left)
  }
  return !v128.any_true(odd)
}

/** `dst = sum * sign(x)`, and 0, never -0, where x or the sum is 0. The sum is NaN where a window has a NaN. */
function signRun<T>(sums: usize, x: usize, dst: usize, n: i32): void {
  let left = n
  if (sizeof<T>() == 4) {
    for (; left >= 4; left -= 4, sums += 32, x += 16, dst += 16) {
      const low = f32x4.demote_f64x2_zero(v128.load(sums))
      v128.store(dst, signed<f32>(lowHalves(low, f32x4.demote_f64x2_zero(v128.load(sums, 16))), v128.load(x)))
    }
  } else {
    for (; left >= 2; left -= 2, sums += 16, x += 16, dst += 16)
      v128.store(dst, signed<f64>(v128.load(sums), v128.load(x)))
  }
  for (; left > 0; left--, sums += 8, x += sizeof<T>(), dst += sizeof<T>()) {
    const value = load<T>(x)
    const sum = <T>load<f64>(sums)
    store<T>(dst, value == 0 ? 0 : (value < 0 ? -sum : sum) + 0)
  }
}

@inline
function signed<T>(sum: v128, x: v128): v128 {
  const zero = v128.splat<T>(0)
  const sign = v128.or(v128.splat<T>(1), v128.and(x, v128.splat<T>(<T>-0.0)))
  return v128.and(v128.add<T>(v128.mul<T>(sum, sign), zero), v128.ne<T>(x, zero))
}

/** Type arguments: factors divided by powers, and multiplied by them. */
type Shares = u8
type Slopes = u16

/** @returns true if a power or a product left the range, as `weigh` has it */
@inline
function weighRun<F, B, D, W>(factors: usize, bases: usize, dst: usize, n: i32, exponent: i32): bool {
  const keeps = keepsOf<W>()
  let wild = i64x2.splat(0)
  let left = n
  for (; left >= 4; left -= 4) {
    const factor = pairOf<F>(factors, 2)
    const nextFactor = pairOf<F>(factors + 2 * sizeof<F>(), 2)
    const base = pairOf<B>(bases, 2)
    const nextBase = pairOf<B>(bases + 2 * sizeof<B>(), 2)
    let power = base
    let nextPower = nextBase
    if (exponent != 1) {
      power = signedPower(base, exponent)
      nextPower = signedPower(nextBase, exponent)
    }
    let product = apply<W>(factor, power)
    let nextProduct = apply<W>(nextFactor, nextPower)
    // In the range no factor and no base is 0, infinite or NaN; a power of float32 numbers is then in it too.
    let isOutside = outsideLanes(product)
    let isNextOutside = outsideLanes(nextProduct)
    if (sizeof<B>() == 8) {
      isOutside = v128.or(isOutside, outsideLanes(power))
      isNextOutside = v128.or(isNextOutside, outsideLanes(nextPower))
    }
    if (i64x2.bitmask(v128.or(isOutside, isNextOutside)) != 0) {
      const used = isUsed(factor, base, keeps)
      const nextUsed = isUsed(nextFactor, nextBase, keeps)
      if (i64x2.bitmask(v128.or(v128.and(isOutside, used), v128.and(isNextOutside, nextUsed))) == 0) {
        product = v128.and(product, used)
        nextProduct = v128.and(nextProduct, nextUsed)
      } else {
        product = weighPair<B, W>(factor, base, power, product)
        nextProduct = weighPair<B, W>(nextFactor, nextBase, nextPower, nextProduct)
        wild = v128.or(wild, v128.or(markedLanes(product), markedLanes(nextProduct)))
      }
    }
    storeFour<D>(dst, product, nextProduct)
    factors += 4 * sizeof<F>()
    bases += 4 * sizeof<B>()
    dst += 4 * sizeof<D>()
  }
  for (; left > 0; left -= 2) {
    const factor = pairOf<F>(factors, left)
    const base = pairOf<B>(bases, left)
    const power = signedPower(base, exponent)
    const product = weighPair<B, W>(factor, base, power, apply<W>(factor, power))
    wild = v128.or(wild, markedLanes(product))
    storePair<D>(dst, product, left)
    factors += 2 * sizeof<F>()
    bases += 2 * sizeof<B>()
    dst += 2 * sizeof<D>()
  }
  return v128.any_true(wild)
}

/** Shares of a 0 keep its sign. */
@inline
function keepsOf<W>(): v128 {
  return i64x2.splat(sizeof<W>() == 1 ? -1 : 0)
}

@inline
function apply<W>(factor: v128, power: v128): v128 {
  return sizeof<W>() == 1 ? f64x2.div(factor, power) : f64x2.mul(factor, power)
}

/** Lanes outside the range or NaN have their first bit set. */
@inline
function outsideLanes(value: v128): v128 {
  const magnitude = f64x2.abs(value)
  return v128.or(
    i64x2.sub(magnitude, i64x2.splat(reinterpret<i64>(least))),
    i64x2.sub(i64x2.splat(reinterpret<i64>(most)), magnitude),
  )
}

/** The `product` of two lanes as `weigh` has it; all bits of a lane whose power or product left the range are set. */
function weighPair<B, W>(factor: v128, base: v128, power: v128, product: v128): v128 {
  const keeps = keepsOf<W>()
  const magnitude = f64x2.abs(power)
  const own = sizeof<W>() == 1 ? f64x2.div(f64x2.splat(1), magnitude) : magnitude
  const weights = v128.or(weighed(factor, base, own, keeps), wildAmong(factor, base, own, keeps))
  // A lane beside a wild one, or beside none at the end of a run, is computed as anywhere else.
  let tame = tameLanes(product)
  if (sizeof<B>() == 8) tame = v128.and(tame, tameLanes(power))
  return v128.bitselect(product, weights, tame)
}

@inline
function markedLanes(product: v128): v128 {
  return i64x2.eq(product, i64x2.splat(-1))
}

/** `sign(base) * |base|^exponent` for exponents up to 2; 0 stays 0, and NaN stays NaN. */
@inline
function signedPower(base: v128, exponent: i32): v128 {
  if (exponent == 1) return base
  if (exponent == 2) return f64x2.mul(base, f64x2.abs(base))
  const one = v128.or(f64x2.splat(1), v128.and(base, f64x2.splat(-0.0)))
  return v128.or(v128.and(one, f64x2.ne(base, f64x2.splat(0))), f64x2.ne(base, base))
}

/** Two elements, or the last one and a 0. */
@inline
function pairOf<T>(at: usize, left: i32): v128 {
  if (sizeof<T>() == 8) return left > 1 ? v128.load(at) : v128.load64_zero(at)
  return f64x2.promote_low_f32x4(left > 1 ? v128.load64_zero(at) : v128.load32_zero(at))
}

@inline
function storePair<T>(to: usize, value: v128, left: i32): void {
  const narrowed = sizeof<T>() == 8 ? value : f32x4.demote_f64x2_zero(value)
  if (left == 1)
    store<T>(to, sizeof<T>() == 8 ? <T>f64x2.extract_lane(narrowed, 0) : <T>f32x4.extract_lane(narrowed, 0))
  else if (sizeof<T>() == 8) v128.store(to, narrowed)
  else v128.store64_lane(to, narrowed, 0)
}

@inline
function storeFour<T>(to: usize, value: v128, next: v128): void {
  if (sizeof<T>() == 8) {
    v128.store(to, value)
    v128.store(to, next, 16)
  } else v128.store(to, lowHalves(f32x4.demote_f64x2_zero(value), f32x4.demote_f64x2_zero(next)))
}

/** `|value|^exponent` for exponents of 1 to 3. */
@inline
export function power(value: v128, exponent: i32): v128 {
  if (exponent == 1) return f64x2.abs(value)
  const square = f64x2.mul(value, value)
  return exponent == 2 ? square : f64x2.mul(square, f64x2.abs(value))
}

/** Stores the roots of a run of scaled sums. The vectors of `src` may be read past its end. */
export function storeNorms<T>(src: usize, dst: usize, n: i32, exponent: i32, scale: f64): void {
  const by = f64x2.splat(scale)
  let left = n
  for (; left >= 4; left -= 4, src += 32, dst += 4 * sizeof<T>()) {
    const first = root<T>(f64x2.mul(v128.load(src), by), exponent)
    storeFour<T>(dst, first, root<T>(f64x2.mul(v128.load(src, 16), by), exponent))
  }
  for (; left > 0; left -= 2, src += 16, dst += 2 * sizeof<T>())
    storePair<T>(dst, root<T>(f64x2.mul(v128.load(src), by), exponent), left)
}

/**
 * `dst = dy * |y|^(1 - p)` in float64 of norms y with the scaled `sums`, as `weigh` has it.
 *
 * @returns true if a share is NaN because it left the range
 */
export function sharesOf<T>(sums: usize, dy: usize, dst: usize, n: i32, exponent: i32, scale: f64): bool {
  const by = f64x2.splat(scale)
  let wild = i64x2.splat(0)
  for (let left = n; left > 0; left -= 2, sums += 16, dy += 2 * sizeof<T>(), dst += 16) {
    const sum = f64x2.mul(v128.load(sums), by)
    const factor = f64x2.mul(pairOf<T>(dy, left), by)
    let share: v128
    let wildNow: v128
    if (exponent == 1) {
      wildNow = f64x2.ne(sum, sum)
      share = v128.or(v128.and(factor, f64x2.ne(sum, f64x2.splat(0))), wildNow)
    } else if (sizeof<T>() == 4) {
      // Powers and shares of float32 numbers stay in the range: only infinities and NaN need more care.
      share = v128.and(shareOf(sum, factor, exponent), f64x2.ne(sum, f64x2.splat(0)))
      const rest = f64x2.add(f64x2.sub(share, share), f64x2.sub(sum, sum))
      wildNow = f64x2.ne(rest, rest)
      share = v128.or(share, wildNow)
    } else {
      const base = root<f64>(sum, exponent)
      const power = signedPower(base, exponent - 1)
      share = apply<Shares>(factor, power)
      wildNow = v128.or(outsideLanes(share), outsideLanes(power))
      if (i64x2.bitmask(wildNow) != 0) {
        share = weighPair<f64, Shares>(factor, base, power, share)
        wildNow = markedLanes(share)
      } else wildNow = i64x2.splat(0)
    }
    if (left == 1) wildNow = v128.and(wildNow, i64x2(-1, 0))
    wild = v128.or(wild, wildNow)
    storePair<f64>(dst, share, left)
  }
  return v128.any_true(wild)
}

@inline
function shareOf(sum: v128, factor: v128, exponent: i32): v128 {
  if (exponent == 2) return f64x2.div(factor, f64x2.sqrt(sum))
  const r = inverseCubeRoot<f32>(sum)
  return f64x2.mul(f64x2.mul(factor, r), r)
}

@inline
function root<T>(value: v128, exponent: i32): v128 {
  if (exponent != 3) return exponent == 2 ? f64x2.sqrt(value) : value
  if (sizeof<T>() == 8) return cubeRoots(value)
  return v128.bitselect(cubeRoot<T>(value), value, f64x2.lt(value, f64x2.splat(Infinity)))
}
