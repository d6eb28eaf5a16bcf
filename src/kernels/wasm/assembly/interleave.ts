/**
 * @file Interleaves the phases of rows, as `deinterleave` takes them apart. Depends only on the size of elements.
 */
import { Block } from './block'
import { interleaveHigh, interleaveLow } from './shuffles'
import { lanes } from './vectors'

/** Rows of `size` pixels of `inner` elements. A row of each phase takes `pitch` bytes. */
@unmanaged
class Interleave extends Block {
  rows: i32
  size: i32
  inner: i32
  phases: i32
  pitch: usize
}

/** Pixel p comes from position p / phases of phase p % phases. For elements of 4 and 8 bytes. */
@inline
export function interleave<T>(block: usize): void {
  const b = changetype<Interleave>(block)
  const phases = b.phases
  const inner = b.inner
  const size = b.size
  const pitch = b.pitch
  const pixel = <usize>inner * sizeof<T>()
  let src = b.src
  let dst = b.dst
  for (let row = b.rows; row > 0; row--, src += <usize>phases * pitch, dst += <usize>size * pixel) {
    let done = 0
    if (ASC_FEATURE_SIMD && inner == 1 && phases == 2) {
      for (; 2 * (done + lanes<T>()) <= size; done += lanes<T>()) {
        const even = v128.load(src + <usize>done * sizeof<T>())
        const odd = v128.load(src + pitch + <usize>done * sizeof<T>())
        const to = dst + 2 * <usize>done * sizeof<T>()
        v128.store(to, interleaveLow<T>(even, odd))
        v128.store(to, interleaveHigh<T>(even, odd), 16)
      }
    }
    for (let phase = 0; phase < phases; phase++) {
      let from = src + <usize>phase * pitch + <usize>done * pixel
      let to = dst + <usize>(done * phases + phase) * pixel
      for (let p = done * phases + phase; p < size; p += phases, from += pixel, to += <usize>phases * pixel) {
        for (let i: usize = 0; i < pixel; i += sizeof<T>()) store<T>(to + i, load<T>(from + i))
      }
    }
  }
}
