/**
 * @file Windows folded down their rows first and then across: maxima and sums of integers, whose bits are the same in
 * any order, and float64 sums of norms. Reads rows of any number of channels as they are: neighbours lie `inner`
 * elements apart.
 */
import { DownAcross, Phase } from './down-across-block'
import { storeQuotients, storeQuotientsEach } from './epilogue'
import { storeMeansEach } from './means-each'
import { Given, maximaAcross, Ordered } from './maxima-across'
import { Any, meansAcross, meansOfDifferences, Three, Two } from './means-across'
import { halfSharesOf, halfSlopes, storeHalfNorms } from './half-norms'
import { sharesOf, slopeRun, storeNorms } from './norms'
import { identity, isSum, join } from './reducers'
import { interleaveHigh, interleaveLow } from './shuffles'
import { downTo } from './rows-down'
import { sumAlong, SumsAlong } from './sums-along'
import { Segment, storeMeans, Way } from './whole-mean'
import { lanes, maskOf, storeOrdered, storeOrderedOne, vectorStart } from './vectors'

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
