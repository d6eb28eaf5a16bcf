/**
 * @file 3 by 3 windows of one channel, stride 1 or 2, row by row. Rows that padding stands for are read from one row of it.
 */
import { Bare, isMin, isPadded, Padded } from './folds'
import { alarmed, watchOne } from './lanes'
import { advanced, better, evens, moved, odds, worst } from './rows'

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
}

/** Where row `row` of the plane at `src` lies. */
@inline
function rowAt<T>(t: Triple, src: usize, row: i32): usize {
  return row >= 0 && row < t.inRows ? src + <usize>row * t.inCols * sizeof<T>() : t.padding
}

/** @returns whether a NaN may have been seen, which this kernel loses */
@inline
export function triples<T, F>(block: usize): bool {
  const t = changetype<Triple>(block)
  let seen = false
  for (let plane = 0; plane < t.planes; plane++) {
    const src = t.src + <usize>plane * t.inRows * t.inCols * sizeof<T>()
    const dst = t.dst + <usize>plane * t.rows * t.cols * sizeof<T>()
    let alarm: bool
    if (t.stride == 2) alarm = t.padCols != 0 ? sparse<T, F, Padded>(t, src, dst) : sparse<T, F, Bare>(t, src, dst)
    else if (isSmall<T>(t)) alarm = columns<T, F>(t, src, dst)
    else alarm = t.padCols != 0 ? dense<T, F, Padded>(t, src, dst) : dense<T, F, Bare>(t, src, dst)
    if (alarm) seen = true
  }
  return seen
}

/** Whether a padded plane stays in the first-level cache while its columns are walked down one after another: nothing is kept between rows. */
@inline
function isSmall<T>(t: Triple): bool {
  return isFloat<T>() && t.padCols != 0 && t.inRows * t.inCols * sizeof<T>() <= 16384
}

/** Stride 1, a vector of columns after another. */
@inline
function columns<T, F>(t: Triple, plane: usize, dst: usize): bool {
  const src = plane - sizeof<T>()
  const last = <usize>t.cols * sizeof<T>() - 16
  const next = 2 - t.padRows
  const p = rowAt<T>(t, src, next - 2)
  const q = rowAt<T>(t, src, next - 1)
  const at = src + <usize>next * t.inCols * sizeof<T>()
  const both = min32(t.rows, t.inRows - next) >> 1
  let watch = column<T, F>(t, p, q, at, dst, both, v128.splat<T>(<T>0), true, false)
  for (let j: usize = 16; j < last; j += 16) watch = column<T, F>(t, p + j, q + j, at + j, dst + j, both, watch, false, false)
  return alarmed<T>(column<T, F>(t, p + last, q + last, at + last, dst + last, both, watch, false, true))
}

/** Down a vector of columns, `both` times two rows of outputs: they share the better of the two rows that both read. */
@inline
function column<T, F>(t: Triple, p: usize, q: usize, at: usize, to: usize, both: i32, watch: v128, isFirst: bool, isLast: bool): v128 {
  const min = isMin<F>()
  const pitch = <usize>t.inCols * sizeof<T>()
  const outPitch = <usize>t.cols * sizeof<T>()
  let a = across<T, F>(p, isFirst, isLast)
  let b = across<T, F>(q, isFirst, isLast)
  watch = watchOne<T>(watch, v128.add<T>(v128.load(p, sizeof<T>()), v128.load(q, sizeof<T>())))
  for (let left = both; left > 0; left--) {
    const c = across<T, F>(at, isFirst, isLast)
    const seen = v128.load(at, sizeof<T>())
    at += pitch
    const d = across<T, F>(at, isFirst, isLast)
    watch = watchOne<T>(watch, v128.add<T>(seen, v128.load(at, sizeof<T>())))
    at += pitch
    const shared = better<T>(b, c, min)
    v128.store(to, better<T>(a, shared, min))
    to += outPitch
    v128.store(to, better<T>(shared, d, min))
    to += outPitch
    a = c
    b = d
  }
  for (let row = both << 1; row < t.rows; row++, to += outPitch, at += pitch) {
    const from = row + 2 - t.padRows < t.inRows ? at : t.padding
    const c = across<T, F>(from, isFirst, isLast)
    watch = watchOne<T>(watch, v128.load(from, sizeof<T>()))
    v128.store(to, better<T>(better<T>(a, b, min), c, min))
    a = b
    b = c
  }
  return watch
}

@inline
function min32(a: i32, b: i32): i32 {
  return a < b ? a : b
}

/** The best of left, middle and right, for a vector of windows whose first begins at `at`. */
@inline
function across<T, F>(at: usize, isFirst: bool, isLast: bool): v128 {
  const none = v128.splat<T>(worst<T>(isMin<F>()))
  const middle = v128.load(at, sizeof<T>())
  const left = isFirst ? moved<T>(none, middle) : v128.load(at)
  const right = isLast ? advanced<T>(middle, none) : v128.load(at, 2 * sizeof<T>())
  return better<T>(better<T>(left, middle, isMin<F>()), right, isMin<F>())
}

/** Stride 1, two rows of outputs at a time. What the last two rows of inputs came to across their columns is kept for the next. */
@inline
function dense<T, F, P>(t: Triple, src: usize, dst: usize): bool {
  const rows = t.rows
  const pitch = <usize>t.cols * sizeof<T>()
  const nowhere = t.scratch
  const kept = nowhere + pitch
  let next = -t.padRows
  let watch = twoRows<T, F, P>(t, src, next, kept, nowhere, nowhere)
  for (let row = 0; row < rows; row += 2, dst += 2 * pitch) {
    next += 2
    const second = row + 1 < rows ? dst + pitch : nowhere
    watch = v128.add<T>(watch, twoRows<T, F, P>(t, src, next, kept, dst, second))
  }
  return alarmed<T>(watch)
}

/** Inputs `next` and the one after it end the windows of outputs `first` and `second`. @returns the watch over them */
function twoRows<T, F, P>(t: Triple, src: usize, next: i32, kept: usize, first: usize, second: usize): v128 {
  const last = <usize>t.cols * sizeof<T>() - 16
  const left = isPadded<P>() ? sizeof<T>() : 0
  const p = rowAt<T>(t, src, next) - left
  const q = rowAt<T>(t, src, next + 1) - left
  let watch = v128.splat<T>(<T>0)
  let j: usize = 0
  if (isPadded<P>()) {
    watch = twoAt<T, F, P>(p, q, kept, first, second, watch, true, false)
    j = 16
  }
  for (; j < last; j += 16) watch = twoAt<T, F, P>(p + j, q + j, kept + 2 * j, first + j, second + j, watch, false, false)
  return twoAt<T, F, P>(p + last, q + last, kept + 2 * j, first + last, second + last, watch, false, true)
}

@inline
function twoAt<T, F, P>(p: usize, q: usize, kept: usize, first: usize, second: usize, watch: v128, isFirst: bool, isLast: bool): v128 {
  const min = isMin<F>()
  const none = v128.splat<T>(worst<T>(min))
  const p1 = v128.load(p, sizeof<T>())
  const q1 = v128.load(q, sizeof<T>())
  const p0 = isFirst ? moved<T>(none, p1) : v128.load(p)
  const q0 = isFirst ? moved<T>(none, q1) : v128.load(q)
  const p2 = isPadded<P>() && isLast ? advanced<T>(p1, none) : v128.load(p, 2 * sizeof<T>())
  const q2 = isPadded<P>() && isLast ? advanced<T>(q1, none) : v128.load(q, 2 * sizeof<T>())
  const c = better<T>(better<T>(p0, p1, min), p2, min)
  const d = better<T>(better<T>(q0, q1, min), q2, min)
  const shared = better<T>(v128.load(kept, 16), c, min)
  v128.store(first, better<T>(v128.load(kept), shared, min))
  v128.store(second, better<T>(shared, d, min))
  v128.store(kept, c)
  v128.store(kept, d, 16)
  if (isPadded<P>()) return watchOne<T>(watch, v128.add<T>(p1, q1))
  return watchOne<T>(watch, v128.add<T>(v128.add<T>(p0, p2), v128.add<T>(q0, q2)))
}

/** Stride 2, a row of outputs at a time. What the last row of inputs came to is kept for the next. */
@inline
function sparse<T, F, P>(t: Triple, src: usize, dst: usize): bool {
  const rows = t.rows
  const pitch = <usize>t.cols * sizeof<T>()
  const nowhere = t.scratch
  const kept = nowhere + pitch
  let next = -1 - t.padRows
  let watch = nextRows<T, F, P>(t, src, next, kept, nowhere)
  for (let row = 0; row < rows; row++, dst += pitch) {
    next += 2
    watch = v128.add<T>(watch, nextRows<T, F, P>(t, src, next, kept, dst))
  }
  return alarmed<T>(watch)
}

/** Inputs `next` and the one after it end the windows of the outputs at `to`. @returns the watch over them */
function nextRows<T, F, P>(t: Triple, src: usize, next: i32, kept: usize, to: usize): v128 {
  const last = <usize>t.cols * sizeof<T>() - 16
  const left = isPadded<P>() ? sizeof<T>() : 0
  const p = rowAt<T>(t, src, next) - left
  const q = rowAt<T>(t, src, next + 1) - left
  let watch = v128.splat<T>(<T>0)
  let j: usize = 0
  if (isPadded<P>()) {
    watch = nextAt<T, F, P>(p, q, kept, to, watch, true)
    j = 16
  }
  for (; j < last; j += 16) watch = nextAt<T, F, P>(p + 2 * j, q + 2 * j, kept + j, to + j, watch, false)
  return nextAt<T, F, P>(p + 2 * last, q + 2 * last, kept + j, to + last, watch, false)
}

@inline
function nextAt<T, F, P>(p: usize, q: usize, kept: usize, to: usize, watch: v128, isFirst: bool): v128 {
  const min = isMin<F>()
  const none = v128.splat<T>(worst<T>(min))
  const p1 = v128.load(p, sizeof<T>())
  const p2 = v128.load(p, sizeof<T>() + 16)
  const q1 = v128.load(q, sizeof<T>())
  const q2 = v128.load(q, sizeof<T>() + 16)
  const pOdd = odds<T>(p1, p2)
  const qOdd = odds<T>(q1, q2)
  const p0 = isFirst ? moved<T>(none, pOdd) : evens<T>(v128.load(p), v128.load(p, 16))
  const q0 = isFirst ? moved<T>(none, qOdd) : evens<T>(v128.load(q), v128.load(q, 16))
  const c = better<T>(better<T>(p0, evens<T>(p1, p2), min), pOdd, min)
  const d = better<T>(better<T>(q0, evens<T>(q1, q2), min), qOdd, min)
  v128.store(to, better<T>(better<T>(v128.load(kept), c, min), d, min))
  v128.store(kept, d)
  const all = v128.add<T>(v128.add<T>(p1, p2), v128.add<T>(q1, q2))
  return watchOne<T>(watch, isPadded<P>() ? all : v128.add<T>(all, v128.add<T>(p0, q0)))
}

/** Averages of 3 by 3 windows at stride 1, added in row-major order, two rows of outputs at a time; padding adds zeros. */
@inline
export function averageTriples<T>(block: usize): void {
  const t = changetype<Triple>(block)
  const rows = t.rows
  const size = <usize>t.cols * sizeof<T>()
  for (let plane = 0; plane < t.planes; plane++) {
    const src = t.src + <usize>plane * t.inRows * t.inCols * sizeof<T>()
    let dst = t.dst + <usize>plane * rows * size
    if (isSmall<T>(t)) {
      averageColumns<T>(t, src, dst)
      continue
    }
    for (let row = 0; row < rows; row += 2, dst += 2 * size) {
      if (t.padCols != 0) averageRows<T, Padded>(t, src, row, dst)
      else averageRows<T, Bare>(t, src, row, dst)
    }
  }
}

@inline
function averageColumns<T>(t: Triple, plane: usize, dst: usize): void {
  const src = plane - sizeof<T>()
  const last = <usize>t.cols * sizeof<T>() - 16
  const next = 2 - t.padRows
  const p = rowAt<T>(t, src, next - 2)
  const q = rowAt<T>(t, src, next - 1)
  const at = src + <usize>next * t.inCols * sizeof<T>()
  const cols = t.colDivisors
  averageColumn<T>(t, p, q, at, dst, cols, true, false)
  for (let j: usize = 16; j < last; j += 16) averageColumn<T>(t, p + j, q + j, at + j, dst + j, cols + j, false, false)
  averageColumn<T>(t, p + last, q + last, at + last, dst + last, cols + last, false, true)
}

/** Down a vector of columns: each row ends one sum, goes on with another and begins a third. */
@inline
function averageColumn<T>(t: Triple, p: usize, q: usize, at: usize, to: usize, cols: usize, isFirst: bool, isLast: bool): void {
  const zero = v128.splat<T>(<T>0)
  const pitch = <usize>t.inCols * sizeof<T>()
  const outPitch = <usize>t.cols * sizeof<T>()
  const acrossDivisor = v128.load(cols)
  const inside = t.inRows - 2 + t.padRows
  const lastRow = t.rows - 1
  let divisor = zero
  const q0 = before<T>(q, isFirst)
  const q1 = v128.load(q, sizeof<T>())
  const q2 = after<T>(q, isLast)
  let second = v128.add<T>(v128.add<T>(q0, q1), q2)
  let first = v128.add<T>(v128.add<T>(before<T>(p, isFirst), v128.load(p, sizeof<T>())), after<T>(p, isLast))
  first = v128.add<T>(v128.add<T>(v128.add<T>(first, q0), q1), q2)
  for (let row = 0; row <= lastRow; row++) {
    // All rows but the outermost ones count alike.
    if (row <= 1 || row == lastRow) divisor = v128.mul<T>(acrossDivisor, v128.splat<T>(load<T>(t.rowDivisors + row * sizeof<T>())))
    if (row == inside) at = t.padding
    const left = before<T>(at, isFirst)
    const middle = v128.load(at, sizeof<T>())
    const right = after<T>(at, isLast)
    v128.store(to, v128.add<T>(v128.div<T>(v128.add<T>(v128.add<T>(v128.add<T>(first, left), middle), right), divisor), zero))
    first = v128.add<T>(v128.add<T>(v128.add<T>(second, left), middle), right)
    second = v128.add<T>(v128.add<T>(left, middle), right)
    at += pitch
    to += outPitch
  }
}

function averageRows<T, P>(t: Triple, src: usize, row: i32, first: usize): void {
  const size = <usize>t.cols * sizeof<T>()
  const last = size - 16
  const left = isPadded<P>() ? sizeof<T>() : 0
  const top = row - t.padRows
  const p = rowAt<T>(t, src, top) - left
  const q = rowAt<T>(t, src, top + 1) - left
  const r = rowAt<T>(t, src, top + 2) - left
  const s = rowAt<T>(t, src, top + 3) - left
  const hasSecond = row + 1 < t.rows
  const second = hasSecond ? first + size : t.scratch
  const by = v128.splat<T>(load<T>(t.rowDivisors + row * sizeof<T>()))
  const byToo = v128.splat<T>(load<T>(t.rowDivisors + (row + i32(hasSecond)) * sizeof<T>()))
  const cols = t.colDivisors
  let j: usize = 0
  if (isPadded<P>()) {
    averageAt<T>(p, q, r, s, first, second, cols, by, byToo, true, false)
    j = 16
  }
  for (; j < last; j += 16) averageAt<T>(p + j, q + j, r + j, s + j, first + j, second + j, cols + j, by, byToo, false, false)
  averageAt<T>(p + last, q + last, r + last, s + last, first + last, second + last, cols + last, by, byToo, false, isPadded<P>())
}

@inline
function averageAt<T>(p: usize, q: usize, r: usize, s: usize, first: usize, second: usize, cols: usize, by: v128, byToo: v128, isFirst: bool, isLast: bool): void {
  const zero = v128.splat<T>(<T>0)
  const across = v128.load(cols)
  const p1 = v128.load(p, sizeof<T>())
  const q1 = v128.load(q, sizeof<T>())
  const r1 = v128.load(r, sizeof<T>())
  const s1 = v128.load(s, sizeof<T>())
  let a = v128.add<T>(before<T>(p, isFirst), p1)
  let b = v128.add<T>(before<T>(q, isFirst), q1)
  a = v128.add<T>(a, after<T>(p, isLast))
  const q2 = after<T>(q, isLast)
  a = v128.add<T>(a, before<T>(q, isFirst))
  b = v128.add<T>(b, q2)
  a = v128.add<T>(v128.add<T>(a, q1), q2)
  const r0 = before<T>(r, isFirst)
  const r2 = after<T>(r, isLast)
  a = v128.add<T>(v128.add<T>(v128.add<T>(a, r0), r1), r2)
  b = v128.add<T>(v128.add<T>(v128.add<T>(b, r0), r1), r2)
  b = v128.add<T>(v128.add<T>(v128.add<T>(b, before<T>(s, isFirst)), s1), after<T>(s, isLast))
  v128.store(first, v128.add<T>(v128.div<T>(a, v128.mul<T>(across, by)), zero))
  v128.store(second, v128.add<T>(v128.div<T>(b, v128.mul<T>(across, byToo)), zero))
}

@inline
function before<T>(at: usize, isFirst: bool): v128 {
  return isFirst ? moved<T>(v128.splat<T>(<T>0), v128.load(at, sizeof<T>())) : v128.load(at)
}

@inline
function after<T>(at: usize, isLast: bool): v128 {
  return isLast ? advanced<T>(v128.load(at, sizeof<T>()), v128.splat<T>(<T>0)) : v128.load(at, 2 * sizeof<T>())
}
