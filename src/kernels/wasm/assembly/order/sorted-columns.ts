/**
 * @file Elements of one or two ranks of 3 x 3 windows along a row of outputs. Each column is sorted once, and three
 * windows read it.
 */
import { vectorStart } from '../vectors'
import { between } from './between'
import { flip } from './picked-taps'
import { Windows } from './windows'

/** Of listed taps. float32 is sorted as integers, and NaN is looked for apart, as in select.ts. */
export function selectNine<T>(w: Windows, src: usize, dst: usize, low: i32, high: i32, mask: v128): void {
  const hasNaN = sortColumns<T>(w, src, mask)
  const n = w.n
  for (let i = 0; i < n; i += 16 / sizeof<T>()) {
    const place = <usize>vectorStart<T>(i, n) * sizeof<T>()
    let result: v128
    if (isFloat<T>() && sizeof<T>() == 4) result = floats(w, w.columns + place, low, high, hasNaN)
    else {
      result = ranked<T>(w, w.columns + place, low)
      if (low != high) result = between<T>(w, 9, result, ranked<T>(w, w.columns + place, high))
    }
    v128.store(dst + place, v128.xor(result, mask))
  }
}

/** Stores rows of the least, middle and largest of each column, and of where one is NaN. Returns true if one is. */
@inline
function sortColumns<T>(w: Windows, src: usize, mask: v128): bool {
  const a = src + load<u32>(w.taps)
  const b = src + load<u32>(w.taps, 12)
  const c = src + load<u32>(w.taps, 24)
  const last = <usize>w.n * sizeof<T>() + 2 * w.apart - 16
  const row = w.columnRow
  let areNaN = i32x4.splat(0)
  for (let done: usize = 0; done < last + 16; done += 16) {
    const at = min<usize>(done, last)
    const to = w.columns + at
    const first = v128.load(a + at)
    const second = v128.load(b + at)
    const third = v128.load(c + at)
    if (isFloat<T>() && sizeof<T>() == 4) {
      const isNaN = v128.or(v128.or(f32x4.ne(first, first), f32x4.ne(second, second)), f32x4.ne(third, third))
      areNaN = v128.or(areNaN, isNaN)
      v128.store(to + 3 * row, isNaN)
      storeSorted<i32>(to, row, flip(first), flip(second), flip(third))
    } else storeSorted<T>(to, row, v128.xor(first, mask), v128.xor(second, mask), v128.xor(third, mask))
  }
  return v128.any_true(areNaN)
}

@inline
function storeSorted<T>(to: usize, row: usize, a: v128, b: v128, c: v128): void {
  const least = v128.min<T>(a, b)
  const most = v128.max<T>(a, b)
  const rest = v128.max<T>(least, c)
  v128.store(to, v128.min<T>(least, c))
  v128.store(to + row, v128.min<T>(rest, most))
  v128.store(to + 2 * row, v128.max<T>(rest, most))
}

@inline
function floats(w: Windows, at: usize, low: i32, high: i32, hasNaN: bool): v128 {
  let result = flip(ranked<i32>(w, at, low))
  if (low != high) result = between<f32>(w, 9, result, flip(ranked<i32>(w, at, high)))
  if (!hasNaN) return result
  const from = at + 3 * w.columnRow
  const isNaN = v128.or(v128.or(v128.load(from), v128.load(from + w.apart)), v128.load(from + 2 * w.apart))
  return v128.bitselect(f32x4.splat(NaN), result, isNaN)
}

/**
 * The median is that of the largest minimum, the median of medians and the smallest maximum. Other ranks sort the rows
 * of sorted columns as well: then the first element is the least and the last the largest, and their neighbours follow.
 *
 * Source of the median: Paeth, Median Finding on a 3 x 3 Grid (1990).
 */
function ranked<T>(w: Windows, at: usize, rank: i32): v128 {
  const apart = w.apart
  const middle = at + w.columnRow
  const top = middle + w.columnRow
  const a = v128.load(at)
  const b = v128.load(at + apart)
  const c = v128.load(at + 2 * apart)
  const d = v128.load(middle)
  const e = v128.load(middle + apart)
  const f = v128.load(middle + 2 * apart)
  const g = v128.load(top)
  const h = v128.load(top + apart)
  const i = v128.load(top + 2 * apart)
  if (rank == 4) return median3<T>(most3<T>(a, b, c), median3<T>(d, e, f), least3<T>(g, h, i))
  if (rank == 0) return least3<T>(a, b, c)
  if (rank == 8) return most3<T>(g, h, i)
  const leastMiddle = least3<T>(d, e, f)
  const mostMiddle = most3<T>(d, e, f)
  if (rank == 1) return v128.min<T>(median3<T>(a, b, c), leastMiddle)
  if (rank == 7) return v128.max<T>(median3<T>(g, h, i), mostMiddle)
  const below = v128.max<T>(median3<T>(a, b, c), leastMiddle)
  const above = v128.min<T>(median3<T>(g, h, i), mostMiddle)
  const mostLow = most3<T>(a, b, c)
  const leastHigh = least3<T>(g, h, i)
  const lesser = v128.min<T>(mostLow, leastHigh)
  const larger = v128.max<T>(mostLow, leastHigh)
  if (rank == 2) return v128.min<T>(below, lesser)
  if (rank == 6) return v128.max<T>(above, larger)
  const second = v128.max<T>(below, lesser)
  const fourth = v128.min<T>(above, larger)
  const center = median3<T>(d, e, f)
  return rank == 3 ? least3<T>(second, center, fourth) : most3<T>(second, center, fourth)
}

@inline
export function least3<T>(a: v128, b: v128, c: v128): v128 {
  return v128.min<T>(v128.min<T>(a, b), c)
}

@inline
export function most3<T>(a: v128, b: v128, c: v128): v128 {
  return v128.max<T>(v128.max<T>(a, b), c)
}

@inline
export function median3<T>(a: v128, b: v128, c: v128): v128 {
  return v128.max<T>(v128.min<T>(a, b), v128.min<T>(v128.max<T>(a, b), c))
}
