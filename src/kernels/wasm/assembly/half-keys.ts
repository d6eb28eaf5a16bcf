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
  /** -1 for the opposite order, else 0. */
  flip: i32
  /** -1 to give -0 the place of 0, else 0. */
  equals: i32
}

/**
 * True if some element is NaN, which has no place in the order, or -0, which has one of its own unless `equals` is set,
 * although it equals 0.
 */
export function halfKeys(block: usize): bool {
  const m = changetype<Keys>(block)
  const n = m.n
  const infinity = i16x8.splat(<i16>m.infinity)
  let src = m.src
  let dst = m.dst
  const flip = i16x8.splat(<i16>m.flip)
  const equals = i16x8.splat(<i16>m.equals)
  let odd = i16x8.splat(0)
  let i = 0
  for (; i + 8 <= n; i += 8, src += 16, dst += 16) {
    const bits = v128.load(src)
    const isNaN = i16x8.gt_s(v128.and(bits, i16x8.splat(0x7fff)), infinity)
    const isNegativeZero = i16x8.eq(bits, i16x8.splat(i16.MIN_VALUE))
    odd = v128.or(odd, v128.or(isNaN, v128.andnot(isNegativeZero, equals)))
    const key = v128.xor(bits, i16x8.shr_u(i16x8.shr_s(bits, 15), 1))
    v128.store(dst, v128.xor(v128.andnot(key, v128.and(isNegativeZero, equals)), flip))
  }
  let isOdd = v128.any_true(odd)
  for (; i < n; i++, src += 2, dst += 2) {
    const bits = load<i16>(src)
    const isNegativeZero = bits == i16.MIN_VALUE
    isOdd = isOdd || (bits & 0x7fff) > m.infinity || (isNegativeZero && m.equals == 0)
    const key = bits < 0 ? bits ^ 0x7fff : bits
    store<i16>(dst, <i16>((isNegativeZero && m.equals != 0 ? 0 : key) ^ m.flip))
  }
  return isOdd
}
