/**
 * @file Windows folded down their rows first and then across: maxima and sums of integers, whose bits are the same in
 * any order, and float64 sums of norms. Reads rows of any number of channels as they are: neighbours lie `inner`
 * elements apart.
 */
import { Block } from './block'
import { storeQuotients, storeQuotientsEach } from './epilogue'
import { storeMeansEach } from './means-each'
import { Given, maximaAcross, Ordered } from './maxima-across'
import { Any, meansAcross, meansOfDifferences, Three, Two } from './means-across'
import { halfPower, halfSharesOf, halfSlopes, storeHalfNorms } from './half-norms'
import { power, sharesOf, slopeRun, storeNorms } from './norms'
import { identity, isSum, join } from './reducers'
import { interleaveHigh, interleaveLow } from './shuffles'
import { foldRows } from './rows-down'
import { sumAlong, SumsAlong } from './sums-along'
import { Segment, storeMeans, Way } from './whole-mean'
import { widened } from './widened'
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
  /** For sums at stride 1 of windows so long that sums along the row pay: a `SumsAlong`, else 0. */
  along: usize
  /** For norms: the power of the magnitudes, whose root is stored; 0 for plain sums. */
  power: i32
  /** For norms: the size of a full window, to which sums are scaled; 0 to leave them. */
  fullWindow: i32
  /**
   * For gradients of norms, which are sums times the slopes of the inputs to which `indices` points: the bytes of an
   * input and a gradient, else 0, and the p of the norm.
   */
  slopeBytes: i32
  slopeNorm: i32
  /** For transposed windows: see `Phase`. The results of the phases lie `phasePitch` apart in scratch. */
  phases: i32
  phaseTable: usize
  phaseResults: usize
  phasePitch: usize
  /** For means with a divisor for each output, to which `indices` points: its bytes, else 0, and the rounding. */
  divisorBytes: i32
  rounding: i32
  /** True if float32 holds the sums, and at halves twice the sums. */
  isShort: i32
  /** True to store sums as they are. */
  isRaw: i32
  /** For long windows without gaps, which hardly overlap: the pixels of a vector, and room for two vectors; else 0. */
  pixels: i32
  spare: usize
  /** True to store, in elements of `A`, the shares of the gradients to which `indices` points instead of norms. */
  sends: i32
  /** True if no divisor of an output is above 12. */
  isFew: i32
  /** True if the rows are sums already, elements of `A`. */
  isFolded: i32
}

/** Every `phases`th output of a row. Their first taps are neighbours. */
@unmanaged
class Phase {
  /** Byte offset of the first tap of the first output, taps, and outputs. */
  first: i32
  taps: i32
  count: i32
}

/**
 * `T` are the elements, `A` those of the folds.
 *
 * @returns true if a slope left the range, as `weigh` has it
 */
@inline
export function downAcross<T, A, R>(block: usize): bool {
  const g = changetype<DownAcross>(block)
  let isWild = false
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    let dst = g.dst + <usize>plane * g.dstPlane
    for (let row = 0; row < g.rows; row++, dst += g.dstRow) {
      let done = g.folds
      let at = load<usize>(g.segments + (row << 2))
      for (let i = 0; i < g.segmentCount; i++, at += offsetof<Segment>()) {
        const s = changetype<Segment>(at)
        const reach = g.folds + s.reach
        if (isSum<R>() && !isFloat<A>() && sizeof<T>() < sizeof<A>() && s.way != Way.Steps) {
          const only = s.way == Way.Direct ? onlyRow(g, src, row) : 0
          const to = dst + <usize>(s.from * g.inner) * sizeof<T>()
          if (only != 0) {
            means<T, A, T>(g, s, only, to)
            continue
          }
          if (g.firsts == 0 && g.leaveEnds == 0) done = max<usize>(done, g.folds + firstVector(g, s.from))
          if (done < reach) done = downTo<T, A, R>(g, src, row, done, reach)
          means<T, A, A>(g, s, g.folds, to)
          continue
        }
        if (g.firsts == 0 && g.leaveEnds == 0 && g.phases == 0)
          done = max<usize>(done, g.folds + firstVector(g, s.from))
        const only = !isSum<R>() && s.way == Way.Direct ? onlyRow(g, src, row) : 0
        if (only == 0 && done < reach) done = downTo<T, A, R>(g, src, row, done, reach)
        if (!isSum<R>() && s.way != Way.Steps) {
          maximaOf<T, A, R>(g, s, only, dst + <usize>(s.from * g.inner) * sizeof<T>())
          continue
        }
        const n = (s.to - s.from) * g.inner
        if (isSum<R>() && g.isRaw != 0 && s.isRun && g.taps == 1) {
          storeRaw<A>(firstTap(g, s.from), dst + <usize>(s.from * g.inner) * sizeof<A>(), n)
          continue
        }
        across<A, R>(g, s)
        const results = g.results
        if (isSum<R>() && !isFloat<A>() && (sizeof<T>() == sizeof<A>() || g.isRaw != 0)) {
          storeRaw<A>(results, dst + <usize>(s.from * g.inner) * sizeof<A>(), n)
          continue
        }
        if (isFloat<T>() && g.sends != 0) {
          if (sendShares<T, A>(g, s, results, dst + <usize>(s.from * g.inner) * sizeof<A>(), n)) isWild = true
          continue
        }
        const to = dst + <usize>(s.from * g.inner) * sizeof<T>()
        if (isFloat<A>() && g.slopeBytes != 0) {
          if (storeGradients<A>(g, results, (to - g.dst) / sizeof<T>(), n)) isWild = true
        } else if (isFloat<A>() && isFloat<T>()) {
          if (sizeof<A>() == 4) storeHalfNorms(results, to, n, g.power, scaleOf(g, s))
          else storeNorms<T>(results, to, n, g.power, scaleOf(g, s))
        } else if (isSum<R>() && sizeof<T>() < sizeof<A>() && g.divisorBytes != 0) {
          const divisors = g.indices + ((to - g.dst) / sizeof<T>()) * g.divisorBytes
          if (isFloat<A>()) storeQuotientsEach<T>(results, to, n, divisors, g.divisorBytes, g.rounding)
          else storeMeansEach<T, A>(results, to, n, divisors, g.divisorBytes, g.rounding, g.isShort != 0, g.isFew != 0)
        } else if (isFloat<A>()) storeQuotients<T>(results, to, n, s.divisor, g.rounding)
        else if (isSum<R>() && sizeof<T>() < sizeof<A>()) storeMeans<T, A>(s, results, to, n)
        else storeExtrema<T>(results, to, n, g.orderMask)
      }
    }
  }
  return isWild
}

/** Bytes of the vectors of folds before the one with the first tap of an output. */
@inline
function firstVector(g: DownAcross, output: i32): usize {
  return <usize>(max<i32>(g.first + output * g.pitch, 0) & -16)
}

/** The input row that a row of outputs folds, if there is one alone; else 0. */
@inline
function onlyRow(g: DownAcross, src: usize, row: i32): usize {
  const from = load<u32>(g.rowEnds + (row << 2))
  return load<u32>(g.rowEnds + (row << 2), 4) == from + 4 ? src + load<u32>(g.rowOffsets + from) : 0
}

/** The means of a segment, from a row of elements `S`: folds, or elements of the input. */
function means<T, A, S>(g: DownAcross, s: Segment, row: usize, to: usize): void {
  const scale = sizeof<A>() / sizeof<S>()
  const step = g.tapStep / scale
  const inner = g.inner
  if (!s.isRun) {
    for (let i = s.from; i < s.to; i++, to += <usize>inner * sizeof<T>())
      meansAcross<T, A, S>(s, row + (firstAt(g, i) - g.folds) / scale, tapsAt(g, i), step, inner, to)
    return
  }
  const from = row + (g.first + s.from * g.pitch) / scale
  const count = s.to - s.from
  if (g.along == 0) {
    meansAcross<T, A, S>(s, from, g.taps, step, count * inner, to)
    return
  }
  sumAlong<S, A>(g.along, from, count + g.taps - 1)
  meansOfDifferences<T, A>(s, changetype<SumsAlong>(g.along).sums, <usize>g.taps * g.tapStep, count * inner, to)
}

/** The maxima of a segment: of the only row of the input, or of the row of folds. */
function maximaOf<T, A, R>(g: DownAcross, s: Segment, only: usize, to: usize): void {
  const mask = v128.splat<T>(maskOf<T>(g.orderMask))
  const n = (s.to - s.from) * g.inner
  if (only == 0) maximaAcross<A, R, Ordered>(firstTap(g, s.from), g.taps, g.tapStep, n, to, mask)
  else maximaAcross<T, R, Given>(only + g.first + s.from * g.pitch, g.taps, g.tapStep, n, to, mask)
}

function sendShares<T, A>(g: DownAcross, s: Segment, sums: usize, to: usize, n: i32): bool {
  const dy = g.indices + ((to - g.dst) / sizeof<A>()) * sizeof<T>()
  const scale = scaleOf(g, s)
  if (sizeof<A>() == 4) return halfSharesOf(sums, dy, to, n, g.power, scale)
  return sharesOf<T>(sums, dy, to, n, g.power, scale)
}

/** Stores `n` sums from element `at` on. */
function storeGradients<A>(g: DownAcross, sums: usize, at: usize, n: i32): bool {
  const offset = at * g.slopeBytes
  if (sizeof<A>() == 4) return halfSlopes(sums, g.indices + offset, g.dst + offset, n, g.slopeNorm)
  if (g.slopeBytes == 8) return slopeRun<f64>(sums, g.indices + offset, g.dst + offset, n, g.slopeNorm)
  return slopeRun<f32>(sums, g.indices + offset, g.dst + offset, n, g.slopeNorm)
}

@inline
function scaleOf(g: DownAcross, s: Segment): f64 {
  return g.fullWindow == 0 ? 1 : <f64>g.fullWindow / <f64>s.divisor
}

/** Type arguments: elements as they are, and powers of magnitudes. */
type Plain = u8
type First = u16
type Second = u32
type Third = u64

/** Continues the row of folds from `done` at least to `reach`. Returns where it ends. */
function downTo<T, A, R>(g: DownAcross, src: usize, row: i32, done: usize, reach: usize): usize {
  if (!isFloat<T>()) {
    if (isSum<R>() && g.isFolded != 0) return downWhole<A, A, R>(g, src, row, done, reach)
    return downWhole<T, A, R>(g, src, row, done, reach)
  }
  if (g.power == 0) return down<T, A, R, Plain>(g, src, row, done, reach)
  if (g.power == 1) return down<T, A, R, First>(g, src, row, done, reach)
  if (g.power == 2) return down<T, A, R, Second>(g, src, row, done, reach)
  return down<T, A, R, Third>(g, src, row, done, reach)
}

/** The same for integers. */
function downWhole<T, A, R>(g: DownAcross, src: usize, row: i32, done: usize, reach: usize): usize {
  const from = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
  const to = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
  const at = src + ((done - g.folds) / sizeof<A>()) * sizeof<T>()
  const end = g.folds + <usize>g.n * sizeof<A>()
  const stop = min<usize>(done + ((reach - done + 63) & -64), end)
  const mask = v128.splat<A>(maskOf<A>(g.orderMask))
  const adds = isSum<R>() && g.leaveEnds != 0 && row > 0
  const leaving = adds ? g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2)) : 0
  const leavingEnd = adds ? g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2), 4) : 0
  foldRows<T, A, R>(from, to, leaving, leavingEnd, at, done, stop, adds, mask)
  if (stop < end) return stop
  // What follows the row belongs to the margin.
  const last = end & -16
  if (last != end) v128.store(last, v128.bitselect(v128.load(last), v128.splat<A>(identity<A, R>()), v128.load(g.tail)))
  return usize.MAX_VALUE
}

/** The same for floats, of which each row folds all of its rows at once. */
function down<T, A, R, P>(g: DownAcross, src: usize, row: i32, done: usize, reach: usize): usize {
  const from = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
  const to = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
  const mask = v128.splat<A>(maskOf<A>(g.orderMask))
  const none = v128.splat<A>(identity<A, R>())
  const size = <usize>g.n * sizeof<A>()
  const reads = sizeof<T>() * lanes<A>()
  let at = src + ((done - g.folds) / sizeof<A>()) * sizeof<T>()
  let fold = done
  const end = g.folds + size
  for (; fold + 64 <= end && fold < reach; fold += 64, at += 4 * reads) {
    let a = none
    let b = none
    let c = none
    let d = none
    for (let r = from; r < to; r += 4) {
      const p = at + load<u32>(r)
      a = join<A, R>(a, lifted<T, A, R, P>(p, mask))
      b = join<A, R>(b, lifted<T, A, R, P>(p + reads, mask))
      c = join<A, R>(c, lifted<T, A, R, P>(p + 2 * reads, mask))
      d = join<A, R>(d, lifted<T, A, R, P>(p + 3 * reads, mask))
    }
    v128.store(fold, a)
    v128.store(fold, b, 16)
    v128.store(fold, c, 32)
    v128.store(fold, d, 48)
  }
  if (fold >= reach) return fold
  for (; fold < end; fold += 16, at += reads) {
    let a = none
    for (let r = from; r < to; r += 4) a = join<A, R>(a, lifted<T, A, R, P>(at + load<u32>(r), mask))
    v128.store(fold, fold + 16 <= end ? a : v128.bitselect(a, none, v128.load(g.tail)))
  }
  return usize.MAX_VALUE
}

/** Folds a segment of outputs across the row of folds, into the row of results. */
function across<A, R>(g: DownAcross, s: Segment): void {
  if (isFloat<A>() && g.phases != 0) acrossPhases<A, R>(g)
  else if (isSum<R>() && g.along != 0 && s.isRun) slide<A>(g, s)
  else if (g.pixels != 0) acrossLong<A, R>(g, s)
  else if (g.firsts != 0) {
    for (let i = s.from; i < s.to; i++)
      run<A, R, Any>(firstAt(g, i), tapsAt(g, i), g.tapStep, g.inner, resultAt<A>(g, i - s.from))
  } else if (g.taps == 2) acrossAlike<A, R, Two>(g, s)
  else if (g.taps == 3) acrossAlike<A, R, Three>(g, s)
  else if (!isSum<R>() && s.isRun && g.taps > 4) double<A, R>(g, s)
  else acrossAlike<A, R, Any>(g, s)
}

@inline
function resultAt<A>(g: DownAcross, output: i32): usize {
  return g.results + <usize>(output * g.inner) * sizeof<A>()
}

/** The address of the first tap of an output, alike or not. */
@inline
function firstAt(g: DownAcross, output: i32): usize {
  return g.firsts != 0 ? g.folds + load<u32>(g.firsts + (output << 2)) : firstTap(g, output)
}

@inline
function tapsAt(g: DownAcross, output: i32): i32 {
  return g.firsts != 0 ? load<i32>(g.counts + (output << 2)) : g.taps
}

@inline
function firstTap(g: DownAcross, output: i32): usize {
  return g.folds + g.first + output * g.pitch
}

function acrossAlike<A, R, K>(g: DownAcross, s: Segment): void {
  const inner = g.inner
  const taps = g.taps
  const tapStep = g.tapStep
  if (s.isRun) run<A, R, K>(firstTap(g, s.from), taps, tapStep, (s.to - s.from) * inner, g.results)
  else if (g.picked != 0) pick<A, R, K>(g, s)
  else {
    for (let i = s.from; i < s.to; i++) run<A, R, K>(firstTap(g, i), taps, tapStep, inner, resultAt<A>(g, i - s.from))
  }
}

/** Folds whole vectors of pixels, then those of one vector and those that are left. */
function acrossLong<A, R>(g: DownAcross, s: Segment): void {
  const inner = g.inner
  const pixel = g.tapStep
  const count = g.pixels
  const block = <usize>count * pixel
  const spare = g.spare
  for (let i = s.from; i < s.to; i++) {
    let at = firstAt(g, i)
    let left = tapsAt(g, i)
    let total = v128.splat<A>(identity<A, R>())
    for (; left >= count; left -= count, at += block) total = join<A, R>(total, v128.load(at))
    v128.store(spare, total)
    total = foldTaps<A, R, Any>(spare, count, pixel)
    for (; left > 0; left--, at += pixel) total = join<A, R>(total, v128.load(at))
    v128.store(resultAt<A>(g, i - s.from), total)
  }
}

/** Maxima of a run in steps that join two windows, which may overlap. */
function double<A, R>(g: DownAcross, s: Segment): void {
  const taps = g.taps
  const tapStep = g.tapStep
  const n = (s.to - s.from) * g.inner
  const to = g.results
  let joined = 2
  joinTwo<A, R>(firstTap(g, s.from), tapStep, n, <usize>(taps - 2) * tapStep, to)
  for (; 2 * joined <= taps; joined *= 2)
    joinTwo<A, R>(to, <usize>joined * tapStep, n, <usize>(taps - 2 * joined) * tapStep, to)
  if (joined < taps) joinTwo<A, R>(to, <usize>(taps - joined) * tapStep, n, 0, to)
}

/** Joins the elements `apart` bytes apart of a run of `n` and `more` bytes. */
function joinTwo<A, R>(from: usize, apart: usize, n: i32, more: usize, to: usize): void {
  const end = to + <usize>n * sizeof<A>() + more
  for (; to < end; from += 16, to += 16) v128.store(to, join<A, R>(v128.load(from), v128.load(from + apart)))
}

/** Folds the outputs of each phase as one run, and interleaves the phases. */
function acrossPhases<A, R>(g: DownAcross): void {
  const phases = g.phases
  for (let i = 0; i < phases; i++) {
    const phase = changetype<Phase>(g.phaseTable + i * offsetof<Phase>())
    const to = g.phaseResults + i * g.phasePitch
    const n = phase.count * g.inner
    if (phase.taps == 0) memory.fill(to, 0, <usize>n * sizeof<A>())
    else run<A, R, Any>(g.folds + phase.first, phase.taps, g.tapStep, n, to)
  }
  const pixel = <usize>g.inner * sizeof<A>()
  if (phases == 2 && pixel == sizeof<A>()) {
    const bytes = <usize>changetype<Phase>(g.phaseTable).count * sizeof<A>()
    for (let done: usize = 0; done < bytes; done += 16) {
      const even = v128.load(g.phaseResults + done)
      const odd = v128.load(g.phaseResults + g.phasePitch + done)
      v128.store(g.results + 2 * done, interleaveLow<A>(even, odd))
      v128.store(g.results + 2 * done, interleaveHigh<A>(even, odd), 16)
    }
    return
  }
  for (let i = 0; i < phases; i++) {
    const count = changetype<Phase>(g.phaseTable + i * offsetof<Phase>()).count
    let from = g.phaseResults + i * g.phasePitch
    let to = g.results + i * pixel
    if (pixel == sizeof<A>()) {
      for (const end = from + count * pixel; from < end; from += pixel, to += phases * pixel)
        store<A>(to, load<A>(from))
    } else {
      for (let k = count; k > 0; k--, from += pixel, to += phases * pixel) copyPixel<A>(from, to, pixel)
    }
  }
}

@inline
function copyPixel<A>(from: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += sizeof<A>()) store<A>(to + i, load<A>(from + i))
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
  const end = resultAt<A>(g, s.to - s.from)
  let first = firstTap(g, s.from)
  for (let to = g.results; to < end; to += outStep, first += step) {
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

/** Sums of windows at stride 1 without dilation: differences of sums along the row. */
function slide<A>(g: DownAcross, s: Segment): void {
  const count = s.to - s.from
  const window = <usize>g.taps * g.tapStep
  sumAlong<A, A>(g.along, firstTap(g, s.from), count + g.taps - 1)
  const end = resultAt<A>(g, count)
  let at = changetype<SumsAlong>(g.along).sums
  for (let to = g.results; to < end; to += 16, at += 16)
    v128.store(to, v128.sub<A>(v128.load(at + window), v128.load(at)))
}

/** As many elements of `T` as a vector has of `A`, as they are folded. */
@inline
function lifted<T, A, R, P>(at: usize, mask: v128): v128 {
  const value = widened<T, A>(at)
  if (!isFloat<A>()) return isSum<R>() ? value : ordered<A>(value, mask)
  if (sizeof<P>() == 1) return value
  const exponent = sizeof<P>() == 2 ? 1 : sizeof<P>() == 4 ? 2 : 3
  return sizeof<A>() == 4 ? halfPower(value, exponent) : power(value, exponent)
}

/** Copies `n` elements. */
function storeRaw<T>(src: usize, dst: usize, n: i32): void {
  const end = dst + <usize>n * sizeof<T>()
  for (; dst + 64 <= end; src += 64, dst += 64) {
    v128.store(dst, v128.load(src))
    v128.store(dst, v128.load(src, 16), 16)
    v128.store(dst, v128.load(src, 32), 32)
    v128.store(dst, v128.load(src, 48), 48)
  }
  for (; dst + 16 <= end; src += 16, dst += 16) v128.store(dst, v128.load(src))
  for (; dst < end; src += sizeof<T>(), dst += sizeof<T>()) store<T>(dst, load<T>(src))
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
