/**
 * @file Lays out rows by the phases of the stride: the pixels of a phase become neighbours. Depends only on the size of
 * elements.
 */
import { Block } from './block'
import { evens } from './shuffles'
import { lanes, min } from './vectors'

/** Rows of `size` pixels of `inner` elements, preceded by `before` pixels of padding. */
@unmanaged
class Deinterleave extends Block {
  rows: i32
  size: i32
  inner: i32
  stride: i32
  before: i32
  phaseLength: i32
}

/** Pixel p goes to position (p + before) / stride of phase (p + before) % stride. The host fills the padding. */
@inline
export function deinterleave<T>(block: usize): void {
  const b = changetype<Deinterleave>(block)
  const size = b.size
  const inner = b.inner
  const stride = b.stride
  const before = b.before
  const phaseLength = b.phaseLength
  let src = b.src
  let dst = b.dst
  const pixel = inner * sizeof<T>()
  const phasePitch = <usize>phaseLength * pixel
  for (let row = b.rows; row > 0; row--, src += <usize>size * pixel, dst += <usize>stride * phasePitch) {
    if (stride == 1) {
      const reached = phaseLength - before
      copy<T>(src, dst + <usize>before * pixel, (reached < size ? reached : size) * inner)
      continue
    }
    for (let phase = 0; phase < stride; phase++) {
      let position = before > phase ? (before - phase + stride - 1) / stride : 0
      let p = position * stride + phase - before
      let to = dst + phase * phasePitch + <usize>position * pixel
      const limit = min(phaseLength, position + (size - p + stride - 1) / stride)
      let from = src + <usize>p * pixel
      if (ASC_FEATURE_SIMD && inner == 1 && stride == 2) {
        // Reads two vectors at a time. Their last element may belong to the next phase, but not to the next row.
        for (; position + lanes<T>() <= limit && p + 2 * lanes<T>() <= size; position += lanes<T>()) {
          v128.store(to, evens<T>(v128.load(from), v128.load(from, 16)))
          p += 2 * lanes<T>()
          from += 32
          to += 16
        }
      } else if (ASC_FEATURE_SIMD && inner == 1 && stride == 4) {
        for (; position + lanes<T>() <= limit && p + 4 * lanes<T>() <= size; position += lanes<T>()) {
          const low = evens<T>(v128.load(from), v128.load(from, 16))
          v128.store(to, evens<T>(low, evens<T>(v128.load(from, 32), v128.load(from, 48))))
          p += 4 * lanes<T>()
          from += 64
          to += 16
        }
      } else if (ASC_FEATURE_SIMD && inner > 1 && pixel <= 16) {
        // Stores a whole vector for each pixel. The next pixels overwrite what does not belong to it.
        const after = <i32>(15 / pixel)
        for (; position + after < limit; position++, from += stride * pixel, to += pixel)
          v128.store(to, v128.load(from))
      }
      for (; position < limit; position++, from += stride * pixel, to += pixel) {
        if (inner == 1) store<T>(to, load<T>(from))
        else copy<T>(from, to, inner)
      }
    }
  }
}

@inline
function copy<T>(src: usize, dst: usize, n: i32): void {
  let i = 0
  if (ASC_FEATURE_SIMD) {
    for (; i + 16 / sizeof<T>() <= n; i += 16 / sizeof<T>())
      v128.store(dst + i * sizeof<T>(), v128.load(src + i * sizeof<T>()))
  }
  for (; i < n; i++) store<T>(dst + i * sizeof<T>(), load<T>(src + i * sizeof<T>()))
}
