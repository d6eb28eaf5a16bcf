/**
 * @file Vectors of an element type `T`: loads and stores in signed order, the last vector of a run, and NaN probes.
 */

/** Elements per vector. */
@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>()
}

/** The start of the vector at `i` of a run of n. The last vector overlaps the one before it. */
@inline
export function vectorStart<T>(i: i32, n: i32): i32 {
  return i + lanes<T>() <= n ? i : n - lanes<T>()
}

/** The order mask of elements: of 8 bytes, `mask` is the upper half, and its last bit fills the lower one. */
@inline
export function maskOf<T>(mask: i32): T {
  if (isFloat<T>() || sizeof<T>() < 8) return <T>mask
  return <T>(((<i64>mask) << 32) | (mask & 1 ? <i64>0xffffffff : 0))
}

/** Into the order of signed maxima, and back. */
@inline
export function ordered<T>(value: v128, orderMask: v128): v128 {
  return isFloat<T>() ? value : v128.xor(value, orderMask)
}

@inline
export function loadOrdered<T>(at: usize, orderMask: v128): v128 {
  return ordered<T>(v128.load(at), orderMask)
}

@inline
export function storeOrdered<T>(at: usize, value: v128, orderMask: v128): void {
  v128.store(at, ordered<T>(value, orderMask))
}

@inline
export function loadOrderedOne<T>(at: usize, orderMask: T): T {
  if (isFloat<T>()) return load<T>(at)
  return <T>(load<T>(at) ^ orderMask)
}

@inline
export function storeOrderedOne<T>(at: usize, value: T, orderMask: T): void {
  store<T>(at, isFloat<T>() ? value : <T>(value ^ orderMask))
}

/** Adds a vector, or another probe, to a probe. The sum is NaN if any vector held a NaN. */
@inline
export function probeOne<T>(probe: v128, a: v128): v128 {
  return isFloat<T>() ? v128.add<T>(probe, a) : probe
}

@inline
export function probeTwo<T>(probe: v128, a: v128, b: v128): v128 {
  return probeOne<T>(probe, probeOne<T>(a, b))
}

@inline
export function probeFour<T>(probe: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  return probeOne<T>(probe, probeOne<T>(probeOne<T>(a, b), probeOne<T>(c, d)))
}

/** True if the probe may have seen a NaN. Infinities of both signs also trigger it. */
@inline
export function sawNaN<T>(probe: v128): bool {
  return isFloat<T>() ? v128.any_true(v128.ne<T>(probe, probe)) : false
}

@inline
export function min(a: i32, b: i32): i32 {
  return a < b ? a : b
}
