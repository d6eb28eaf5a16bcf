/**
 * @file Folds of windows: first the sums of a piece of a run, then its results. Each lane computes, step by step, what
 * src/reducers defines for one window.
 */
import { logarithmOfMean } from './logarithm'
import { Exponent, rootOf } from './power'
import { at, isDense, othersOf, pair, Piece, tap, walk, whole, Windows } from './window-runs'

/** `src` are the elements, `dst` the results. */
@inline
export function foldWindows<T, R>(block: usize): void {
  walk<T, Fold<R>>(changetype<Windows>(block))
}

@unmanaged
class Fold<R> {
  @inline
  visit<T>(p: Piece): void {
    const w = p.w
    const count = p.columns * w.inner
    const sums = w.room
    const others = othersOf(w)
    changetype<R>(0).sum<T>(p, sums, others)
    let to = at<T>(w.dst, p.out)
    for (let i = 0; i < count; i += 2, to += 2 * sizeof<T>()) {
      const from = <usize>(i << 3)
      const result = changetype<R>(0).finish(w, v128.load(sums + from), v128.load(others + from), p.n)
      if (i + 1 < count) storePair<T>(to, result)
      else store<T>(to, <T>f64x2.extract_lane(result, 0))
    }
  }
}

@inline
function storePair<T>(to: usize, values: v128): void {
  if (sizeof<T>() == 8) v128.store(to, values)
  else v128.store64_lane(to, f32x4.demote_f64x2_zero(values), 0)
}

/** Writes the sums of the windows of a piece. Vectors may reach one number past the end of `values` and `sums`. */
export function sumPiece(p: Piece, values: usize, sums: usize): void {
  const taps = p.taps
  const n = p.n
  const inner = p.w.inner
  const src = at<f64>(values, p.first)
  if (isDense(p)) {
    sumDense(src, taps, n, p.columns * inner, sums)
    return
  }
  for (let i = 0; i < p.columns; i += 2) {
    const next = min(i + 1, p.columns - 1)
    for (let c = 0; c < inner; c++) {
      const a = at<f64>(src, i * p.stride + c)
      const b = at<f64>(src, next * p.stride + c)
      let sum = f64x2.splat(0)
      for (let t = 0; t < n; t++) {
        const offset = (<usize>whole(taps, t)) << 3
        sum = f64x2.add(sum, pair<f64>(a + offset, b + offset))
      }
      put(sums, i * inner + c, next * inner + c, sum)
    }
  }
}

/** Writes both lanes; they go to one place if there is one window. */
@inline
function put(base: usize, a: i32, b: i32, value: v128): void {
  v128.store64_lane(at<f64>(base, b), value, 1)
  v128.store64_lane(at<f64>(base, a), value, 0)
}

function sumDense(src: usize, taps: usize, n: i32, count: i32, sums: usize): void {
  const end = taps + ((<usize>n) << 2)
  let left = count
  for (; left >= 8; left -= 8, src += 64, sums += 64) {
    let a = f64x2.splat(0)
    let b = a
    let c = a
    let d = a
    for (let tap = taps; tap < end; tap += 4) {
      const from = src + ((<usize>load<i32>(tap)) << 3)
      a = f64x2.add(a, v128.load(from))
      b = f64x2.add(b, v128.load(from, 16))
      c = f64x2.add(c, v128.load(from, 32))
      d = f64x2.add(d, v128.load(from, 48))
    }
    v128.store(sums, a)
    v128.store(sums, b, 16)
    v128.store(sums, c, 32)
    v128.store(sums, d, 48)
  }
  for (; left > 0; left -= 2, src += 16, sums += 16) {
    let a = f64x2.splat(0)
    for (let tap = taps; tap < end; tap += 4) a = f64x2.add(a, v128.load(src + ((<usize>load<i32>(tap)) << 3)))
    v128.store(sums, a)
  }
}

/** Sums of deviations from the first element, and of their squares. `weights` are the elements. */
@unmanaged
export class Variance {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    const isRow = isDense(p)
    const inner = isRow ? 1 : p.w.inner
    const stride = isRow ? 1 : p.stride
    const columns = isRow ? p.columns * p.w.inner : p.columns
    const src = at<f64>(p.w.weights, p.first)
    let i = 0
    if (isRow)
      for (; i + 8 <= columns; i += 8) sumDeviations(at<f64>(src, i), p.taps, p.n, at<f64>(sums, i), at<f64>(others, i))
    for (; i < columns; i += 2) {
      const next = min(i + 1, columns - 1)
      for (let c = 0; c < inner; c++)
        sumDeviationsApart(p, src, i * stride + c, next * stride + c, i * inner + c, next * inner + c, sums, others)
    }
  }

  @inline
  finish(w: Windows, sum: v128, squares: v128, n: i32): v128 {
    const variance = varianceOf(w, sum, squares, n)
    return isRoot(w) ? f64x2.sqrt(variance) : variance
  }
}

/** Of eight neighbouring windows. The first deviation is 0, or NaN. */
@inline
function sumDeviations(src: usize, taps: usize, n: i32, sums: usize, others: usize): void {
  const end = taps + ((<usize>n) << 2)
  const a = v128.load(src)
  const b = v128.load(src, 16)
  const c = v128.load(src, 32)
  const d = v128.load(src, 48)
  let sumA = f64x2.sub(a, a)
  let sumB = f64x2.sub(b, b)
  let sumC = f64x2.sub(c, c)
  let sumD = f64x2.sub(d, d)
  let squaresA = f64x2.splat(0)
  let squaresB = squaresA
  let squaresC = squaresA
  let squaresD = squaresA
  for (let tap = taps + 4; tap < end; tap += 4) {
    const from = src + ((<usize>load<i32>(tap)) << 3)
    const x = f64x2.sub(v128.load(from), a)
    sumA = f64x2.add(sumA, x)
    squaresA = f64x2.add(squaresA, f64x2.mul(x, x))
    const y = f64x2.sub(v128.load(from, 16), b)
    sumB = f64x2.add(sumB, y)
    squaresB = f64x2.add(squaresB, f64x2.mul(y, y))
    const z = f64x2.sub(v128.load(from, 32), c)
    sumC = f64x2.add(sumC, z)
    squaresC = f64x2.add(squaresC, f64x2.mul(z, z))
    const last = f64x2.sub(v128.load(from, 48), d)
    sumD = f64x2.add(sumD, last)
    squaresD = f64x2.add(squaresD, f64x2.mul(last, last))
  }
  v128.store(sums, sumA)
  v128.store(sums, sumB, 16)
  v128.store(sums, sumC, 32)
  v128.store(sums, sumD, 48)
  v128.store(others, squaresA)
  v128.store(others, squaresB, 16)
  v128.store(others, squaresC, 32)
  v128.store(others, squaresD, 48)
}

/** Of the windows that begin at elements `i` and `j` of `src`; numbers `a` and `b` of `sums` and `others`. */
@inline
function sumDeviationsApart(p: Piece, src: usize, i: i32, j: i32, a: i32, b: i32, sums: usize, others: usize): void {
  const x = at<f64>(src, i)
  const y = at<f64>(src, j)
  const first = tap<f64>(x, y, p.taps, 0)
  let sum = f64x2.splat(0)
  let squares = sum
  for (let t = 0; t < p.n; t++) {
    const deviation = f64x2.sub(tap<f64>(x, y, p.taps, t), first)
    sum = f64x2.add(sum, deviation)
    squares = f64x2.add(squares, f64x2.mul(deviation, deviation))
  }
  put(sums, a, b, sum)
  put(others, a, b, squares)
}

@inline
export function isRoot(w: Windows): bool {
  return load<f64>(w.parameters + 8) != 0
}

@inline
export function divisorOf(w: Windows, n: i32): f64 {
  return max<f64>(0, <f64>n - load<f64>(w.parameters))
}

@inline
export function varianceOf(w: Windows, sum: v128, squares: v128, n: i32): v128 {
  const past = f64x2.sub(squares, f64x2.div(f64x2.mul(sum, sum), f64x2.splat(n)))
  return f64x2.div(f64x2.max(f64x2.splat(0), past), f64x2.splat(divisorOf(w, n)))
}

/** Means of elements, weighted by their exponentials; `beside` are the weighted elements. */
@unmanaged
export class Soft {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    sumPiece(p, p.w.weights, sums)
    sumPiece(p, p.w.beside, others)
  }

  @inline
  finish(w: Windows, sum: v128, weighted: v128, n: i32): v128 {
    return f64x2.div(weighted, sum)
  }
}

/** Logarithms of means of exponentials; `beside` are the exponentials less 1. */
@unmanaged
export class Exponentials {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    sumPiece(p, p.w.weights, sums)
    sumPiece(p, p.w.beside, others)
  }

  @inline
  finish(w: Windows, sum: v128, past: v128, n: i32): v128 {
    const count = f64x2.splat(n)
    const mean = logarithmOfMean(f64x2.div(sum, count), f64x2.div(past, count))
    return f64x2.div(mean, v128.load64_splat(w.parameters))
  }
}

/** Generalized means of the powers at `weights`. */
@unmanaged
export class Powers {
  @inline
  sum<T>(p: Piece, sums: usize, others: usize): void {
    sumPiece(p, p.w.weights, sums)
  }

  @inline
  finish(w: Windows, sum: v128, other: v128, n: i32): v128 {
    return generalizedMean(w, sum, n)
  }
}

@inline
export function generalizedMean(w: Windows, sum: v128, n: i32): v128 {
  return rootOf(f64x2.div(sum, f64x2.splat(n)), load<f64>(w.parameters), changetype<Exponent>(w.parameters + 8))
}
