/**
 * @file Windows of any form, two at a time: neighbours in a row that have the same taps. Each lane computes, step by
 * step, what src/reducers defines for one window.
 */
import { Block } from '../block'
import { Exponent, powerOf, rootOf } from './power'

@unmanaged
class Windows extends Block {
  planes: i32
  /** Elements of a plane before and after pooling, channels included. */
  inSize: i32
  outSize: i32
  inner: i32
  /** Outputs along the last axis, and rows of them. */
  columns: i32
  rows: i32
  /** The first element of each row and, within it, of each column. */
  rowFirsts: usize
  columnFirsts: usize
  /** For each row the address of its lists, and for each column which of them are its taps. */
  rowLists: usize
  columnLists: usize
  /** Of variances the correction, and 1 for their roots; of generalized means p, and the exponents 1 / p and p - 1. */
  parameters: usize
  /** For each element its exponential, and a second number beside it, in float64. */
  weights: usize
  beside: usize
  /** Gradients of the outputs, and room for the shares of two windows. */
  dy: usize
  shares: usize
}

/** `src` are the elements, `dst` the results. */
@inline
export function foldWindows<T, R>(block: usize): void {
  walk<T, Fold<R>>(changetype<Windows>(block))
}

/** Adds the shares of each element to `dst`, one window after another. */
@inline
export function shareWindows<T, R>(block: usize): void {
  walk<T, Share<R>>(changetype<Windows>(block))
}

/** Visits all windows, two at a time: the elements at which they begin, their taps, and their outputs. */
@inline
function walk<T, V>(w: Windows): void {
  for (let plane = 0; plane < w.planes; plane++)
    for (let row = 0; row < w.rows; row++) {
      const first = plane * w.inSize + whole(w.rowFirsts, row)
      const out = plane * w.outSize + row * w.columns * w.inner
      for (let i = 0; i < w.columns; ) {
        const next = nextOf(w, i)
        const taps = tapsOf(w, row, i)
        const n = load<i32>(taps)
        const a = first + whole(w.columnFirsts, i)
        const b = first + whole(w.columnFirsts, next)
        for (let c = 0; c < w.inner; c++)
          changetype<V>(0).visit<T>(w, a + c, b + c, taps + 4, n, out + i * w.inner + c, out + next * w.inner + c)
        i = next + 1
      }
    }
}

@unmanaged
class Fold<R> {
  @inline
  visit<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, to: i32, next: i32): void {
    changetype<R>(0).fold<T>(w, a, b, taps, n, to, next)
  }
}

@unmanaged
class Share<R> {
  @inline
  visit<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, to: i32, next: i32): void {
    const dy = pair<T>(at<T>(w.dy, to), at<T>(w.dy, next))
    changetype<R>(0).share<T>(w, a, b, taps, n, dy)
    scatter<T>(w.dst, a, taps, n, w.shares)
    if (next != to) scatter<T>(w.dst, b, taps, n, w.shares + 8)
  }
}

/** The column that shares vectors with column `i`: the next one if its windows have the same taps, or `i` itself. */
@inline
function nextOf(w: Windows, i: i32): i32 {
  return i + 1 < w.columns && whole(w.columnLists, i) == whole(w.columnLists, i + 1) ? i + 1 : i
}

/** The address of the number of taps of a window; the taps follow, counted from its first element. */
@inline
function tapsOf(w: Windows, row: i32, i: i32): usize {
  return <usize>whole(<usize>whole(w.rowLists, row), whole(w.columnLists, i))
}

@inline
function whole(list: usize, i: i32): i32 {
  return load<i32>(list + ((<usize>i) << 2))
}

@inline
function at<T>(base: usize, index: i32): usize {
  return base + <usize>index * sizeof<T>()
}

/** Two elements as float64. */
@inline
function pair<T>(a: usize, b: usize): v128 {
  if (sizeof<T>() == 8) return v128.load64_lane(b, v128.load64_zero(a), 1)
  return f64x2.promote_low_f32x4(v128.load32_lane(b, v128.load32_zero(a), 1))
}

/** Tap `t` of the windows that begin at `a` and `b`. */
@inline
function tap<T>(a: usize, b: usize, taps: usize, t: i32): v128 {
  const offset = <usize>whole(taps, t) * sizeof<T>()
  return pair<T>(a + offset, b + offset)
}

/** Writes both lanes; they go to one place if there is one window. */
@inline
function put<T>(base: usize, a: i32, b: i32, value: v128): void {
  store<T>(at<T>(base, a), <T>f64x2.extract_lane(value, 0))
  if (a != b) store<T>(at<T>(base, b), <T>f64x2.extract_lane(value, 1))
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
  v128.store(w.shares + ((<usize>t) << 4), share)
}

/** Sums of deviations from the first element. */
@unmanaged
export class Variance {
  @inline
  fold<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, to: i32, next: i32): void {
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
    const variance = varianceOf(w, sum, squares, n)
    put<T>(w.dst, to, next, isRoot(w) ? f64x2.sqrt(variance) : variance)
  }

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

@inline
function isRoot(w: Windows): bool {
  return load<f64>(w.parameters + 8) != 0
}

@inline
function divisorOf(w: Windows, n: i32): f64 {
  return max<f64>(0, <f64>n - load<f64>(w.parameters))
}

@inline
function varianceOf(w: Windows, sum: v128, squares: v128, n: i32): v128 {
  const past = f64x2.sub(squares, f64x2.div(f64x2.mul(sum, sum), f64x2.splat(n)))
  return f64x2.div(f64x2.max(f64x2.splat(0), past), f64x2.splat(divisorOf(w, n)))
}

/** Means of elements, weighted by their exponentials; `beside` are the weighted elements. */
@unmanaged
export class Soft {
  @inline
  fold<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, to: i32, next: i32): void {
    const sum = sumOf(w.weights, a, b, taps, n)
    put<T>(w.dst, to, next, f64x2.div(sumOf(w.beside, a, b, taps, n), sum))
  }

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

/** Means of exponentials at `dst` and of exponentials less 1 at `indices`, in float64. */
@unmanaged
export class Exponentials {
  @inline
  fold<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, to: i32, next: i32): void {
    const count = f64x2.splat(n)
    put<f64>(w.dst, to, next, f64x2.div(sumOf(w.weights, a, b, taps, n), count))
    put<f64>(w.indices, to, next, f64x2.div(sumOf(w.beside, a, b, taps, n), count))
  }

  @inline
  share<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, dy: v128): void {
    const sum = sumOf(w.weights, a, b, taps, n)
    const weights = at<f64>(w.weights, a)
    const others = at<f64>(w.weights, b)
    for (let t = 0; t < n; t++) putShare(w, t, f64x2.mul(dy, f64x2.div(tap<f64>(weights, others, taps, t), sum)))
  }
}

/** Sums out of this range are left to the host: they are not finite, or lose digits. */
const leastSum: f64 = reinterpret<f64>(0x0df0000000000000)
const mostSum: f64 = reinterpret<f64>(0x7830000000000000)

/** Places that the samples at `dy` pick, as 32-bit integers: -1 if no element is positive, -2 if it is open. */
@unmanaged
export class Pick {
  @inline
  fold<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, to: i32, next: i32): void {
    const x = at<T>(w.src, a)
    const other = at<T>(w.src, b)
    const zero = f64x2.splat(0)
    let sum = zero
    for (let t = 0; t < n; t++) sum = f64x2.add(sum, f64x2.max(tap<T>(x, other, taps, t), zero))
    const threshold = f64x2.mul(pair<f64>(at<f64>(w.dy, to), at<f64>(w.dy, next)), sum)
    let part = zero
    let before = zero
    for (let t = 0; t < n; t++) {
      part = f64x2.add(part, f64x2.max(tap<T>(x, other, taps, t), zero))
      before = i64x2.sub(before, f64x2.le(part, threshold))
    }
    const first = placeOf(f64x2.extract_lane(sum, 0), a, taps, i64x2.extract_lane(before, 0))
    store<i32>(at<i32>(w.dst, to), first)
    if (to == next) return
    const second = placeOf(f64x2.extract_lane(sum, 1), b, taps, i64x2.extract_lane(before, 1))
    store<i32>(at<i32>(w.dst, next), second)
  }
}

/** The tap after those `before` the sample's part of the sum. */
@inline
function placeOf(sum: f64, from: i32, taps: usize, before: i64): i32 {
  if (sum == 0) return -1
  return sum >= leastSum && sum <= mostSum ? from + whole(taps, <i32>before) : -2
}

/** Generalized means of the powers at `weights`; `beside` are those of slopes, 0 for elements without one. */
@unmanaged
export class Powers {
  @inline
  fold<T>(w: Windows, a: i32, b: i32, taps: usize, n: i32, to: i32, next: i32): void {
    put<T>(w.dst, to, next, generalizedMean(w, sumOf(w.weights, a, b, taps, n), n))
  }

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

@inline
function generalizedMean(w: Windows, sum: v128, n: i32): v128 {
  return rootOf(f64x2.div(sum, f64x2.splat(n)), load<f64>(w.parameters), changetype<Exponent>(w.parameters + 8))
}

@inline
function sumOf(values: usize, a: i32, b: i32, taps: usize, n: i32): v128 {
  const first = at<f64>(values, a)
  const other = at<f64>(values, b)
  let sum = f64x2.splat(0)
  for (let t = 0; t < n; t++) sum = f64x2.add(sum, tap<f64>(first, other, taps, t))
  return sum
}
