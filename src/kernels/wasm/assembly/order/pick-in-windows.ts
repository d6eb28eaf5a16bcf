/**
 * @file Random picks: two windows at a time.
 */
import { at, eachPair, pair, Piece, walk, whole, Windows } from './window-runs'

/** Writes the places that samples pick, as 32-bit integers: -1 if no element is positive, -2 if the window is open. */
@inline
export function pickInWindows<T>(block: usize): void {
  walk<T, Pick>(changetype<Windows>(block))
}

/** Sums out of this range are left to the host: they are not finite, or lose digits. */
const leastSum: f64 = reinterpret<f64>(0x0df0000000000000)
const mostSum: f64 = reinterpret<f64>(0x7830000000000000)

@unmanaged
class Pick {
  @inline
  visit<T>(p: Piece): void {
    eachPair<T, Pick>(p)
  }

  @inline
  pair<T>(p: Piece, a: i32, b: i32, to: i32, next: i32): void {
    const w = p.w
    const taps = p.taps
    const x = at<T>(w.src, a)
    const room = w.room
    const end = room + ((<usize>p.n) << 4)
    const distance = at<T>(0, b - a)
    let sum = f64x2.splat(0)
    let offset = taps
    for (let part = room; part < end; part += 16, offset += 4) {
      const element = x + <usize>load<i32>(offset) * sizeof<T>()
      const two = distance == sizeof<T>() ? neighbours<T>(element) : pair<T>(element, element + distance)
      sum = f64x2.add(sum, f64x2.max(two, f64x2.splat(0)))
      v128.store(part, sum)
    }
    const threshold = f64x2.mul(pair<f64>(at<f64>(w.dy, to), at<f64>(w.dy, next)), sum)
    let before = f64x2.splat(0)
    for (let part = room; part < end; part += 16) before = i64x2.sub(before, f64x2.le(v128.load(part), threshold))
    const first = placeOf(f64x2.extract_lane(sum, 0), a, taps, i64x2.extract_lane(before, 0))
    store<i32>(at<i32>(w.dst, to), first)
    if (to == next) return
    const second = placeOf(f64x2.extract_lane(sum, 1), b, taps, i64x2.extract_lane(before, 1))
    store<i32>(at<i32>(w.dst, next), second)
  }
}

/** Two elements that lie side by side, as float64. */
@inline
function neighbours<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load64_zero(at))
}

/** The tap after those `before` the sample's part of the sum. */
@inline
function placeOf(sum: f64, from: i32, taps: usize, before: i64): i32 {
  if (sum == 0) return -1
  return sum >= leastSum && sum <= mostSum ? from + whole(taps, <i32>before) : -2
}
