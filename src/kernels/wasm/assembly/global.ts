/**
 * @file Windows that are whole planes of one channel: eight planes side by side, each in its own lane, so order stays row-major.
 */
import { isMin, isStrict, isSum } from './folds'
import { alarmed, identity, pick, watchFour } from './lanes'

/** float32. Sums are divided by `first`, `second` and `third`, and `last` is added. @returns whether a NaN may have been seen */
@inline
export function wholePlanes<F>(src: usize, dst: usize, planes: i32, size: i32, first: f32, second: f32, third: f32, last: f32): bool {
  const pitch = <usize>size << 2
  const none = isSum<F>() ? f32x4.splat(0) : f32x4.splat(identity<f32>(isMin<F>()))
  let watch = f32x4.splat(0)
  for (let plane = 0; plane < planes; plane += 8) {
    // The last eight reach back over planes that are already done.
    const begin = plane + 8 <= planes ? plane : planes - 8
    let p = src + <usize>begin * pitch
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
      if (!isSum<F>()) watch = watchFour<f32>(watchFour<f32>(watch, p0, p1, p2, p3), q0, q1, q2, q3)
      a = foldFour<F>(a, p0, p1, p2, p3)
      b = foldFour<F>(b, q0, q1, q2, q3)
    }
    for (; i < size; i++, p += 4, q += 4) {
      const va = gather(p, pitch)
      const vb = gather(q, pitch)
      if (!isSum<F>()) watch = f32x4.add(watch, f32x4.add(va, vb))
      a = joined<F>(a, va)
      b = joined<F>(b, vb)
    }
    const to = dst + (<usize>begin << 2)
    v128.store(to, finished<F>(a, first, second, third, last))
    v128.store(to, finished<F>(b, first, second, third, last), 16)
  }
  return isSum<F>() || isStrict<F>() ? false : alarmed<f32>(watch)
}

/** Four elements of each of four planes, first to last. */
@inline
function foldFour<F>(total: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  total = joined<F>(total, v128.shuffle<i64>(ab, cd, 0, 2))
  total = joined<F>(total, v128.shuffle<i64>(ab, cd, 1, 3))
  total = joined<F>(total, v128.shuffle<i64>(abHigh, cdHigh, 0, 2))
  return joined<F>(total, v128.shuffle<i64>(abHigh, cdHigh, 1, 3))
}

@inline
function gather(at: usize, pitch: usize): v128 {
  let lanes = v128.load32_zero(at)
  lanes = v128.load32_lane(at + pitch, lanes, 1)
  lanes = v128.load32_lane(at + 2 * pitch, lanes, 2)
  return v128.load32_lane(at + 3 * pitch, lanes, 3)
}

@inline
function joined<F>(earlier: v128, later: v128): v128 {
  return isSum<F>() ? f32x4.add(earlier, later) : pick<f32>(earlier, later, isMin<F>(), isStrict<F>())
}

@inline
function finished<F>(total: v128, first: f32, second: f32, third: f32, last: f32): v128 {
  if (!isSum<F>()) return total
  const divided = f32x4.div(f32x4.div(f32x4.div(total, f32x4.splat(first)), f32x4.splat(second)), f32x4.splat(third))
  return f32x4.add(divided, f32x4.splat(last))
}
