/**
 * @file Bits of half precision to 16-bit integers in the order of the values, and back: negative numbers invert all
 * bits but their sign.
 */
import { Block } from './block'

@unmanaged
class Keys extends Block {
  n: i32
  /** The bits of infinity. */
  infinity: i32
}

/** True if some element is -0, which equals 0, or NaN, which has no place in the order. */
export function halfKeys(block: usize): bool {
  const m = changetype<Keys>(block)
  const n = m.n
  const infinity = i16x8.splat(<i16>m.infinity)
  let src = m.src
  let dst = m.dst
  let odd = i16x8.splat(0)
  let i = 0
  for (; i + 8 <= n; i += 8, src += 16, dst += 16) {
    const bits = v128.load(src)
    const isNaN = i16x8.gt_s(v128.and(bits, i16x8.splat(0x7fff)), infinity)
    odd = v128.or(odd, v128.or(isNaN, i16x8.eq(bits, i16x8.splat(i16.MIN_VALUE))))
    v128.store(dst, v128.xor(bits, i16x8.shr_u(i16x8.shr_s(bits, 15), 1)))
  }
  let isOdd = v128.any_true(odd)
  for (; i < n; i++, src += 2, dst += 2) {
    const bits = load<i16>(src)
    isOdd = isOdd || (bits & 0x7fff) > m.infinity || bits == i16.MIN_VALUE
    store<i16>(dst, bits < 0 ? bits ^ 0x7fff : bits)
  }
  return isOdd
}
