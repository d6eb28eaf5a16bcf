/**
 * @file Moving elements without looking at them: rows spread for sliding, and transposes. Elements are known by their size alone.
 */

/**
 * Copies rows of `size` pixels (of `inner` elements) so that the pixels of each phase of the stride lie in a row:
 * pixel p goes to place (p + before) / stride of phase (p + before) % stride. What lies between is the host's filling.
 */
@inline
export function spread<T>(
  src: usize,
  dst: usize,
  rows: i32,
  size: i32,
  inner: i32,
  stride: i32,
  before: i32,
  phaseLength: i32,
): void {
  const pixel = inner * sizeof<T>()
  const phasePitch = <usize>phaseLength * pixel
  for (let row = 0; row < rows; row++, src += <usize>size * pixel, dst += <usize>stride * phasePitch) {
    if (stride == 1) {
      const reached = phaseLength - before
      copy<T>(src, dst + <usize>before * pixel, (reached < size ? reached : size) * inner)
      continue
    }
    for (let phase = 0; phase < stride; phase++) {
      let place = before > phase ? (before - phase + stride - 1) / stride : 0
      let p = place * stride + phase - before
      let to = dst + phase * phasePitch + <usize>place * pixel
      const limit = min(phaseLength, place + (size - p + stride - 1) / stride)
      let from = src + <usize>p * pixel
      if (ASC_FEATURE_SIMD && sizeof<T>() == 4 && inner == 1 && stride == 2) {
        // Reads eight elements a time, of which the last may be beyond this phase but not beyond the row.
        for (; place + 4 <= limit && p + 8 <= size; place += 4, p += 8, from += 32, to += 16)
          v128.store(to, v128.shuffle<i32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6))
      }
      for (; place < limit; place++, from += stride * pixel, to += pixel) {
        if (inner == 1) store<T>(to, load<T>(from))
        else copy<T>(from, to, inner)
      }
    }
  }
}

@inline
function min(a: i32, b: i32): i32 {
  return a < b ? a : b
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

/** Rows become columns: `dst[c][r] = src[r][c]`, for each of `planes`. */
@inline
export function transpose<T>(src: usize, dst: usize, planes: i32, rows: i32, cols: i32): void {
  const srcPitch = <usize>cols * sizeof<T>()
  const dstPitch = <usize>rows * sizeof<T>()
  for (let plane = 0; plane < planes; plane++, src += rows * srcPitch, dst += rows * srcPitch) {
    let r = 0
    if (ASC_FEATURE_SIMD && sizeof<T>() == 4) {
      for (; r + 4 <= rows; r += 4) {
        let from = src + r * srcPitch
        let to = dst + r * sizeof<T>()
        let c = 0
        for (; c + 4 <= cols; c += 4, from += 16, to += 4 * dstPitch) square(from, srcPitch, to, dstPitch)
        for (; c < cols; c++, from += 4, to += dstPitch) {
          store<T>(to, load<T>(from))
          store<T>(to, load<T>(from + srcPitch), 4)
          store<T>(to, load<T>(from + 2 * srcPitch), 8)
          store<T>(to, load<T>(from + 3 * srcPitch), 12)
        }
      }
    }
    for (; r < rows; r++) {
      let from = src + r * srcPitch
      let to = dst + r * sizeof<T>()
      for (let c = 0; c < cols; c++, from += sizeof<T>(), to += dstPitch) store<T>(to, load<T>(from))
    }
  }
}

/** Four rows of four. */
@inline
function square(src: usize, srcPitch: usize, dst: usize, dstPitch: usize): void {
  const a = v128.load(src)
  const b = v128.load(src + srcPitch)
  const c = v128.load(src + 2 * srcPitch)
  const d = v128.load(src + 3 * srcPitch)
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(dst, v128.shuffle<i64>(ab, cd, 0, 2))
  v128.store(dst + dstPitch, v128.shuffle<i64>(ab, cd, 1, 3))
  v128.store(dst + 2 * dstPitch, v128.shuffle<i64>(abHigh, cdHigh, 0, 2))
  v128.store(dst + 3 * dstPitch, v128.shuffle<i64>(abHigh, cdHigh, 1, 3))
}
