/**
 * @file Float64 sums along one axis, one window at a time. Tap t goes to partial sum t % 8, and the halves are added at
 * the end: eight sums keep the adders busy and have an eighth of the rounding error.
 */
import { Block } from './block'
import { highHalves, lowHalves } from './shuffles'

/** Windows along one axis of `[planes][axis][n]`. */
@unmanaged
export class Runs extends Block {
  planes: i32
  srcPlane: usize
  dstPlane: usize
  outputs: i32
  /** Byte offset of the first tap of each output, and number of taps. */
  firsts: usize
  taps: usize
  /** Bytes from one tap to the next. */
  step: i32
  n: i32
  /** Scratch for the eight partial sums of a strip. */
  partial: usize
  /** For compensated sums: bytes of an element, 8 for a number and 16 for a pair. */
  bytes: i32
}

/** Rows of n sums, with a divisor for each row and each column; `indices` points to other divisors, if set. */
@unmanaged
export class Divide extends Block {
  planes: i32
  rows: i32
  n: i32
  rowDivisors: usize
  colDivisors: usize
}

/** Elements that are summed side by side. Their partial sums fit the first-level cache. */
const strip = 64

/** Elements of type `S` to float64. */
@inline
export function sumRuns<S>(block: usize): void {
  const r = changetype<Runs>(block)
  const n = r.n
  const isRun = r.step == n * sizeof<S>()
  for (let plane = 0; plane < r.planes; plane++) {
    const src = r.src + <usize>plane * r.srcPlane
    let dst = r.dst + <usize>plane * r.dstPlane
    for (let i = 0; i < r.outputs; i++, dst += (<usize>n) << 3) {
      const at = src + load<u32>(r.firsts + (i << 2))
      const taps = load<i32>(r.taps + (i << 2))
      for (let from = 0; from < n; from += strip) {
        const width = n - from < strip ? n - from : strip
        clear(r.partial, width)
        if (isRun && n == 1) addRow<S>(r.partial, at, taps)
        else if (isRun && n <= strip) addRun<S>(r.partial, at, taps, n)
        else addTaps<S>(r.partial, at + from * sizeof<S>(), taps, r.step, width)
        joinHalves(r.partial, width, dst + ((<usize>from) << 3))
      }
    }
  }
}

@inline
function clear(partial: usize, n: i32): void {
  memory.fill(partial, 0, (<usize>n) << 6)
}

/** Contiguous taps of one channel, summed in registers. */
function addRow<S>(partial: usize, src: usize, taps: i32): void {
  let at = src
  let left = taps
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0)
    let b = a
    let c = a
    let d = a
    for (; left >= 8; left -= 8, at += 8 * sizeof<S>()) {
      a = f64x2.add(a, pair<S>(at, 0))
      b = f64x2.add(b, pair<S>(at, 2))
      c = f64x2.add(c, pair<S>(at, 4))
      d = f64x2.add(d, pair<S>(at, 6))
    }
    v128.store(partial, a)
    v128.store(partial, b, 16)
    v128.store(partial, c, 32)
    v128.store(partial, d, 48)
  }
  addRun<S>(partial, at, left, 1)
}

@inline
function pair<S>(at: usize, i: usize): v128 {
  return sizeof<S>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at + (i << 2))) : v128.load(at + (i << 3))
}

/** Contiguous taps, eight at a time. */
function addRun<S>(partial: usize, src: usize, taps: i32, n: i32): void {
  let at = src
  let left = taps
  for (; left > 8; left -= 8, at += 8 * n * sizeof<S>()) add<S>(partial, at, 8 * n)
  add<S>(partial, at, left * n)
}

function addTaps<S>(partial: usize, src: usize, taps: i32, step: i32, n: i32): void {
  for (let t = 0; t < taps; t++) add<S>(partial + ((<usize>((t & 7) * n)) << 3), src + <usize>t * step, n)
}

/** `to[i] += src[i]` */
@inline
function add<S>(to: usize, src: usize, count: i32): void {
  let i: usize = 0
  const n = <usize>count
  if (ASC_FEATURE_SIMD)
    for (; i + 2 <= n; i += 2) v128.store(to + (i << 3), f64x2.add(v128.load(to + (i << 3)), pair<S>(src, i)))
  for (; i < n; i++) store<f64>(to + (i << 3), load<f64>(to + (i << 3)) + <f64>load<S>(src + i * sizeof<S>()))
}

function joinHalves(partial: usize, n: i32, dst: usize): void {
  for (let half = 4 * n; half >= n; half >>= 1) add<f64>(partial, partial + ((<usize>half) << 3), half)
  memory.copy(dst, partial, (<usize>n) << 3)
}

export function promote(src: usize, dst: usize, n: i32): void {
  let i = 0
  if (ASC_FEATURE_SIMD)
    for (; i + 4 <= n; i += 4, src += 16, dst += 32) {
      const four = v128.load(src)
      v128.store(dst, f64x2.promote_low_f32x4(four))
      v128.store(dst, f64x2.promote_low_f32x4(highHalves(four, four)), 16)
    }
  for (; i < n; i++, src += 4, dst += 8) store<f64>(dst, load<f32>(src))
}

/** `dst[plane][row][i] = src[plane][row][i] / (rowDivisors[row] * colDivisors[i])`, all in float64; -0 becomes +0. */
@inline
export function divide<S, T>(block: usize): void {
  const d = changetype<Divide>(block)
  const n = d.n
  const colDivisors = d.indices ? d.indices : d.colDivisors
  let src = d.src
  let dst = d.dst
  for (let plane = 0; plane < d.planes; plane++) {
    for (let row = 0; row < d.rows; row++) {
      const by = load<f64>(d.rowDivisors + (row << 3))
      let i = 0
      if (ASC_FEATURE_SIMD) {
        const bys = f64x2.splat(by)
        const zero = f64x2.splat(0)
        for (; i + 4 <= n; i += 4, src += 4 * sizeof<S>(), dst += 4 * sizeof<T>()) {
          const cols = colDivisors + (i << 3)
          const low = f64x2.add(f64x2.div(pair<S>(src, 0), f64x2.mul(bys, v128.load(cols))), zero)
          const high = f64x2.add(f64x2.div(pair<S>(src, 2), f64x2.mul(bys, v128.load(cols, 16))), zero)
          if (sizeof<T>() == 8) {
            v128.store(dst, low)
            v128.store(dst, high, 16)
          } else {
            v128.store(dst, lowHalves(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high)))
          }
        }
      }
      for (; i < n; i++, src += sizeof<S>(), dst += sizeof<T>())
        store<T>(dst, <T>(<f64>load<S>(src) / (by * load<f64>(colDivisors + (i << 3))) + 0))
    }
  }
}

export function demote(src: usize, dst: usize, n: i32): void {
  let i = 0
  if (ASC_FEATURE_SIMD)
    for (; i + 4 <= n; i += 4, src += 32, dst += 16) {
      const low = f32x4.demote_f64x2_zero(v128.load(src))
      v128.store(dst, lowHalves(low, f32x4.demote_f64x2_zero(v128.load(src, 16))))
    }
  for (; i < n; i++, src += 8, dst += 4) store<f32>(dst, <f32>load<f64>(src))
}
