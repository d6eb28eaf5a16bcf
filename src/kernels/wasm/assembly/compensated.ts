/**
 * @file Compensated float64 sums: each sum is stored as a pair, with the rounding error of its additions as the second
 * number (Knuth's two-sum). Adds in the orders of wide-sums.ts and van-herk.ts, one element at a time.
 */
import { VanHerk } from './van-herk'
import { min } from './vectors'
import { Divide, Runs } from './wide-sums'

/** Adds to the pair at `to`. */
@inline
function add(to: usize, high: f64, low: f64): void {
  const before = load<f64>(to)
  const sum = before + high
  const part = sum - before
  store<f64>(to, sum)
  store<f64>(to, load<f64>(to, 8) + (before - (sum - part) + (high - part)) + low, 8)
}

@inline
function addPair(to: usize, from: usize): void {
  add(to, load<f64>(from), load<f64>(from, 8))
}

/** `bytes` is 16 for a pair and 8 for a plain number. */
@inline
function addElement(to: usize, at: usize, bytes: i32): void {
  add(to, load<f64>(at), bytes == 16 ? load<f64>(at, 8) : 0)
}

@inline
function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes)
}

@inline
function copy(to: usize, from: usize): void {
  store<f64>(to, load<f64>(from))
  store<f64>(to, load<f64>(from, 8), 8)
}

/** `sumRuns` with pairs as output; reads numbers or pairs. */
export function sumRunsCompensated(block: usize): void {
  const r = changetype<Runs>(block)
  const partial = r.partial
  const bytes = r.bytes
  for (let plane = 0; plane < r.planes; plane++) {
    let dst = r.dst + <usize>plane * r.dstPlane
    for (let i = 0; i < r.outputs; i++) {
      const src = r.src + <usize>plane * r.srcPlane + load<u32>(r.firsts + (i << 2))
      const taps = load<i32>(r.taps + (i << 2))
      for (let c = 0; c < r.n; c++, dst += 16) {
        clear(partial, 128)
        let at = src + <usize>(c * bytes)
        for (let t = 0; t < taps; t++, at += r.step) addElement(partial + ((<usize>(t & 7)) << 4), at, bytes)
        for (let half: usize = 64; half >= 16; half >>= 1)
          for (let k: usize = 0; k < half; k += 16) addPair(partial + k, partial + half + k)
        copy(dst, partial)
      }
    }
  }
}

/** `vanHerk` of sums with pairs as output; reads numbers or pairs. */
export function vanHerkCompensated(block: usize): void {
  const g = changetype<VanHerk>(block)
  const bytes = g.bytes
  for (let plane = 0; plane < g.planes; plane++)
    for (let c = 0; c < g.n; c++)
      column(
        g,
        g.src + <usize>plane * g.srcPlane + <usize>(c * bytes),
        g.dst + <usize>plane * g.dstPlane + ((<usize>c) << 4),
        bytes,
      )
}

function column(g: VanHerk, src: usize, to: usize, bytes: i32): void {
  const length = g.length
  const window = g.window
  const stride = g.stride
  const suffix = g.suffix
  const prefix = suffix + ((<usize>(window + 1)) << 4)
  let dst = to
  let outputs = g.outputs
  let wait = window - g.padBefore
  let begin = -g.phase
  let at = src
  for (; ; begin += window) {
    const end = min(begin + window, length) - begin
    const held = min(begin, window)
    if (begin > 0) suffixes(at, g.srcStep, held, suffix + ((<usize>(window - held)) << 4), bytes)
    clear(prefix, 16)
    for (let i = begin < 0 ? -begin : 0; i < end; i++, at += g.srcStep) {
      addElement(prefix, at, bytes)
      if (--wait > 0) continue
      storeJoined(dst, begin <= 0 || i == window - 1 ? 0 : suffix + ((<usize>(i + 1)) << 4), prefix)
      dst += g.dstStep
      wait = stride
      if (--outputs == 0) return
    }
    if (begin + window >= length) break
  }
  let start = length + wait - window
  for (; outputs > 0 && start <= begin; outputs--, start += stride, dst += g.dstStep)
    storeJoined(dst, begin <= 0 || start == begin ? 0 : suffix + ((<usize>(start - begin + window)) << 4), prefix)
  if (outputs == 0) return
  const first = begin < 0 ? 0 : begin
  suffixes(at, g.srcStep, length - first, suffix, bytes)
  for (; outputs > 0; outputs--, start += stride, dst += g.dstStep) copy(dst, suffix + ((<usize>(start - first)) << 4))
}

function suffixes(end: usize, step: usize, count: i32, to: usize, bytes: i32): void {
  let at = end
  let position = to + ((<usize>count) << 4)
  clear(position, 16)
  for (let left = count; left > 0; left--, position -= 16) {
    at -= step
    copy(position - 16, position)
    addElement(position - 16, at, bytes)
  }
}

/** Stores a suffix (0 for none) plus a prefix. */
@inline
function storeJoined(dst: usize, suffix: usize, prefix: usize): void {
  if (suffix == 0) {
    copy(dst, prefix)
    return
  }
  copy(dst, suffix)
  addPair(dst, prefix)
}

/**
 * `divide` for pairs: the quotient, corrected by the rest that its product with the divisor leaves (Dekker's product).
 */
export function divideCompensated(block: usize): void {
  const d = changetype<Divide>(block)
  const n = d.n
  const colDivisors = d.indices ? d.indices : d.colDivisors
  let src = d.src
  let dst = d.dst
  for (let plane = 0; plane < d.planes; plane++) {
    for (let row = 0; row < d.rows; row++) {
      const by = load<f64>(d.rowDivisors + (row << 3))
      for (let i = 0; i < n; i++, src += 16, dst += 8)
        store<f64>(dst, quotient(src, by * load<f64>(colDivisors + (i << 3))) + 0)
    }
  }
}

@inline
function quotient(pair: usize, divisor: f64): f64 {
  const high = load<f64>(pair)
  const first = high / divisor
  const a = leading(first)
  const b = leading(divisor)
  const product = first * divisor
  const lost = a * b - product + a * (divisor - b) + (first - a) * b + (first - a) * (divisor - b)
  const total = first + (high - product - lost + load<f64>(pair, 8)) / divisor
  return total == total ? total : first
}

/** The upper half of the mantissa. */
@inline
function leading(value: f64): f64 {
  const scaled = value * 134217729
  return scaled - (scaled - value)
}
