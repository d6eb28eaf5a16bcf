/**
 * @file Bytes of masks and of counts: are they bits, what is the least, and where are those below a bound.
 */

/** True if no byte is other than 0 and 1. */
export function areBits(at: usize, n: i32): bool {
  if (n < 16) {
    let bits: u8 = 0
    for (let i = 0; i < n; i++) bits |= load<u8>(at + i)
    return bits < 2
  }
  const last = at + n - 16
  let bits = v128.load(last)
  for (; at < last; at += 16) bits = v128.or(bits, v128.load(at))
  return !v128.any_true(v128.and(bits, i8x16.splat(<i8>0xfe)))
}

/** 255 if there is none. */
export function leastByte(at: usize, n: i32): i32 {
  if (n < 16) {
    let byte: u8 = 255
    for (let i = 0; i < n; i++) byte = min<u8>(byte, load<u8>(at + i))
    return byte
  }
  const last = at + n - 16
  let least = v128.load(last)
  for (; at < last; at += 16) least = i8x16.min_u(least, v128.load(at))
  least = i8x16.min_u(least, v128.shuffle<i64>(least, least, 1, 1))
  let bytes = v128.extract_lane<u64>(least, 0)
  let byte: u64 = 255
  for (let i = 0; i < 8; i++, bytes >>= 8) byte = min<u64>(byte, bytes & 255)
  return <i32>byte
}

/** Writes the position of each byte below `bound`, counted from `first` on, and returns their number. */
export function positionsBelow(at: usize, n: i32, bound: i32, first: i32, dst: usize): i32 {
  const start = dst
  const bounds = i8x16.splat(<i8>bound)
  let i = 0
  while (i + 16 <= n) {
    if (i + 64 <= n && !anyBelow(at + i, bounds)) {
      i += 64
      continue
    }
    let below = i8x16.bitmask(i8x16.lt_u(v128.load(at + i), bounds))
    for (; below != 0; below &= below - 1, dst += 4) store<i32>(dst, first + i + ctz(below))
    i += 16
  }
  for (; i < n; i++) {
    if (<i32>load<u8>(at + i) >= bound) continue
    store<i32>(dst, first + i)
    dst += 4
  }
  return (dst - start) >> 2
}

/** True if one of 64 bytes is below a bound. */
@inline
function anyBelow(at: usize, bounds: v128): bool {
  const low = i8x16.min_u(v128.load(at), v128.load(at, 16))
  const high = i8x16.min_u(v128.load(at, 32), v128.load(at, 48))
  return v128.any_true(i8x16.lt_u(i8x16.min_u(low, high), bounds))
}
