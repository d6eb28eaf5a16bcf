/**
 * @file Windows folded down their rows first and then across, for reducers that give the same bits in any order: maxima
 * and sums of integers. Reads rows of any number of channels as they are: neighbours lie `inner` elements apart.
 */
import { Block } from './block'
import { identity, isSum, join } from './reducers'
import { Segment, storeMeans } from './whole-mean'
import { lanes, maskOf, ordered, storeOrdered, storeOrderedOne, vectorStart } from './vectors'

/** A row of input becomes a row of folds, which lies in scratch between margins of the neutral element. */
@unmanaged
export class DownAcross extends Block {
  planes: i32
  srcPlane: usize
  dstPlane: usize
  /** Rows of outputs, and tables of the byte offsets of the input rows that each folds. */
  rows: i32
  rowEnds: usize
  rowOffsets: usize
  /** For sums whose rows slide: the input rows that leave the sum of the row before. Those above enter it. */
  leaveEnds: usize
  leaveOffsets: usize
  /** Elements of an input row, and a mask of those in its last vector. */
  n: i32
  tail: usize
  folds: usize
  inner: i32
  dstRow: usize
  /** Byte offset of the first tap of output 0 in the row of folds, bytes to that of the next, and taps of each. */
  first: i32
  pitch: i32
  taps: i32
  tapStep: usize
  /** For outputs that are not alike: tables of the byte offset of the first tap of each, and of its taps. */
  firsts: usize
  counts: usize
  /** For each row of outputs the address of its segments. */
  segments: usize
  segmentCount: i32
  /** For strides above 1: the outputs in one vector, the vectors that they are picked from, and the masks. */
  picked: i32
  vectors: i32
  masks: usize
  orderMask: i32
  /** The row of results, whose end may be overwritten. */
  results: usize
  /** True for sums at stride 1 of windows so long that they slide. */
  slidesAcross: bool
}

/** `T` are the elements, `A` those of the folds. */
@inline
export function downAcross<T, A, R>(block: usize): void {
  const g = changetype<DownAcross>(block)
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    let dst = g.dst + <usize>plane * g.dstPlane
    for (let row = 0; row < g.rows; row++, dst += g.dstRow) {
      down<T, A, R>(g, src, row)
      let at = load<usize>(g.segments + (row << 2))
      for (let i = 0; i < g.segmentCount; i++, at += offsetof<Segment>()) {
        const s = changetype<Segment>(at)
        across<A, R>(g, s)
        const n = (s.to - s.from) * g.inner
        const to = dst + <usize>(s.from * g.inner) * sizeof<T>()
        if (isSum<R>()) storeMeans<T, A>(s, resultAt<A>(g, s.from), to, n)
        else storeExtrema<T>(resultAt<T>(g, s.from), to, n, g.orderMask)
      }
    }
  }
}

/** Folds the rows of a window into the row of folds. */
function down<T, A, R>(g: DownAcross, src: usize, row: i32): void {
  const from = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
  const to = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
  const slides = isSum<R>() && g.leaveEnds != 0 && row > 0
  const mask = v128.splat<A>(maskOf<A>(g.orderMask))
  const none = v128.splat<A>(identity<A, R>())
  const size = <usize>g.n * sizeof<A>()
  const reads = sizeof<T>() * lanes<A>()
  let at = src
  let fold = g.folds
  const end = fold + size
  for (; fold + 64 <= end; fold += 64, at += 4 * reads) {
    let a = slides ? v128.load(fold) : none
    let b = slides ? v128.load(fold, 16) : none
    let c = slides ? v128.load(fold, 32) : none
    let d = slides ? v128.load(fold, 48) : none
    for (let r = from; r < to; r += 4) {
      const p = at + load<u32>(r)
      a = join<A, R>(a, ordered<A>(widened<T, A>(p), mask))
      b = join<A, R>(b, ordered<A>(widened<T, A>(p + reads), mask))
      c = join<A, R>(c, ordered<A>(widened<T, A>(p + 2 * reads), mask))
      d = join<A, R>(d, ordered<A>(widened<T, A>(p + 3 * reads), mask))
    }
    if (slides) {
      const last = g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2), 4)
      for (let r = g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2)); r < last; r += 4) {
        const p = at + load<u32>(r)
        a = v128.sub<A>(a, widened<T, A>(p))
        b = v128.sub<A>(b, widened<T, A>(p + reads))
        c = v128.sub<A>(c, widened<T, A>(p + 2 * reads))
        d = v128.sub<A>(d, widened<T, A>(p + 3 * reads))
      }
    }
    v128.store(fold, a)
    v128.store(fold, b, 16)
    v128.store(fold, c, 32)
    v128.store(fold, d, 48)
  }
  for (; fold < end; fold += 16, at += reads) {
    let a = slides ? v128.load(fold) : none
    for (let r = from; r < to; r += 4) a = join<A, R>(a, ordered<A>(widened<T, A>(at + load<u32>(r)), mask))
    if (slides) {
      const last = g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2), 4)
      for (let r = g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2)); r < last; r += 4)
        a = v128.sub<A>(a, widened<T, A>(at + load<u32>(r)))
    }
    // What follows the row belongs to the margin.
    v128.store(fold, fold + 16 <= end ? a : v128.bitselect(a, none, v128.load(g.tail)))
  }
}

/** Type arguments: windows of two, of three and of any number of taps. */
type Two = u16
type Three = u32
type Any = u8

/** Folds a segment of outputs across the row of folds, into the row of results. */
function across<A, R>(g: DownAcross, s: Segment): void {
  if (g.firsts != 0) {
    for (let i = s.from; i < s.to; i++) {
      const at = g.folds + load<u32>(g.firsts + (i << 2))
      run<A, R, Any>(at, load<i32>(g.counts + (i << 2)), g.tapStep, g.inner, resultAt<A>(g, i))
    }
  } else if (g.taps == 2) acrossAlike<A, R, Two>(g, s)
  else if (g.taps == 3) acrossAlike<A, R, Three>(g, s)
  else if (isSum<R>() && g.slidesAcross && s.isRun) slide<A>(g, s)
  else acrossAlike<A, R, Any>(g, s)
}

@inline
function resultAt<A>(g: DownAcross, output: i32): usize {
  return g.results + <usize>(output * g.inner) * sizeof<A>()
}

@inline
function firstTap(g: DownAcross, output: i32): usize {
  return g.folds + g.first + output * g.pitch
}

function acrossAlike<A, R, K>(g: DownAcross, s: Segment): void {
  const inner = g.inner
  const taps = g.taps
  const tapStep = g.tapStep
  if (s.isRun) run<A, R, K>(firstTap(g, s.from), taps, tapStep, (s.to - s.from) * inner, resultAt<A>(g, s.from))
  else if (g.picked != 0) pick<A, R, K>(g, s)
  else for (let i = s.from; i < s.to; i++) run<A, R, K>(firstTap(g, i), taps, tapStep, inner, resultAt<A>(g, i))
}

/** Neighbouring elements. May write past them. */
function run<A, R, K>(from: usize, taps: i32, tapStep: usize, n: i32, to: usize): void {
  const end = to + <usize>n * sizeof<A>()
  for (let at = from; to < end; at += 16, to += 16) v128.store(to, foldTaps<A, R, K>(at, taps, tapStep))
}

/** Folds whole vectors of neighbours and picks every output out of them. */
function pick<A, R, K>(g: DownAcross, s: Segment): void {
  const taps = g.taps
  const tapStep = g.tapStep
  const vectors = <usize>g.vectors
  const masks = g.masks
  const step = <usize>(g.picked * g.pitch)
  const outStep = <usize>(g.picked * g.inner) * sizeof<A>()
  const end = resultAt<A>(g, s.to)
  let first = firstTap(g, s.from)
  for (let to = resultAt<A>(g, s.from); to < end; to += outStep, first += step) {
    let at = first
    let total = i8x16.swizzle(foldTaps<A, R, K>(at, taps, tapStep), v128.load(masks))
    for (let v: usize = 1; v < vectors; v++) {
      at += 16
      total = v128.or(total, i8x16.swizzle(foldTaps<A, R, K>(at, taps, tapStep), v128.load(masks + (v << 4))))
    }
    v128.store(to, total)
  }
}

@inline
function foldTaps<A, R, K>(at: usize, taps: i32, tapStep: usize): v128 {
  let total = v128.load(at)
  if (sizeof<K>() > 1) total = join<A, R>(total, v128.load(at + tapStep))
  if (sizeof<K>() > 2) total = join<A, R>(total, v128.load(at + 2 * tapStep))
  if (sizeof<K>() == 1) {
    for (let tap = taps; tap > 1; tap--) {
      at += tapStep
      total = join<A, R>(total, v128.load(at))
    }
  }
  return total
}

/** Sums of windows at stride 1 without dilation: each is the one before, with one fold more and one less. */
function slide<A>(g: DownAcross, s: Segment): void {
  const pixel = g.tapStep
  const window = <usize>g.taps * pixel
  let from = firstTap(g, s.from)
  let to = resultAt<A>(g, s.from)
  const end = from + pixel
  const count = s.to - s.from
  for (; from + 16 <= end; from += 16, to += 16) {
    let total = v128.splat<A>(<A>0)
    for (let tap: usize = 0; tap < window; tap += pixel) total = v128.add<A>(total, v128.load(from + tap))
    let at = from
    let dst = to
    for (let i = count; i > 0; i--, at += pixel, dst += pixel) {
      v128.store(dst, total)
      total = v128.add<A>(total, v128.sub<A>(v128.load(at + window), v128.load(at)))
    }
  }
  for (; from < end; from += sizeof<A>(), to += sizeof<A>()) {
    let total: A = 0
    for (let tap: usize = 0; tap < window; tap += pixel) total += load<A>(from + tap)
    let at = from
    let dst = to
    for (let i = count; i > 0; i--, at += pixel, dst += pixel) {
      store<A>(dst, total)
      total += load<A>(at + window) - load<A>(at)
    }
  }
}

/** As many elements of `T` as a vector has of `A`. */
@inline
function widened<T, A>(at: usize): v128 {
  if (sizeof<T>() == sizeof<A>()) return v128.load(at)
  if (sizeof<A>() == 2) return isSigned<T>() ? v128.load8x8_s(at) : v128.load8x8_u(at)
  if (sizeof<T>() == 2) return isSigned<T>() ? v128.load16x4_s(at) : v128.load16x4_u(at)
  const four = v128.load32_zero(at)
  return isSigned<T>()
    ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(four))
    : i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four))
}

function storeExtrema<T>(src: usize, dst: usize, n: i32, orderMask: i32): void {
  const mask = v128.splat<T>(maskOf<T>(orderMask))
  if (n < lanes<T>()) {
    for (let i: usize = 0; i < <usize>n * sizeof<T>(); i += sizeof<T>())
      storeOrderedOne<T>(dst + i, load<T>(src + i), maskOf<T>(orderMask))
    return
  }
  for (let i = 0; i < n; i += lanes<T>()) {
    const at = <usize>vectorStart<T>(i, n) * sizeof<T>()
    storeOrdered<T>(dst + at, v128.load(src + at), mask)
  }
}
