/**
 * @file Checks indices that come from the caller before they are used.
 */

/** True if all `n` indices lie in [first, last]. Collects the sign bits of the distances of each index to both. */
@inline
export function indicesWithin(at: usize, n: i32, first: i32, last: i32): bool {
  let signs = 0
  let i = 0
  if (ASC_FEATURE_SIMD) {
    const firsts = i32x4.splat(first)
    const lasts = i32x4.splat(last)
    let a = i32x4.splat(0)
    let b = a
    for (; i + 8 <= n; i += 8, at += 32) {
      const p = v128.load(at)
      const q = v128.load(at, 16)
      a = v128.or(a, v128.or(i32x4.sub(p, firsts), i32x4.sub(lasts, p)))
      b = v128.or(b, v128.or(i32x4.sub(q, firsts), i32x4.sub(lasts, q)))
    }
    signs = i32x4.bitmask(v128.or(a, b)) != 0 ? -1 : 0
  }
  for (; i < n; i++, at += 4) signs |= (load<i32>(at) - first) | (last - load<i32>(at))
  return signs >= 0
}
