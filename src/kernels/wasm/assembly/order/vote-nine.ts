/**
 * @file The commonest of nine labels, counted in registers.
 */
import { Windows } from './windows'

/** As `elect`, of the labels of listed taps as they lie, of less than 8 bytes. Counts are negative. */
export function electOfNine<T>(w: Windows, src: usize, mask: v128): v128 {
  const taps = w.taps
  const a = v128.load(src + load<u32>(taps))
  const b = v128.load(src + load<u32>(taps, 4))
  const c = v128.load(src + load<u32>(taps, 8))
  const d = v128.load(src + load<u32>(taps, 12))
  const e = v128.load(src + load<u32>(taps, 16))
  const f = v128.load(src + load<u32>(taps, 20))
  const g = v128.load(src + load<u32>(taps, 24))
  const h = v128.load(src + load<u32>(taps, 28))
  const i = v128.load(src + load<u32>(taps, 32))
  const one = v128.splat<T>(<T>-1)
  const hasIgnored = w.ignore != 0
  const compares = w.compares != 0
  const ignored = hasIgnored ? v128.splat<T>(load<T>(w.ignore)) : one
  let best = a
  let times = v128.add<T>(four<T>(a, b, c, d, e), four<T>(a, f, g, h, i))
  let most = counted<T>(v128.add<T>(one, times), a, ignored, hasIgnored)
  times = v128.add<T>(v128.add<T>(four<T>(b, c, d, e, f), two<T>(b, g, h)), v128.eq<T>(b, i))
  times = counted<T>(v128.add<T>(one, times), b, ignored, hasIgnored)
  best = better<T>(b, times, best, most, compares, mask)
  most = v128.min<T>(times, most)
  times = v128.add<T>(four<T>(c, d, e, f, g), two<T>(c, h, i))
  times = counted<T>(v128.add<T>(one, times), c, ignored, hasIgnored)
  best = better<T>(c, times, best, most, compares, mask)
  most = v128.min<T>(times, most)
  times = v128.add<T>(four<T>(d, e, f, g, h), v128.eq<T>(d, i))
  times = counted<T>(v128.add<T>(one, times), d, ignored, hasIgnored)
  best = better<T>(d, times, best, most, compares, mask)
  most = v128.min<T>(times, most)
  times = counted<T>(v128.add<T>(one, four<T>(e, f, g, h, i)), e, ignored, hasIgnored)
  best = better<T>(e, times, best, most, compares, mask)
  most = v128.min<T>(times, most)
  times = v128.add<T>(two<T>(f, g, h), v128.eq<T>(f, i))
  times = counted<T>(v128.add<T>(one, times), f, ignored, hasIgnored)
  best = better<T>(f, times, best, most, compares, mask)
  most = v128.min<T>(times, most)
  times = counted<T>(v128.add<T>(one, two<T>(g, h, i)), g, ignored, hasIgnored)
  best = better<T>(g, times, best, most, compares, mask)
  most = v128.min<T>(times, most)
  times = counted<T>(v128.add<T>(one, v128.eq<T>(h, i)), h, ignored, hasIgnored)
  best = better<T>(h, times, best, most, compares, mask)
  most = v128.min<T>(times, most)
  return better<T>(i, counted<T>(one, i, ignored, hasIgnored), best, most, compares, mask)
}

/** How many of the others are the label, negative. */
@inline
function two<T>(label: v128, p: v128, q: v128): v128 {
  return v128.add<T>(v128.eq<T>(label, p), v128.eq<T>(label, q))
}

@inline
function four<T>(label: v128, p: v128, q: v128, r: v128, s: v128): v128 {
  return v128.add<T>(two<T>(label, p, q), two<T>(label, r, s))
}

@inline
function counted<T>(times: v128, label: v128, ignored: v128, hasIgnored: bool): v128 {
  return hasIgnored ? v128.andnot(times, v128.eq<T>(label, ignored)) : times
}

@inline
function better<T>(label: v128, times: v128, best: v128, most: v128, compares: bool, mask: v128): v128 {
  let wins = v128.lt<T>(times, most)
  if (compares)
    wins = v128.or(wins, v128.and(v128.eq<T>(times, most), v128.lt<T>(v128.xor(label, mask), v128.xor(best, mask))))
  return v128.bitselect(label, best, wins)
}
