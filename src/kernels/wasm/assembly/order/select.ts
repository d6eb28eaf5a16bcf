/**
 * @file Order statistics of windows: the elements of one or two ranks, selected in vectors. NaN spreads through minima
 * and maxima of float64. float32 is selected as integers of the same order, which takes fewer instructions, and NaN is
 * looked for apart.
 */
import { lanes, vectorStart } from '../vectors'
import { between } from './between'
import { median25, sort9 } from './median-network'
import { flip, storePicked } from './picked-taps'
import { least3, median3, most3, selectNine } from './sorted-columns'
import { listTaps, loadTaps, storeResult, Windows } from './windows'

@inline
export function select<T>(block: usize): void {
  const w = changetype<Windows>(block)
  const n = w.n
  const mask = isFloat<T>() ? i32x4.splat(0) : v128.splat<T>(load<T>(w.orderMask))
  const isOne = n < lanes<T>()
  const picksTaps = w.keys != 0
  for (let row = 0; row < w.rows; row++) {
    for (let col = 0; col < w.cols; col++) {
      const count = listTaps(w, row, col)
      const low = load<i32>(w.ranks + (count << 3))
      const high = load<i32>(w.ranks + (count << 3), 4)
      for (let plane = 0; plane < w.planes; plane++) {
        const src = w.src + <usize>plane * w.srcPlane
        const dst = w.dst + <usize>plane * w.dstPlane + <usize>row * w.dstRow + <usize>col * w.dstCol
        if (hasMinima<T>() && w.columns != 0 && count == 9) {
          selectNine<T>(w, src, dst, low, high, mask)
          continue
        }
        for (let i = 0; i < n; i += isOne ? 1 : lanes<T>()) {
          const place = <usize>(isOne ? i : vectorStart<T>(i, n))
          const at = place * sizeof<T>()
          loadTaps<T>(w, src + at, count, isOne, mask)
          if (picksTaps) {
            storePicked<T>(w, dst + 2 * place, count, low, high, isOne)
            continue
          }
          let result: v128
          if (w.indices != 0) {
            const counts = countsAt<T>(w.indices + (dst + at - w.dst) / sizeof<T>(), isOne)
            result = pickCounted<T>(w, count, counts, mask)
          } else if (isFloat<T>() && sizeof<T>() == 4) result = pickFloats(w, count, low, high)
          else result = pick<T>(w, count, low, high)
          storeResult<T>(dst + at, result, isOne, mask)
        }
      }
    }
  }
}

/** Flips the elements of a window, and tells which lanes have a NaN. */
@inline
function flipAll(values: usize, count: i32): v128 {
  let isNaN = i32x4.splat(0)
  const end = values + ((<usize>count) << 4)
  for (let at = values; at < end; at += 16) {
    const value = v128.load(at)
    isNaN = v128.or(isNaN, f32x4.ne(value, value))
    v128.store(at, flip(value))
  }
  return isNaN
}

@inline
function pickFloats(w: Windows, count: i32, low: i32, high: i32): v128 {
  const isNaN = flipAll(w.values, count)
  const lower = lowerOf<i32>(w.values, count, low, high)
  if (low == high) return v128.bitselect(f32x4.splat(NaN), flip(lower), isNaN)
  const higher = flip(v128.load(w.values + ((<usize>high) << 4)))
  return v128.bitselect(f32x4.splat(NaN), between<f32>(w, count, flip(lower), higher), isNaN)
}

/** As many bytes as a vector has lanes, as integers of their size. */
@inline
function countsAt<T>(at: usize, isOne: bool): v128 {
  if (isOne) return splatCount<T>(load<u8>(at))
  if (sizeof<T>() == 1) return v128.load(at)
  if (sizeof<T>() == 2) return v128.load8x8_u(at)
  if (sizeof<T>() == 8) return i64x2(load<u8>(at), load<u8>(at, 1))
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
}

@inline
function splatCount<T>(count: i32): v128 {
  if (sizeof<T>() == 1) return i8x16.splat(<i8>count)
  if (sizeof<T>() == 2) return i16x8.splat(<i16>count)
  return sizeof<T>() == 4 ? i32x4.splat(count) : i64x2.splat(count)
}

@inline
function areCounts<T>(counts: v128, count: i32): v128 {
  const wanted = splatCount<T>(count)
  if (sizeof<T>() == 1) return i8x16.eq(counts, wanted)
  if (sizeof<T>() == 2) return i16x8.eq(counts, wanted)
  return sizeof<T>() == 4 ? i32x4.eq(counts, wanted) : i64x2.eq(counts, wanted)
}

/**
 * Elements that are left out are the largest, so those that count come first. Each lane has its own number of them;
 * lanes without any give NaN or 0.
 */
function pickCounted<T>(w: Windows, taps: i32, counts: v128, mask: v128): v128 {
  const values = w.values
  const isSingle = isFloat<T>() && sizeof<T>() == 4
  const isNaN = isSingle ? flipAll(values, taps) : i32x4.splat(0)
  const last = load<i32>(w.ranks + (taps << 3), 4)
  if (isSingle) sort<i32>(values, taps, last)
  else sort<T>(values, taps, last)
  let result = isFloat<T>() ? v128.splat<T>(<T>NaN) : mask
  for (let count = 1; count <= taps; count++) {
    const areSo = areCounts<T>(counts, count)
    if (!v128.any_true(areSo)) continue
    const low = load<i32>(w.ranks + (count << 3))
    const high = load<i32>(w.ranks + (count << 3), 4)
    let value = v128.load(values + ((<usize>low) << 4))
    if (isSingle) value = flip(value)
    if (low != high) {
      const higher = v128.load(values + ((<usize>high) << 4))
      value = between<T>(w, count, value, isSingle ? flip(higher) : higher)
    }
    result = v128.bitselect(value, result, areSo)
  }
  return isSingle ? v128.bitselect(f32x4.splat(NaN), result, isNaN) : result
}

@inline
function pick<T>(w: Windows, count: i32, low: i32, high: i32): v128 {
  const lower = lowerOf<T>(w.values, count, low, high)
  if (low == high) return lower
  return between<T>(w, count, lower, v128.load(w.values + ((<usize>high) << 4)))
}

/** The element of the lower rank. That of the higher one, if it is another, is where it belongs then. */
@inline
export function lowerOf<T>(values: usize, count: i32, low: i32, high: i32): v128 {
  if (hasMinima<T>()) {
    if (count == 9 && low == 4 && high == 4) return median9<T>(values)
    if (count == 25 && low == 12 && high == 12) return median25<T>(values)
  }
  sort<T>(values, count, high)
  return v128.load(values + ((<usize>low) << 4))
}

/** There are no minima of 64-bit integers. */
@inline
function hasMinima<T>(): bool {
  return isFloat<T>() || sizeof<T>() < 8
}

/** Elements up to the given rank are where they belong then. */
@inline
function sort<T>(values: usize, count: i32, rank: i32): void {
  if (hasMinima<T>() && count == 9) sort9<T>(values)
  else sortUpTo<T>(values, count, rank)
}

/** Moves the smallest elements to the front, up to the given rank. */
@inline
function sortUpTo<T>(values: usize, count: i32, rank: i32): void {
  const last = values + ((<usize>(count - 1)) << 4)
  const end = values + ((<usize>rank) << 4)
  for (let first = values; first <= end; first += 16) {
    let least = v128.load(last)
    for (let at = last; at > first; at -= 16) {
      const other = v128.load(at - 16)
      if (hasMinima<T>()) {
        v128.store(at, v128.max<T>(other, least))
        least = v128.min<T>(other, least)
      } else {
        const isLess = i64x2.lt_s(other, least)
        v128.store(at, v128.bitselect(least, other, isLess))
        least = v128.bitselect(other, least, isLess)
      }
    }
    v128.store(first, least)
  }
}

/**
 * Sorts the columns: the median is that of the largest minimum, the median of medians and the smallest maximum.
 * Source: Paeth, Median Finding on a 3 x 3 Grid (1990).
 */
@inline
function median9<T>(values: usize): v128 {
  const a = v128.load(values)
  const b = v128.load(values, 16)
  const c = v128.load(values, 32)
  const d = v128.load(values, 48)
  const e = v128.load(values, 64)
  const f = v128.load(values, 80)
  const g = v128.load(values, 96)
  const h = v128.load(values, 112)
  const i = v128.load(values, 128)
  const least = v128.max<T>(v128.max<T>(least3<T>(a, d, g), least3<T>(b, e, h)), least3<T>(c, f, i))
  const most = v128.min<T>(v128.min<T>(most3<T>(a, d, g), most3<T>(b, e, h)), most3<T>(c, f, i))
  const middles = median3<T>(median3<T>(a, d, g), median3<T>(b, e, h), median3<T>(c, f, i))
  return median3<T>(least, middles, most)
}
