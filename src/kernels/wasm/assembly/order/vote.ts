/**
 * @file The commonest label of windows, counted in vectors without a branch.
 */
import { evens, odds } from '../shuffles'
import { lanes, vectorStart } from '../vectors'
import { storePart } from '../whole-mean'
import { electOfNine } from './vote-nine'
import { listTaps, loadTaps, storeResult, Windows } from './windows'

/** For any window. */
@inline
export function vote<T>(block: usize): void {
  const w = changetype<Windows>(block)
  const n = w.n
  const mask = v128.splat<T>(load<T>(w.orderMask))
  const isOne = n < lanes<T>()
  const isPlain = isFirst(w) && !isOne
  for (let row = 0; row < w.rows; row++) {
    for (let col = 0; col < w.cols; col++) {
      const count = listTaps(w, row, col)
      for (let plane = 0; plane < w.planes; plane++) {
        const src = w.src + <usize>plane * w.srcPlane
        const dst = w.dst + <usize>plane * w.dstPlane + <usize>row * w.dstRow + <usize>col * w.dstCol
        if (isPlain && count == 4) {
          electRun<T>(src, w.taps, dst, n)
          continue
        }
        for (let i = 0; i < n; i += isOne ? 1 : lanes<T>()) {
          const at = <usize>(isOne ? i : vectorStart<T>(i, n)) * sizeof<T>()
          if (sizeof<T>() < 8 && count == 9 && !isOne) {
            v128.store(dst + at, electOfNine<T>(w, src + at, mask))
            continue
          }
          loadTaps<T>(w, src + at, count, isOne, mask)
          storeResult<T>(dst + at, elect<T>(w, count, mask), isOne, mask)
        }
      }
    }
  }
}

/** For windows of two columns at stride 2: rows are `n` outputs long, and each row of a window is a tap. */
@inline
export function votePairs<T>(block: usize): void {
  const w = changetype<Windows>(block)
  const n = w.n
  const mask = v128.splat<T>(load<T>(w.orderMask))
  const isPlain = isFirst(w)
  for (let row = 0; row < w.rows; row++) {
    const count = listTaps(w, row, 0)
    for (let plane = 0; plane < w.planes; plane++) {
      const src = w.src + <usize>plane * w.srcPlane
      const dst = w.dst + <usize>plane * w.dstPlane + <usize>row * w.dstRow
      if (isPlain && count == 2) {
        const a = src + load<u32>(w.taps)
        electRow<T>(a, src + load<u32>(w.taps, 4), dst, n)
        continue
      }
      for (let i = 0; i < n; i += lanes<T>()) {
        const at = <usize>vectorStart<T>(i, n) * sizeof<T>()
        for (let k = 0; k < count; k++) {
          const from = src + load<u32>(w.taps + (k << 2)) + 2 * at
          const a = v128.load(from)
          const b = v128.load(from, 16)
          const to = w.values + ((<usize>k) << 5)
          v128.store(to, v128.xor(firsts<T>(a, b), mask))
          v128.store(to, v128.xor(seconds<T>(a, b), mask), 16)
        }
        v128.store(dst + at, v128.xor(elect<T>(w, 2 * count, mask), mask))
      }
    }
  }
}

@unmanaged
class PixelWindows extends Windows {
  /** Bytes of the results of two vectors of each row. */
  bytes: usize
  /** Swizzles that join the first pixels of pairs, and the second ones, of one vector and then of the next. */
  masks: usize
}

/** The same for a few interleaved channels: two vectors hold pairs of pixels. */
@inline
export function votePixels<T>(block: usize): void {
  const w = changetype<PixelWindows>(block)
  const bytes = w.bytes
  const size = <usize>w.n * sizeof<T>()
  const last = size - bytes
  const mask = v128.splat<T>(load<T>(w.orderMask))
  const isPlain = isFirst(w)
  for (let row = 0; row < w.rows; row++) {
    const count = listTaps(w, row, 0)
    for (let plane = 0; plane < w.planes; plane++) {
      const src = w.src + <usize>plane * w.srcPlane
      const dst = w.dst + <usize>plane * w.dstPlane + <usize>row * w.dstRow
      for (let at: usize = 0; ; at += bytes) {
        if (at > last) at = last
        for (let k = 0; k < count; k++) {
          const from = src + load<u32>(w.taps + (k << 2)) + 2 * at
          const to = w.values + ((<usize>k) << 5)
          v128.store(to, v128.xor(joined(w, from, 0), mask))
          v128.store(to, v128.xor(joined(w, from, 16), mask), 16)
        }
        const values = w.values
        const elected =
          isPlain && count == 2
            ? electOfFour<T>(v128.load(values), v128.load(values, 16), v128.load(values, 32), v128.load(values, 48))
            : v128.xor(elect<T>(w, 2 * count, mask), mask)
        if (at + 16 <= size) v128.store(dst + at, elected)
        else storeShort(dst + at, elected, <i32>bytes)
        if (at == last) break
      }
    }
  }
}

/** The first pixels of the pairs of two vectors; the second ones with masks 16 bytes on. */
@inline
function joined(w: PixelWindows, from: usize, second: usize): v128 {
  const low = i8x16.swizzle(v128.load(from), v128.load(w.masks + second))
  return v128.or(low, i8x16.swizzle(v128.load(from + w.bytes), v128.load(w.masks + second, 32)))
}

/** Stores the first bytes of a vector, more than 8. */
@inline
function storeShort(to: usize, value: v128, bytes: i32): void {
  v128.store64_lane(to, value, 0)
  storePart(to + 8, v128.shuffle<i64>(value, value, 1, 1), bytes - 8)
}

/** True if the first of the commonest labels wins, whatever it is. */
@inline
function isFirst(w: Windows): bool {
  return !w.compares && w.ignore == 0
}

/** One run of windows of four taps. */
@inline
function electRun<T>(src: usize, taps: usize, dst: usize, n: i32): void {
  const a = src + load<u32>(taps)
  const b = src + load<u32>(taps, 4)
  const c = src + load<u32>(taps, 8)
  const d = src + load<u32>(taps, 12)
  for (let i = 0; i < n; i += lanes<T>()) {
    const at = <usize>vectorStart<T>(i, n) * sizeof<T>()
    const elected = electOfFour<T>(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at))
    v128.store(dst + at, elected)
  }
}

/** One row of 2 by 2 windows. */
@inline
function electRow<T>(a: usize, b: usize, dst: usize, n: i32): void {
  for (let i = 0; i < n; i += lanes<T>()) {
    const j = <usize>vectorStart<T>(i, n) * sizeof<T>()
    const a0 = v128.load(a + 2 * j)
    const a1 = v128.load(a + 2 * j, 16)
    const b0 = v128.load(b + 2 * j)
    const b1 = v128.load(b + 2 * j, 16)
    const elected = electOfFour<T>(firsts<T>(a0, a1), seconds<T>(a0, a1), firsts<T>(b0, b1), seconds<T>(b0, b1))
    v128.store(dst + j, elected)
  }
}

/** The first label that comes twice or more, or else the first. */
@inline
function electOfFour<T>(p: v128, q: v128, r: v128, s: v128): v128 {
  const hasP = v128.or(v128.eq<T>(p, q), v128.or(v128.eq<T>(p, r), v128.eq<T>(p, s)))
  const hasQ = v128.or(v128.eq<T>(q, r), v128.eq<T>(q, s))
  const rest = v128.bitselect(r, p, v128.eq<T>(r, s))
  return v128.bitselect(p, v128.bitselect(q, rest, hasQ), hasP)
}

/** The first elements of neighbouring pairs. Narrowing small elements takes fewer instructions than a shuffle. */
@inline
function firsts<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 1) {
    const low = i16x8.splat(0xff)
    return i8x16.narrow_i16x8_u(v128.and(a, low), v128.and(b, low))
  }
  if (sizeof<T>() == 2) {
    const low = i32x4.splat(0xffff)
    return i16x8.narrow_i32x4_u(v128.and(a, low), v128.and(b, low))
  }
  return evens<T>(a, b)
}

@inline
function seconds<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 1) return i8x16.narrow_i16x8_u(i16x8.shr_u(a, 8), i16x8.shr_u(b, 8))
  if (sizeof<T>() == 2) return i16x8.narrow_i32x4_u(i32x4.shr_u(a, 16), i32x4.shr_u(b, 16))
  return odds<T>(a, b)
}

/**
 * Labels are counted from where they stand on, so the first of its kind counts them all. Counts are negative: a
 * comparison gives -1.
 */
@inline
function elect<T>(w: Windows, count: i32, mask: v128): v128 {
  const end = w.values + ((<usize>count) << 4)
  const none = v128.splat<T>(<T>0)
  let best = v128.load(w.values)
  let most = none
  for (let i = w.values; i < end; i += 16) {
    const label = v128.load(i)
    let times = v128.splat<T>(<T>-1)
    for (let j = i + 16; j < end; j += 16) times = v128.add<T>(times, v128.eq<T>(label, v128.load(j)))
    if (w.ignore != 0) {
      const ignored = v128.eq<T>(label, v128.xor(v128.splat<T>(load<T>(w.ignore)), mask))
      times = v128.andnot(times, ignored)
    }
    let wins = v128.lt<T>(times, most)
    if (w.compares) wins = v128.or(wins, v128.and(v128.eq<T>(times, most), v128.lt<T>(label, best)))
    best = v128.bitselect(label, best, wins)
    most = v128.bitselect(times, most, wins)
  }
  return best
}
