/**
 * @file Max and min with the position of the winner: the same lists as `select`, and lists of positions beside them.
 */
import { Grid } from './grid'
import { identity, lanes, reach, take, takeOne, wins, winsOne } from './lanes'

/** Elements of 4 or 8 bytes; positions are lanes of the same width while they compete. A window without elements gets -1. */
@inline
export function locate<T>(block: usize, min: bool): void {
  const g = changetype<Grid>(block)
  const n = g.n
  const flip = <T>g.flip
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
        const origin = isEmpty ? -1 : load<i32>(g.rowPlaces + rowFrom) + (g.starts != 0 ? 0 : load<i32>(g.colPlaces + colFrom))
        if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
          locateRun<T>(g, src, dst, indices, origin, rowFrom, rowTo, colFrom, colTo, min)
          continue
        }
        for (let i = 0; i < n; i++) {
          let best = identity<T>(min)
          let place = g.starts != 0 && !isEmpty ? origin + load<i32>(g.starts + (i << 2)) : origin
          for (let r = rowFrom; r < rowTo; r += 4) {
            const from = src + load<u32>(g.rowOffsets + r) + i * sizeof<T>()
            for (let k = colFrom; k < colTo; k += 4) {
              const value = takeOne<T>(from + load<u32>(g.colOffsets + k), flip)
              if (winsOne<T>(value, best, min)) {
                best = value
                place = load<i32>(g.rowPlaces + r) + load<i32>(g.colPlaces + k)
              }
            }
          }
          store<T>(dst + i * sizeof<T>(), isFloat<T>() ? best : <T>(best ^ flip))
          store<i32>(indices + (i << 2), place + (g.ramp != 0 ? load<i32>(g.ramp + (i << 2)) : 0))
        }
      }
    }
  }
}

/** One run of at least a vector. */
@inline
function locateRun<T>(
  g: Grid,
  src: usize,
  dst: usize,
  indices: usize,
  origin: i32,
  rowFrom: usize,
  rowTo: usize,
  colFrom: usize,
  colTo: usize,
  min: bool,
): void {
  const n = g.n
  const flips = v128.splat<T>(<T>g.flip)
  const rowOffsets = g.rowOffsets
  const colOffsets = g.colOffsets
  const rowPlaces = g.rowPlaces
  const colPlaces = g.colPlaces
  const starts = g.starts
  const ramp = g.ramp
  for (let i = 0; i < n; i += lanes<T>()) {
    const j = reach(i, n, lanes<T>())
    let best = v128.splat<T>(identity<T>(min))
    let place = splatPlace<T>(origin)
    if (starts != 0) place = addPlaces<T>(place, loadPlaces<T>(starts + (j << 2)))
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(rowOffsets + r) + j * sizeof<T>()
      const rowPlace = load<i32>(rowPlaces + r)
      for (let k = colFrom; k < colTo; k += 4) {
        const value = take<T>(from + load<u32>(colOffsets + k), flips)
        const better = wins<T>(value, best, min)
        best = v128.bitselect(value, best, better)
        place = v128.bitselect(splatPlace<T>(rowPlace + load<i32>(colPlaces + k)), place, better)
      }
    }
    if (ramp != 0) place = addPlaces<T>(place, loadPlaces<T>(ramp + (j << 2)))
    v128.store(dst + j * sizeof<T>(), isFloat<T>() ? best : v128.xor(best, flips))
    storePlaces<T>(indices + (j << 2), place)
  }
}

/**
 * Folds along one axis what `locate` found along the axes after it: `starts` are the positions beside the values, to which the
 * rows' own positions are added. No window is empty.
 */
@inline
export function carry<T>(block: usize, min: bool): void {
  const g = changetype<Grid>(block)
  const n = g.n
  const flip = <T>g.flip
  for (let plane = 0; plane < g.planes; plane++) {
    const before = <usize>plane * g.srcPlane
    const src = g.src + before
    const found = g.starts + (before / sizeof<T>()) * 4
    for (let row = 0; row < g.rows; row++) {
      const from = load<u32>(g.rowEnds + (row << 2))
      const to = load<u32>(g.rowEnds + (row << 2), 4)
      const done = <usize>plane * g.dstPlane + <usize>row * g.dstRow
      const dst = g.dst + done
      const indices = g.indices + (done / sizeof<T>()) * 4
      let i = 0
      if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
        carryRun<T>(g, src, found, dst, indices, from, to, min)
        i = n
      }
      for (; i < n; i++) {
        let best = identity<T>(min)
        let place = -1
        for (let r = from; r < to; r += 4) {
          const offset = load<u32>(g.rowOffsets + r)
          const value = takeOne<T>(src + offset + i * sizeof<T>(), flip)
          if (place >= 0 && !winsOne<T>(value, best, min)) continue
          best = value
          place = load<i32>(found + (offset / sizeof<T>()) * 4 + (i << 2)) + load<i32>(g.rowPlaces + r)
        }
        store<T>(dst + i * sizeof<T>(), isFloat<T>() ? best : <T>(best ^ flip))
        store<i32>(indices + (i << 2), place)
      }
    }
  }
}

@inline
function carryRun<T>(
  g: Grid,
  src: usize,
  found: usize,
  dst: usize,
  indices: usize,
  from: usize,
  to: usize,
  min: bool,
): void {
  const n = g.n
  const flips = v128.splat<T>(<T>g.flip)
  const rowOffsets = g.rowOffsets
  const rowPlaces = g.rowPlaces
  for (let i = 0; i < n; i += lanes<T>()) {
    const j = reach(i, n, lanes<T>())
    const first = load<u32>(rowOffsets + from)
    let best = take<T>(src + first + j * sizeof<T>(), flips)
    let place = addPlaces<T>(loadPlaces<T>(found + (first / sizeof<T>()) * 4 + (j << 2)), splatPlace<T>(load<i32>(rowPlaces + from)))
    for (let r = from + 4; r < to; r += 4) {
      const offset = load<u32>(rowOffsets + r)
      const value = take<T>(src + offset + j * sizeof<T>(), flips)
      const better = wins<T>(value, best, min)
      const next = addPlaces<T>(loadPlaces<T>(found + (offset / sizeof<T>()) * 4 + (j << 2)), splatPlace<T>(load<i32>(rowPlaces + r)))
      best = v128.bitselect(value, best, better)
      place = v128.bitselect(next, place, better)
    }
    v128.store(dst + j * sizeof<T>(), isFloat<T>() ? best : v128.xor(best, flips))
    storePlaces<T>(indices + (j << 2), place)
  }
}

@inline
function splatPlace<T>(place: i32): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(place) : i64x2.splat(place)
}

@inline
function addPlaces<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.add(a, b) : i64x2.add(a, b)
}

@inline
export function loadPlaces<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? v128.load(at) : v128.load32x2_s(at)
}

@inline
export function storePlaces<T>(at: usize, place: v128): void {
  if (sizeof<T>() == 4) v128.store(at, place)
  else v128.store64_lane(at, v128.shuffle<i32>(place, place, 0, 2, 0, 2), 0)
}
