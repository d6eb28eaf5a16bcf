/**
 * @file Large windows at stride 1 or more: van Herk and Gil-Werman's blocks. Every window is the end of one block and the
 * beginning of the next, so the cost does not grow with it. Sums go the same way, and nothing is ever subtracted.
 */
import { isMin, isStrict, isSum } from './folds'
import { alarmed, identity, lanes, pick, pickOne, takeOne, watchFour, watchOne } from './lanes'
import { min } from './turn'

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
  /** Whether NaN is looked for in what columns read. */
  watches: i32
  /** Room for `window + 1` runs of 64 bytes. */
  suffix: usize
  /**
   * For `glideRows`, where nothing is cut and `padBefore` is not negative: room for `length` or `outputs + window` runs of 64 bytes, and
   * right after it for `outputs + 2 * window`.
   */
  turned: usize
  folded: usize
  /** For sums: elements of the first block that lie before the band. Blocks begin at multiples of the window of the whole axis. */
  phase: i32
}

/** @returns whether a NaN may have been seen, as `select` does; sums have no variants and never do */
@inline
export function glide<T, F>(block: usize): bool {
  const g = changetype<Glide>(block)
  const n = g.n
  let seen = false
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    const dst = g.dst + <usize>plane * g.dstPlane
    let i = 0
    if (ASC_FEATURE_SIMD) {
      for (; !isStrict<F>() && i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
        const at = <usize>i * sizeof<T>()
        if (fourColumns<T, F>(g, src + at, g.srcStep, dst + at, g.dstStep)) seen = true
      }
      for (; i < n && n >= lanes<T>(); i += lanes<T>()) {
        const at = <usize>(i + lanes<T>() <= n ? i : n - lanes<T>()) * sizeof<T>()
        if (column<T, F>(g, src + at, g.srcStep, dst + at, g.dstStep)) seen = true
      }
    }
    for (; i < n; i++) columnOne<T, F>(g, src + i * sizeof<T>(), dst + i * sizeof<T>())
  }
  return seen
}

@inline
export function joined<T, F>(earlier: v128, later: v128): v128 {
  return isSum<F>() ? v128.add<T>(earlier, later) : pick<T>(earlier, later, isMin<F>(), isStrict<F>())
}

/** Whether folding loses a NaN. */
@inline
export function canLose<T, F>(): bool {
  return isFloat<T>() && !isSum<F>() && !isStrict<F>()
}

@inline
function flipped<T>(value: v128, flip: v128): v128 {
  return isFloat<T>() ? value : v128.xor(value, flip)
}

/**
 * One vector of columns. Block by block: the suffixes of the block before, then its own elements one by one, whose prefix and
 * the suffix that is as far into its block make a window. The first block has nothing before it, which `window` suffixes on.
 */
export function column<T, F>(g: Glide, src: usize, srcStep: usize, dst: usize, dstStep: usize): bool {
  const flip = v128.splat<T>(<T>g.flip)
  const none = v128.splat<T>(nothing<T, F>())
  const length = g.length
  const window = g.window
  const stride = g.stride
  const suffix = g.suffix
  const neutral = suffix + (<usize>window << 4)
  v128.store(neutral, none)
  const isWatched = canLose<T, F>() && g.watches != 0
  let watch = v128.splat<T>(<T>0)
  let outputs = g.outputs
  let wait = window - g.padBefore
  let begin = isSum<F>() ? -g.phase : 0
  let at = src
  let prefix = none
  for (; ; begin += window) {
    const from = inside<F>(begin)
    const count = (begin + window < length ? begin + window : length) - from
    let before = neutral
    let beforeStep: usize = 0
    if (begin > 0) {
      suffixes<T, F>(at, srcStep, held<F>(begin, window), suffix + (<usize>(window - held<F>(begin, window)) << 4), flip)
      before = suffix + 16
      beforeStep = 16
    }
    prefix = none
    let left = count
    while (left > 0) {
      const gives = wait == 1
      const run = gives ? (stride == 1 ? min(left, outputs) : 1) : min(wait - 1, left)
      for (let k = run; k > 0; k--) {
        const value = flipped<T>(v128.load(at), flip)
        if (isWatched) watch = watchOne<T>(watch, value)
        prefix = joined<T, F>(prefix, value)
        if (gives) {
          v128.store(dst, flipped<T>(joined<T, F>(v128.load(before), prefix), flip))
          dst += dstStep
        }
        at += srcStep
        before += beforeStep
      }
      left -= run
      wait -= run
      if (!gives) continue
      outputs -= run
      if (outputs == 0) return alarmed<T>(watch)
      wait = stride
    }
    if (begin + window >= length) break
  }
  // Windows that the end of the axis cuts short: first those that began a block earlier.
  let start = length + wait - window
  for (; outputs > 0 && start <= begin; outputs--, start += stride, dst += dstStep) {
    const before = begin <= 0 ? neutral : suffix + (<usize>(start - begin + window) << 4)
    v128.store(dst, flipped<T>(joined<T, F>(v128.load(before), prefix), flip))
  }
  if (outputs > 0) {
    suffixes<T, F>(at, srcStep, length - inside<F>(begin), suffix, flip)
    for (; outputs > 0; outputs--, start += stride, dst += dstStep)
      v128.store(dst, flipped<T>(v128.load(suffix + (<usize>(start - inside<F>(begin)) << 4)), flip))
  }
  return alarmed<T>(watch)
}

/** Folds of the `count` elements before `end`, from each to the last. */
function suffixes<T, F>(end: usize, step: usize, count: i32, to: usize, flip: v128): void {
  let at = end
  let carried = v128.splat<T>(nothing<T, F>())
  for (let place = to + (<usize>(count - 1) << 4); place >= to; place -= 16) {
    at -= step
    carried = joined<T, F>(flipped<T>(v128.load(at), flip), carried)
    v128.store(place, carried)
  }
}

/** Where a block begins in the band. */
@inline
function inside<F>(begin: i32): i32 {
  return isSum<F>() && begin < 0 ? 0 : begin
}

/** How much of the block before `begin` the band holds: no window begins before the band. */
@inline
function held<F>(begin: i32, window: i32): i32 {
  return isSum<F>() ? min(begin, window) : window
}

/** Four vectors of columns, a line of cache. */
export function fourColumns<T, F>(g: Glide, src: usize, srcStep: usize, dst: usize, dstStep: usize): bool {
  const flip = v128.splat<T>(<T>g.flip)
  const none = v128.splat<T>(nothing<T, F>())
  const length = g.length
  const window = g.window
  const stride = g.stride
  const suffix = g.suffix
  const neutral = suffix + (<usize>window << 6)
  store64(neutral, none, none, none, none)
  const isWatched = canLose<T, F>() && g.watches != 0
  let watch = v128.splat<T>(<T>0)
  let outputs = g.outputs
  let wait = window - g.padBefore
  let begin = isSum<F>() ? -g.phase : 0
  let at = src
  let a = none
  let b = none
  let c = none
  let d = none
  for (; ; begin += window) {
    const from = inside<F>(begin)
    const count = (begin + window < length ? begin + window : length) - from
    let before = neutral
    let beforeStep: usize = 0
    if (begin > 0) {
      fourSuffixes<T, F>(at, srcStep, held<F>(begin, window), suffix + (<usize>(window - held<F>(begin, window)) << 6), flip)
      before = suffix + 64
      beforeStep = 64
    }
    a = none
    b = none
    c = none
    d = none
    let left = count
    while (left > 0) {
      const gives = wait == 1
      const run = gives ? (stride == 1 ? min(left, outputs) : 1) : min(wait - 1, left)
      for (let k = run; k > 0; k--) {
        const va = flipped<T>(v128.load(at), flip)
        const vb = flipped<T>(v128.load(at, 16), flip)
        const vc = flipped<T>(v128.load(at, 32), flip)
        const vd = flipped<T>(v128.load(at, 48), flip)
        if (isWatched) watch = watchFour<T>(watch, va, vb, vc, vd)
        a = joined<T, F>(a, va)
        b = joined<T, F>(b, vb)
        c = joined<T, F>(c, vc)
        d = joined<T, F>(d, vd)
        if (gives) {
          v128.store(dst, flipped<T>(joined<T, F>(v128.load(before), a), flip))
          v128.store(dst, flipped<T>(joined<T, F>(v128.load(before, 16), b), flip), 16)
          v128.store(dst, flipped<T>(joined<T, F>(v128.load(before, 32), c), flip), 32)
          v128.store(dst, flipped<T>(joined<T, F>(v128.load(before, 48), d), flip), 48)
          dst += dstStep
        }
        at += srcStep
        before += beforeStep
      }
      left -= run
      wait -= run
      if (!gives) continue
      outputs -= run
      if (outputs == 0) return alarmed<T>(watch)
      wait = stride
    }
    if (begin + window >= length) break
  }
  let start = length + wait - window
  for (; outputs > 0 && start <= begin; outputs--, start += stride, dst += dstStep) {
    const before = begin <= 0 ? neutral : suffix + (<usize>(start - begin + window) << 6)
    v128.store(dst, flipped<T>(joined<T, F>(v128.load(before), a), flip))
    v128.store(dst, flipped<T>(joined<T, F>(v128.load(before, 16), b), flip), 16)
    v128.store(dst, flipped<T>(joined<T, F>(v128.load(before, 32), c), flip), 32)
    v128.store(dst, flipped<T>(joined<T, F>(v128.load(before, 48), d), flip), 48)
  }
  if (outputs > 0) {
    fourSuffixes<T, F>(at, srcStep, length - inside<F>(begin), suffix, flip)
    for (; outputs > 0; outputs--, start += stride, dst += dstStep) {
      const from = suffix + (<usize>(start - inside<F>(begin)) << 6)
      v128.store(dst, flipped<T>(v128.load(from), flip))
      v128.store(dst, flipped<T>(v128.load(from, 16), flip), 16)
      v128.store(dst, flipped<T>(v128.load(from, 32), flip), 32)
      v128.store(dst, flipped<T>(v128.load(from, 48), flip), 48)
    }
  }
  return alarmed<T>(watch)
}

export function fourSuffixes<T, F>(end: usize, step: usize, count: i32, to: usize, flip: v128): void {
  let at = end
  let a = v128.splat<T>(nothing<T, F>())
  let b = a
  let c = a
  let d = a
  for (let place = to + (<usize>(count - 1) << 6); place >= to; place -= 64) {
    at -= step
    a = joined<T, F>(flipped<T>(v128.load(at), flip), a)
    b = joined<T, F>(flipped<T>(v128.load(at, 16), flip), b)
    c = joined<T, F>(flipped<T>(v128.load(at, 32), flip), c)
    d = joined<T, F>(flipped<T>(v128.load(at, 48), flip), d)
    store64(place, a, b, c, d)
  }
}

@inline
export function store64(at: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(at, a)
  v128.store(at, b, 16)
  v128.store(at, c, 32)
  v128.store(at, d, 48)
}

/** What changes no fold. */
@inline
export function nothing<T, F>(): T {
  return isSum<F>() ? <T>0 : identity<T>(isMin<F>())
}

/** One column, element by element. */
@inline
function columnOne<T, F>(g: Glide, src: usize, dst: usize): void {
  const flip = <T>g.flip
  const length = g.length
  const window = g.window
  const stride = g.stride
  const suffix = g.suffix
  let outputs = g.outputs
  let wait = window - g.padBefore
  let begin = isSum<F>() ? -g.phase : 0
  let at = src
  let prefix = nothing<T, F>()
  for (; ; begin += window) {
    const end = min(begin + window, length) - begin
    const count = held<F>(begin, window)
    if (begin > 0) suffixesOne<T, F>(at, g.srcStep, count, suffix + <usize>(window - count) * sizeof<T>(), flip)
    prefix = nothing<T, F>()
    for (let i = inside<F>(begin) - begin; i < end; i++, at += g.srcStep) {
      prefix = joinedOne<T, F>(prefix, isSum<F>() ? load<T>(at) : takeOne<T>(at, flip))
      if (--wait > 0) continue
      const isWhole = begin <= 0 || i == window - 1
      leftOne<T>(dst, isWhole ? prefix : joinedOne<T, F>(load<T>(suffix + <usize>(i + 1) * sizeof<T>()), prefix), flip)
      dst += g.dstStep
      wait = stride
      if (--outputs == 0) return
    }
    if (begin + window >= length) break
  }
  let start = length + wait - window
  for (; outputs > 0 && start <= begin; outputs--, start += stride, dst += g.dstStep) {
    const before = suffix + <usize>(start - begin + window) * sizeof<T>()
    leftOne<T>(dst, begin <= 0 || start == begin ? prefix : joinedOne<T, F>(load<T>(before), prefix), flip)
  }
  if (outputs > 0) {
    suffixesOne<T, F>(at, g.srcStep, length - inside<F>(begin), suffix, flip)
    for (; outputs > 0; outputs--, start += stride, dst += g.dstStep)
      leftOne<T>(dst, load<T>(suffix + <usize>(start - inside<F>(begin)) * sizeof<T>()), flip)
  }
}

function suffixesOne<T, F>(end: usize, step: usize, count: i32, to: usize, flip: T): void {
  let at = end
  let carried = nothing<T, F>()
  for (let place = to + <usize>(count - 1) * sizeof<T>(); place >= to; place -= sizeof<T>()) {
    at -= step
    carried = joinedOne<T, F>(isSum<F>() ? load<T>(at) : takeOne<T>(at, flip), carried)
    store<T>(place, carried)
  }
}

@inline
function joinedOne<T, F>(earlier: T, later: T): T {
  return isSum<F>() ? <T>(earlier + later) : pickOne<T>(earlier, later, isMin<F>())
}

@inline
function leftOne<T>(at: usize, value: T, flip: T): void {
  if (isFloat<T>()) store<T>(at, value)
  else store<T>(at, <T>(value ^ flip))
}
