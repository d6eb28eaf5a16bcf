/**
 * @file Large windows along rows of one channel, sixteen rows of 4-byte elements or eight of 8-byte ones at a time: turned, they are four
 * vectors of columns.
 */
import { isStrict, Sum } from './folds'
import { canLose, column, fourColumns, fourSuffixes, Glide, joined, nothing, store64 } from './glide'
import { alarmed, watchOne } from './lanes'
import { leaveSquare, min, turn, turnBack, turnWide } from './turn'

/** At least a vector in and out, and at least as many rows as elements fill a line of cache. @returns as `glide` does */
export function glideRows<T, F>(block: usize): bool {
  const g = changetype<Glide>(block)
  const together = 64 / sizeof<T>()
  const last = g.planes - together
  const isDense = sizeof<T>() == 4 && isFloat<T>() && !isStrict<F>() && g.stride == 1
  if (isDense) clear<T, F>(g)
  let watch = v128.splat<T>(<T>0)
  for (let row = 0; row < g.planes; row += together) {
    const first = <usize>min(row, last)
    const dst = g.dst + first * g.dstPlane
    watch = watchOne<T>(watch, turn<T>(g.src + first * g.srcPlane, g.srcPlane, g.length, g.turned))
    if (isDense) {
      dense<T, F>(g, dst)
      continue
    }
    if (isStrict<F>()) for (let i = 0; i < 64; i += 16) column<T, F>(g, g.turned + i, 64, g.folded + i, 64)
    else fourColumns<T, F>(g, g.turned, 64, g.folded, 64)
    turnBack<T>(g.folded, dst, g.dstPlane, g.outputs)
  }
  return canLose<T, F>() && alarmed<T>(watch)
}

/** Sums of float32 in float64: at least eight rows, of at least four elements in and two out. */
export function glideRowsWide(block: usize): void {
  const g = changetype<Glide>(block)
  for (let row = 0; row < g.planes; row += 8) {
    const first = <usize>min(row, g.planes - 8)
    turnWide(g.src + first * g.srcPlane, g.srcPlane, g.length, g.turned)
    fourColumns<f64, Sum>(g, g.turned, 64, g.folded, 64)
    turnBack<f64>(g.folded, g.dst + first * g.dstPlane, g.dstPlane, g.outputs)
  }
}

/** Whatever lies before and after a row changes no fold. */
@inline
function clear<T, F>(g: Glide): void {
  const none = v128.splat<T>(nothing<T, F>())
  const end = g.folded + (<usize>(g.outputs + 2 * g.window) << 6)
  for (let at = g.turned; at < end; at += 64) store64(at, none, none, none, none)
}

/** Floats at stride 1: suffixes first, then each window is the suffix at its start and the prefix at its end. */
@inline
function dense<T, F>(g: Glide, dst: usize): void {
  const none = v128.splat<T>(nothing<T, F>())
  const turned = g.turned
  const suffix = g.folded + (<usize>g.window << 6)
  const lastStart = g.outputs - 1 - g.padBefore
  for (let begin = 0; begin < lastStart; begin += g.window) {
    const at = suffix + (<usize>begin << 6)
    const count = min(g.window, g.length - begin)
    fourSuffixes<T, F>(turned + (<usize>(begin + count) << 6), 64, count, at, none)
  }
  eightRows<T, F>(g, turned, suffix, dst)
  eightRows<T, F>(g, turned + 32, suffix + 32, dst + 8 * g.dstPlane)
}

/**
 * Two of the four vectors: four outputs of eight rows at a time, turned back on their way out. A block may end before any of the four;
 * they are written out because a function has no two vectors to return, and two that each ask for the end are 5 % slower.
 */
function eightRows<T, F>(g: Glide, turned: usize, suffix: usize, dst: usize): void {
  const none = v128.splat<T>(nothing<T, F>())
  const window = g.window
  const pitch = g.dstPlane
  // First all but one to three outputs at the beginning; then those, with the next ones.
  let end = g.outputs
  let from = end & 3
  do {
    const start = from - g.padBefore
    const stop = start + window - 1
    const ahead = stop % window
    let x = turned + (<usize>(stop - ahead) << 6)
    let a = none
    let b = none
    for (let k = ahead; k > 0; k--, x += 64) {
      a = joined<T, F>(a, v128.load(x))
      b = joined<T, F>(b, v128.load(x, 16))
    }
    let left = window - ahead
    let s = suffix + (<usize>start << 6)
    let to = dst + (<usize>from << 2)
    for (let count = end - from; count > 0; count -= 4, x += 256, s += 256, to += 16) {
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = joined<T, F>(a, v128.load(x))
      b = joined<T, F>(b, v128.load(x, 16))
      const a0 = joined<T, F>(v128.load(s), a)
      const b0 = joined<T, F>(v128.load(s, 16), b)
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = joined<T, F>(a, v128.load(x, 64))
      b = joined<T, F>(b, v128.load(x, 80))
      const a1 = joined<T, F>(v128.load(s, 64), a)
      const b1 = joined<T, F>(v128.load(s, 80), b)
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = joined<T, F>(a, v128.load(x, 128))
      b = joined<T, F>(b, v128.load(x, 144))
      const a2 = joined<T, F>(v128.load(s, 128), a)
      const b2 = joined<T, F>(v128.load(s, 144), b)
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = joined<T, F>(a, v128.load(x, 192))
      b = joined<T, F>(b, v128.load(x, 208))
      const a3 = joined<T, F>(v128.load(s, 192), a)
      const b3 = joined<T, F>(v128.load(s, 208), b)
      leaveSquare(a0, a1, a2, a3, to, pitch)
      leaveSquare(b0, b1, b2, b3, to + 4 * pitch, pitch)
    }
    end = from != 0 ? 4 : 0
    from = 0
  } while (end != 0)
}
