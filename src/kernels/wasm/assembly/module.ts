/**
 * @file What the host asks of a module besides kernels.
 */

/** Where free memory begins. */
export function heapBase(): usize {
  return __heap_base
}

export function isSimd(): bool {
  return ASC_FEATURE_SIMD
}

/** Brings bytes into the cache, a line at a time. */
export function prefetch(at: usize, bytes: usize): i32 {
  let sum = 0
  for (const end = at + bytes; at < end; at += 64) sum += load<u8>(at)
  return sum
}
