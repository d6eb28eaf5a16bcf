/**
 * @file Means of 64-bit integers. Sums the upper and the lower halves apart, which is exact, so that sums of one window
 * become those of the next. Divides by long division, and rounds.
 */
import { Grid, Rounding } from './grid'
import { Four, One } from './van-herk'

const half: i64 = 0xffffffff

@unmanaged
class LongGrid extends Grid {
  /** Sums of lower and of upper halves, 16 bytes for each element of a row; 0 if windows share few elements. */
  sums: usize
  /** Elements of a row. */
  rowSize: i32
  /** For each column of outputs the byte offsets of its first input and of the end, and from one input to the next. */
  windows: usize
  step: u32
  /** Windows along rows have no gaps. */
  follows: i32
  /** Room for the sums of lower and of upper halves of a few channels. */
  channels: usize
  /** A `Reciprocal` if divisors are not below the elements of windows, and their product is small; else 0. */
  reciprocal: usize
}

/** The divisor of the last mean, `2^32 = unit * divisor + rest`, and `1 / divisor`. */
@unmanaged
class Reciprocal {
  divisor: f64
  inverse: f64
  unit: i64
  rest: i64
}

/**
 * Divisors are float64 numbers of at most 31 bits and a sign. `indices` points to those of all outputs if each has its
 * own; it is 0 if they are those of rows and columns.
 */
@inline
export function longMean<T>(block: usize): void {
  const g = changetype<LongGrid>(block)
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    let dst = g.dst + <usize>plane * g.dstPlane
    let from: usize = 0
    let to: usize = 0
    for (let row = 0; row < g.rows; row++, dst += g.dstRow) {
      const nextFrom = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
      const nextTo = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
      if (g.sums == 0) {
        if (ASC_FEATURE_SIMD && g.n >= fewest) meansOfPixels<T>(g, src, nextFrom, nextTo, row, dst)
        else meansOfWindows<T>(g, src, nextFrom, nextTo, row, dst)
        continue
      }
      sumColumns<T>(g, src, from, to, nextFrom, nextTo)
      from = nextFrom
      to = nextTo
      meansAcross<T>(g, row, dst)
    }
  }
}

/** Adds each window by itself. */
function meansOfWindows<T>(g: LongGrid, src: usize, rowFrom: usize, rowTo: usize, row: i32, to: usize): void {
  const rowDivisor = load<f64>(g.rowDivisors + (row << 4), 8)
  const rounding = g.rounding
  const reciprocal = g.reciprocal
  const step = g.step
  const n = (<usize>g.n) << 3
  const dstCol = g.dstCol
  let divisors = g.colDivisors
  let windows = g.windows
  for (const end = windows + ((<usize>g.cols) << 3); windows < end; windows += 8, divisors += 8, to += dstCol) {
    const divisor = rowDivisor * load<f64>(divisors)
    const first = src + load<u32>(windows)
    const limit = src + load<u32>(windows, 4)
    for (let i: usize = 0; i < n; i += 8) {
      let low: i64 = 0
      let high: i64 = 0
      for (let r = rowFrom; r < rowTo; r += 4) {
        const offset = <usize>load<u32>(r) + i
        for (let at = first; at < limit; at += step) {
          const value = load<T>(at + offset)
          low += <i64>value & half
          high += <i64>(value >> 32)
        }
      }
      store<T>(to + i, meanOf<T>(high, low, divisorOf(g, to + i, divisor), rounding, reciprocal))
    }
  }
}

/** Channels from which vectors gain. */
const fewest = 8

/** The same in vectors of channels, of which the last two overlap. */
function meansOfPixels<T>(g: LongGrid, src: usize, rowFrom: usize, rowTo: usize, row: i32, to: usize): void {
  const rowDivisor = load<f64>(g.rowDivisors + (row << 4), 8)
  const step = g.step
  const n = (<usize>g.n) << 3
  for (let col = 0; col < g.cols; col++, to += g.dstCol) {
    const windows = g.windows + ((<usize>col) << 3)
    const divisor = rowDivisor * load<f64>(g.colDivisors + ((<usize>col) << 3))
    const first = src + load<u32>(windows)
    const limit = src + load<u32>(windows, 4)
    let i: usize = 0
    for (; i + 64 <= n; i += 64) {
      sumPixels<T, Four>(g.channels, first + i, limit + i, step, rowFrom, rowTo)
      storeMeans<T>(g, 64, divisor, to + i)
    }
    for (; i < n; i += 16) {
      const pair = min(i, n - 16)
      sumPixels<T, One>(g.channels, first + pair, limit + pair, step, rowFrom, rowTo)
      storeMeans<T>(g, 16, divisor, to + pair)
    }
  }
}

/** Stores the means of the sums of channels, which have as many `bytes`. */
function storeMeans<T>(g: LongGrid, bytes: usize, divisor: f64, to: usize): void {
  const rounding = g.rounding
  const reciprocal = g.reciprocal
  const sums = g.channels
  for (let i: usize = 0; i < bytes; i += 8) {
    const own = divisorOf(g, to + i, divisor)
    store<T>(to + i, meanOf<T>(load<i64>(sums + i, 64), load<i64>(sums + i), own, rounding, reciprocal))
  }
}

/**
 * Adds the channels of a window that lie in one vector or in four. Signed numbers are raised by 2^63, so that their
 * upper halves have no sign; the sums are lowered again.
 */
function sumPixels<T, W>(sums: usize, first: usize, limit: usize, step: usize, rowFrom: usize, rowTo: usize): void {
  const raise: i64 = isSigned<T>() ? 0x80000000 : 0
  const raised = i64x2.splat(raise << 32)
  const mask = i64x2.splat(half)
  let taps: i64 = 0
  let low0 = i64x2.splat(0)
  let low1 = low0
  let low2 = low0
  let low3 = low0
  let high0 = low0
  let high1 = low0
  let high2 = low0
  let high3 = low0
  for (let r = rowFrom; r < rowTo; r += 4) {
    const offset = <usize>load<u32>(r)
    for (let at = first + offset; at < limit + offset; at += step, taps++) {
      const a = v128.xor(v128.load(at), raised)
      low0 = i64x2.add(low0, v128.and(a, mask))
      high0 = i64x2.add(high0, i64x2.shr_u(a, 32))
      if (sizeof<W>() > 1) {
        const b = v128.xor(v128.load(at, 16), raised)
        low1 = i64x2.add(low1, v128.and(b, mask))
        high1 = i64x2.add(high1, i64x2.shr_u(b, 32))
        const c = v128.xor(v128.load(at, 32), raised)
        low2 = i64x2.add(low2, v128.and(c, mask))
        high2 = i64x2.add(high2, i64x2.shr_u(c, 32))
        const d = v128.xor(v128.load(at, 48), raised)
        low3 = i64x2.add(low3, v128.and(d, mask))
        high3 = i64x2.add(high3, i64x2.shr_u(d, 32))
      }
    }
  }
  const lowers = i64x2.splat(taps * raise)
  v128.store(sums, low0)
  v128.store(sums, i64x2.sub(high0, lowers), 64)
  if (sizeof<W>() > 1) {
    v128.store(sums, low1, 16)
    v128.store(sums, low2, 32)
    v128.store(sums, low3, 48)
    v128.store(sums, i64x2.sub(high1, lowers), 80)
    v128.store(sums, i64x2.sub(high2, lowers), 96)
    v128.store(sums, i64x2.sub(high3, lowers), 112)
  }
}

/** Turns sums over the rows listed in `[from, to)` into those over the rows in `[nextFrom, nextTo)`. Lists ascend. */
@inline
function sumColumns<T>(g: LongGrid, src: usize, from: usize, to: usize, nextFrom: usize, nextTo: usize): void {
  const changes = step<T>(g, src, from, to, nextFrom, nextTo, true)
  if (changes < <i32>((nextTo - nextFrom) >> 2)) {
    step<T>(g, src, from, to, nextFrom, nextTo, false)
    return
  }
  if (nextFrom < nextTo) addRow<T>(g, src + load<u32>(nextFrom), 0)
  else for (let at: i32 = 0; at < 2 * g.rowSize; at++) store<i64>(g.sums + ((<usize>at) << 3), 0)
  for (let r = nextFrom + 4; r < nextTo; r += 4) addRow<T>(g, src + load<u32>(r), 1)
}

/** Adds the rows of the second list alone and subtracts those of the first alone, or only counts them. */
function step<T>(g: LongGrid, src: usize, from: usize, to: usize, nextFrom: usize, nextTo: usize, counts: bool): i32 {
  let changes = 0
  while (from < to || nextFrom < nextTo) {
    const last = from < to ? <i64>load<u32>(from) : i64.MAX_VALUE
    const next = nextFrom < nextTo ? <i64>load<u32>(nextFrom) : i64.MAX_VALUE
    if (last != next) {
      changes++
      if (!counts) addRow<T>(g, src + <usize>min(last, next), last < next ? -1 : 1)
    }
    if (last <= next) from += 4
    if (next <= last) nextFrom += 4
  }
  return changes
}

/** Adds a row to the sums, or subtracts it if `sign` is -1. If `sign` is 0 the sums become the row. */
function addRow<T>(g: LongGrid, row: usize, sign: i32): void {
  const sums = g.sums
  const end = (<usize>g.rowSize) << 3
  if (sign == 0) {
    for (let at: usize = 0; at < end; at += 8) {
      const value = load<T>(row + at)
      store<i64>(sums + 2 * at, <i64>value & half)
      store<i64>(sums + 2 * at, <i64>(value >> 32), 8)
    }
  } else if (sign > 0) {
    for (let at: usize = 0; at < end; at += 8) {
      const value = load<T>(row + at)
      store<i64>(sums + 2 * at, load<i64>(sums + 2 * at) + (<i64>value & half))
      store<i64>(sums + 2 * at, load<i64>(sums + 2 * at, 8) + <i64>(value >> 32), 8)
    }
  } else {
    for (let at: usize = 0; at < end; at += 8) {
      const value = load<T>(row + at)
      store<i64>(sums + 2 * at, load<i64>(sums + 2 * at) - (<i64>value & half))
      store<i64>(sums + 2 * at, load<i64>(sums + 2 * at, 8) - <i64>(value >> 32), 8)
    }
  }
}

/** Channel by channel, so that the sum of one window becomes that of the next. */
function meansAcross<T>(g: LongGrid, row: i32, to: usize): void {
  const step = g.step
  const follows = g.follows != 0
  const rounding = g.rounding
  const reciprocal = g.reciprocal
  const dstCol = g.dstCol
  const lastWindow = g.windows + ((<usize>g.cols) << 3)
  const rowDivisor = load<f64>(g.rowDivisors + (row << 4), 8)
  for (let i = 0; i < g.n; i++) {
    const sums = g.sums + ((<usize>i) << 4)
    let dst = to + ((<usize>i) << 3)
    let low: i64 = 0
    let high: i64 = 0
    let start: u32 = 0
    let end: u32 = 0
    let divisors = g.colDivisors
    for (let windows = g.windows; windows < lastWindow; windows += 8, divisors += 8, dst += dstCol) {
      const first = load<u32>(windows)
      const limit = load<u32>(windows, 4)
      if (!follows || first >= end || limit < end) {
        low = 0
        high = 0
        start = first
        end = first
      }
      for (; end < limit; end += step) {
        low += load<i64>(sums + 2 * <usize>end)
        high += load<i64>(sums + 2 * <usize>end, 8)
      }
      for (; start < first; start += step) {
        low -= load<i64>(sums + 2 * <usize>start)
        high -= load<i64>(sums + 2 * <usize>start, 8)
      }
      const divisor = rowDivisor * load<f64>(divisors)
      store<T>(dst, meanOf<T>(high, low, divisorOf(g, dst, divisor), rounding, reciprocal))
    }
  }
}

/** The divisor of the output at an address. Divisors have the size of outputs. */
@inline
function divisorOf(g: LongGrid, at: usize, common: f64): f64 {
  return g.indices == 0 ? common : load<f64>(g.indices + (at - g.dst))
}

@inline
function meanOf<T>(high: i64, low: i64, by: f64, rounding: i32, reciprocal: usize): T {
  return reciprocal == 0 ? mean<T>(high, low, by, rounding) : meanByProduct<T>(high, low, by, rounding, reciprocal)
}

/**
 * As `mean`, for results in the range of `T`. Since `2^32 = unit * by + rest`, it is `high * unit` and the mean of
 * `high * rest + low`, of which the host knows that it has at most 62 bits, and its quotient fewer than 51.
 */
@inline
function meanByProduct<T>(high: i64, low: i64, by: f64, rounding: i32, reciprocal: usize): T {
  const r = changetype<Reciprocal>(reciprocal)
  if (r.divisor != by) invert(r, by)
  const divisor = <i64>by
  high += low >> 32
  low &= half
  const product = high * r.rest + low
  // Wrong by at most one.
  let quotient = <i64>(<f64>product * r.inverse)
  let rest = product - quotient * divisor
  const isBelow = rest >> 63
  quotient += isBelow
  rest += divisor & isBelow
  const isAbove = <i64>(rest >= divisor)
  quotient += isAbove
  rest -= divisor & -isAbove
  const floor = high * r.unit + quotient
  return <T>(floor + roundsUp(rest, divisor, rounding, high < 0, floor))
}

function invert(r: Reciprocal, by: f64): void {
  const divisor = <i64>by
  r.divisor = by
  r.inverse = 1 / by
  r.unit = (half + 1) / divisor
  r.rest = (half + 1) % divisor
}

/** 1 if a quotient rounds up from `floor` with a rest. Without branches, which random numbers would mispredict. */
@inline
function roundsUp(rest: i64, divisor: i64, rounding: i32, isNegative: bool, floor: i64): i32 {
  if (rounding == Rounding.Floor) return 0
  if (rounding == Rounding.Trunc) return <i32>isNegative & <i32>(rest > 0)
  const twice = 2 * rest
  const isHalf = <i32>(twice == divisor)
  return <i32>(twice > divisor) | (isHalf & (rounding == Rounding.HalfUp ? <i32>!isNegative : <i32>floor & 1))
}

/** `(high * 2^32 + low) / by`, rounded and clamped to the range of `T`. */
@inline
function mean<T>(high: i64, low: i64, by: f64, rounding: i32): T {
  high += low >> 32
  low &= half
  if (by < 0) {
    by = -by
    high = low == 0 ? -high : ~high
    low = -low & half
  }
  const divisor = <i64>by
  const isNegative = high < 0
  // Quotients in float64 are wrong by at most one, since they have less than 53 bits.
  let upper = <i64>Math.floor(<f64>high / by)
  let rest = high - upper * divisor
  if (rest < 0) {
    upper--
    rest += divisor
  } else if (rest >= divisor) {
    upper++
    rest -= divisor
  }
  rest = (rest << 32) | low
  let lower = <i64>(<f64>rest / by)
  rest -= lower * divisor
  if (rest < 0) {
    lower--
    rest += divisor
  } else if (rest >= divisor) {
    lower++
    rest -= divisor
  }
  const largest = isSigned<T>() ? i64.MAX_VALUE : -1
  const most: i64 = isSigned<T>() ? 0x7fffffff : half
  if (upper > most) return <T>largest
  if (upper < (isSigned<T>() ? -0x80000000 : 0)) return isSigned<T>() ? <T>i64.MIN_VALUE : <T>0
  const floor = (upper << 32) | lower
  return <T>(floor + (roundsUp(rest, divisor, rounding, isNegative, floor) & <i32>(floor != largest)))
}
