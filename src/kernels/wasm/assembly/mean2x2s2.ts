/**
 * @file Means of integers of 8 and 16 bits over 2 by 2 windows at stride 2 without padding. Neighbours in a row lie
 * side by side, are brought there by a swizzle of a few interleaved channels, or lie many channels apart.
 */
import { interleaveHigh, interleaveLow } from './shuffles'
import { lanes, vectorStart } from './vectors'
import { storePart } from './whole-mean'
import { Windows2x2s2 } from './windows2x2s2'

@unmanaged
export class Quarters extends Windows2x2s2 {
  /** Added to every sum before it is shifted. */
  bias: i32
  /** Added to negative sums as well. */
  negativeBias: i32
  /** 1 if halves become even: added to sums whose quotient is odd. */
  evenBias: i32
  inner: i32
  /** For a few channels: the pairs of pixels of a vector, and the mask that joins the elements of each; else 0. */
  pairs: i32
  mask: usize
}

@inline
export function mean2x2s2<T>(block: usize): void {
  const w = changetype<Quarters>(block)
  const pixel = <usize>w.inner * sizeof<T>()
  const rowBytes = <usize>w.inCols * pixel
  let dst = w.dst
  for (let plane = 0; plane < w.planes; plane++) {
    let a = w.src + <usize>plane * w.inRows * rowBytes
    for (let row = 0; row < w.rows; row++, a += w.step, dst += <usize>w.cols * pixel) meanRow<T>(w, a, a + w.below, dst)
  }
}

@inline
function meanRow<T>(w: Quarters, a: usize, b: usize, dst: usize): void {
  if (sizeof<T>() == 1) meansOfRow<T, i16>(w, a, b, dst)
  else meansOfRow<T, i32>(w, a, b, dst)
}

/** With sums of type `A`, twice as wide as the elements. */
@inline
function meansOfRow<T, A>(w: Quarters, a: usize, b: usize, dst: usize): void {
  if (w.inner == 1 && w.cols >= lanes<T>()) meanVectors<T, A>(w, a, b, dst)
  else if (w.pairs > 0 && w.cols >= w.pairs) meanPixels<T, A>(w, a, b, dst)
  else if (w.inner >= lanes<T>()) meanChannels<T, A>(w, a, b, dst)
  else shortRow<T>(w, a, b, dst)
}

@inline
function shortRow<T>(w: Quarters, a: usize, b: usize, dst: usize): void {
  const pixel = <usize>w.inner * sizeof<T>()
  for (let i = 0; i < w.cols; i++, a += pixel, b += pixel) {
    for (let c = 0; c < w.inner; c++, a += sizeof<T>(), b += sizeof<T>(), dst += sizeof<T>()) {
      const top = <i32>load<T>(a) + <i32>load<T>(a + pixel)
      const sum = top + <i32>load<T>(b) + <i32>load<T>(b + pixel)
      const bias = w.bias + ((sum >> 31) & w.negativeBias) + ((sum >> 2) & w.evenBias)
      store<T>(dst, <T>((sum + bias) >> 2))
    }
  }
}

/** A vector of pairs of pixels at a time. What is stored after them, the next ones replace. */
@inline
function meanPixels<T, A>(w: Quarters, a: usize, b: usize, dst: usize): void {
  const bias = v128.splat<A>(<A>w.bias)
  const negativeBias = v128.splat<A>(<A>w.negativeBias)
  const evenBias = v128.splat<A>(<A>w.evenBias)
  const mask = v128.load(w.mask)
  const pixel = <usize>w.inner * sizeof<T>()
  const bytes = <usize>w.pairs * pixel
  const last = <usize>w.cols * pixel - bytes
  for (let at: usize = 0; ; at += bytes) {
    if (at > last) at = last
    const top = pairSums<T>(i8x16.swizzle(v128.load(a + 2 * at), mask))
    const sum = v128.add<A>(top, pairSums<T>(i8x16.swizzle(v128.load(b + 2 * at), mask)))
    const mean = quarter<A>(sum, bias, negativeBias, evenBias, isSigned<T>())
    const means = narrowed<T>(mean, mean)
    if (at == last) {
      storePart(dst + at, means, <i32>bytes)
      return
    }
    v128.store64_lane(dst + at, means, 0)
  }
}

/** Pixels of a vector of channels and more. */
@inline
function meanChannels<T, A>(w: Quarters, a: usize, b: usize, dst: usize): void {
  const bias = v128.splat<A>(<A>w.bias)
  const negativeBias = v128.splat<A>(<A>w.negativeBias)
  const evenBias = v128.splat<A>(<A>w.evenBias)
  const pixel = <usize>w.inner * sizeof<T>()
  for (let i = 0; i < w.cols; i++, a += 2 * pixel, b += 2 * pixel, dst += pixel) {
    for (let c = 0; c < w.inner; c += lanes<T>()) {
      const at = <usize>vectorStart<T>(c, w.inner) * sizeof<T>()
      const top = v128.load(a + at)
      const topNext = v128.load(a + at + pixel)
      const below = v128.load(b + at)
      const belowNext = v128.load(b + at + pixel)
      const low = v128.add<A>(
        pairSums<T>(interleaveLow<T>(top, topNext)),
        pairSums<T>(interleaveLow<T>(below, belowNext)),
      )
      const high = v128.add<A>(
        pairSums<T>(interleaveHigh<T>(top, topNext)),
        pairSums<T>(interleaveHigh<T>(below, belowNext)),
      )
      const first = quarter<A>(low, bias, negativeBias, evenBias, isSigned<T>())
      const second = quarter<A>(high, bias, negativeBias, evenBias, isSigned<T>())
      v128.store(dst + at, narrowed<T>(first, second))
    }
  }
}

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

/** The sums of neighbours, in lanes twice as wide. */
@inline
export function pairSums<T>(value: v128): v128 {
  if (sizeof<T>() == 1)
    return isSigned<T>() ? i16x8.extadd_pairwise_i8x16_s(value) : i16x8.extadd_pairwise_i8x16_u(value)
  return isSigned<T>() ? i32x4.extadd_pairwise_i16x8_s(value) : i32x4.extadd_pairwise_i16x8_u(value)
}

@inline
function narrowed<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 1) return isSigned<T>() ? i8x16.narrow_i16x8_s(a, b) : i8x16.narrow_i16x8_u(a, b)
  return isSigned<T>() ? i16x8.narrow_i32x4_s(a, b) : i16x8.narrow_i32x4_u(a, b)
}
