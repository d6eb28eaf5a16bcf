/**
 * @file Averages of 3 by 3 windows of one channel at stride 1, added in row-major order. Padding adds zeros.
 */
import { Bare, isPadded, isSmall, Padded, rowAt, Window3x3 } from './pool3x3'
import { shiftIn, shiftOut } from './shuffles'

/** Computes two rows of outputs at a time, or walks down columns of vectors if the plane fits the first-level cache. */
@inline
export function average3x3<T>(block: usize): void {
  const t = changetype<Window3x3>(block)
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
function averageColumns<T>(t: Window3x3, plane: usize, dst: usize): void {
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

/** Walks down a column of vectors. Each input row completes one sum, continues the second and starts the third. */
@inline
function averageColumn<T>(
  t: Window3x3,
  p: usize,
  q: usize,
  at: usize,
  to: usize,
  cols: usize,
  isFirst: bool,
  isLast: bool,
): void {
  const zero = v128.splat<T>(<T>0)
  const pitch = <usize>t.inCols * sizeof<T>()
  const outPitch = <usize>t.cols * sizeof<T>()
  const acrossDivisor = v128.load(cols)
  const lastRow = t.rows - 1
  // From this row of outputs on, the last row of the window lies below the plane.
  const inside = t.inRows - 2 + t.padRows
  const alike = inside < lastRow ? inside : lastRow
  const q0 = before<T>(q, isFirst)
  const q1 = v128.load(q, sizeof<T>())
  const q2 = after<T>(q, isLast)
  let second = v128.add<T>(v128.add<T>(q0, q1), q2)
  let first = v128.add<T>(v128.add<T>(before<T>(p, isFirst), v128.load(p, sizeof<T>())), after<T>(p, isLast))
  first = v128.add<T>(v128.add<T>(v128.add<T>(first, q0), q1), q2)
  for (let row = 0; row <= lastRow; ) {
    // Rows between the first and the last ones have the same divisor.
    const run = row > 0 && row < alike ? alike - row : 1
    if (row >= inside) at = t.padding
    const divisor = v128.mul<T>(acrossDivisor, v128.splat<T>(load<T>(t.rowDivisors + row * sizeof<T>())))
    row += run
    for (let left = run; left > 0; left--) {
      const west = before<T>(at, isFirst)
      const middle = v128.load(at, sizeof<T>())
      const east = after<T>(at, isLast)
      const sum = v128.add<T>(v128.add<T>(v128.add<T>(first, west), middle), east)
      v128.store(to, v128.add<T>(v128.div<T>(sum, divisor), zero))
      first = v128.add<T>(v128.add<T>(v128.add<T>(second, west), middle), east)
      second = v128.add<T>(v128.add<T>(west, middle), east)
      at += pitch
      to += outPitch
    }
  }
}

function averageRows<T, P>(t: Window3x3, src: usize, row: i32, first: usize): void {
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
  for (; j < last; j += 16)
    averageAt<T>(p + j, q + j, r + j, s + j, first + j, second + j, cols + j, by, byToo, false, false)
  averageAt<T>(
    p + last,
    q + last,
    r + last,
    s + last,
    first + last,
    second + last,
    cols + last,
    by,
    byToo,
    false,
    isPadded<P>(),
  )
}

@inline
function averageAt<T>(
  p: usize,
  q: usize,
  r: usize,
  s: usize,
  first: usize,
  second: usize,
  cols: usize,
  by: v128,
  byToo: v128,
  isFirst: bool,
  isLast: bool,
): void {
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
  return isFirst ? shiftIn<T>(v128.splat<T>(<T>0), v128.load(at, sizeof<T>())) : v128.load(at)
}

@inline
function after<T>(at: usize, isLast: bool): v128 {
  return isLast ? shiftOut<T>(v128.load(at, sizeof<T>()), v128.splat<T>(<T>0)) : v128.load(at, 2 * sizeof<T>())
}
