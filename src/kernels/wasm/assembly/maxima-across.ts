/**
 * @file Maxima of integers across a row, in one loop: of folds, or of the input if windows have one row.
 */
import { Any, Three, Two } from './means-across'
import { join } from './reducers'
import { lanes, ordered } from './vectors'

/** Type arguments: elements as they lie in the input, and in signed order. */
export type Given = u8
export type Ordered = u16

/** The maxima of `n` neighbouring elements, at least a vector, whose taps lie `step` bytes apart. */
export function maximaAcross<T, R, I>(from: usize, taps: i32, step: usize, n: i32, to: usize, mask: v128): void {
  if (taps == 2) run<T, R, I, Two>(from, taps, step, n, to, mask)
  else if (taps == 3) run<T, R, I, Three>(from, taps, step, n, to, mask)
  else run<T, R, I, Any>(from, taps, step, n, to, mask)
}

function run<T, R, I, K>(from: usize, taps: i32, step: usize, n: i32, to: usize, mask: v128): void {
  let p = from
  let q = p + step
  let r = q + step
  const end = to + <usize>n * sizeof<T>()
  for (; to + 32 <= end; to += 32) {
    const a = folded<T, R, I, K>(p, q, r, taps, step, mask)
    const b = folded<T, R, I, K>(p + 16, q + 16, r + 16, taps, step, mask)
    v128.store(to, ordered<T>(a, mask))
    v128.store(to, ordered<T>(b, mask), 16)
    p += 32
    q += 32
    r += 32
  }
  for (let i = <i32>(end - to) / sizeof<T>(); i > 0; i -= lanes<T>()) {
    const back = <usize>max<i32>(0, lanes<T>() - i) * sizeof<T>()
    v128.store(to - back, ordered<T>(folded<T, R, I, K>(p - back, q - back, r - back, taps, step, mask), mask))
    p += 16
    q += 16
    r += 16
    to += 16
  }
}

@inline
function folded<T, R, I, K>(p: usize, q: usize, r: usize, taps: i32, step: usize, mask: v128): v128 {
  let total = tap<T, I>(p, mask)
  if (sizeof<K>() > 1) total = join<T, R>(total, tap<T, I>(q, mask))
  if (sizeof<K>() > 2) total = join<T, R>(total, tap<T, I>(r, mask))
  if (sizeof<K>() == 1)
    for (let left = taps; left > 1; left--) {
      p += step
      total = join<T, R>(total, tap<T, I>(p, mask))
    }
  return total
}

@inline
function tap<T, I>(at: usize, mask: v128): v128 {
  const value = v128.load(at)
  return sizeof<I>() == 1 ? ordered<T>(value, mask) : value
}
