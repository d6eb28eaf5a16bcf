/**
 * @file 2 by 2 windows at stride 2 without padding, of one channel.
 */
import { Block } from './block'
import { beats, isSum, join, joinOne, winsOne } from './reducers'
import { evens, joinPairs, odds } from './shuffles'
import {
  lanes,
  loadOrdered,
  loadOrderedOne,
  maskOf,
  probeFour,
  sawNaN,
  storeOrdered,
  storeOrderedOne,
  vectorStart,
} from './vectors'

@unmanaged
export class Windows2x2 extends Block {
  planes: i32
  inRows: i32
  inCols: i32
  rows: i32
  cols: i32
  orderMask: i32
  /** For sums: the divisor, and its reciprocal if that is exact, else 0. */
  divisors: usize
  /** Bytes from the first row of a window to the second, 0 for windows along rows, and to the first of the next. */
  below: usize
  step: usize
}

/** @returns true if the result may lack a NaN, as `fold` does */
@inline
export function pool2x2s2<T, R>(block: usize): bool {
  const w = changetype<Windows2x2>(block)
  const cols = w.cols
  const pitch = <usize>w.inCols * sizeof<T>()
  const below = w.below
  const step = w.step
  let dst = w.dst
  let seen = false
  for (let plane = 0; plane < w.planes; plane++) {
    let a = w.src + <usize>plane * w.inRows * pitch
    for (let row = 0; row < w.rows; row++, a += step, dst += <usize>cols * sizeof<T>()) {
      if (!ASC_FEATURE_SIMD || cols < lanes<T>()) shortRow<T, R>(w, a, a + below, dst)
      else if (isSum<R>()) averageRow<T>(w, a, a + below, dst)
      else if (poolRow<T, R>(w, a, a + below, dst)) seen = true
    }
  }
  return seen
}

@inline
function shortRow<T, R>(w: Windows2x2, a: usize, b: usize, dst: usize): void {
  const orderMask = maskOf<T>(w.orderMask)
  for (let i = 0; i < w.cols; i++, a += 2 * sizeof<T>(), b += 2 * sizeof<T>(), dst += sizeof<T>()) {
    let total = joinOne<T, R>(loadOrderedOne<T>(a, orderMask), loadOrderedOne<T>(a + sizeof<T>(), orderMask))
    total = joinOne<T, R>(total, loadOrderedOne<T>(b, orderMask))
    total = joinOne<T, R>(total, loadOrderedOne<T>(b + sizeof<T>(), orderMask))
    if (isSum<R>()) store<T>(dst, <T>(total / load<T>(w.divisors) + <T>0))
    else storeOrderedOne<T>(dst, total, orderMask)
  }
}

@inline
function poolRow<T, R>(w: Windows2x2, a: usize, b: usize, dst: usize): bool {
  const mask = v128.splat<T>(maskOf<T>(w.orderMask))
  const cols = w.cols
  let probe = v128.splat<T>(<T>0)
  for (let i = 0; i < cols; i += lanes<T>()) {
    const j = vectorStart<T>(i, cols)
    const at = 2 * j * sizeof<T>()
    const a0 = loadOrdered<T>(a + at, mask)
    const a1 = loadOrdered<T>(a + at + 16, mask)
    const b0 = loadOrdered<T>(b + at, mask)
    const b1 = loadOrdered<T>(b + at + 16, mask)
    probe = probeFour<T>(probe, a0, a1, b0, b1)
    // Bytes have no -0, so the order of joins does not matter.
    const best =
      sizeof<T>() == 1
        ? joinPairs<T, R>(join<T, R>(a0, b0), join<T, R>(a1, b1))
        : join<T, R>(joinPairs<T, R>(a0, a1), joinPairs<T, R>(b0, b1))
    storeOrdered<T>(dst + j * sizeof<T>(), best, mask)
  }
  return sawNaN<T>(probe)
}

/** Adds in row-major order. */
@inline
function averageRow<T>(w: Windows2x2, a: usize, b: usize, dst: usize): void {
  const factor = load<T>(w.divisors, sizeof<T>())
  if (factor != <T>0) averageVectors<T>(a, b, dst, w.cols, factor, true)
  else averageVectors<T>(a, b, dst, w.cols, load<T>(w.divisors), false)
}

@inline
function averageVectors<T>(a: usize, b: usize, dst: usize, cols: i32, by: T, multiplies: bool): void {
  const bys = v128.splat<T>(by)
  const zero = v128.splat<T>(<T>0)
  for (let i = 0; i < cols; i += lanes<T>()) {
    const j = vectorStart<T>(i, cols)
    const at = 2 * j * sizeof<T>()
    const a0 = v128.load(a + at)
    const a1 = v128.load(a + at, 16)
    const b0 = v128.load(b + at)
    const b1 = v128.load(b + at, 16)
    let total = v128.add<T>(evens<T>(a0, a1), odds<T>(a0, a1))
    total = v128.add<T>(total, evens<T>(b0, b1))
    total = v128.add<T>(total, odds<T>(b0, b1))
    total = multiplies ? v128.mul<T>(total, bys) : v128.div<T>(total, bys)
    v128.store(dst + j * sizeof<T>(), v128.add<T>(total, zero))
  }
}

/** `pool2x2s2` with positions in the plane, for elements of 4 bytes. */
@inline
export function argPool2x2s2<T, R>(block: usize): bool {
  const w = changetype<Windows2x2>(block)
  const cols = w.cols
  const inCols = w.inCols
  const pitch = <usize>inCols * sizeof<T>()
  let dst = w.dst
  let indices = w.indices
  let seen = false
  for (let plane = 0; plane < w.planes; plane++) {
    let a = w.src + <usize>plane * w.inRows * pitch
    let origin = 0
    for (let row = 0; row < w.rows; row++, a += 2 * pitch, origin += 2 * inCols) {
      if (!ASC_FEATURE_SIMD || cols < lanes<T>()) argShortRow<T, R>(a, a + pitch, dst, indices, cols, inCols, origin)
      else if (argPoolRow<T, R>(a, a + pitch, dst, indices, cols, inCols, origin)) seen = true
      dst += <usize>cols * sizeof<T>()
      indices += (<usize>cols) << 2
    }
  }
  return seen
}

@inline
function argShortRow<T, R>(a: usize, b: usize, dst: usize, indices: usize, cols: i32, inCols: i32, origin: i32): void {
  for (let i = 0; i < cols; i++, a += 2 * sizeof<T>(), b += 2 * sizeof<T>()) {
    const a0 = load<T>(a)
    const a1 = load<T>(a, sizeof<T>())
    const b0 = load<T>(b)
    const b1 = load<T>(b, sizeof<T>())
    const top = joinOne<T, R>(a0, a1)
    const low = joinOne<T, R>(b0, b1)
    const isLow = winsOne<T, R>(low, top)
    const isOdd = isLow ? winsOne<T, R>(b1, b0) : winsOne<T, R>(a1, a0)
    store<T>(dst + i * sizeof<T>(), isLow ? low : top)
    store<i32>(indices + (i << 2), origin + 2 * i + (isLow ? inCols : 0) + i32(isOdd))
  }
}

@inline
function argPoolRow<T, R>(a: usize, b: usize, dst: usize, indices: usize, cols: i32, inCols: i32, origin: i32): bool {
  const below = i32x4.splat(inCols)
  let probe = v128.splat<T>(<T>0)
  for (let i = 0; i < cols; i += lanes<T>()) {
    const j = vectorStart<T>(i, cols)
    const at = 2 * j * sizeof<T>()
    const a0 = v128.load(a + at)
    const a1 = v128.load(a + at, 16)
    const b0 = v128.load(b + at)
    const b1 = v128.load(b + at, 16)
    probe = probeFour<T>(probe, a0, a1, b0, b1)
    const aEven = evens<T>(a0, a1)
    const aOdd = odds<T>(a0, a1)
    const bEven = evens<T>(b0, b1)
    const bOdd = odds<T>(b0, b1)
    const top = join<T, R>(aEven, aOdd)
    const low = join<T, R>(bEven, bOdd)
    // Masks are -1 if the odd element, or the lower row, wins.
    const topOdd = beats<T, R>(aOdd, aEven)
    const lowOdd = beats<T, R>(bOdd, bEven)
    const isLow = beats<T, R>(low, top)
    const odd = v128.bitselect(i32x4.sub(below, lowOdd), i32x4.neg(topOdd), isLow)
    const first = i32x4.add(i32x4.splat(origin + 2 * j), i32x4(0, 2, 4, 6))
    v128.store(dst + j * sizeof<T>(), join<T, R>(top, low))
    v128.store(indices + (j << 2), i32x4.add(first, odd))
  }
  return sawNaN<T>(probe)
}
