/**
 * @file The shares of elements in gradients of windows, two windows at a time.
 */
import { divisorOf, generalizedMean, isRoot, varianceOf } from './fold-windows'
import { Exponent, powerOf } from './power'
import { at, eachPair, pair, Piece, sumOf, tap, walk, whole, Windows } from './window-runs'

/** Adds the shares of each element to `dst`, one window after another. */
@inline
export function shareWindows<T, R>(block: usize): void {
  walk<T, Share<R>>(changetype<Windows>(block))
}

@unmanaged
class Share<R> {
  @inline
  visit<T>(p: Piece): void {
    eachPair<T, Share<R>>(p)
  }

  @inline
  pair<T>(p: Piece, a: i32, b: i32, to: i32, next: i32): void {
    const w = p.w
    const dy = pair<T>(at<T>(w.dy, to), at<T>(w.dy, next))
    changetype<R>(0).share<T>(w, a, b, p.taps, p.n, dy)
    scatter<T>(w.dst, a, p.taps, p.n, w.room)
    if (next != to) scatter<T>(w.dst, b, p.taps, p.n, w.room + 8)
  }
}

@inline
function scatter<T>(dst: usize, from: i32, taps: usize, n: i32, shares: usize): void {
  const base = at<T>(dst, from)
  for (let t = 0; t < n; t++) {
    const to = at<T>(base, whole(taps, t))
    store<T>(to, <T>(<f64>load<T>(to) + load<f64>(shares + ((<usize>t) << 4))))
  }
}

@inline
function putShare(w: Windows, t: i32, share: v128): void {
  v128.store(w.room + ((<usize>t) << 4), share)
}

@unmanaged
export class VarianceShare {
  @inline
  share<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, dy: v128): void {
    const x = at<T>(w.src, a)
    const other = at<T>(w.src, b)
    const first = tap<T>(x, other, taps, 0)
    let sum = f64x2.splat(0)
    let squares = sum
    for (let t = 0; t < n; t++) {
      const deviation = f64x2.sub(tap<T>(x, other, taps, t), first)
      sum = f64x2.add(sum, deviation)
      squares = f64x2.add(squares, f64x2.mul(deviation, deviation))
    }
    const zero = f64x2.splat(0)
    const deviation = isRoot(w) ? f64x2.sqrt(varianceOf(w, sum, squares, n)) : f64x2.splat(0.5)
    const scale = v128.andnot(
      f64x2.div(f64x2.splat(1), f64x2.mul(f64x2.splat(divisorOf(w, n)), deviation)),
      f64x2.eq(deviation, zero),
    )
    const mean = f64x2.div(sum, f64x2.splat(n))
    for (let t = 0; t < n; t++) {
      const own = f64x2.sub(f64x2.sub(tap<T>(x, other, taps, t), first), mean)
      putShare(w, t, f64x2.mul(f64x2.mul(dy, own), scale))
    }
  }
}

@unmanaged
export class SoftShare {
  @inline
  share<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, dy: v128): void {
    const sum = sumOf(w.weights, a, b, taps, n)
    const mean = f64x2.div(sumOf(w.beside, a, b, taps, n), sum)
    const x = at<T>(w.src, a)
    const other = at<T>(w.src, b)
    const weights = at<f64>(w.weights, a)
    const others = at<f64>(w.weights, b)
    for (let t = 0; t < n; t++) {
      const part = f64x2.div(tap<f64>(weights, others, taps, t), sum)
      const slope = f64x2.add(f64x2.splat(1), f64x2.sub(tap<T>(x, other, taps, t), mean))
      putShare(w, t, f64x2.mul(f64x2.mul(dy, part), slope))
    }
  }
}

@unmanaged
export class ExponentialsShare {
  @inline
  share<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, dy: v128): void {
    const sum = sumOf(w.weights, a, b, taps, n)
    const weights = at<f64>(w.weights, a)
    const others = at<f64>(w.weights, b)
    for (let t = 0; t < n; t++) putShare(w, t, f64x2.mul(dy, f64x2.div(tap<f64>(weights, others, taps, t), sum)))
  }
}

/** `beside` are the powers of slopes, 0 for elements without one. */
@unmanaged
export class PowersShare {
  @inline
  share<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, dy: v128): void {
    const zero = f64x2.splat(0)
    const mean = generalizedMean(w, sumOf(w.weights, a, b, taps, n), n)
    const whole = powerOf(mean, changetype<Exponent>(w.parameters + 8 + offsetof<Exponent>()))
    const isZero = f64x2.eq(mean, zero)
    const slopes = at<f64>(w.beside, a)
    const others = at<f64>(w.beside, b)
    for (let t = 0; t < n; t++) {
      const weight = tap<f64>(slopes, others, taps, t)
      const share = f64x2.div(f64x2.mul(dy, f64x2.div(weight, whole)), f64x2.splat(n))
      putShare(w, t, v128.andnot(share, v128.or(isZero, f64x2.eq(weight, zero))))
    }
  }
}
