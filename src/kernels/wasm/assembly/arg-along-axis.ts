/**
 * @file One step of the separable argmax: max or min along one axis, given the values and positions along the
 * axes after it.
 */
import { Grid } from './grid'
import { addPositions, loadPositions, splatPosition, storePositions } from './positions'
import { identity, wins, winsOne } from './reducers'
import { lanes, loadOrdered, loadOrderedOne, maskOf, storeOrdered, storeOrderedOne, vectorStart } from './vectors'

/**
 * `src` holds the values and `starts` their positions. The position of each row is added to them. Every window has a
 * tap.
 */
@inline
export function argAlongAxis<T, R>(block: usize): void {
  const g = changetype<Grid>(block)
  const n = g.n
  const orderMask = maskOf<T>(g.orderMask)
  for (let plane = 0; plane < g.planes; plane++) {
    const before = <usize>plane * g.srcPlane
    const src = g.src + before
    const positions = g.starts + (before / sizeof<T>()) * 4
    for (let row = 0; row < g.rows; row++) {
      const from = load<u32>(g.rowEnds + (row << 2))
      const to = load<u32>(g.rowEnds + (row << 2), 4)
      const done = <usize>plane * g.dstPlane + <usize>row * g.dstRow
      const dst = g.dst + done
      const indices = g.indices + (done / sizeof<T>()) * 4
      let i = 0
      if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
        argAlongAxisRun<T, R>(g, src, positions, dst, indices, from, to)
        i = n
      }
      for (; i < n; i++) {
        let best = identity<T, R>()
        let position = -1
        for (let r = from; r < to; r += 4) {
          const offset = load<u32>(g.rowOffsets + r)
          const value = loadOrderedOne<T>(src + offset + i * sizeof<T>(), orderMask)
          if (position >= 0 && !winsOne<T, R>(value, best)) continue
          best = value
          position = load<i32>(positions + (offset / sizeof<T>()) * 4 + (i << 2)) + load<i32>(g.rowPositions + r)
        }
        storeOrderedOne<T>(dst + i * sizeof<T>(), best, orderMask)
        store<i32>(indices + (i << 2), position)
      }
    }
  }
}

@inline
function argAlongAxisRun<T, R>(
  g: Grid,
  src: usize,
  positions: usize,
  dst: usize,
  indices: usize,
  from: usize,
  to: usize,
): void {
  const n = g.n
  const mask = v128.splat<T>(maskOf<T>(g.orderMask))
  const rowOffsets = g.rowOffsets
  const rowPositions = g.rowPositions
  for (let i = 0; i < n; i += lanes<T>()) {
    const j = vectorStart<T>(i, n)
    const first = load<u32>(rowOffsets + from)
    let best = loadOrdered<T>(src + first + j * sizeof<T>(), mask)
    let position = positionsAt<T>(positions, first, j, load<i32>(rowPositions + from))
    for (let r = from + 4; r < to; r += 4) {
      const offset = load<u32>(rowOffsets + r)
      const value = loadOrdered<T>(src + offset + j * sizeof<T>(), mask)
      const better = wins<T, R>(value, best)
      const next = positionsAt<T>(positions, offset, j, load<i32>(rowPositions + r))
      best = v128.bitselect(value, best, better)
      position = v128.bitselect(next, position, better)
    }
    storeOrdered<T>(dst + j * sizeof<T>(), best, mask)
    storePositions<T>(indices + (j << 2), position)
  }
}

/** Positions of the values at `offset` from element `j` on, plus the position of the row. */
@inline
function positionsAt<T>(positions: usize, offset: usize, j: i32, row: i32): v128 {
  const at = positions + (offset / sizeof<T>()) * 4 + (j << 2)
  return addPositions<T>(loadPositions<T>(at), splatPosition<T>(row))
}
