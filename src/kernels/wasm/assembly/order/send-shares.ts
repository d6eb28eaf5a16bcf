/**
 * @file Gradients of medians and quantiles: sent to the taps that windows pick.
 */
import { at, isDense, Piece, walk, whole, Windows } from './window-runs'

/**
 * Adds to `dst`, one window after another. `src` has the pairs of taps, and `parameters` the weight of the higher
 * element for each number of taps.
 */
@inline
export function sendShares<T>(block: usize): void {
  walk<T, Send>(changetype<Windows>(block))
}

@unmanaged
class Send {
  @inline
  visit<T>(p: Piece): void {
    const w = p.w
    const taps = p.taps
    const weight = load<f64>(at<f64>(w.parameters, p.n))
    const isRow = isDense(p)
    const inner = isRow ? p.columns * w.inner : w.inner
    const gap = isRow ? 0 : at<T>(0, p.stride - inner)
    let pairs = at<u16>(w.src, p.out)
    let dy = at<T>(w.dy, p.out)
    let from = at<T>(w.dst, p.first)
    const end = pairs + 2 * p.columns * w.inner
    while (pairs < end) {
      for (let c = 0; c < inner; c++, pairs += 2, dy += sizeof<T>(), from += sizeof<T>()) {
        const low = <i32>load<u8>(pairs)
        const high = <i32>load<u8>(pairs, 1)
        const share = load<T>(dy)
        const to = at<T>(from, whole(taps, low))
        if (low == high) {
          store<T>(to, load<T>(to) + share)
        } else {
          add<T>(to, <f64>share * (1 - weight))
          add<T>(at<T>(from, whole(taps, high)), <f64>share * weight)
        }
      }
      from += gap
    }
  }
}

@inline
function add<T>(to: usize, share: f64): void {
  store<T>(to, <T>(<f64>load<T>(to) + share))
}
