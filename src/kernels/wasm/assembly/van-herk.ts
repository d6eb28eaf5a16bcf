/**
 * @file Large windows along one axis by the van Herk-Gil-Werman algorithm: every window is the suffix of one block
 * joined with a prefix of the next, so the cost does not grow with the window. Sums are computed the same way, without
 * subtraction.
 */
import { Block } from './block'
import { identity, isNanSafe, isSum, join, joinOne, losesNaN } from './reducers'
import { lanes, loadOrderedOne, maskOf, min, ordered, probeFour, probeOne, sawNaN, storeOrderedOne } from './vectors'

/** Windows along one axis of `[planes][length][n]`. Every window has a tap. */
@unmanaged
export class VanHerk extends Block {
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
  orderMask: i32
  /** 1 if columns probe for NaN. */
  probes: i32
  /**
   * For sums: elements of the first block that lie before the band. Blocks begin at multiples of the window in the
   * whole axis.
   */
  phase: i32
  /** Scratch for `window + 1` lines of 64 bytes. */
  suffix: usize
  /**
   * Scratch for rows, which are whole and have a `padBefore` of at least 0: `length` or `outputs + window` lines of 64
   * bytes, followed directly by `folded` with `outputs + 2 * window` lines.
   */
  transposed: usize
  folded: usize
  /** For compensated sums: bytes of an element, 8 for a number and 16 for a pair. */
  bytes: i32
}

/** Type arguments: vectors that are folded side by side. Four fill a cache line. */
export type One = u8
export type Four = u32

/** @returns true if the result may lack a NaN, as `fold` does */
@inline
export function vanHerk<T, R>(block: usize): bool {
  const g = changetype<VanHerk>(block)
  const n = g.n
  let seen = false
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    const dst = g.dst + <usize>plane * g.dstPlane
    let i = 0
    if (ASC_FEATURE_SIMD) {
      for (; !isNanSafe<R>() && i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
        const at = <usize>i * sizeof<T>()
        if (columns<T, R, Four>(g, src + at, g.srcStep, dst + at, g.dstStep)) seen = true
      }
      for (; i < n && n >= lanes<T>(); i += lanes<T>()) {
        const at = <usize>(i + lanes<T>() <= n ? i : n - lanes<T>()) * sizeof<T>()
        if (columns<T, R, One>(g, src + at, g.srcStep, dst + at, g.dstStep)) seen = true
      }
    }
    for (; i < n; i++) columnOne<T, R>(g, src + i * sizeof<T>(), dst + i * sizeof<T>())
  }
  return seen
}

/**
 * Columns of vectors, block by block. For each block, computes the suffixes of the previous block, then joins the
 * elements of the block one by one: the prefix so far and the matching suffix make a window. The first block has only
 * neutral suffixes.
 */
export function columns<T, R, W>(g: VanHerk, src: usize, srcStep: usize, dst: usize, dstStep: usize): bool {
  const mask = v128.splat<T>(maskOf<T>(g.orderMask))
  const none = v128.splat<T>(identity<T, R>())
  const length = g.length
  const window = g.window
  const stride = g.stride
  const suffix = g.suffix
  const neutral = suffix + <usize>window * bytes<W>()
  storeAll<W>(neutral, none, none, none, none)
  const probes = losesNaN<T, R>() && g.probes != 0
  let probe = v128.splat<T>(<T>0)
  let outputs = g.outputs
  let wait = window - g.padBefore
  let begin = isSum<R>() ? -g.phase : 0
  let at = src
  let a = none
  let b = none
  let c = none
  let d = none
  for (; ; begin += window) {
    const from = inside<R>(begin)
    const count = min(begin + window, length) - from
    let before = neutral
    let beforeStep: usize = 0
    if (begin > 0) {
      const held = heldOf<R>(begin, window)
      suffixes<T, R, W>(at, srcStep, held, suffix + <usize>(window - held) * bytes<W>(), mask)
      before = suffix + bytes<W>()
      beforeStep = bytes<W>()
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
        const va = ordered<T>(v128.load(at), mask)
        a = join<T, R>(a, va)
        if (isFour<W>()) {
          const vb = ordered<T>(v128.load(at, 16), mask)
          const vc = ordered<T>(v128.load(at, 32), mask)
          const vd = ordered<T>(v128.load(at, 48), mask)
          if (probes) probe = probeFour<T>(probe, va, vb, vc, vd)
          b = join<T, R>(b, vb)
          c = join<T, R>(c, vc)
          d = join<T, R>(d, vd)
        } else if (probes) probe = probeOne<T>(probe, va)
        if (gives) {
          storeJoined<T, R, W>(dst, before, a, b, c, d, mask)
          dst += dstStep
        }
        at += srcStep
        before += beforeStep
      }
      left -= run
      wait -= run
      if (!gives) continue
      outputs -= run
      if (outputs == 0) return sawNaN<T>(probe)
      wait = stride
    }
    if (begin + window >= length) break
  }
  // Windows that the end of the axis cuts short: first those that begin in the block before.
  let start = length + wait - window
  for (; outputs > 0 && start <= begin; outputs--, start += stride, dst += dstStep) {
    const before = begin <= 0 ? neutral : suffix + <usize>(start - begin + window) * bytes<W>()
    storeJoined<T, R, W>(dst, before, a, b, c, d, mask)
  }
  if (outputs > 0) {
    const first = inside<R>(begin)
    suffixes<T, R, W>(at, srcStep, length - first, suffix, mask)
    for (; outputs > 0; outputs--, start += stride, dst += dstStep)
      storeWhole<T, W>(dst, suffix + <usize>(start - first) * bytes<W>(), mask)
  }
  return sawNaN<T>(probe)
}

/** Folds of the last elements before `end`: of the last one, the last two, up to the last `count`. */
export function suffixes<T, R, W>(end: usize, step: usize, count: i32, to: usize, mask: v128): void {
  let at = end
  let a = v128.splat<T>(identity<T, R>())
  let b = a
  let c = a
  let d = a
  for (let position = to + <usize>(count - 1) * bytes<W>(); position >= to; position -= bytes<W>()) {
    at -= step
    a = join<T, R>(ordered<T>(v128.load(at), mask), a)
    if (isFour<W>()) {
      b = join<T, R>(ordered<T>(v128.load(at, 16), mask), b)
      c = join<T, R>(ordered<T>(v128.load(at, 32), mask), c)
      d = join<T, R>(ordered<T>(v128.load(at, 48), mask), d)
    }
    storeAll<W>(position, a, b, c, d)
  }
}

/** The start of a block, or of the band if that is later. Only blocks of sums begin before the band. */
@inline
function inside<R>(begin: i32): i32 {
  return isSum<R>() && begin < 0 ? 0 : begin
}

/** The length of the block before `begin`, as far as it lies in the band. */
@inline
function heldOf<R>(begin: i32, window: i32): i32 {
  return isSum<R>() ? min(begin, window) : window
}

@inline
function isFour<W>(): bool {
  return sizeof<W>() == 4
}

/** Bytes of the vectors that are folded side by side. */
@inline
function bytes<W>(): usize {
  return 16 * sizeof<W>()
}

@inline
export function storeAll<W>(at: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(at, a)
  if (!isFour<W>()) return
  v128.store(at, b, 16)
  v128.store(at, c, 32)
  v128.store(at, d, 48)
}

/** Stores a window that is a suffix. */
@inline
function storeWhole<T, W>(dst: usize, suffix: usize, mask: v128): void {
  v128.store(dst, ordered<T>(v128.load(suffix), mask))
  if (!isFour<W>()) return
  v128.store(dst, ordered<T>(v128.load(suffix, 16), mask), 16)
  v128.store(dst, ordered<T>(v128.load(suffix, 32), mask), 32)
  v128.store(dst, ordered<T>(v128.load(suffix, 48), mask), 48)
}

/** Stores a window that is a suffix and a prefix. */
@inline
function storeJoined<T, R, W>(dst: usize, suffix: usize, a: v128, b: v128, c: v128, d: v128, mask: v128): void {
  v128.store(dst, ordered<T>(join<T, R>(v128.load(suffix), a), mask))
  if (!isFour<W>()) return
  v128.store(dst, ordered<T>(join<T, R>(v128.load(suffix, 16), b), mask), 16)
  v128.store(dst, ordered<T>(join<T, R>(v128.load(suffix, 32), c), mask), 32)
  v128.store(dst, ordered<T>(join<T, R>(v128.load(suffix, 48), d), mask), 48)
}

/** One column, element by element. */
function columnOne<T, R>(g: VanHerk, src: usize, dst: usize): void {
  const orderMask = maskOf<T>(g.orderMask)
  const length = g.length
  const window = g.window
  const stride = g.stride
  const suffix = g.suffix
  let outputs = g.outputs
  let wait = window - g.padBefore
  let begin = isSum<R>() ? -g.phase : 0
  let at = src
  let prefix = identity<T, R>()
  for (; ; begin += window) {
    const end = min(begin + window, length) - begin
    const held = heldOf<R>(begin, window)
    if (begin > 0) suffixesOne<T, R>(at, g.srcStep, held, suffix + <usize>(window - held) * sizeof<T>(), orderMask)
    prefix = identity<T, R>()
    for (let i = inside<R>(begin) - begin; i < end; i++, at += g.srcStep) {
      prefix = joinOne<T, R>(prefix, loadOrderedOne<T>(at, orderMask))
      if (--wait > 0) continue
      const before = suffix + <usize>(i + 1) * sizeof<T>()
      const isWhole = begin <= 0 || i == window - 1
      storeOrderedOne<T>(dst, isWhole ? prefix : joinOne<T, R>(load<T>(before), prefix), orderMask)
      dst += g.dstStep
      wait = stride
      if (--outputs == 0) return
    }
    if (begin + window >= length) break
  }
  let start = length + wait - window
  for (; outputs > 0 && start <= begin; outputs--, start += stride, dst += g.dstStep) {
    const before = suffix + <usize>(start - begin + window) * sizeof<T>()
    const isWhole = begin <= 0 || start == begin
    storeOrderedOne<T>(dst, isWhole ? prefix : joinOne<T, R>(load<T>(before), prefix), orderMask)
  }
  if (outputs > 0) {
    const first = inside<R>(begin)
    suffixesOne<T, R>(at, g.srcStep, length - first, suffix, orderMask)
    for (; outputs > 0; outputs--, start += stride, dst += g.dstStep)
      storeOrderedOne<T>(dst, load<T>(suffix + <usize>(start - first) * sizeof<T>()), orderMask)
  }
}

function suffixesOne<T, R>(end: usize, step: usize, count: i32, to: usize, orderMask: T): void {
  let at = end
  let carried = identity<T, R>()
  for (let position = to + <usize>(count - 1) * sizeof<T>(); position >= to; position -= sizeof<T>()) {
    at -= step
    carried = joinOne<T, R>(loadOrderedOne<T>(at, orderMask), carried)
    store<T>(position, carried)
  }
}
