/**
 * @file 2 by 2 windows that do not overlap, of one channel: rows two by two, nothing padded.
 */
import { alarmed, give, giveOne, lanes, reach, take, takeOne, watchFour } from './lanes'
import { better, betterOfPairs, betterOne, evens, odds } from './rows'

/** @returns whether a NaN may have been seen, which this kernel loses */
@inline
export function pairs<T>(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, min: bool, flip: T): bool {
  const pitch = <usize>inCols * sizeof<T>()
  let seen = false
  for (let plane = 0; plane < planes; plane++) {
    let a = src + <usize>plane * inRows * pitch
    for (let row = 0; row < rows; row++, a += 2 * pitch, dst += <usize>cols * sizeof<T>()) {
      const b = a + pitch
      let i = 0
      if (ASC_FEATURE_SIMD && cols >= lanes<T>()) {
        if (pairsRow<T>(a, b, dst, cols, min, flip)) seen = true
        i = cols
      }
      for (; i < cols; i++) {
        const at = 2 * i * sizeof<T>()
        const a0 = takeOne<T>(a + at, flip)
        const a1 = takeOne<T>(a + at + sizeof<T>(), flip)
        const b0 = takeOne<T>(b + at, flip)
        const b1 = takeOne<T>(b + at + sizeof<T>(), flip)
        if (isFloat<T>() && (a0 != a0 || a1 != a1 || b0 != b0 || b1 != b1)) seen = true
        giveOne<T>(dst + i * sizeof<T>(), betterOne<T>(betterOne<T>(a0, a1, min), betterOne<T>(b0, b1, min), min), flip)
      }
    }
  }
  return seen
}

@inline
function pairsRow<T>(a: usize, b: usize, dst: usize, cols: i32, min: bool, flip: T): bool {
  const flips = v128.splat<T>(flip)
  let watch = v128.splat<T>(<T>0)
  for (let i = 0; i < cols; i += lanes<T>()) {
    const j = reach(i, cols, lanes<T>())
    const at = 2 * j * sizeof<T>()
    const a0 = take<T>(a + at, flips)
    const a1 = take<T>(a + at + 16, flips)
    const b0 = take<T>(b + at, flips)
    const b1 = take<T>(b + at + 16, flips)
    watch = watchFour<T>(watch, a0, a1, b0, b1)
    // Bytes have no zeros of two signs, so the rows may go first.
    const best =
      sizeof<T>() == 1
        ? betterOfPairs<T>(better<T>(a0, b0, min), better<T>(a1, b1, min), min)
        : better<T>(betterOfPairs<T>(a0, a1, min), betterOfPairs<T>(b0, b1, min), min)
    give<T>(dst + j * sizeof<T>(), best, flips)
  }
  return alarmed<T>(watch)
}

/** As `pairs`, with positions in the plane. 4-byte elements. */
@inline
export function locatePairs<T>(src: usize, dst: usize, indices: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, min: bool): bool {
  const pitch = <usize>inCols * sizeof<T>()
  let seen = false
  for (let plane = 0; plane < planes; plane++) {
    let a = src + <usize>plane * inRows * pitch
    let origin = 0
    for (let row = 0; row < rows; row++, a += 2 * pitch, origin += 2 * inCols) {
      const b = a + pitch
      let i = 0
      if (ASC_FEATURE_SIMD && cols >= 4) {
        if (locatePairsRow<T>(a, b, dst, indices, cols, inCols, origin, min)) seen = true
        i = cols
      }
      for (; i < cols; i++) {
        const at = 2 * i * sizeof<T>()
        const a0 = load<T>(a + at)
        const a1 = load<T>(a + at + sizeof<T>())
        const b0 = load<T>(b + at)
        const b1 = load<T>(b + at + sizeof<T>())
        if (a0 != a0 || a1 != a1 || b0 != b0 || b1 != b1) seen = true
        const top = betterOne<T>(a0, a1, min)
        const low = betterOne<T>(b0, b1, min)
        const isLow = min ? low < top : low > top
        const isOdd = isLow ? (min ? b1 < b0 : b1 > b0) : min ? a1 < a0 : a1 > a0
        store<T>(dst + i * sizeof<T>(), isLow ? low : top)
        store<i32>(indices + (i << 2), origin + 2 * i + (isLow ? inCols : 0) + i32(isOdd))
      }
      dst += <usize>cols * sizeof<T>()
      indices += <usize>cols << 2
    }
  }
  return seen
}

@inline
function locatePairsRow<T>(a: usize, b: usize, dst: usize, indices: usize, cols: i32, inCols: i32, origin: i32, min: bool): bool {
  const below = i32x4.splat(inCols)
  let watch = v128.splat<T>(<T>0)
  for (let i = 0; i < cols; i += 4) {
    const j = reach(i, cols, 4)
    const at = 2 * j * sizeof<T>()
    const a0 = v128.load(a + at)
    const a1 = v128.load(a + at, 16)
    const b0 = v128.load(b + at)
    const b1 = v128.load(b + at, 16)
    watch = watchFour<T>(watch, a0, a1, b0, b1)
    const aEven = evens<T>(a0, a1)
    const aOdd = odds<T>(a0, a1)
    const bEven = evens<T>(b0, b1)
    const bOdd = odds<T>(b0, b1)
    const top = better<T>(aEven, aOdd, min)
    const low = better<T>(bEven, bOdd, min)
    // Masks are -1 where the odd element, or the lower row, wins.
    const topOdd = min ? v128.lt<T>(aOdd, aEven) : v128.gt<T>(aOdd, aEven)
    const lowOdd = min ? v128.lt<T>(bOdd, bEven) : v128.gt<T>(bOdd, bEven)
    const isLow = min ? v128.lt<T>(low, top) : v128.gt<T>(low, top)
    const odd = v128.bitselect(i32x4.sub(below, lowOdd), i32x4.neg(topOdd), isLow)
    const first = i32x4.add(i32x4.splat(origin + 2 * j), i32x4(0, 2, 4, 6))
    v128.store(dst + j * sizeof<T>(), better<T>(top, low, min))
    v128.store(indices + (j << 2), i32x4.add(first, odd))
  }
  return alarmed<T>(watch)
}

/** Averages of pairs of pairs, added in row-major order; `factor` multiplies if it is exact, else `divisor` divides. */
@inline
export function averagePairs<T>(src: usize, dst: usize, planes: i32, inRows: i32, inCols: i32, rows: i32, cols: i32, divisor: T, factor: T): void {
  const pitch = <usize>inCols * sizeof<T>()
  for (let plane = 0; plane < planes; plane++) {
    let a = src + <usize>plane * inRows * pitch
    for (let row = 0; row < rows; row++, a += 2 * pitch, dst += <usize>cols * sizeof<T>()) {
      const b = a + pitch
      let i = 0
      if (ASC_FEATURE_SIMD && cols >= lanes<T>()) {
        if (factor != <T>0) averagePairsRow<T>(a, b, dst, cols, factor, true)
        else averagePairsRow<T>(a, b, dst, cols, divisor, false)
        i = cols
      }
      for (; i < cols; i++) {
        const at = 2 * i * sizeof<T>()
        let total = <T>(load<T>(a + at) + load<T>(a + at + sizeof<T>()))
        total = <T>(total + load<T>(b + at))
        total = <T>(total + load<T>(b + at + sizeof<T>()))
        store<T>(dst + i * sizeof<T>(), <T>(total / divisor + <T>0))
      }
    }
  }
}

@inline
function averagePairsRow<T>(a: usize, b: usize, dst: usize, cols: i32, by: T, multiplies: bool): void {
  const bys = v128.splat<T>(by)
  const zero = v128.splat<T>(<T>0)
  for (let i = 0; i < cols; i += lanes<T>()) {
    const j = reach(i, cols, lanes<T>())
    const at = 2 * j * sizeof<T>()
    const a0 = v128.load(a + at)
    const a1 = v128.load(a + at, 16)
    const b0 = v128.load(b + at)
    const b1 = v128.load(b + at, 16)
    let total = v128.add<T>(evens<T>(a0, a1), odds<T>(a0, a1))
    total = v128.add<T>(total, evens<T>(b0, b1))
    total = v128.add<T>(total, odds<T>(b0, b1))
    total = multiplies ? v128.mul<T>(total, bys) : v128.div<T>(total, bys)
    v128.store(dst + j * sizeof<T>(), v128.add<T>(total, zero))
  }
}

/** The gradient of averages of pairs of pairs: each output's share, four times. Writes every element. */
@inline
export function sharePairs<T>(dy: usize, dx: usize, rows: i32, cols: i32, divisor: T): void {
  const pitch = <usize>cols * 2 * sizeof<T>()
  for (let row = 0; row < rows; row++, dy += <usize>cols * sizeof<T>(), dx += 2 * pitch) {
    const below = dx + pitch
    let i = 0
    if (ASC_FEATURE_SIMD && sizeof<T>() == 4) {
      const divisors = v128.splat<T>(divisor)
      const zero = v128.splat<T>(<T>0)
      for (; i + 4 <= cols; i += 4) {
        const share = v128.add<T>(v128.div<T>(v128.load(dy + (i << 2)), divisors), zero)
        const low = v128.shuffle<i32>(share, share, 0, 0, 1, 1)
        const high = v128.shuffle<i32>(share, share, 2, 2, 3, 3)
        v128.store(dx + (i << 3), low)
        v128.store(dx + (i << 3), high, 16)
        v128.store(below + (i << 3), low)
        v128.store(below + (i << 3), high, 16)
      }
    }
    for (; i < cols; i++) {
      const share = <T>(load<T>(dy + i * sizeof<T>()) / divisor + <T>0)
      const at = 2 * i * sizeof<T>()
      store<T>(dx + at, share)
      store<T>(dx + at, share, sizeof<T>())
      store<T>(below + at, share)
      store<T>(below + at, share, sizeof<T>())
    }
  }
}

/**
 * The gradient of picks from pairs of pairs. Writes every element.
 *
 * @returns whether an index lies outside its window, in which case it has gone nowhere
 */
@inline
export function sendPairs(dy: usize, indices: usize, dx: usize, planes: i32, rows: i32, cols: i32): bool {
  const inCols = 2 * cols
  let strays = false
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      const origin = 2 * row * inCols
      const below = dx + (<usize>inCols << 2)
      let i = 0
      if (ASC_FEATURE_SIMD) {
        const first = i32x4(0, 1, 0, 1)
        const second = i32x4.add(first, i32x4.splat(inCols))
        const step = i32x4.splat(8)
        let places = i32x4.add(i32x4.splat(origin), i32x4(0, 2, 4, 6))
        let taken = i32x4.splat(0)
        for (; i + 4 <= cols; i += 4) {
          const at = i32x4.sub(v128.load(indices + (i << 2)), places)
          const value = f32x4.add(v128.load(dy + (i << 2)), f32x4.splat(0))
          const low = v128.shuffle<i32>(at, at, 0, 0, 1, 1)
          const high = v128.shuffle<i32>(at, at, 2, 2, 3, 3)
          const lowValue = v128.shuffle<i32>(value, value, 0, 0, 1, 1)
          const highValue = v128.shuffle<i32>(value, value, 2, 2, 3, 3)
          const is0 = i32x4.eq(low, first)
          const is1 = i32x4.eq(high, first)
          const is2 = i32x4.eq(low, second)
          const is3 = i32x4.eq(high, second)
          v128.store(dx + (i << 3), v128.and(lowValue, is0))
          v128.store(dx + (i << 3), v128.and(highValue, is1), 16)
          v128.store(below + (i << 3), v128.and(lowValue, is2))
          v128.store(below + (i << 3), v128.and(highValue, is3), 16)
          taken = i32x4.sub(taken, i32x4.add(i32x4.add(is0, is1), i32x4.add(is2, is3)))
          places = i32x4.add(places, step)
        }
        const pair = i32x4.add(taken, v128.shuffle<i32>(taken, taken, 2, 3, 0, 1))
        if (i32x4.extract_lane(pair, 0) + i32x4.extract_lane(pair, 1) != i) strays = true
      }
      for (; i < cols; i++) {
        const at = load<i32>(indices + (i << 2)) - origin - 2 * i
        const value = load<f32>(dy + (i << 2)) + <f32>0
        store<f32>(dx + (i << 3), at == 0 ? value : <f32>0)
        store<f32>(dx + (i << 3), at == 1 ? value : <f32>0, 4)
        store<f32>(below + (i << 3), at == inCols ? value : <f32>0)
        store<f32>(below + (i << 3), at == inCols + 1 ? value : <f32>0, 4)
        if (at != 0 && at != 1 && at != inCols && at != inCols + 1) strays = true
      }
      dy += <usize>cols << 2
      indices += <usize>cols << 2
      dx += <usize>inCols << 3
    }
  }
  return strays
}
