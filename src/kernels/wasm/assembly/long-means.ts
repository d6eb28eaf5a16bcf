/**
 * @file Means of 64-bit integers. Sums the upper and the lower halves apart, divides by long division, and rounds.
 * Reads the tables of `fold`.
 */
import { Grid, Rounding } from './grid'

const half: i64 = 0xffffffff

/** Divisors are float64 numbers of at most 31 bits and a sign. */
@inline
export function longMean<T>(block: usize): void {
  const g = changetype<Grid>(block)
  const n = g.n
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    for (let row = 0; row < g.rows; row++) {
      const rowFrom = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
      const rowTo = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
      const rowDivisor = load<f64>(g.rowDivisors + (row << 4), 8)
      let dst = g.dst + <usize>plane * g.dstPlane + <usize>row * g.dstRow
      for (let col = 0; col < g.cols; col++, dst += g.dstCol) {
        const colFrom = g.colOffsets + load<u32>(g.colEnds + (col << 2))
        const colTo = g.colOffsets + load<u32>(g.colEnds + (col << 2), 4)
        const divisors = g.colDivisors + (col << 3)
        for (let i = 0; i < n; i++) {
          let low: i64 = 0
          let high: i64 = 0
          for (let r = rowFrom; r < rowTo; r += 4) {
            const from = src + load<u32>(r) + (i << 3)
            for (let k = colFrom; k < colTo; k += 4) {
              const value = load<T>(from + load<u32>(k))
              low += <i64>value & half
              high += <i64>(value >> 32)
            }
          }
          const divisor = rowDivisor * load<f64>(g.perElement != 0 ? divisors + (i << 3) : divisors)
          store<T>(dst + (i << 3), mean<T>(high, low, <i64>divisor, g.rounding))
        }
      }
    }
  }
}

/** `(high * 2^32 + low) / divisor`, rounded and clamped to the range of `T`. */
function mean<T>(high: i64, low: i64, divisor: i64, rounding: i32): T {
  high += low >> 32
  low &= half
  if (divisor < 0) {
    divisor = -divisor
    high = low == 0 ? -high : ~high
    low = -low & half
  }
  const isNegative = high < 0
  let upper = high / divisor
  if (upper * divisor > high) upper--
  const rest = ((high - upper * divisor) << 32) | low
  const lower = <i64>(<u64>rest / <u64>divisor)
  const twice = 2 * (rest - lower * divisor)
  let isUp = false
  if (rounding == Rounding.Trunc) isUp = isNegative && twice > 0
  else if (rounding == Rounding.HalfUp) isUp = twice > divisor || (twice == divisor && !isNegative)
  else if (rounding == Rounding.HalfEven) isUp = twice > divisor || (twice == divisor && (lower & 1) != 0)
  const largest = isSigned<T>() ? i64.MAX_VALUE : -1
  const most: i64 = isSigned<T>() ? 0x7fffffff : half
  if (upper > most) return <T>largest
  if (upper < (isSigned<T>() ? -0x80000000 : 0)) return isSigned<T>() ? <T>i64.MIN_VALUE : <T>0
  const floor = (upper << 32) | lower
  return <T>(isUp && floor != largest ? floor + 1 : floor)
}
