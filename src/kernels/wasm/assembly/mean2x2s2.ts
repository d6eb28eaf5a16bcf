/**
 * @file Means of integers of 8 and 16 bits over 2 by 2 windows at stride 2 without padding, of one channel.
 */
import { Block } from './block'
import { lanes, vectorStart } from './vectors'

@unmanaged
export class Quarters extends Block {
  planes: i32
  inRows: i32
  inCols: i32
  rows: i32
  cols: i32
  /** Bytes from the first row of a window to the second, 0 for windows along rows, and to the first of the next. */
  below: usize
  step: usize
  /** Added to every sum before it is shifted. */
  bias: i32
  /** Added to negative sums as well. */
  negativeBias: i32
  /** 1 if halves become even: added to sums whose quotient is odd. */
  evenBias: i32
}

@inline
export function mean2x2s2<T>(block: usize): void {
  const w = changetype<Quarters>(block)
  const rowBytes = <usize>w.inCols * sizeof<T>()
  let dst = w.dst
  for (let plane = 0; plane < w.planes; plane++) {
    let a = w.src + <usize>plane * w.inRows * rowBytes
    for (let row = 0; row < w.rows; row++, a += w.step, dst += <usize>w.cols * sizeof<T>()) {
      if (w.cols < lanes<T>()) shortRow<T>(w, a, a + w.below, dst)
      else meanRow<T>(w, a, a + w.below, dst)
    }
  }
}

@inline
function shortRow<T>(w: Quarters, a: usize, b: usize, dst: usize): void {
  for (let i = 0; i < w.cols; i++, a += 2 * sizeof<T>(), b += 2 * sizeof<T>(), dst += sizeof<T>()) {
    const top = <i32>load<T>(a) + <i32>load<T>(a, sizeof<T>())
    const sum = top + <i32>load<T>(b) + <i32>load<T>(b, sizeof<T>())
    const bias = w.bias + ((sum >> 31) & w.negativeBias) + ((sum >> 2) & w.evenBias)
    store<T>(dst, <T>((sum + bias) >> 2))
  }
}

@inline
function meanRow<T>(w: Quarters, a: usize, b: usize, dst: usize): void {
  if (sizeof<T>() == 1) meanVectors<T, i16>(w, a, b, dst)
  else meanVectors<T, i32>(w, a, b, dst)
}

/** With sums of type `A`, twice as wide as the elements. */
@inline
function meanVectors<T, A>(w: Quarters, a: usize, b: usize, dst: usize): void {
  const bias = v128.splat<A>(<A>w.bias)
  const negativeBias = v128.splat<A>(<A>w.negativeBias)
  const evenBias = v128.splat<A>(<A>w.evenBias)
  for (let i = 0; i < w.cols; i += lanes<T>()) {
    const j = vectorStart<T>(i, w.cols)
    const at = 2 * j * sizeof<T>()
    const low = v128.add<A>(pairSums<T>(v128.load(a + at)), pairSums<T>(v128.load(b + at)))
    const high = v128.add<A>(pairSums<T>(v128.load(a + at, 16)), pairSums<T>(v128.load(b + at, 16)))
    const first = quarter<A>(low, bias, negativeBias, evenBias, isSigned<T>())
    const second = quarter<A>(high, bias, negativeBias, evenBias, isSigned<T>())
    v128.store(dst + j * sizeof<T>(), narrowed<T>(first, second))
  }
}

@inline
function quarter<A>(sum: v128, bias: v128, negativeBias: v128, evenBias: v128, signed: bool): v128 {
  let value = v128.add<A>(v128.add<A>(sum, bias), v128.and(v128.shr<A>(sum, 2), evenBias))
  if (signed) value = v128.add<A>(value, v128.and(v128.shr<A>(sum, sizeof<A>() * 8 - 1), negativeBias))
  return v128.shr<A>(value, 2)
}

@inline
function pairSums<T>(value: v128): v128 {
  if (sizeof<T>() == 1)
    return isSigned<T>() ? i16x8.extadd_pairwise_i8x16_s(value) : i16x8.extadd_pairwise_i8x16_u(value)
  return isSigned<T>() ? i32x4.extadd_pairwise_i16x8_s(value) : i32x4.extadd_pairwise_i16x8_u(value)
}

@inline
function narrowed<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 1) return isSigned<T>() ? i8x16.narrow_i16x8_s(a, b) : i8x16.narrow_i16x8_u(a, b)
  return isSigned<T>() ? i16x8.narrow_i32x4_s(a, b) : i16x8.narrow_i32x4_u(a, b)
}
