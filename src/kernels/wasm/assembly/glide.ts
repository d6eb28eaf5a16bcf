/**
 * @file Large windows at stride 1 or more: van Herk and Gil-Werman's blocks. Every window is the end of one block and the
 * beginning of the next, so the cost does not grow with it. Sums go the same way, and nothing is ever subtracted.
 */
import { alarmed, lanes, pick, pickOne, take, takeOne, watchFour, watchOne } from './lanes'

/** Windows along one axis of `[planes][length][n]`. None is empty. */
@unmanaged
export class Glide {
  src: usize
  dst: usize
  planes: i32
  srcPlane: usize
  dstPlane: usize
  /** Bytes from one position along the axis to the next. */
  srcStep: usize
  dstStep: usize
  length: i32
  outputs: i32
  window: i32
  stride: i32
  padBefore: i32
  n: i32
  flip: i32
  /** Room for `window` runs of 64 bytes. */
  suffix: usize
  /** For `glideRows`: room for `length` and for `outputs` vectors. */
  turned: usize
  folded: usize
}

/** @returns whether a NaN may have been seen, as `select` does; sums have no variants and never do */
@inline
export function glide<T>(block: usize, isSum: bool, min: bool, strict: bool): bool {
  const g = changetype<Glide>(block)
  const n = g.n
  let seen = false
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    const dst = g.dst + <usize>plane * g.dstPlane
    let i = 0
    if (ASC_FEATURE_SIMD) {
      for (; i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
        const at = <usize>i * sizeof<T>()
        if (fourColumns<T>(g, src + at, dst + at, isSum, min, strict)) seen = true
      }
      for (; i < n && n >= lanes<T>(); i += lanes<T>()) {
        const at = <usize>(i + lanes<T>() <= n ? i : n - lanes<T>()) * sizeof<T>()
        if (column<T>(g, src + at, g.srcStep, dst + at, g.dstStep, isSum, min, strict)) seen = true
      }
    }
    for (; i < n; i++) columnOne<T>(g, src + i * sizeof<T>(), dst + i * sizeof<T>(), isSum, min)
  }
  return seen
}

/** Along rows of one channel, as many at a time as a vector has lanes: turned, folded, turned back. 4-byte elements. */
@inline
export function glideRows<T>(block: usize, isSum: bool, min: bool, strict: bool): bool {
  const g = changetype<Glide>(block)
  const last = g.planes - 1
  let seen = false
  for (let row = 0; row <= last; row += 4) {
    // Past the last row, it is done again.
    const r1 = row + 1 < last ? row + 1 : last
    const r2 = row + 2 < last ? row + 2 : last
    const r3 = row + 3 < last ? row + 3 : last
    const a = g.src + <usize>row * g.srcPlane
    const b = g.src + <usize>r1 * g.srcPlane
    const c = g.src + <usize>r2 * g.srcPlane
    const d = g.src + <usize>r3 * g.srcPlane
    for (let i = 0; i < g.length; i += 4) {
      const j = i + 4 <= g.length ? i : g.length - 4
      const at = <usize>j << 2
      const to = g.turned + (<usize>j << 4)
      square(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at), to, to + 16, to + 32, to + 48)
    }
    if (column<T>(g, g.turned, 16, g.folded, 16, isSum, min, strict)) seen = true
    const ra = g.dst + <usize>row * g.dstPlane
    const rb = g.dst + <usize>r1 * g.dstPlane
    const rc = g.dst + <usize>r2 * g.dstPlane
    const rd = g.dst + <usize>r3 * g.dstPlane
    for (let i = 0; i < g.outputs; i += 4) {
      const j = i + 4 <= g.outputs ? i : g.outputs - 4
      const at = <usize>j << 2
      const from = g.folded + (<usize>j << 4)
      square(v128.load(from), v128.load(from, 16), v128.load(from, 32), v128.load(from, 48), ra + at, rb + at, rc + at, rd + at)
    }
  }
  return seen
}

@inline
function square(a: v128, b: v128, c: v128, d: v128, p: usize, q: usize, r: usize, s: usize): void {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(p, v128.shuffle<i64>(ab, cd, 0, 2))
  v128.store(q, v128.shuffle<i64>(ab, cd, 1, 3))
  v128.store(r, v128.shuffle<i64>(abHigh, cdHigh, 0, 2))
  v128.store(s, v128.shuffle<i64>(abHigh, cdHigh, 1, 3))
}

@inline
function joined<T>(earlier: v128, later: v128, isSum: bool, min: bool, strict: bool): v128 {
  return isSum ? v128.add<T>(earlier, later) : pick<T>(earlier, later, min, strict)
}

@inline
function entered<T>(at: usize, flip: v128, isSum: bool): v128 {
  return isSum ? v128.load(at) : take<T>(at, flip)
}

@inline
function left<T>(at: usize, value: v128, flip: v128): void {
  v128.store(at, isFloat<T>() ? value : v128.xor(value, flip))
}

/** One vector of columns. `begin` is where the block of the newest element begins, whose elements so far make `prefix`. */
function column<T>(g: Glide, src: usize, srcStep: usize, dst: usize, dstStep: usize, isSum: bool, min: bool, strict: bool): bool {
  const flip = v128.splat<T>(<T>g.flip)
  const length = g.length
  const window = g.window
  const suffix = g.suffix
  let watch = v128.splat<T>(<T>0)
  let prefix = watch
  let at = src
  let next = 0
  let begin = -window
  let start = -g.padBefore
  for (let output = 0; output < g.outputs; output++, start += g.stride, dst += dstStep) {
    const end = start + window < length ? start + window : length
    while (next < end) {
      const value = entered<T>(at, flip, isSum)
      if (!isSum) watch = watchOne<T>(watch, value)
      if (next == begin + window) {
        if (begin >= 0) suffixes<T>(at, srcStep, window, suffix, flip, isSum, min, strict)
        begin = next
        prefix = value
      } else prefix = joined<T>(prefix, value, isSum, min, strict)
      at += srcStep
      next++
    }
    const first = start > 0 ? start : 0
    if (first > begin && begin >= 0 && end == length) {
      // The rest lies in the last block, which the end of the axis cuts short.
      suffixes<T>(at, srcStep, length - begin, suffix, flip, isSum, min, strict)
      for (; output < g.outputs; output++, start += g.stride, dst += dstStep)
        left<T>(dst, v128.load(suffix + (<usize>(start - begin) << 4)), flip)
      break
    }
    const whole = first == begin ? prefix : joined<T>(v128.load(suffix + (<usize>(first - begin + window) << 4)), prefix, isSum, min, strict)
    left<T>(dst, whole, flip)
  }
  return isSum || strict ? false : alarmed<T>(watch)
}

/** Folds of the `count` elements before `end`, from each to the last. */
@inline
function suffixes<T>(end: usize, step: usize, count: i32, to: usize, flip: v128, isSum: bool, min: bool, strict: bool): void {
  let at = end - step
  let carried = entered<T>(at, flip, isSum)
  to += <usize>(count - 1) << 4
  v128.store(to, carried)
  for (let i = count - 2; i >= 0; i--) {
    at -= step
    to -= 16
    carried = joined<T>(entered<T>(at, flip, isSum), carried, isSum, min, strict)
    v128.store(to, carried)
  }
}

/** Four vectors of columns, a line of cache. */
@inline
function fourColumns<T>(g: Glide, src: usize, dst: usize, isSum: bool, min: bool, strict: bool): bool {
  const flip = v128.splat<T>(<T>g.flip)
  const length = g.length
  const window = g.window
  const suffix = g.suffix
  const srcStep = g.srcStep
  let watch = v128.splat<T>(<T>0)
  let a = watch
  let b = watch
  let c = watch
  let d = watch
  let at = src
  let next = 0
  let begin = -window
  let start = -g.padBefore
  for (let output = 0; output < g.outputs; output++, start += g.stride, dst += g.dstStep) {
    const end = start + window < length ? start + window : length
    while (next < end) {
      const va = entered<T>(at, flip, isSum)
      const vb = entered<T>(at + 16, flip, isSum)
      const vc = entered<T>(at + 32, flip, isSum)
      const vd = entered<T>(at + 48, flip, isSum)
      if (!isSum) watch = watchFour<T>(watch, va, vb, vc, vd)
      if (next == begin + window) {
        if (begin >= 0) fourSuffixes<T>(at, srcStep, window, suffix, flip, isSum, min, strict)
        begin = next
        a = va
        b = vb
        c = vc
        d = vd
      } else {
        a = joined<T>(a, va, isSum, min, strict)
        b = joined<T>(b, vb, isSum, min, strict)
        c = joined<T>(c, vc, isSum, min, strict)
        d = joined<T>(d, vd, isSum, min, strict)
      }
      at += srcStep
      next++
    }
    const first = start > 0 ? start : 0
    if (first > begin && begin >= 0 && end == length) {
      fourSuffixes<T>(at, srcStep, length - begin, suffix, flip, isSum, min, strict)
      for (; output < g.outputs; output++, start += g.stride, dst += g.dstStep) {
        const from = suffix + (<usize>(start - begin) << 6)
        left<T>(dst, v128.load(from), flip)
        left<T>(dst + 16, v128.load(from, 16), flip)
        left<T>(dst + 32, v128.load(from, 32), flip)
        left<T>(dst + 48, v128.load(from, 48), flip)
      }
      break
    }
    if (first == begin) {
      left<T>(dst, a, flip)
      left<T>(dst + 16, b, flip)
      left<T>(dst + 32, c, flip)
      left<T>(dst + 48, d, flip)
    } else {
      const from = suffix + (<usize>(first - begin + window) << 6)
      left<T>(dst, joined<T>(v128.load(from), a, isSum, min, strict), flip)
      left<T>(dst + 16, joined<T>(v128.load(from, 16), b, isSum, min, strict), flip)
      left<T>(dst + 32, joined<T>(v128.load(from, 32), c, isSum, min, strict), flip)
      left<T>(dst + 48, joined<T>(v128.load(from, 48), d, isSum, min, strict), flip)
    }
  }
  return isSum || strict ? false : alarmed<T>(watch)
}

@inline
function fourSuffixes<T>(end: usize, step: usize, count: i32, to: usize, flip: v128, isSum: bool, min: bool, strict: bool): void {
  let at = end - step
  let a = entered<T>(at, flip, isSum)
  let b = entered<T>(at + 16, flip, isSum)
  let c = entered<T>(at + 32, flip, isSum)
  let d = entered<T>(at + 48, flip, isSum)
  to += <usize>(count - 1) << 6
  for (let i = count - 2; ; i--) {
    v128.store(to, a)
    v128.store(to, b, 16)
    v128.store(to, c, 32)
    v128.store(to, d, 48)
    if (i < 0) break
    at -= step
    to -= 64
    a = joined<T>(entered<T>(at, flip, isSum), a, isSum, min, strict)
    b = joined<T>(entered<T>(at + 16, flip, isSum), b, isSum, min, strict)
    c = joined<T>(entered<T>(at + 32, flip, isSum), c, isSum, min, strict)
    d = joined<T>(entered<T>(at + 48, flip, isSum), d, isSum, min, strict)
  }
}

/** One column, element by element. */
@inline
function columnOne<T>(g: Glide, src: usize, dst: usize, isSum: bool, min: bool): void {
  const flip = <T>g.flip
  const length = g.length
  const window = g.window
  const suffix = g.suffix
  let prefix: T = 0
  let at = src
  let next = 0
  let begin = -window
  let start = -g.padBefore
  for (let output = 0; output < g.outputs; output++, start += g.stride, dst += g.dstStep) {
    const end = start + window < length ? start + window : length
    while (next < end) {
      const value = isSum ? load<T>(at) : takeOne<T>(at, flip)
      if (next == begin + window) {
        if (begin >= 0) suffixesOne<T>(at, g.srcStep, window, suffix, flip, isSum, min)
        begin = next
        prefix = value
      } else prefix = joinedOne<T>(prefix, value, isSum, min)
      at += g.srcStep
      next++
    }
    const first = start > 0 ? start : 0
    if (first > begin && begin >= 0 && end == length) {
      suffixesOne<T>(at, g.srcStep, length - begin, suffix, flip, isSum, min)
      for (; output < g.outputs; output++, start += g.stride, dst += g.dstStep)
        leftOne<T>(dst, load<T>(suffix + <usize>(start - begin) * sizeof<T>()), flip)
      break
    }
    const whole = first == begin ? prefix : joinedOne<T>(load<T>(suffix + <usize>(first - begin + window) * sizeof<T>()), prefix, isSum, min)
    leftOne<T>(dst, whole, flip)
  }
}

@inline
function suffixesOne<T>(end: usize, step: usize, count: i32, to: usize, flip: T, isSum: bool, min: bool): void {
  let at = end - step
  let carried = isSum ? load<T>(at) : takeOne<T>(at, flip)
  to += <usize>(count - 1) * sizeof<T>()
  store<T>(to, carried)
  for (let i = count - 2; i >= 0; i--) {
    at -= step
    to -= sizeof<T>()
    carried = joinedOne<T>(isSum ? load<T>(at) : takeOne<T>(at, flip), carried, isSum, min)
    store<T>(to, carried)
  }
}

@inline
function joinedOne<T>(earlier: T, later: T, isSum: bool, min: bool): T {
  return isSum ? <T>(earlier + later) : pickOne<T>(earlier, later, min)
}

@inline
function leftOne<T>(at: usize, value: T, flip: T): void {
  if (isFloat<T>()) store<T>(at, value)
  else store<T>(at, <T>(value ^ flip))
}
