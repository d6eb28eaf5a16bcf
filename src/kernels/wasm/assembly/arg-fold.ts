/**
 * @file Max and min with the position of the winner. Reads the tables of `fold`, and tables of positions of the same
 * form.
 */
import { Grid } from './grid'
import { addPositions, loadPositions, splatPosition, storePositions } from './positions'
import { identity, wins, winsOne } from './reducers'
import { lanes, loadOrdered, loadOrderedOne, maskOf, storeOrdered, storeOrderedOne, vectorStart } from './vectors'

/** For elements of 4 or 8 bytes. Positions are held in lanes of the same width. A window without taps gets -1. */
@inline
export function argFold<T, R>(block: usize): void {
  const g = changetype<Grid>(block)
  const n = g.n
  const orderMask = maskOf<T>(g.orderMask)
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    for (let row = 0; row < g.rows; row++) {
      const rowFrom = load<u32>(g.rowEnds + (row << 2))
      const rowTo = load<u32>(g.rowEnds + (row << 2), 4)
      let done = <usize>plane * g.dstPlane + <usize>row * g.dstRow
      for (let col = 0; col < g.cols; col++, done += g.dstCol) {
        const colFrom = load<u32>(g.colEnds + (col << 2))
        const colTo = load<u32>(g.colEnds + (col << 2), 4)
        const dst = g.dst + done
        const indices = g.indices + (done / sizeof<T>()) * 4
        const isEmpty = rowFrom == rowTo || colFrom == colTo
        const origin = isEmpty
          ? -1
          : load<i32>(g.rowPositions + rowFrom) + (g.starts != 0 ? 0 : load<i32>(g.colPositions + colFrom))
        if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
          argFoldRun<T, R>(g, src, dst, indices, origin, rowFrom, rowTo, colFrom, colTo)
          continue
        }
        for (let i = 0; i < n; i++) {
          let best = identity<T, R>()
          let position = g.starts != 0 && !isEmpty ? origin + load<i32>(g.starts + (i << 2)) : origin
          for (let r = rowFrom; r < rowTo; r += 4) {
            const from = src + load<u32>(g.rowOffsets + r) + i * sizeof<T>()
            for (let k = colFrom; k < colTo; k += 4) {
              const value = loadOrderedOne<T>(from + load<u32>(g.colOffsets + k), orderMask)
              if (winsOne<T, R>(value, best)) {
                best = value
                position = load<i32>(g.rowPositions + r) + load<i32>(g.colPositions + k)
              }
            }
          }
          storeOrderedOne<T>(dst + i * sizeof<T>(), best, orderMask)
          store<i32>(indices + (i << 2), position + (g.ramp != 0 ? load<i32>(g.ramp + (i << 2)) : 0))
        }
      }
    }
  }
}

/** One run of at least a vector. */
@inline
function argFoldRun<T, R>(
  g: Grid,
  src: usize,
  dst: usize,
  indices: usize,
  origin: i32,
  rowFrom: usize,
  rowTo: usize,
  colFrom: usize,
  colTo: usize,
): void {
  const n = g.n
  const mask = v128.splat<T>(maskOf<T>(g.orderMask))
  const rowOffsets = g.rowOffsets
  const colOffsets = g.colOffsets
  const rowPositions = g.rowPositions
  const colPositions = g.colPositions
  const starts = g.starts
  const ramp = g.ramp
  for (let i = 0; i < n; i += lanes<T>()) {
    const j = vectorStart<T>(i, n)
    let best = v128.splat<T>(identity<T, R>())
    let position = splatPosition<T>(origin)
    if (starts != 0) position = addPositions<T>(position, loadPositions<T>(starts + (j << 2)))
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(rowOffsets + r) + j * sizeof<T>()
      const rowPosition = load<i32>(rowPositions + r)
      for (let k = colFrom; k < colTo; k += 4) {
        const value = loadOrdered<T>(from + load<u32>(colOffsets + k), mask)
        const better = wins<T, R>(value, best)
        best = v128.bitselect(value, best, better)
        position = v128.bitselect(splatPosition<T>(rowPosition + load<i32>(colPositions + k)), position, better)
      }
    }
    if (ramp != 0) position = addPositions<T>(position, loadPositions<T>(ramp + (j << 2)))
    storeOrdered<T>(dst + j * sizeof<T>(), best, mask)
    storePositions<T>(indices + (j << 2), position)
  }
}
