/**
 * @file Global pooling of planes of one channel. Eight planes run side by side, each in its own lane, so each is read
 * in row-major order.
 */
import { Block } from './block'
import { identity, isSum, join, losesNaN } from './reducers'
import { highHalves, interleaveHigh, interleaveLow, lowHalves } from './shuffles'
import { probeFour, probeTwo, sawNaN } from './vectors'

@unmanaged
class GlobalPool extends Block {
  /** At least eight planes of `size` elements. */
  planes: i32
  size: i32
  /** For sums: three divisors, applied one after another, and a number to add at the end. */
  divisors: usize
}

/** For elements of 4 bytes. @returns true if the result may lack a NaN, as `fold` does */
@inline
export function globalPool<T, R>(block: usize): bool {
  const g = changetype<GlobalPool>(block)
  const planes = g.planes
  const size = g.size
  const pitch = (<usize>size) << 2
  const none = v128.splat<T>(identity<T, R>())
  let probe = v128.splat<T>(<T>0)
  for (let plane = 0; plane < planes; plane += 8) {
    // The last eight planes overlap those before.
    const begin = plane + 8 <= planes ? plane : planes - 8
    let p = g.src + <usize>begin * pitch
    let q = p + 4 * pitch
    let a = none
    let b = none
    let i = 0
    for (; i + 4 <= size; i += 4, p += 16, q += 16) {
      const p0 = v128.load(p)
      const p1 = v128.load(p + pitch)
      const p2 = v128.load(p + 2 * pitch)
      const p3 = v128.load(p + 3 * pitch)
      const q0 = v128.load(q)
      const q1 = v128.load(q + pitch)
      const q2 = v128.load(q + 2 * pitch)
      const q3 = v128.load(q + 3 * pitch)
      if (losesNaN<T, R>()) probe = probeFour<T>(probeFour<T>(probe, p0, p1, p2, p3), q0, q1, q2, q3)
      a = joinFour<T, R>(a, p0, p1, p2, p3)
      b = joinFour<T, R>(b, q0, q1, q2, q3)
    }
    for (; i < size; i++, p += 4, q += 4) {
      const va = gather(p, pitch)
      const vb = gather(q, pitch)
      if (losesNaN<T, R>()) probe = probeTwo<T>(probe, va, vb)
      a = join<T, R>(a, va)
      b = join<T, R>(b, vb)
    }
    const to = g.dst + ((<usize>begin) << 2)
    v128.store(to, isSum<R>() ? finished<T>(a, g.divisors) : a)
    v128.store(to, isSum<R>() ? finished<T>(b, g.divisors) : b, 16)
  }
  return losesNaN<T, R>() && sawNaN<T>(probe)
}

/** Joins four elements of each of four planes, in order. */
@inline
function joinFour<T, R>(total: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = interleaveLow<f32>(a, b)
  const cd = interleaveLow<f32>(c, d)
  const abHigh = interleaveHigh<f32>(a, b)
  const cdHigh = interleaveHigh<f32>(c, d)
  total = join<T, R>(total, lowHalves(ab, cd))
  total = join<T, R>(total, highHalves(ab, cd))
  total = join<T, R>(total, lowHalves(abHigh, cdHigh))
  return join<T, R>(total, highHalves(abHigh, cdHigh))
}

@inline
function gather(at: usize, pitch: usize): v128 {
  let lanes = v128.load32_zero(at)
  lanes = v128.load32_lane(at + pitch, lanes, 1)
  lanes = v128.load32_lane(at + 2 * pitch, lanes, 2)
  return v128.load32_lane(at + 3 * pitch, lanes, 3)
}

@inline
function finished<T>(total: v128, divisors: usize): v128 {
  let mean = v128.div<T>(total, v128.splat<T>(load<T>(divisors)))
  mean = v128.div<T>(mean, v128.splat<T>(load<T>(divisors, sizeof<T>())))
  mean = v128.div<T>(mean, v128.splat<T>(load<T>(divisors, 2 * sizeof<T>())))
  return v128.add<T>(mean, v128.splat<T>(load<T>(divisors, 3 * sizeof<T>())))
}
