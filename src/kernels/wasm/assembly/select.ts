/**
 * @file Max and min over any windows, given as lists of offsets.
 */
import { Grid } from './grid'
import { alarmed, give, giveOne, identity, lanes, pick, pickOne, reach, take, takeOne, watchFour, watchOne } from './lanes'

/**
 * @returns whether a NaN may have been seen, which only the `strict` variant treats rightly: fold again with it
 */
@inline
export function select<T>(block: usize, min: bool, strict: bool): bool {
  const g = changetype<Grid>(block)
  const n = g.n
  const flip = <T>g.flip
  let seen = false
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    for (let row = 0; row < g.rows; row++) {
      const rowFrom = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
      const rowTo = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
      let dst = g.dst + <usize>plane * g.dstPlane + <usize>row * g.dstRow
      for (let col = 0; col < g.cols; col++, dst += g.dstCol) {
        const colFrom = g.colOffsets + load<u32>(g.colEnds + (col << 2))
        const colTo = g.colOffsets + load<u32>(g.colEnds + (col << 2), 4)
        if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
          if (selectRun<T>(src, dst, n, rowFrom, rowTo, colFrom, colTo, flip, min, strict)) seen = true
          continue
        }
        for (let i = 0; i < n; i++) {
          let best = identity<T>(min)
          for (let r = rowFrom; r < rowTo; r += 4) {
            const from = src + load<u32>(r) + i * sizeof<T>()
            for (let k = colFrom; k < colTo; k += 4)
              best = pickOne<T>(best, takeOne<T>(from + load<u32>(k), flip), min)
          }
          giveOne<T>(dst + i * sizeof<T>(), best, flip)
        }
      }
    }
  }
  return seen
}

/** One run of at least a vector. */
@inline
function selectRun<T>(
  src: usize,
  dst: usize,
  n: i32,
  rowFrom: usize,
  rowTo: usize,
  colFrom: usize,
  colTo: usize,
  flip: T,
  min: bool,
  strict: bool,
): bool {
  const flips = v128.splat<T>(flip)
  const none = v128.splat<T>(identity<T>(min))
  let watch = v128.splat<T>(<T>0)
  let i = 0
  for (; i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
    let a = none
    let b = none
    let c = none
    let d = none
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + i * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const at = from + load<u32>(k)
        const va = take<T>(at, flips)
        const vb = take<T>(at + 16, flips)
        const vc = take<T>(at + 32, flips)
        const vd = take<T>(at + 48, flips)
        a = pick<T>(a, va, min, strict)
        b = pick<T>(b, vb, min, strict)
        c = pick<T>(c, vc, min, strict)
        d = pick<T>(d, vd, min, strict)
        if (!strict) watch = watchFour<T>(watch, va, vb, vc, vd)
      }
    }
    const to = dst + i * sizeof<T>()
    give<T>(to, a, flips)
    give<T>(to + 16, b, flips)
    give<T>(to + 32, c, flips)
    give<T>(to + 48, d, flips)
  }
  for (; i < n; i += lanes<T>()) {
    const j = reach(i, n, lanes<T>())
    let a = none
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const va = take<T>(from + load<u32>(k), flips)
        a = pick<T>(a, va, min, strict)
        if (!strict) watch = watchOne<T>(watch, va)
      }
    }
    give<T>(dst + j * sizeof<T>(), a, flips)
  }
  return strict ? false : alarmed<T>(watch)
}
