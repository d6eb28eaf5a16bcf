/**
 * @file Windows folded across a row and divided in one loop, for means whose division is fast.
 */
import {
  Fast,
  isPlain,
  joined,
  joinedFew,
  joinedFour,
  Plain,
  quotient,
  Segment,
  splatOf,
  storePart,
} from './whole-mean'
import { At0, At1, At2, At3, widened, widenedAt } from './widened'
import { lanes, min } from './vectors'

/** Type arguments: windows of two, of three and of any number of taps, and differences of two sums. */
export type Two = u16
export type Three = u32
export type Any = u8
type Difference = u64

/** The means of `n` neighbouring elements, whose taps lie `step` bytes apart in a row of elements `S`. */
export function meansAcross<T, A, S>(s: Segment, from: usize, taps: i32, step: usize, n: i32, to: usize): void {
  if (taps == 2) divided<T, A, S, Two>(s, from, taps, step, n, to)
  else if (taps == 3) divided<T, A, S, Three>(s, from, taps, step, n, to)
  else divided<T, A, S, Any>(s, from, taps, step, n, to)
}

/** The means of the differences of sums that lie `apart` bytes apart. */
export function meansOfDifferences<T, A>(s: Segment, from: usize, apart: usize, n: i32, to: usize): void {
  divided<T, A, A, Difference>(s, from, 2, apart, n, to)
}

@inline
function divided<T, A, S, K>(s: Segment, from: usize, taps: i32, step: usize, n: i32, to: usize): void {
  if (sizeof<A>() == 4 || isPlain(s)) run<T, A, S, K, Plain>(s, from, taps, step, n, to)
  else run<T, A, S, K, Fast>(s, from, taps, step, n, to)
}

function run<T, A, S, K, D>(s: Segment, from: usize, taps: i32, step: usize, n: i32, to: usize): void {
  const bias = splatOf<A>(s.bias)
  const negativeBias = splatOf<A>(s.negativeBias)
  const multiplier = splatOf<A>(s.multiplier)
  const divisor = splatOf<A>(s.divisor)
  const isWide = sizeof<A>() > 2 * sizeof<T>()
  const reads: usize = lanes<A>() * sizeof<S>()
  const together: usize = (isWide ? 4 : 2) * reads
  let p = from
  let q = p + step
  let r = q + step
  let i = 0
  for (; i + lanes<T>() <= n; i += lanes<T>(), to += 16) {
    let a = foldFew<A, S, K, At0>(p, q, r)
    let b = foldFew<A, S, K, At1>(p, q, r)
    let c = isWide ? foldFew<A, S, K, At2>(p, q, r) : a
    let d = isWide ? foldFew<A, S, K, At3>(p, q, r) : b
    if (sizeof<K>() == 1) {
      let at = p
      for (let tap = taps; tap > 1; tap--) {
        at += step
        a = v128.add<A>(a, widened<S, A>(at))
        b = v128.add<A>(b, widenedAt<S, A, At1>(at))
        if (isWide) {
          c = v128.add<A>(c, widenedAt<S, A, At2>(at))
          d = v128.add<A>(d, widenedAt<S, A, At3>(at))
        }
      }
    }
    p += together
    q += together
    r += together
    a = quotient<A, D>(s, a, bias, negativeBias, multiplier, divisor)
    b = quotient<A, D>(s, b, bias, negativeBias, multiplier, divisor)
    if (isWide) {
      c = quotient<A, D>(s, c, bias, negativeBias, multiplier, divisor)
      d = quotient<A, D>(s, d, bias, negativeBias, multiplier, divisor)
      v128.store(to, joinedFour<T, A, Fast>(a, b, c, d))
    } else v128.store(to, joined<T, A, Fast>(a, b))
  }
  for (; i < n; i += lanes<A>(), p += reads, q += reads, r += reads, to += lanes<A>() * sizeof<T>()) {
    let a = foldFew<A, S, K, At0>(p, q, r)
    if (sizeof<K>() == 1) {
      let at = p
      for (let tap = taps; tap > 1; tap--) a = v128.add<A>(a, widened<S, A>((at += step)))
    }
    a = quotient<A, D>(s, a, bias, negativeBias, multiplier, divisor)
    storePart(to, joinedFew<T, A, Fast>(a), min(n - i, lanes<A>()) * sizeof<T>())
  }
}

/** Two taps, three, the first of any number, or a difference. */
@inline
function foldFew<A, S, K, O>(p: usize, q: usize, r: usize): v128 {
  const first = widenedAt<S, A, O>(p)
  if (sizeof<K>() == 1) return first
  const second = widenedAt<S, A, O>(q)
  if (sizeof<K>() == 8) return v128.sub<A>(second, first)
  const two = v128.add<A>(first, second)
  return sizeof<K>() == 4 ? v128.add<A>(two, widenedAt<S, A, O>(r)) : two
}
