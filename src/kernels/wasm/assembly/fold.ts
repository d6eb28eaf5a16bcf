/**
 * @file Folds any windows, given as tables of byte offsets, in the order of the tables.
 */
import { dividesRun, divisorOf, finishOne, finishRun, mean } from './epilogue'
import { Epilogue, Grid } from './grid'
import { identity, isNanSafe, isSum, join, joinOne, losesNaN } from './reducers'
import {
  lanes,
  loadOrdered,
  loadOrderedOne,
  maskOf,
  probeFour,
  probeOne,
  sawNaN,
  storeOrdered,
  storeOrderedOne,
  vectorStart,
} from './vectors'

/** @returns true if the result may lack a NaN: fold again with `NanSafe` */
@inline
export function fold<T, R>(block: usize): bool {
  const g = changetype<Grid>(block)
  const n = g.n
  const orderMask = maskOf<T>(g.orderMask)
  let seen = false
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    for (let row = 0; row < g.rows; row++) {
      const rowFrom = listAt(g.rowEnds, g.rowOffsets, row)
      const rowTo = listAt(g.rowEnds, g.rowOffsets, row + 1)
      const rowDivisors = g.rowDivisors + row * 2 * sizeof<T>()
      let dst = g.dst + <usize>plane * g.dstPlane + <usize>row * g.dstRow
      for (let col = 0; col < g.cols; col++, dst += g.dstCol) {
        if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
          if (sharesTaps<T, R>(g, col)) {
            if (foldTwo<T, R>(g, src, dst, row, col, orderMask)) seen = true
            col++
            dst += g.dstCol
            continue
          }
          let r = rowFrom
          do {
            const end = isFarApart<T, R>(g, row, col) ? r + 4 : rowTo
            if (foldRun<T, R>(g, src, dst, row, col, r, end, orderMask)) seen = true
            r = end
          } while (r < rowTo)
          continue
        }
        const colFrom = listAt(g.colEnds, g.colOffsets, col)
        const colTo = listAt(g.colEnds, g.colOffsets, col + 1)
        const divisors = g.colDivisors + col * sizeof<T>()
        for (let i = 0; i < n; i++) {
          let total = identity<T, R>()
          for (let r = rowFrom; r < rowTo; r += 4) {
            const from = src + load<u32>(r) + i * sizeof<T>()
            for (let k = colFrom; k < colTo; k += 4)
              total = joinOne<T, R>(total, loadOrderedOne<T>(from + load<u32>(k), orderMask))
          }
          const to = dst + i * sizeof<T>()
          if (isSum<R>()) store<T>(to, finishOne<T>(g, total, rowDivisors, divisors, i))
          else storeOrderedOne<T>(to, total, orderMask)
        }
      }
    }
  }
  return seen
}

/** The address of list `i` of a table. */
@inline
function listAt(ends: usize, items: usize, i: i32): usize {
  return items + load<u32>(ends + (i << 2))
}

/** Kernels that run after a NaN stay small, and those of integers, whose pixels other kernels fold. */
@inline
function isLarge<T, R>(): bool {
  return isFloat<T>() && !isNanSafe<R>()
}

/** True if the next column has all taps of this one but the first, and one more. */
@inline
function sharesTaps<T, R>(g: Grid, col: i32): bool {
  if (!isLarge<T, R>() || col + 1 >= g.cols) return false
  const from = listAt(g.colEnds, g.colOffsets, col)
  const to = listAt(g.colEnds, g.colOffsets, col + 1)
  const size = to - from
  if (size < 8 || listAt(g.colEnds, g.colOffsets, col + 2) - to != size) return false
  for (let k = from + 4; k < to; k += 4) if (load<u32>(k) != load<u32>(k + size - 4)) return false
  return true
}

/**
 * True for windows of more pixels than the hardware prefetcher follows, each at least half a page from the next. They
 * are folded a row of taps at a time, through `dst`, where runs must not overlap.
 */
@inline
function isFarApart<T, R>(g: Grid, row: i32, col: i32): bool {
  if (!isLarge<T, R>()) return false
  const rows = listAt(g.rowEnds, g.rowOffsets, row + 1) - listAt(g.rowEnds, g.rowOffsets, row)
  const cols = listAt(g.colEnds, g.colOffsets, col + 1) - listAt(g.colEnds, g.colOffsets, col)
  return g.dstCol >= 2048 && g.n % lanes<T>() == 0 && rows > 16 && cols >= 16
}

/** The rows of taps `[rowFrom, rowTo)` of one run of at least a vector. */
@inline
function foldRun<T, R>(
  g: Grid,
  src: usize,
  dst: usize,
  row: i32,
  col: i32,
  rowFrom: usize,
  rowTo: usize,
  orderMask: T,
): bool {
  const n = g.n
  const colFrom = listAt(g.colEnds, g.colOffsets, col)
  const colTo = listAt(g.colEnds, g.colOffsets, col + 1)
  const rowDivisors = g.rowDivisors + row * 2 * sizeof<T>()
  const divisors = g.colDivisors + col * sizeof<T>()
  const isFirst = !isLarge<T, R>() || rowFrom == listAt(g.rowEnds, g.rowOffsets, row)
  const isLast = !isLarge<T, R>() || rowTo >= listAt(g.rowEnds, g.rowOffsets, row + 1)
  const mask = v128.splat<T>(orderMask)
  const none = v128.splat<T>(identity<T, R>())
  const divides = isSum<R>() && isLast && dividesRun(g)
  const divisor = divides ? divisorOf<T>(rowDivisors, divisors) : none
  let probe = v128.splat<T>(<T>0)
  let i = 0
  for (; i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
    const to = dst + i * sizeof<T>()
    let a = isFirst ? none : loadOrdered<T>(to, mask)
    let b = isFirst ? none : loadOrdered<T>(to + 16, mask)
    let c = isFirst ? none : loadOrdered<T>(to + 32, mask)
    let d = isFirst ? none : loadOrdered<T>(to + 48, mask)
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + i * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const at = from + load<u32>(k)
        const va = loadOrdered<T>(at, mask)
        const vb = loadOrdered<T>(at + 16, mask)
        const vc = loadOrdered<T>(at + 32, mask)
        const vd = loadOrdered<T>(at + 48, mask)
        a = join<T, R>(a, va)
        b = join<T, R>(b, vb)
        c = join<T, R>(c, vc)
        d = join<T, R>(d, vd)
        if (losesNaN<T, R>()) probe = probeFour<T>(probe, va, vb, vc, vd)
      }
    }
    storeFour<T, R>(to, a, b, c, d, mask, divides, divisor)
  }
  for (; i < n; i += lanes<T>()) {
    const j = vectorStart<T>(i, n)
    const to = dst + j * sizeof<T>()
    let a = isFirst ? none : loadOrdered<T>(to, mask)
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const va = loadOrdered<T>(from + load<u32>(k), mask)
        a = join<T, R>(a, va)
        if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
      }
    }
    storeOne<T, R>(to, a, mask, divides, divisor)
  }
  if (isSum<R>() && isLast && !divides && g.epilogue != Epilogue.None) finishRun<T>(g, dst, n, rowDivisors, divisors)
  return losesNaN<T, R>() && sawNaN<T>(probe)
}

/** Two columns that share taps. Each vector is loaded once for both, and each output meets its taps in order. */
@inline
function foldTwo<T, R>(g: Grid, src: usize, dst: usize, row: i32, col: i32, orderMask: T): bool {
  const n = g.n
  const rowFrom = listAt(g.rowEnds, g.rowOffsets, row)
  const rowTo = listAt(g.rowEnds, g.rowOffsets, row + 1)
  const colFrom = listAt(g.colEnds, g.colOffsets, col)
  const colTo = listAt(g.colEnds, g.colOffsets, col + 1)
  const rowDivisors = g.rowDivisors + row * 2 * sizeof<T>()
  const divisors = g.colDivisors + col * sizeof<T>()
  const last = colTo + (colTo - colFrom) - 4
  const mask = v128.splat<T>(orderMask)
  const none = v128.splat<T>(identity<T, R>())
  const divides = isSum<R>() && dividesRun(g)
  const divisor = divides ? divisorOf<T>(rowDivisors, divisors) : none
  const nextDivisor = divides ? divisorOf<T>(rowDivisors, divisors + sizeof<T>()) : none
  const next = dst + g.dstCol
  let probe = v128.splat<T>(<T>0)
  let i = 0
  for (; i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
    let a = none
    let b = none
    let c = none
    let d = none
    let e = none
    let f = none
    let h = none
    let j = none
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + i * sizeof<T>()
      let at = from + load<u32>(colFrom)
      let va = v128.load(at)
      let vb = v128.load(at, 16)
      let vc = v128.load(at, 32)
      let vd = v128.load(at, 48)
      a = join<T, R>(a, va)
      b = join<T, R>(b, vb)
      c = join<T, R>(c, vc)
      d = join<T, R>(d, vd)
      if (losesNaN<T, R>()) probe = probeFour<T>(probe, va, vb, vc, vd)
      for (let k = colFrom + 4; k < colTo; k += 4) {
        at = from + load<u32>(k)
        va = v128.load(at)
        vb = v128.load(at, 16)
        vc = v128.load(at, 32)
        vd = v128.load(at, 48)
        a = join<T, R>(a, va)
        b = join<T, R>(b, vb)
        c = join<T, R>(c, vc)
        d = join<T, R>(d, vd)
        e = join<T, R>(e, va)
        f = join<T, R>(f, vb)
        h = join<T, R>(h, vc)
        j = join<T, R>(j, vd)
        if (losesNaN<T, R>()) probe = probeFour<T>(probe, va, vb, vc, vd)
      }
      at = from + load<u32>(last)
      va = v128.load(at)
      vb = v128.load(at, 16)
      vc = v128.load(at, 32)
      vd = v128.load(at, 48)
      e = join<T, R>(e, va)
      f = join<T, R>(f, vb)
      h = join<T, R>(h, vc)
      j = join<T, R>(j, vd)
      if (losesNaN<T, R>()) probe = probeFour<T>(probe, va, vb, vc, vd)
    }
    storeFour<T, R>(dst + i * sizeof<T>(), a, b, c, d, mask, divides, divisor)
    storeFour<T, R>(next + i * sizeof<T>(), e, f, h, j, mask, divides, nextDivisor)
  }
  for (; i < n; i += lanes<T>()) {
    const j = vectorStart<T>(i, n)
    let a = none
    let b = none
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      let va = v128.load(from + load<u32>(colFrom))
      a = join<T, R>(a, va)
      if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
      for (let k = colFrom + 4; k < colTo; k += 4) {
        va = v128.load(from + load<u32>(k))
        a = join<T, R>(a, va)
        b = join<T, R>(b, va)
        if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
      }
      va = v128.load(from + load<u32>(last))
      b = join<T, R>(b, va)
      if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
    }
    storeOne<T, R>(dst + j * sizeof<T>(), a, mask, divides, divisor)
    storeOne<T, R>(next + j * sizeof<T>(), b, mask, divides, nextDivisor)
  }
  if (isSum<R>() && !divides && g.epilogue != Epilogue.None) {
    finishRun<T>(g, dst, n, rowDivisors, divisors)
    finishRun<T>(g, next, n, rowDivisors, divisors + sizeof<T>())
  }
  return losesNaN<T, R>() && sawNaN<T>(probe)
}

@inline
function storeFour<T, R>(
  to: usize,
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  mask: v128,
  divides: bool,
  divisor: v128,
): void {
  if (isSum<R>() && divides) {
    a = mean<T>(a, divisor)
    b = mean<T>(b, divisor)
    c = mean<T>(c, divisor)
    d = mean<T>(d, divisor)
  }
  storeOrdered<T>(to, a, mask)
  storeOrdered<T>(to + 16, b, mask)
  storeOrdered<T>(to + 32, c, mask)
  storeOrdered<T>(to + 48, d, mask)
}

@inline
function storeOne<T, R>(to: usize, a: v128, mask: v128, divides: bool, divisor: v128): void {
  if (isSum<R>() && divides) a = mean<T>(a, divisor)
  storeOrdered<T>(to, a, mask)
}
