/**
 * @file What gradients of windows compute, step by step as src/reducers: `sum` writes two numbers for each
 * window, `scale` makes its factor of them, and `share` the shares of two elements of `values`. `back` are the
 * bytes from an element to the first of its window.
 */
import { divisorOf, generalizedMean, isRoot, Powers, Soft, sumPiece, Variance, varianceOf } from './fold-windows'
import { Exponent, powerOf } from './power'
import { Piece, Windows } from './window-runs'

/** The sums become means of deviations, the others factors. */
@unmanaged
export class VarianceShare {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    changetype<Variance>(0).sum<T>(p, sums, others)
  }

  @inline
  values(w: Windows): usize {
    return w.weights
  }

  @inline
  scale<T>(w: Windows, dy: v128, n: i32, sums: usize, others: usize): v128 {
    const zero = f64x2.splat(0)
    const sum = v128.load(sums)
    const deviation = isRoot(w) ? f64x2.sqrt(varianceOf(w, sum, v128.load(others), n)) : f64x2.splat(0.5)
    const factor = f64x2.div(dy, f64x2.mul(f64x2.splat(divisorOf(w, n)), deviation))
    v128.store(sums, f64x2.div(sum, f64x2.splat(n)))
    v128.store(others, v128.andnot(factor, f64x2.eq(deviation, zero)))
    return zero
  }

  @inline
  share<T, L>(values: usize, x: usize, back: usize, gap: i32, sums: usize, others: usize): v128 {
    const first = changetype<L>(0).two<f64>(values - back, gap)
    const deviation = f64x2.sub(changetype<L>(0).two<f64>(values, gap), first)
    return f64x2.mul(f64x2.sub(deviation, v128.load(sums)), v128.load(others))
  }
}

/** The sums become factors, the others means. */
@unmanaged
export class SoftShare {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    changetype<Soft>(0).sum<T>(p, sums, others)
  }

  @inline
  values(w: Windows): usize {
    return w.weights
  }

  @inline
  scale<T>(w: Windows, dy: v128, n: i32, sums: usize, others: usize): v128 {
    const sum = v128.load(sums)
    v128.store(others, f64x2.div(v128.load(others), sum))
    v128.store(sums, f64x2.div(dy, sum))
    return isOutOfRange<T>(dy)
  }

  @inline
  share<T, L>(values: usize, x: usize, back: usize, gap: i32, sums: usize, others: usize): v128 {
    const part = f64x2.mul(v128.load(sums), changetype<L>(0).two<f64>(values, gap))
    const past = f64x2.sub(changetype<L>(0).two<T>(x, gap), v128.load(others))
    return f64x2.mul(part, f64x2.add(f64x2.splat(1), past))
  }
}

/** The sums become factors. */
@unmanaged
export class ExponentialsShare {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    sumPiece(p, p.w.weights, sums)
  }

  @inline
  values(w: Windows): usize {
    return w.weights
  }

  @inline
  scale<T>(w: Windows, dy: v128, n: i32, sums: usize, others: usize): v128 {
    v128.store(sums, f64x2.div(dy, v128.load(sums)))
    return isOutOfRange<T>(dy)
  }

  @inline
  share<T, L>(values: usize, x: usize, back: usize, gap: i32, sums: usize, others: usize): v128 {
    return f64x2.mul(v128.load(sums), changetype<L>(0).two<f64>(values, gap))
  }
}

/** Factors of these gradients are the same multiples of sums that are scaled by any power of two up to 2^500. */
const least: f64 = reinterpret<f64>(0x20b0000000000000)
const most: f64 = reinterpret<f64>(0x5f30000000000000)

@inline
function isOutOfRange<T>(dy: v128): v128 {
  if (sizeof<T>() == 4) return f64x2.splat(0)
  const size = f64x2.abs(dy)
  const isSmall = v128.and(f64x2.gt(size, f64x2.splat(0)), f64x2.lt(size, f64x2.splat(least)))
  const isLarge = v128.and(f64x2.gt(size, f64x2.splat(most)), f64x2.lt(size, f64x2.splat(Infinity)))
  return v128.or(isSmall, isLarge)
}

/** The sums become factors. The values are the powers of slopes, 0 for elements without one. */
@unmanaged
export class PowersShare {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    changetype<Powers>(0).sum<T>(p, sums, others)
  }

  @inline
  values(w: Windows): usize {
    return w.beside
  }

  /** Left to the host: infinite factors, and windows of zeros whose slopes are infinite. */
  @inline
  scale<T>(w: Windows, dy: v128, n: i32, sums: usize, others: usize): v128 {
    const infinity = f64x2.splat(Infinity)
    const mean = generalizedMean(w, v128.load(sums), n)
    const whole = powerOf(mean, changetype<Exponent>(w.parameters + 8 + offsetof<Exponent>()))
    const isZero = f64x2.eq(mean, f64x2.splat(0))
    const factor = v128.andnot(f64x2.div(dy, f64x2.mul(whole, f64x2.splat(n))), isZero)
    v128.store(sums, factor)
    const isInfinite = v128.and(f64x2.eq(f64x2.abs(factor), infinity), f64x2.lt(f64x2.abs(dy), infinity))
    return v128.or(isInfinite, v128.and(isZero, f64x2.eq(whole, infinity)))
  }

  @inline
  share<T, L>(values: usize, x: usize, back: usize, gap: i32, sums: usize, others: usize): v128 {
    const weight = changetype<L>(0).two<f64>(values, gap)
    return v128.andnot(f64x2.mul(v128.load(sums), weight), f64x2.eq(weight, f64x2.splat(0)))
  }
}
