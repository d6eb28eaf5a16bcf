/**
 * @file Max and min of 3 by 3 windows of one channel, at stride 1 or 2, row by row. All rows of padding are read from
 * one padding row.
 */
import { Block } from './block'
import { identity, join } from './reducers'
import { evens, odds, shiftIn, shiftOut } from './shuffles'
import { loadOrdered, maskOf, min, probeFour, probeOne, probeTwo, sawNaN, storeOrdered } from './vectors'

/** Type arguments: with and without padding at the ends of rows. */
export type Padded = u8
export type Bare = u16

@inline
export function isPadded<P>(): bool {
  return sizeof<P>() == 1
}

/**
 * Sizes of planes and their padding (0 or 1). `cols` is at least a vector; `inCols` is even at stride 2 with padding.
 */
@unmanaged
export class Window3x3 extends Block {
  planes: i32
  inRows: i32
  inCols: i32
  rows: i32
  cols: i32
  stride: i32
  padRows: i32
  padCols: i32
  /** For averages: the number of elements that each row and each column of outputs counts. */
  rowDivisors: usize
  colDivisors: usize
  /** A row of padding values, with one more vector before and after it. */
  padding: usize
  /** Scratch for four rows of outputs and two vectors. */
  scratch: usize
  orderMask: i32
}

/** The address of row `row` of the plane at `src`, or of the padding row. */
@inline
export function rowAt<T>(t: Window3x3, src: usize, row: i32): usize {
  return row >= 0 && row < t.inRows ? src + <usize>row * t.inCols * sizeof<T>() : t.padding
}

/** @returns true if the result may lack a NaN */
@inline
export function pool3x3<T, R>(block: usize): bool {
  const t = changetype<Window3x3>(block)
  if (isSmall<T>(t)) return columns<T, R>(t)
  let probe = v128.splat<T>(<T>0)
  for (let plane = 0; plane < t.planes; plane++) {
    const src = t.src + <usize>plane * t.inRows * t.inCols * sizeof<T>()
    const dst = t.dst + <usize>plane * t.rows * t.cols * sizeof<T>()
    if (t.stride == 2)
      probe = t.padCols != 0 ? sparse<T, R, Padded>(t, src, dst, probe) : sparse<T, R, Bare>(t, src, dst, probe)
    else probe = t.padCols != 0 ? dense<T, R, Padded>(t, src, dst, probe) : dense<T, R, Bare>(t, src, dst, probe)
  }
  return sawNaN<T>(probe)
}

/** True if a padded plane fits the first-level cache. It is then walked by columns, which keeps no rows in between. */
@inline
export function isSmall<T>(t: Window3x3): bool {
  return isFloat<T>() && t.stride == 1 && t.padCols != 0 && t.inRows * t.inCols * sizeof<T>() <= 16384
}

/** Stride 1, one column of vectors after another. */
@inline
function columns<T, R>(t: Window3x3): bool {
  const pitch = <usize>t.inCols * sizeof<T>()
  const outPitch = <usize>t.cols * sizeof<T>()
  const last = outPitch - 16
  const whole = min(t.rows, t.inRows + t.padRows - 2)
  const rest = t.rows - (whole & ~1)
  const padding = t.padding
  const end = whole & 1 ? 0 : padding
  let src = t.src - sizeof<T>()
  let dst = t.dst
  let probe = v128.splat<T>(<T>0)
  for (let plane = t.planes; plane > 0; plane--) {
    const p = t.padRows == 1 ? padding : src
    const q = src + pitch * (1 - t.padRows)
    probe = column<T, R>(p, q, pitch, dst, outPitch, whole >> 1, rest, end, probe, true, false)
    for (let j: usize = 16; j < last; j += 16)
      probe = column<T, R>(p + j, q + j, pitch, dst + j, outPitch, whole >> 1, rest, end, probe, false, false)
    probe = column<T, R>(p + last, q + last, pitch, dst + last, outPitch, whole >> 1, rest, end, probe, false, true)
    src += pitch * t.inRows
    dst += outPitch * t.rows
  }
  return sawNaN<T>(probe)
}

/**
 * Walks down a column of vectors from rows `p` and `q`, and stores `both` pairs of outputs. The two outputs of a pair
 * share the maximum of the two rows that both read. `rest` counts the outputs after them: the first one reads `end` as
 * its last row, or the next row if `end` is 0; the second has only two rows.
 */
@inline
function column<T, R>(
  p: usize,
  q: usize,
  pitch: usize,
  to: usize,
  outPitch: usize,
  both: i32,
  rest: i32,
  end: usize,
  probe: v128,
  isFirst: bool,
  isLast: bool,
): v128 {
  let at = q + pitch
  const first = v128.load(p, sizeof<T>())
  const second = v128.load(q, sizeof<T>())
  probe = probeTwo<T>(probe, first, second)
  let a = across<T, R>(p, first, isFirst, isLast)
  let b = across<T, R>(q, second, isFirst, isLast)
  for (let left = both; left > 0; left--) {
    const upper = v128.load(at, sizeof<T>())
    const c = across<T, R>(at, upper, isFirst, isLast)
    at += pitch
    const lower = v128.load(at, sizeof<T>())
    const d = across<T, R>(at, lower, isFirst, isLast)
    probe = probeTwo<T>(probe, upper, lower)
    at += pitch
    const shared = join<T, R>(b, c)
    v128.store(to, join<T, R>(a, shared))
    to += outPitch
    v128.store(to, join<T, R>(shared, d))
    to += outPitch
    a = c
    b = d
  }
  if (rest == 0) return probe
  const from = end || at
  const middle = v128.load(from, sizeof<T>())
  const shared = join<T, R>(b, across<T, R>(from, middle, isFirst, isLast))
  v128.store(to, join<T, R>(a, shared))
  if (rest == 2) v128.store(to + outPitch, shared)
  return probeOne<T>(probe, middle)
}

/** The maximum across three columns, for a vector of windows that begins at `at`. */
@inline
function across<T, R>(at: usize, middle: v128, isFirst: bool, isLast: bool): v128 {
  const none = v128.splat<T>(identity<T, R>())
  const left = isFirst ? shiftIn<T>(none, middle) : v128.load(at)
  const right = isLast ? shiftOut<T>(middle, none) : v128.load(at, 2 * sizeof<T>())
  return join<T, R>(join<T, R>(left, middle), right)
}

/** Stride 1, two rows of outputs at a time. Keeps the maxima across the last two input rows for the next pair. */
@inline
function dense<T, R, P>(t: Window3x3, src: usize, dst: usize, probe: v128): v128 {
  const rows = t.rows
  const pitch = <usize>t.cols * sizeof<T>()
  const nowhere = t.scratch
  const kept = nowhere + pitch
  let next = -t.padRows
  probe = probeOne<T>(probe, twoRows<T, R, P>(t, src, next, kept, nowhere, nowhere))
  for (let row = 0; row < rows; row += 2, dst += 2 * pitch) {
    next += 2
    const second = row + 1 < rows ? dst + pitch : nowhere
    probe = probeOne<T>(probe, twoRows<T, R, P>(t, src, next, kept, dst, second))
  }
  return probe
}

/** Input rows `next` and `next + 1` complete the output rows `first` and `second`. @returns the NaN probe over them */
function twoRows<T, R, P>(t: Window3x3, src: usize, next: i32, kept: usize, first: usize, second: usize): v128 {
  const last = <usize>t.cols * sizeof<T>() - 16
  const left = isPadded<P>() ? sizeof<T>() : 0
  const p = rowAt<T>(t, src, next) - left
  const q = rowAt<T>(t, src, next + 1) - left
  const mask = v128.splat<T>(maskOf<T>(t.orderMask))
  let probe = v128.splat<T>(<T>0)
  let j: usize = 0
  if (isPadded<P>()) {
    probe = twoAt<T, R, P>(p, q, kept, first, second, mask, probe, true, false)
    j = 16
  }
  for (; j < last; j += 16)
    probe = twoAt<T, R, P>(p + j, q + j, kept + 2 * j, first + j, second + j, mask, probe, false, false)
  return twoAt<T, R, P>(p + last, q + last, kept + 2 * j, first + last, second + last, mask, probe, false, true)
}

@inline
function twoAt<T, R, P>(
  p: usize,
  q: usize,
  kept: usize,
  first: usize,
  second: usize,
  mask: v128,
  probe: v128,
  isFirst: bool,
  isLast: bool,
): v128 {
  const none = v128.splat<T>(identity<T, R>())
  const p1 = loadOrdered<T>(p + sizeof<T>(), mask)
  const q1 = loadOrdered<T>(q + sizeof<T>(), mask)
  const p0 = isFirst ? shiftIn<T>(none, p1) : loadOrdered<T>(p, mask)
  const q0 = isFirst ? shiftIn<T>(none, q1) : loadOrdered<T>(q, mask)
  const p2 = isPadded<P>() && isLast ? shiftOut<T>(p1, none) : loadOrdered<T>(p + 2 * sizeof<T>(), mask)
  const q2 = isPadded<P>() && isLast ? shiftOut<T>(q1, none) : loadOrdered<T>(q + 2 * sizeof<T>(), mask)
  const c = join<T, R>(join<T, R>(p0, p1), p2)
  const d = join<T, R>(join<T, R>(q0, q1), q2)
  const shared = join<T, R>(v128.load(kept, 16), c)
  storeOrdered<T>(first, join<T, R>(v128.load(kept), shared), mask)
  storeOrdered<T>(second, join<T, R>(shared, d), mask)
  v128.store(kept, c)
  v128.store(kept, d, 16)
  return isPadded<P>() ? probeTwo<T>(probe, p1, q1) : probeFour<T>(probe, p0, p2, q0, q2)
}

/** Stride 2, one row of outputs at a time. Keeps the maxima across the last input row for the next output row. */
@inline
function sparse<T, R, P>(t: Window3x3, src: usize, dst: usize, probe: v128): v128 {
  const rows = t.rows
  const pitch = <usize>t.cols * sizeof<T>()
  const nowhere = t.scratch
  const kept = nowhere + pitch
  let next = -1 - t.padRows
  probe = probeOne<T>(probe, nextRows<T, R, P>(t, src, next, kept, nowhere))
  for (let row = 0; row < rows; row++, dst += pitch) {
    next += 2
    probe = probeOne<T>(probe, nextRows<T, R, P>(t, src, next, kept, dst))
  }
  return probe
}

/** Input rows `next` and `next + 1` complete the output row at `to`. @returns the NaN probe over them */
function nextRows<T, R, P>(t: Window3x3, src: usize, next: i32, kept: usize, to: usize): v128 {
  const last = <usize>t.cols * sizeof<T>() - 16
  const left = isPadded<P>() ? sizeof<T>() : 0
  const p = rowAt<T>(t, src, next) - left
  const q = rowAt<T>(t, src, next + 1) - left
  const mask = v128.splat<T>(maskOf<T>(t.orderMask))
  let probe = v128.splat<T>(<T>0)
  let j: usize = 0
  if (isPadded<P>()) {
    probe = nextAt<T, R, P>(p, q, kept, to, mask, probe, true)
    j = 16
  }
  for (; j < last; j += 16) probe = nextAt<T, R, P>(p + 2 * j, q + 2 * j, kept + j, to + j, mask, probe, false)
  return nextAt<T, R, P>(p + 2 * last, q + 2 * last, kept + j, to + last, mask, probe, false)
}

@inline
function nextAt<T, R, P>(p: usize, q: usize, kept: usize, to: usize, mask: v128, probe: v128, isFirst: bool): v128 {
  const none = v128.splat<T>(identity<T, R>())
  const p1 = loadOrdered<T>(p + sizeof<T>(), mask)
  const p2 = loadOrdered<T>(p + sizeof<T>() + 16, mask)
  const q1 = loadOrdered<T>(q + sizeof<T>(), mask)
  const q2 = loadOrdered<T>(q + sizeof<T>() + 16, mask)
  const pOdd = odds<T>(p1, p2)
  const qOdd = odds<T>(q1, q2)
  const p0 = isFirst ? shiftIn<T>(none, pOdd) : evens<T>(loadOrdered<T>(p, mask), loadOrdered<T>(p + 16, mask))
  const q0 = isFirst ? shiftIn<T>(none, qOdd) : evens<T>(loadOrdered<T>(q, mask), loadOrdered<T>(q + 16, mask))
  const c = join<T, R>(join<T, R>(p0, evens<T>(p1, p2)), pOdd)
  const d = join<T, R>(join<T, R>(q0, evens<T>(q1, q2)), qOdd)
  storeOrdered<T>(to, join<T, R>(join<T, R>(v128.load(kept), c), d), mask)
  v128.store(kept, d)
  const all = probeFour<T>(probe, p1, p2, q1, q2)
  return isPadded<P>() ? all : probeTwo<T>(all, p0, q0)
}
