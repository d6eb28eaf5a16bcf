/**
 * @file Max and min of 3 by 3 windows of one channel, stride 1 or 2, row by row. Rows that padding stands for are read from one row of it.
 */
import { Bare, isMin, isPadded, Padded } from './folds'
import { alarmed, give, identity, take, watchFour, watchOne, watchTwo } from './lanes'
import { advanced, better, evens, moved, odds } from './rows'

/** Planes and what pads them (0 or 1); cols is at least a vector, and inCols is even for stride 2 with padding. */
@unmanaged
export class Triple {
  src: usize
  dst: usize
  planes: i32
  inRows: i32
  inCols: i32
  rows: i32
  cols: i32
  stride: i32
  padRows: i32
  padCols: i32
  /** For averages: counts of each row and column of outputs. */
  rowDivisors: usize
  colDivisors: usize
  /** A row of inputs that change nothing, with a vector before it and after it. */
  padding: usize
  /** Room for four rows of outputs and two vectors. */
  scratch: usize
  /** What integers are exclusive-ored with on the way in and out. */
  flip: i32
}

/** Where row `row` of the plane at `src` lies. */
@inline
export function rowAt<T>(t: Triple, src: usize, row: i32): usize {
  return row >= 0 && row < t.inRows ? src + <usize>row * t.inCols * sizeof<T>() : t.padding
}

/** @returns whether a NaN may have been seen, which this kernel loses */
@inline
export function triples<T, F>(block: usize): bool {
  const t = changetype<Triple>(block)
  if (isSmall<T>(t)) return columns<T, F>(t)
  let watch = v128.splat<T>(<T>0)
  for (let plane = 0; plane < t.planes; plane++) {
    const src = t.src + <usize>plane * t.inRows * t.inCols * sizeof<T>()
    const dst = t.dst + <usize>plane * t.rows * t.cols * sizeof<T>()
    if (t.stride == 2) watch = t.padCols != 0 ? sparse<T, F, Padded>(t, src, dst, watch) : sparse<T, F, Bare>(t, src, dst, watch)
    else watch = t.padCols != 0 ? dense<T, F, Padded>(t, src, dst, watch) : dense<T, F, Bare>(t, src, dst, watch)
  }
  return alarmed<T>(watch)
}

/** Whether a padded plane stays in the first-level cache while its columns are walked down one after another: nothing is kept between rows. */
@inline
export function isSmall<T>(t: Triple): bool {
  return isFloat<T>() && t.stride == 1 && t.padCols != 0 && t.inRows * t.inCols * sizeof<T>() <= 16384
}

/** Stride 1, a vector of columns after another. */
@inline
function columns<T, F>(t: Triple): bool {
  const pitch = <usize>t.inCols * sizeof<T>()
  const outPitch = <usize>t.cols * sizeof<T>()
  const last = outPitch - 16
  const whole = min32(t.rows, t.inRows + t.padRows - 2)
  const rest = t.rows - (whole & ~1)
  const padding = t.padding
  const end = whole & 1 ? 0 : padding
  let src = t.src - sizeof<T>()
  let dst = t.dst
  let watch = v128.splat<T>(<T>0)
  for (let plane = t.planes; plane > 0; plane--) {
    const p = t.padRows == 1 ? padding : src
    const q = src + pitch * (1 - t.padRows)
    watch = column<T, F>(p, q, pitch, dst, outPitch, whole >> 1, rest, end, watch, true, false)
    for (let j: usize = 16; j < last; j += 16) watch = column<T, F>(p + j, q + j, pitch, dst + j, outPitch, whole >> 1, rest, end, watch, false, false)
    watch = column<T, F>(p + last, q + last, pitch, dst + last, outPitch, whole >> 1, rest, end, watch, false, true)
    src += pitch * t.inRows
    dst += outPitch * t.rows
  }
  return alarmed<T>(watch)
}

/**
 * Down a vector of columns from rows `p` and `q`, `both` times two rows of outputs: they share the better of the two rows that both
 * read. The first of the `rest` ends with the row at `end`, or with the next one if that is 0; the second with nothing.
 */
@inline
function column<T, F>(p: usize, q: usize, pitch: usize, to: usize, outPitch: usize, both: i32, rest: i32, end: usize, watch: v128, isFirst: bool, isLast: bool): v128 {
  const min = isMin<F>()
  let at = q + pitch
  const first = v128.load(p, sizeof<T>())
  const second = v128.load(q, sizeof<T>())
  watch = watchTwo<T>(watch, first, second)
  let a = across<T, F>(p, first, isFirst, isLast)
  let b = across<T, F>(q, second, isFirst, isLast)
  for (let left = both; left > 0; left--) {
    const upper = v128.load(at, sizeof<T>())
    const c = across<T, F>(at, upper, isFirst, isLast)
    at += pitch
    const lower = v128.load(at, sizeof<T>())
    const d = across<T, F>(at, lower, isFirst, isLast)
    watch = watchTwo<T>(watch, upper, lower)
    at += pitch
    const shared = better<T>(b, c, min)
    v128.store(to, better<T>(a, shared, min))
    to += outPitch
    v128.store(to, better<T>(shared, d, min))
    to += outPitch
    a = c
    b = d
  }
  if (rest == 0) return watch
  const from = end || at
  const middle = v128.load(from, sizeof<T>())
  const shared = better<T>(b, across<T, F>(from, middle, isFirst, isLast), min)
  v128.store(to, better<T>(a, shared, min))
  if (rest == 2) v128.store(to + outPitch, shared)
  return watchOne<T>(watch, middle)
}

@inline
function min32(a: i32, b: i32): i32 {
  return a < b ? a : b
}

/** The best of left, middle and right, for a vector of windows whose first begins at `at`. */
@inline
function across<T, F>(at: usize, middle: v128, isFirst: bool, isLast: bool): v128 {
  const none = v128.splat<T>(identity<T>(isMin<F>()))
  const left = isFirst ? moved<T>(none, middle) : v128.load(at)
  const right = isLast ? advanced<T>(middle, none) : v128.load(at, 2 * sizeof<T>())
  return better<T>(better<T>(left, middle, isMin<F>()), right, isMin<F>())
}

/** Stride 1, two rows of outputs at a time. What the last two rows of inputs came to across their columns is kept for the next. */
@inline
function dense<T, F, P>(t: Triple, src: usize, dst: usize, watch: v128): v128 {
  const rows = t.rows
  const pitch = <usize>t.cols * sizeof<T>()
  const nowhere = t.scratch
  const kept = nowhere + pitch
  let next = -t.padRows
  watch = watchOne<T>(watch, twoRows<T, F, P>(t, src, next, kept, nowhere, nowhere))
  for (let row = 0; row < rows; row += 2, dst += 2 * pitch) {
    next += 2
    const second = row + 1 < rows ? dst + pitch : nowhere
    watch = watchOne<T>(watch, twoRows<T, F, P>(t, src, next, kept, dst, second))
  }
  return watch
}

/** Inputs `next` and the one after it end the windows of outputs `first` and `second`. @returns the watch over them */
function twoRows<T, F, P>(t: Triple, src: usize, next: i32, kept: usize, first: usize, second: usize): v128 {
  const last = <usize>t.cols * sizeof<T>() - 16
  const left = isPadded<P>() ? sizeof<T>() : 0
  const p = rowAt<T>(t, src, next) - left
  const q = rowAt<T>(t, src, next + 1) - left
  const flips = v128.splat<T>(<T>t.flip)
  let watch = v128.splat<T>(<T>0)
  let j: usize = 0
  if (isPadded<P>()) {
    watch = twoAt<T, F, P>(p, q, kept, first, second, flips, watch, true, false)
    j = 16
  }
  for (; j < last; j += 16) watch = twoAt<T, F, P>(p + j, q + j, kept + 2 * j, first + j, second + j, flips, watch, false, false)
  return twoAt<T, F, P>(p + last, q + last, kept + 2 * j, first + last, second + last, flips, watch, false, true)
}

@inline
function twoAt<T, F, P>(p: usize, q: usize, kept: usize, first: usize, second: usize, flips: v128, watch: v128, isFirst: bool, isLast: bool): v128 {
  const min = isMin<F>()
  const none = v128.splat<T>(identity<T>(min))
  const p1 = take<T>(p + sizeof<T>(), flips)
  const q1 = take<T>(q + sizeof<T>(), flips)
  const p0 = isFirst ? moved<T>(none, p1) : take<T>(p, flips)
  const q0 = isFirst ? moved<T>(none, q1) : take<T>(q, flips)
  const p2 = isPadded<P>() && isLast ? advanced<T>(p1, none) : take<T>(p + 2 * sizeof<T>(), flips)
  const q2 = isPadded<P>() && isLast ? advanced<T>(q1, none) : take<T>(q + 2 * sizeof<T>(), flips)
  const c = better<T>(better<T>(p0, p1, min), p2, min)
  const d = better<T>(better<T>(q0, q1, min), q2, min)
  const shared = better<T>(v128.load(kept, 16), c, min)
  give<T>(first, better<T>(v128.load(kept), shared, min), flips)
  give<T>(second, better<T>(shared, d, min), flips)
  v128.store(kept, c)
  v128.store(kept, d, 16)
  return isPadded<P>() ? watchTwo<T>(watch, p1, q1) : watchFour<T>(watch, p0, p2, q0, q2)
}

/** Stride 2, a row of outputs at a time. What the last row of inputs came to is kept for the next. */
@inline
function sparse<T, F, P>(t: Triple, src: usize, dst: usize, watch: v128): v128 {
  const rows = t.rows
  const pitch = <usize>t.cols * sizeof<T>()
  const nowhere = t.scratch
  const kept = nowhere + pitch
  let next = -1 - t.padRows
  watch = watchOne<T>(watch, nextRows<T, F, P>(t, src, next, kept, nowhere))
  for (let row = 0; row < rows; row++, dst += pitch) {
    next += 2
    watch = watchOne<T>(watch, nextRows<T, F, P>(t, src, next, kept, dst))
  }
  return watch
}

/** Inputs `next` and the one after it end the windows of the outputs at `to`. @returns the watch over them */
function nextRows<T, F, P>(t: Triple, src: usize, next: i32, kept: usize, to: usize): v128 {
  const last = <usize>t.cols * sizeof<T>() - 16
  const left = isPadded<P>() ? sizeof<T>() : 0
  const p = rowAt<T>(t, src, next) - left
  const q = rowAt<T>(t, src, next + 1) - left
  const flips = v128.splat<T>(<T>t.flip)
  let watch = v128.splat<T>(<T>0)
  let j: usize = 0
  if (isPadded<P>()) {
    watch = nextAt<T, F, P>(p, q, kept, to, flips, watch, true)
    j = 16
  }
  for (; j < last; j += 16) watch = nextAt<T, F, P>(p + 2 * j, q + 2 * j, kept + j, to + j, flips, watch, false)
  return nextAt<T, F, P>(p + 2 * last, q + 2 * last, kept + j, to + last, flips, watch, false)
}

@inline
function nextAt<T, F, P>(p: usize, q: usize, kept: usize, to: usize, flips: v128, watch: v128, isFirst: bool): v128 {
  const min = isMin<F>()
  const none = v128.splat<T>(identity<T>(min))
  const p1 = take<T>(p + sizeof<T>(), flips)
  const p2 = take<T>(p + sizeof<T>() + 16, flips)
  const q1 = take<T>(q + sizeof<T>(), flips)
  const q2 = take<T>(q + sizeof<T>() + 16, flips)
  const pOdd = odds<T>(p1, p2)
  const qOdd = odds<T>(q1, q2)
  const p0 = isFirst ? moved<T>(none, pOdd) : evens<T>(take<T>(p, flips), take<T>(p + 16, flips))
  const q0 = isFirst ? moved<T>(none, qOdd) : evens<T>(take<T>(q, flips), take<T>(q + 16, flips))
  const c = better<T>(better<T>(p0, evens<T>(p1, p2), min), pOdd, min)
  const d = better<T>(better<T>(q0, evens<T>(q1, q2), min), qOdd, min)
  give<T>(to, better<T>(better<T>(v128.load(kept), c, min), d, min), flips)
  v128.store(kept, d)
  const all = watchFour<T>(watch, p1, p2, q1, q2)
  return isPadded<P>() ? all : watchTwo<T>(all, p0, q0)
}
