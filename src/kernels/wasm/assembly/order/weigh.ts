/**
 * @file Weighted sums along one axis of `[planes][inSize][inner]`, two sequences at a time, with the
 * arithmetic of kernels/weighted.ts.
 */
import { Block } from '../block'

@unmanaged
class Weighing extends Block {
  planes: i32
  /** Pixels of `inner` elements along the axis, before and after. */
  inSize: i32
  outSize: i32
  inner: i32
  /** For each output where its weights begin, and at last where they end; for each weight the pixel that it is for. */
  begins: usize
  positions: usize
  weights: usize
  /** 1 if the weights of each output sum to 1. */
  isMean: i32
}

/** Reads `S`, sums in float64, writes `D`. */
@inline
export function weigh<S, D>(block: usize): void {
  const w = changetype<Weighing>(block)
  const pixel = <usize>w.inner * sizeof<S>()
  const outPixel = <usize>w.inner * sizeof<D>()
  if (w.inner > 1)
    for (let plane = 0; plane < w.planes; plane++) {
      const from = w.src + <usize>(plane * w.inSize) * pixel
      const to = w.dst + <usize>(plane * w.outSize) * outPixel
      for (let output = 0; output < w.outSize; output++) {
        const out = to + <usize>output * outPixel
        for (let c = 0; c < w.inner; c += 2) {
          const channel = min(c, w.inner - 2)
          const a = from + <usize>channel * sizeof<S>()
          const at = out + <usize>channel * sizeof<D>()
          storePair<D>(at, at + sizeof<D>(), weighted<S>(w, output, a, a + sizeof<S>(), pixel))
        }
      }
    }
  else
    for (let plane = 0; plane < w.planes; plane += 2) {
      const next = min(plane + 1, w.planes - 1)
      const a = w.src + <usize>(plane * w.inSize) * pixel
      const b = w.src + <usize>(next * w.inSize) * pixel
      const to = w.dst + <usize>(plane * w.outSize) * outPixel
      const too = w.dst + <usize>(next * w.outSize) * outPixel
      for (let output = 0; output < w.outSize; output++) {
        const at = <usize>output * outPixel
        storePair<D>(to + at, too + at, weighted<S>(w, output, a, b, pixel))
      }
    }
}

/** One output of the sequences that begin at `a` and `b`. */
@inline
function weighted<S>(w: Weighing, output: i32, a: usize, b: usize, pixel: usize): v128 {
  const list = w.begins + ((<usize>output) << 2)
  const begin = load<i32>(list)
  const end = load<i32>(list, 4)
  let first = f64x2.splat(0)
  if (w.isMean && begin < end) first = element<S>(w, begin, a, b, pixel)
  let sum = f64x2.splat(0)
  for (let k = begin; k < end; k++)
    sum = f64x2.add(sum, f64x2.mul(weight(w, k), f64x2.sub(element<S>(w, k, a, b, pixel), first)))
  const isWild = f64x2.ne(f64x2.sub(sum, sum), f64x2.splat(0))
  const mean = f64x2.add(first, sum)
  if (!v128.any_true(isWild)) return mean
  let plain = f64x2.splat(0)
  for (let k = begin; k < end; k++) plain = f64x2.add(plain, f64x2.mul(weight(w, k), element<S>(w, k, a, b, pixel)))
  return v128.bitselect(plain, mean, isWild)
}

@inline
function weight(w: Weighing, k: i32): v128 {
  return v128.load64_splat(w.weights + ((<usize>k) << 3))
}

/** The elements of weight `k` in two sequences. */
@inline
function element<S>(w: Weighing, k: i32, a: usize, b: usize, pixel: usize): v128 {
  const offset = <usize>load<i32>(w.positions + ((<usize>k) << 2)) * pixel
  if (sizeof<S>() == 8) return v128.load64_lane(b + offset, v128.load64_zero(a + offset), 1)
  return f64x2.promote_low_f32x4(v128.load32_lane(b + offset, v128.load32_zero(a + offset), 1))
}

@inline
function storePair<D>(a: usize, b: usize, pair: v128): void {
  if (sizeof<D>() == 8) {
    v128.store64_lane(a, pair, 0)
    v128.store64_lane(b, pair, 1)
  } else {
    const singles = f32x4.demote_f64x2_zero(pair)
    v128.store32_lane(a, singles, 0)
    v128.store32_lane(b, singles, 1)
  }
}
