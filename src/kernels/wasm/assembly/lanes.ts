/**
 * @file Vectors of a dtype, and the operations that windows are folded with. One dtype, one instance; the scalar twin uses no vector.
 */

/** Elements in a vector. */
@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>()
}

/** The value that any element beats or equals. Integers are always compared as signed maxima: see `flip`. */
@inline
export function identity<T>(min: bool): T {
  if (isFloat<T>()) return min ? <T>Infinity : <T>-Infinity
  return <T>(<T>1 << (<T>(sizeof<T>() * 8 - 1)))
}

/** `flip` turns unsigned integers and minima into signed maxima and back: an exclusive or. */
@inline
export function take<T>(at: usize, flip: v128): v128 {
  return isFloat<T>() ? v128.load(at) : v128.xor(v128.load(at), flip)
}

@inline
export function takeOne<T>(at: usize, flip: T): T {
  if (isFloat<T>()) return load<T>(at)
  return <T>(load<T>(at) ^ flip)
}

@inline
export function give<T>(at: usize, value: v128, flip: v128): void {
  v128.store(at, isFloat<T>() ? value : v128.xor(value, flip))
}

@inline
export function giveOne<T>(at: usize, value: T, flip: T): void {
  store<T>(at, isFloat<T>() ? value : <T>(value ^ flip))
}

/** The first of equals; a NaN in `later` is lost unless `strict`. */
@inline
export function pick<T>(earlier: v128, later: v128, min: bool, strict: bool): v128 {
  if (!isFloat<T>()) return v128.max<T>(earlier, later)
  if (strict) return v128.bitselect(later, earlier, wins<T>(later, earlier, min))
  return min ? v128.pmin<T>(earlier, later) : v128.pmax<T>(earlier, later)
}

@inline
export function pickOne<T>(earlier: T, later: T, min: bool): T {
  return winsOne<T>(later, earlier, min) ? later : earlier
}

/** Lanes where `value`, met later, replaces `best`. */
@inline
export function wins<T>(value: v128, best: v128, min: bool): v128 {
  const better = min ? v128.lt<T>(value, best) : v128.gt<T>(value, best)
  return isFloat<T>() ? v128.or(better, v128.ne<T>(value, value)) : better
}

@inline
export function winsOne<T>(value: T, best: T, min: bool): bool {
  if (isFloat<T>()) return (min ? value < best : value > best) || value != value
  return value > best
}

/** Adds a vector to a watch, or another watch: the sum is NaN if any that it saw held one. */
@inline
export function watchOne<T>(watch: v128, a: v128): v128 {
  return isFloat<T>() ? v128.add<T>(watch, a) : watch
}

@inline
export function watchTwo<T>(watch: v128, a: v128, b: v128): v128 {
  return watchOne<T>(watch, watchOne<T>(a, b))
}

@inline
export function watchFour<T>(watch: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  return watchOne<T>(watch, watchOne<T>(watchOne<T>(a, b), watchOne<T>(c, d)))
}

/** Whether a watch may have seen a NaN (infinities of both signs look like one). */
@inline
export function alarmed<T>(watch: v128): bool {
  return isFloat<T>() ? v128.any_true(v128.ne<T>(watch, watch)) : false
}

/** Where the vector at `i` of a run of n may start: the last one reaches back over elements that are already done. */
@inline
export function reach(i: i32, n: i32, width: i32): i32 {
  return i + width <= n ? i : n - width
}
