/**
 * @file Repeats each byte: marks or counts that the channels of a pixel share become one for each channel.
 */
import { Block } from './block'

@unmanaged
class Spread extends Block {
  /** The number of bytes, and how often each is repeated. */
  n: i32
  times: i32
  /** For up to 16 times, the masks of the swizzles that repeat sixteen bytes. */
  masks: usize
}

/** May write a vector past the end. */
export function spreadBytes(block: usize): void {
  const s = changetype<Spread>(block)
  if (ASC_FEATURE_SIMD && s.times <= 16) spreadByMasks(s)
  else spreadEach(s)
}

/** Sixteen bytes become as many vectors as each is repeated. */
function spreadByMasks(s: Spread): void {
  const end = s.dst + <usize>s.n * s.times
  const last = s.masks + ((<usize>s.times) << 4)
  let dst = s.dst
  for (let src = s.src; dst < end; src += 16) {
    const bytes = v128.load(src)
    for (let mask = s.masks; mask < last && dst < end; mask += 16, dst += 16)
      v128.store(dst, i8x16.swizzle(bytes, v128.load(mask)))
  }
}

function spreadEach(s: Spread): void {
  const end = s.src + s.n
  let dst = s.dst
  for (let src = s.src; src < end; src++) {
    const next = dst + s.times
    if (ASC_FEATURE_SIMD) for (let at = dst; at < next; at += 16) v128.store(at, v128.load8_splat(src))
    else for (let at = dst; at < next; at++) store<u8>(at, load<u8>(src))
    dst = next
  }
}
