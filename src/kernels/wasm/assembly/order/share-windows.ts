/**
 * @file Gradients of windows: first a factor for each window of a piece, then the shares of the elements at one
 * tap of all its windows. The last tap comes first, so that an element adds its shares in the order of its windows.
 */
import { loadPair } from './exponential'
import { at, isDense, othersOf, pair, Piece, walk, whole, Windows } from './window-runs'

/** Adds the shares of each element to `dst`. True if some factor is out of range. */
@inline
export function shareWindows<T, R>(block: usize): bool {
  return walk<T, Share<R>>(changetype<Windows>(block))
}

@unmanaged
class Share<R> {
  @inline
  visit<T>(p: Piece): void {
    const w = p.w
    const count = p.columns * w.inner
    const sums = w.room
    const others = othersOf(w)
    changetype<R>(0).sum<T>(p, sums, others)
    let dy = at<T>(w.dy, p.out)
    let from: usize = 0
    for (let left = count; left > 0; left -= 2, dy += 2 * sizeof<T>(), from += 16) {
      if (left == 1) repeatLast(sums + from, others + from)
      const given = left == 1 ? f64x2.splat(<f64>load<T>(dy)) : loadPair<T>(dy)
      const isOpen = changetype<R>(0).scale<T>(w, given, p.n, sums + from, others + from)
      if (v128.any_true(isOpen)) p.isOpen = true
    }
    for (let t = p.n - 1; t >= 0; t--) addShares<T, R>(p, whole(p.taps, t))
  }
}

/** The last of an odd number of windows is scaled with itself. */
@inline
function repeatLast(sum: usize, other: usize): void {
  store<f64>(sum, load<f64>(sum), 8)
  store<f64>(other, load<f64>(other), 8)
}

/** Of the elements at a tap of all windows. */
@inline
function addShares<T, R>(p: Piece, tap: i32): void {
  const inner = p.w.inner
  const first = p.first + tap
  if (isDense(p)) addRow<T, R>(p.w, tap, first, 0, p.columns * inner)
  else if (inner == 1) addApart<T, R>(p, tap, first)
  else for (let i = 0; i < p.columns; i++) addRow<T, R>(p.w, tap, first + i * p.stride, i * inner, inner)
}

/** Of `count` neighbouring elements, in the windows from number `k` on. */
function addRow<T, R>(w: Windows, tap: i32, element: i32, k: i32, count: i32): void {
  const back = at<f64>(0, tap)
  let values = at<f64>(changetype<R>(0).values(w), element)
  let x = at<T>(w.src, element)
  let sums = at<f64>(w.room, k)
  let others = at<f64>(othersOf(w), k)
  let to = at<T>(w.dst, element)
  let left = count
  for (; left >= 8; left -= 8, values += 64, x += 8 * sizeof<T>(), sums += 64, others += 64, to += 8 * sizeof<T>()) {
    addPair<T, R>(values, x, back, sums, others, to)
    addPair<T, R>(values + 16, x + 2 * sizeof<T>(), back, sums + 16, others + 16, to + 2 * sizeof<T>())
    addPair<T, R>(values + 32, x + 4 * sizeof<T>(), back, sums + 32, others + 32, to + 4 * sizeof<T>())
    addPair<T, R>(values + 48, x + 6 * sizeof<T>(), back, sums + 48, others + 48, to + 6 * sizeof<T>())
  }
  for (; left >= 2; left -= 2, values += 16, x += 2 * sizeof<T>(), sums += 16, others += 16, to += 2 * sizeof<T>())
    addPair<T, R>(values, x, back, sums, others, to)
  if (left > 0)
    addLane<T>(to, f64x2.extract_lane(changetype<R>(0).share<T, Neighbours>(values, x, back, 0, sums, others), 0))
}

@inline
function addPair<T, R>(values: usize, x: usize, back: usize, sums: usize, others: usize, to: usize): void {
  const share = changetype<R>(0).share<T, Neighbours>(values, x, back, 0, sums, others)
  const sum = f64x2.add(loadPair<T>(to), share)
  if (sizeof<T>() == 8) v128.store(to, sum)
  else v128.store64_lane(to, f32x4.demote_f64x2_zero(sum), 0)
}

/** Of elements a stride apart. */
function addApart<T, R>(p: Piece, tap: i32, element: i32): void {
  const w = p.w
  const others = othersOf(w)
  const all = changetype<R>(0).values(w)
  for (let i = 0; i < p.columns; i += 2) {
    const isPair = i + 1 < p.columns
    const gap = isPair ? p.stride : 0
    const from = element + i * p.stride
    const k = at<f64>(0, i)
    const places = at<f64>(all, from)
    const share = changetype<R>(0).share<T, Apart>(
      places,
      at<T>(w.src, from),
      at<f64>(0, tap),
      gap,
      w.room + k,
      others + k,
    )
    addLane<T>(at<T>(w.dst, from), f64x2.extract_lane(share, 0))
    if (isPair) addLane<T>(at<T>(w.dst, from + gap), f64x2.extract_lane(share, 1))
  }
}

@inline
function addLane<T>(to: usize, share: f64): void {
  store<T>(to, <T>(<f64>load<T>(to) + share))
}

@unmanaged
class Neighbours {
  @inline
  two<T>(a: usize, gap: i32): v128 {
    return loadPair<T>(a)
  }
}

@unmanaged
class Apart {
  @inline
  two<T>(a: usize, gap: i32): v128 {
    return pair<T>(a, at<T>(a, gap))
  }
}
