/**
 * @file Repeats each byte: marks or counts that the channels of a pixel share become one for each channel.
 */
import { Block } from './block'

@unmanaged
class Spread extends Block {
  /** The number of bytes, and how often each is repeated. */
  n: i32
  times: i32
  /** For up to 16 times, one mask of a swizzle for each place in a group at which a vector may begin. */
  masks: usize
}

/** May write a vector past the end. */
export function spreadBytes(block: usize): void {
  const s = changetype<Spread>(block)
  if (ASC_FEATURE_SIMD && s.times <= 16) spreadByMasks(s)
  else spreadEach(s)
}

function spreadByMasks(s: Spread): void {
  const times = s.times
  let src = s.src
  let within = 0
  const end = s.dst + <usize>s.n * times
  for (let dst = s.dst; dst < end; dst += 16) {
    v128.store(dst, i8x16.swizzle(v128.load(src), v128.load(s.masks + (within << 4))))
    for (within += 16; within >= times; within -= times) src++
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
