/**
 * @file The van Herk algorithm along rows of one channel. Transposes sixteen rows of 4-byte elements, or eight of
 * 8-byte ones, into four vectors of columns.
 */
import { identity, isNanSafe, isSum, join, losesNaN, Sum } from './reducers'
import { transpose4x4 } from './transpose'
import { transposeRows, transposeRowsBack, transposeRowsWide } from './transpose-rows'
import { columns, Four, One, storeAll, suffixes, VanHerk } from './van-herk'
import { min, probeOne, sawNaN } from './vectors'

/**
 * Needs at least a vector of inputs and of outputs per row, and at least as many rows as are transposed together.
 * @returns true if the result may lack a NaN
 */
export function vanHerkRows<T, R>(block: usize): bool {
  const g = changetype<VanHerk>(block)
  const together = 64 / sizeof<T>()
  const last = g.planes - together
  const isDense = sizeof<T>() == 4 && losesNaN<T, R>() && g.stride == 1
  if (isDense) clear<T, R>(g)
  let probe = v128.splat<T>(<T>0)
  for (let row = 0; row < g.planes; row += together) {
    const first = <usize>min(row, last)
    const dst = g.dst + first * g.dstPlane
    probe = probeOne<T>(probe, transposeRows<T>(g.src + first * g.srcPlane, g.srcPlane, g.length, g.transposed))
    if (isDense) {
      dense<T, R>(g, dst)
      continue
    }
    if (isNanSafe<R>()) for (let i = 0; i < 64; i += 16) columns<T, R, One>(g, g.transposed + i, 64, g.folded + i, 64)
    else columns<T, R, Four>(g, g.transposed, 64, g.folded, 64)
    transposeRowsBack<T>(g.folded, dst, g.dstPlane, g.outputs)
  }
  return losesNaN<T, R>() && sawNaN<T>(probe)
}

/** Sums of float32 in float64. Needs at least eight rows, with four inputs and two outputs each. */
export function vanHerkRowsWide(block: usize): void {
  const g = changetype<VanHerk>(block)
  for (let row = 0; row < g.planes; row += 8) {
    const first = <usize>min(row, g.planes - 8)
    transposeRowsWide(g.src + first * g.srcPlane, g.srcPlane, g.length, g.transposed)
    columns<f64, Sum, Four>(g, g.transposed, 64, g.folded, 64)
    transposeRowsBack<f64>(g.folded, g.dst + first * g.dstPlane, g.dstPlane, g.outputs)
  }
}

/** Fills the transposed rows and what surrounds them with the neutral element. */
@inline
function clear<T, R>(g: VanHerk): void {
  const none = v128.splat<T>(identity<T, R>())
  const end = g.folded + ((<usize>(g.outputs + 2 * g.window)) << 6)
  for (let at = g.transposed; at < end; at += 64) storeAll<Four>(at, none, none, none, none)
}

/**
 * Floats at stride 1: computes all suffixes first. Each window is then the suffix at its start joined with the prefix
 * at its end.
 */
@inline
function dense<T, R>(g: VanHerk, dst: usize): void {
  const none = v128.splat<T>(identity<T, R>())
  const transposed = g.transposed
  const suffix = g.folded + ((<usize>g.window) << 6)
  const lastStart = g.outputs - 1 - g.padBefore
  for (let begin = 0; begin < lastStart; begin += g.window) {
    const at = suffix + ((<usize>begin) << 6)
    const count = min(g.window, g.length - begin)
    suffixes<T, R, Four>(transposed + ((<usize>(begin + count)) << 6), 64, count, at, none)
  }
  eightRows<T, R>(g, transposed, suffix, dst)
  eightRows<T, R>(g, transposed + 32, suffix + 32, dst + 8 * g.dstPlane)
}

/**
 * Two of the four vectors: computes four outputs of eight rows at a time and transposes them back at once. A block may
 * end before each of the four. The four steps are written out, because a function cannot return two vectors, and two
 * functions that each test for the end are 5 % slower.
 */
function eightRows<T, R>(g: VanHerk, transposed: usize, suffix: usize, dst: usize): void {
  const none = v128.splat<T>(identity<T, R>())
  const window = g.window
  const pitch = g.dstPlane
  // First computes all outputs but the first one to three, so that their number is a multiple of four; then the first
  // four.
  let end = g.outputs
  let from = end & 3
  do {
    const start = from - g.padBefore
    const stop = start + window - 1
    const ahead = stop % window
    let x = transposed + ((<usize>(stop - ahead)) << 6)
    let a = none
    let b = none
    for (let k = ahead; k > 0; k--, x += 64) {
      a = join<T, R>(a, v128.load(x))
      b = join<T, R>(b, v128.load(x, 16))
    }
    let left = window - ahead
    let s = suffix + ((<usize>start) << 6)
    let to = dst + ((<usize>from) << 2)
    for (let count = end - from; count > 0; count -= 4, x += 256, s += 256, to += 16) {
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = join<T, R>(a, v128.load(x))
      b = join<T, R>(b, v128.load(x, 16))
      const a0 = join<T, R>(v128.load(s), a)
      const b0 = join<T, R>(v128.load(s, 16), b)
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = join<T, R>(a, v128.load(x, 64))
      b = join<T, R>(b, v128.load(x, 80))
      const a1 = join<T, R>(v128.load(s, 64), a)
      const b1 = join<T, R>(v128.load(s, 80), b)
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = join<T, R>(a, v128.load(x, 128))
      b = join<T, R>(b, v128.load(x, 144))
      const a2 = join<T, R>(v128.load(s, 128), a)
      const b2 = join<T, R>(v128.load(s, 144), b)
      if (left == 0) {
        a = none
        b = none
        left = window
      }
      left--
      a = join<T, R>(a, v128.load(x, 192))
      b = join<T, R>(b, v128.load(x, 208))
      const a3 = join<T, R>(v128.load(s, 192), a)
      const b3 = join<T, R>(v128.load(s, 208), b)
      transpose4x4(a0, a1, a2, a3, to, pitch)
      transpose4x4(b0, b1, b2, b3, to + 4 * pitch, pitch)
    }
    end = from != 0 ? 4 : 0
    from = 0
  } while (end != 0)
}
