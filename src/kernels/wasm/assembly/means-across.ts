/**
 * @file Windows folded across a row and divided in one loop, for means whose division is fast.
 */
import { Fast, joined, joinedFew, joinedFour, quotient, Segment, splatOf, storePart } from './whole-mean'
import { widened } from './widened'
import { lanes, min } from './vectors'

/** Type arguments: windows of two, of three and of any number of taps, and differences of two sums. */
export type Two = u16
export type Three = u32
export type Any = u8
type Difference = u64

/** The means of `n` neighbouring elements, whose taps lie `step` bytes apart in a row of elements `S`. */
export function meansAcross<T, A, S>(s: Segment, from: usize, taps: i32, step: usize, n: i32, to: usize): void {
  if (taps == 2) run<T, A, S, Two>(s, from, taps, step, n, to)
  else if (taps == 3) run<T, A, S, Three>(s, from, taps, step, n, to)
  else run<T, A, S, Any>(s, from, taps, step, n, to)
}

/** The means of the differences of sums that lie `apart` bytes apart. */
export function meansOfDifferences<T, A>(s: Segment, from: usize, apart: usize, n: i32, to: usize): void {
  run<T, A, A, Difference>(s, from, 2, apart, n, to)
}

function run<T, A, S, K>(s: Segment, from: usize, taps: i32, step: usize, n: i32, to: usize): void {
  const bias = splatOf<A>(s.bias)
  const negativeBias = splatOf<A>(s.negativeBias)
  const multiplier = splatOf<A>(s.multiplier)
  const divisor = splatOf<A>(s.divisor)
  const isWide = sizeof<A>() > 2 * sizeof<T>()
  const reads: usize = lanes<A>() * sizeof<S>()
  let i = 0
  for (; i + lanes<T>() <= n; i += lanes<T>(), from += (isWide ? 4 : 2) * reads, to += 16) {
    let a = foldFew<A, S, K>(from, step)
    let b = foldFew<A, S, K>(from + reads, step)
    let c = isWide ? foldFew<A, S, K>(from + 2 * reads, step) : a
    let d = isWide ? foldFew<A, S, K>(from + 3 * reads, step) : b
    if (sizeof<K>() == 1) {
      let at = from
      for (let tap = taps; tap > 1; tap--) {
        at += step
        a = v128.add<A>(a, widened<S, A>(at))
        b = v128.add<A>(b, widened<S, A>(at + reads))
        if (isWide) {
          c = v128.add<A>(c, widened<S, A>(at + 2 * reads))
          d = v128.add<A>(d, widened<S, A>(at + 3 * reads))
        }
      }
    }
    a = quotient<A, Fast>(s, a, bias, negativeBias, multiplier, divisor)
    b = quotient<A, Fast>(s, b, bias, negativeBias, multiplier, divisor)
    if (isWide) {
      c = quotient<A, Fast>(s, c, bias, negativeBias, multiplier, divisor)
      d = quotient<A, Fast>(s, d, bias, negativeBias, multiplier, divisor)
      v128.store(to, joinedFour<T, A, Fast>(a, b, c, d))
    } else v128.store(to, joined<T, A, Fast>(a, b))
  }
  for (; i < n; i += lanes<A>(), from += reads, to += lanes<A>() * sizeof<T>()) {
    let a = foldFew<A, S, K>(from, step)
    if (sizeof<K>() == 1) {
      let at = from
      for (let tap = taps; tap > 1; tap--) a = v128.add<A>(a, widened<S, A>((at += step)))
    }
    a = quotient<A, Fast>(s, a, bias, negativeBias, multiplier, divisor)
    storePart(to, joinedFew<T, A, Fast>(a), min(n - i, lanes<A>()) * sizeof<T>())
  }
}

/** Two taps, three, the first of any number, or a difference. */
@inline
function foldFew<A, S, K>(at: usize, step: usize): v128 {
  const first = widened<S, A>(at)
  if (sizeof<K>() == 1) return first
  const second = widened<S, A>(at + step)
  if (sizeof<K>() == 8) return v128.sub<A>(second, first)
  const two = v128.add<A>(first, second)
  return sizeof<K>() == 4 ? v128.add<A>(two, widened<S, A>(at + 2 * step)) : two
}
