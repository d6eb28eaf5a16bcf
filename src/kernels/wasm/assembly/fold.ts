/**
 * @file Folds any windows, given as tables of byte offsets, in the order of the tables.
 */
import { dividesOnce, finishOne, finishRun, mean, rowDivisor } from './epilogue'
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
      if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
        const isPair = sharesTaps<T, R>(g, row)
        const isApart = isFarApart<T, R>(g, row)
        for (let col = 0; col < g.cols; col++, dst += g.dstCol) {
          if (isPair) {
            if (foldTwo<T, R>(g, src, dst, row, col, orderMask)) seen = true
            continue
          }
          let r = rowFrom
          do {
            const end = isApart ? r + 4 : rowTo
            if (foldRun<T, R>(g, src, dst, row, col, r, end, orderMask)) seen = true
            r = end
          } while (r < rowTo)
        }
        if (isPair) row++
        continue
      }
      for (let col = 0; col < g.cols; col++, dst += g.dstCol) {
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

/** True for sums, and for maxima and minima of float32. The other kernels stay small: they run less often. */
@inline
function isLarge<T, R>(): bool {
  return isSum<R>() || (isFloat<T>() && sizeof<T>() == 4 && !isNanSafe<R>())
}

/** True if the next row of outputs has all rows of taps of this one but the first, and one more. */
@inline
function sharesTaps<T, R>(g: Grid, row: i32): bool {
  if (!isLarge<T, R>() || row + 1 >= g.rows) return false
  const from = listAt(g.rowEnds, g.rowOffsets, row)
  const to = listAt(g.rowEnds, g.rowOffsets, row + 1)
  const size = to - from
  if (size < 8 || listAt(g.rowEnds, g.rowOffsets, row + 2) - to != size) return false
  for (let r = from + 4; r < to; r += 4) if (load<u32>(r) != load<u32>(r + size - 4)) return false
  return true
}

/**
 * True for windows of more pixels than the hardware prefetcher follows, each at least half a page from the next. They
 * are folded a row of taps at a time, through `dst`, where runs must not overlap.
 */
@inline
function isFarApart<T, R>(g: Grid, row: i32): bool {
  if (!isLarge<T, R>()) return false
  const rows = listAt(g.rowEnds, g.rowOffsets, row + 1) - listAt(g.rowEnds, g.rowOffsets, row)
  return g.dstCol >= 2048 && g.n % lanes<T>() == 0 && rows > 16 && load<u32>(g.colEnds, 4) >= 16
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
  const isFirst = !isLarge<T, R>() || rowFrom == listAt(g.rowEnds, g.rowOffsets, row)
  const isLast = !isLarge<T, R>() || rowTo >= listAt(g.rowEnds, g.rowOffsets, row + 1)
  const mask = v128.splat<T>(orderMask)
  const none = v128.splat<T>(identity<T, R>())
  const divides = isSum<R>() && isLast && dividesOnce(g)
  const each: usize = g.perElement != 0 ? g.colDivisors : 0
  const byCol = divides ? v128.splat<T>(load<T>(g.colDivisors + col * sizeof<T>())) : none
  const by = divides ? rowDivisor<T>(g, row) : none
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
    storeFour<T, R>(dst, i, a, b, c, d, mask, divides, by, byCol, each)
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
    storeOne<T, R>(dst, j, a, mask, divides, by, byCol, each)
  }
  if (isSum<R>() && isLast && !divides && g.epilogue != Epilogue.None) finishAt<T>(g, dst, row, col)
  return losesNaN<T, R>() && sawNaN<T>(probe)
}

/** Two rows of outputs that share taps. A vector is loaded once for both, and each output meets its taps in order. */
@inline
function foldTwo<T, R>(g: Grid, src: usize, dst: usize, row: i32, col: i32, orderMask: T): bool {
  const n = g.n
  const first = listAt(g.rowEnds, g.rowOffsets, row)
  const end = listAt(g.rowEnds, g.rowOffsets, row + 1)
  const last = listAt(g.rowEnds, g.rowOffsets, row + 2) - 4
  const colFrom = listAt(g.colEnds, g.colOffsets, col)
  const colTo = listAt(g.colEnds, g.colOffsets, col + 1)
  const mask = v128.splat<T>(orderMask)
  const none = v128.splat<T>(identity<T, R>())
  const divides = isSum<R>() && dividesOnce(g)
  const each: usize = g.perElement != 0 ? g.colDivisors : 0
  const byCol = divides ? v128.splat<T>(load<T>(g.colDivisors + col * sizeof<T>())) : none
  const by = divides ? rowDivisor<T>(g, row) : none
  const byNext = divides ? rowDivisor<T>(g, row + 1) : none
  const next = dst + g.dstRow
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
    for (let r = first; r < first + 4; r += 4) {
      const from = src + load<u32>(r) + i * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const at = from + load<u32>(k)
        const va = v128.load(at)
        const vb = v128.load(at, 16)
        const vc = v128.load(at, 32)
        const vd = v128.load(at, 48)
        a = join<T, R>(a, va)
        b = join<T, R>(b, vb)
        c = join<T, R>(c, vc)
        d = join<T, R>(d, vd)
        if (losesNaN<T, R>()) probe = probeFour<T>(probe, va, vb, vc, vd)
      }
    }
    for (let r = first + 4; r < end; r += 4) {
      const from = src + load<u32>(r) + i * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const at = from + load<u32>(k)
        const va = v128.load(at)
        const vb = v128.load(at, 16)
        const vc = v128.load(at, 32)
        const vd = v128.load(at, 48)
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
    }
    for (let r = last; r < last + 4; r += 4) {
      const from = src + load<u32>(r) + i * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const at = from + load<u32>(k)
        const va = v128.load(at)
        const vb = v128.load(at, 16)
        const vc = v128.load(at, 32)
        const vd = v128.load(at, 48)
        e = join<T, R>(e, va)
        f = join<T, R>(f, vb)
        h = join<T, R>(h, vc)
        j = join<T, R>(j, vd)
        if (losesNaN<T, R>()) probe = probeFour<T>(probe, va, vb, vc, vd)
      }
    }
    storeFour<T, R>(dst, i, a, b, c, d, mask, divides, by, byCol, each)
    storeFour<T, R>(next, i, e, f, h, j, mask, divides, byNext, byCol, each)
  }
  for (; i < n; i += lanes<T>()) {
    const j = vectorStart<T>(i, n)
    let a = none
    let b = none
    for (let r = first; r < first + 4; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const va = v128.load(from + load<u32>(k))
        a = join<T, R>(a, va)
        if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
      }
    }
    for (let r = first + 4; r < end; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const va = v128.load(from + load<u32>(k))
        a = join<T, R>(a, va)
        b = join<T, R>(b, va)
        if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
      }
    }
    for (let r = last; r < last + 4; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const va = v128.load(from + load<u32>(k))
        b = join<T, R>(b, va)
        if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
      }
    }
    storeOne<T, R>(dst, j, a, mask, divides, by, byCol, each)
    storeOne<T, R>(next, j, b, mask, divides, byNext, byCol, each)
  }
  if (isSum<R>() && !divides && g.epilogue != Epilogue.None) {
    finishAt<T>(g, dst, row, col)
    finishAt<T>(g, next, row + 1, col)
  }
  return losesNaN<T, R>() && sawNaN<T>(probe)
}

@inline
function finishAt<T>(g: Grid, dst: usize, row: i32, col: i32): void {
  finishRun<T>(g, dst, g.n, g.rowDivisors + row * 2 * sizeof<T>(), g.colDivisors + col * sizeof<T>())
}

/**
 * Stores four vectors from element `i` of a run on. Sums are divided by the divisor of their row, times that of their
 * column, or times their own of the list at `each` if there is one.
 */
@inline
function storeFour<T, R>(
  dst: usize,
  i: i32,
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  mask: v128,
  divides: bool,
  by: v128,
  byCol: v128,
  each: usize,
): void {
  const offset = i * sizeof<T>()
  const to = dst + offset
  if (isSum<R>() && divides) {
    const at = each + offset
    a = mean<T>(a, v128.mul<T>(by, each ? v128.load(at) : byCol))
    b = mean<T>(b, v128.mul<T>(by, each ? v128.load(at, 16) : byCol))
    c = mean<T>(c, v128.mul<T>(by, each ? v128.load(at, 32) : byCol))
    d = mean<T>(d, v128.mul<T>(by, each ? v128.load(at, 48) : byCol))
  }
  storeOrdered<T>(to, a, mask)
  storeOrdered<T>(to + 16, b, mask)
  storeOrdered<T>(to + 32, c, mask)
  storeOrdered<T>(to + 48, d, mask)
}

@inline
function storeOne<T, R>(
  dst: usize,
  i: i32,
  a: v128,
  mask: v128,
  divides: bool,
  by: v128,
  byCol: v128,
  each: usize,
): void {
  const offset = i * sizeof<T>()
  if (isSum<R>() && divides) a = mean<T>(a, v128.mul<T>(by, each ? v128.load(each + offset) : byCol))
  storeOrdered<T>(dst + offset, a, mask)
}
