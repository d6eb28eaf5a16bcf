/**
 * @file Exports for the host besides kernels.
 */

/** The address at which free memory begins. */
export function heapBase(): usize {
  return __heap_base
}

export function isSimd(): bool {
  return ASC_FEATURE_SIMD
}

/** Brings bytes into the cache by reading one byte per cache line. */
export function prefetch(at: usize, bytes: usize): i32 {
  let sum = 0
  for (const end = at + bytes; at < end; at += 64) sum += load<u8>(at)
  return sum
}
