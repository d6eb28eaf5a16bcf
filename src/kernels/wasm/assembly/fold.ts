/**
 * @file Folds any windows, given as tables of byte offsets, in the order of the tables.
 */
import { finishOne, finishRun } from './epilogue'
import { Epilogue, Grid } from './grid'
import { identity, isSum, join, joinOne, losesNaN } from './reducers'
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
      const rowFrom = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
      const rowTo = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
      const rowDivisors = g.rowDivisors + row * 2 * sizeof<T>()
      let dst = g.dst + <usize>plane * g.dstPlane + <usize>row * g.dstRow
      for (let col = 0; col < g.cols; col++, dst += g.dstCol) {
        const colFrom = g.colOffsets + load<u32>(g.colEnds + (col << 2))
        const colTo = g.colOffsets + load<u32>(g.colEnds + (col << 2), 4)
        const divisors = g.colDivisors + col * sizeof<T>()
        if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
          if (foldRun<T, R>(src, dst, n, rowFrom, rowTo, colFrom, colTo, orderMask)) seen = true
          if (isSum<R>() && g.epilogue != Epilogue.None) finishRun<T>(g, dst, n, rowDivisors, divisors)
          continue
        }
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

/** One run of at least a vector. */
@inline
function foldRun<T, R>(
  src: usize,
  dst: usize,
  n: i32,
  rowFrom: usize,
  rowTo: usize,
  colFrom: usize,
  colTo: usize,
  orderMask: T,
): bool {
  const mask = v128.splat<T>(orderMask)
  const none = v128.splat<T>(identity<T, R>())
  let probe = v128.splat<T>(<T>0)
  let i = 0
  for (; i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
    let a = none
    let b = none
    let c = none
    let d = none
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
    const to = dst + i * sizeof<T>()
    storeOrdered<T>(to, a, mask)
    storeOrdered<T>(to + 16, b, mask)
    storeOrdered<T>(to + 32, c, mask)
    storeOrdered<T>(to + 48, d, mask)
  }
  for (; i < n; i += lanes<T>()) {
    const j = vectorStart<T>(i, n)
    let a = none
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const va = loadOrdered<T>(from + load<u32>(k), mask)
        a = join<T, R>(a, va)
        if (losesNaN<T, R>()) probe = probeOne<T>(probe, va)
      }
    }
    storeOrdered<T>(dst + j * sizeof<T>(), a, mask)
  }
  return losesNaN<T, R>() && sawNaN<T>(probe)
}
