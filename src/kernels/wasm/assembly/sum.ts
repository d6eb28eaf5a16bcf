/**
 * @file Sums over any windows, in the order of the lists, and what an average makes of them.
 */
import { Finish, Grid, Rounding } from './grid'
import { lanes, reach } from './lanes'

/** Elements are added from 0, one after another, whatever the width of the machine's vectors. */
@inline
export function sum<T>(block: usize): void {
  const g = changetype<Grid>(block)
  const n = g.n
  const perElement = g.perElement != 0
  const finish = g.finish
  for (let plane = 0; plane < g.planes; plane++) {
    const src = g.src + <usize>plane * g.srcPlane
    for (let row = 0; row < g.rows; row++) {
      const rowFrom = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
      const rowTo = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
      const rowDivisors = g.rowDivisors + row * 2 * sizeof<T>()
      let dst = g.dst + <usize>plane * g.dstPlane + <usize>row * g.dstRow
      for (let col = 0; col < g.cols; col++, dst += g.dstCol) {
        const colFrom = g.colOffsets + load<u32>(g.colEnds + (col << 2))
        const colTo = g.colOffsets + load<u32>(g.colEnds + (col << 2), 4)
        const divisors = g.colDivisors + col * sizeof<T>()
        if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
          sumRun<T>(src, dst, n, rowFrom, rowTo, colFrom, colTo)
          if (finish != Finish.Sum) finishRun<T>(g, dst, n, rowDivisors, divisors)
          continue
        }
        for (let i = 0; i < n; i++) {
          let total: T = 0
          for (let r = rowFrom; r < rowTo; r += 4) {
            const from = src + load<u32>(r) + i * sizeof<T>()
            for (let k = colFrom; k < colTo; k += 4) total += load<T>(from + load<u32>(k))
          }
          store<T>(
            dst + i * sizeof<T>(),
            finishOne<T>(g, total, rowDivisors, perElement ? divisors + i * sizeof<T>() : divisors),
          )
        }
      }
    }
  }
}

/** One run of at least a vector. */
@inline
function sumRun<T>(
  src: usize,
  dst: usize,
  n: i32,
  rowFrom: usize,
  rowTo: usize,
  colFrom: usize,
  colTo: usize,
): void {
  const zero = v128.splat<T>(<T>0)
  let i = 0
  for (; i + 4 * lanes<T>() <= n; i += 4 * lanes<T>()) {
    let a = zero
    let b = zero
    let c = zero
    let d = zero
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + i * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4) {
        const at = from + load<u32>(k)
        a = v128.add<T>(a, v128.load(at))
        b = v128.add<T>(b, v128.load(at, 16))
        c = v128.add<T>(c, v128.load(at, 32))
        d = v128.add<T>(d, v128.load(at, 48))
      }
    }
    const to = dst + i * sizeof<T>()
    v128.store(to, a)
    v128.store(to, b, 16)
    v128.store(to, c, 32)
    v128.store(to, d, 48)
  }
  for (; i < n; i += lanes<T>()) {
    const j = reach(i, n, lanes<T>())
    let a = zero
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4)
        a = v128.add<T>(a, v128.load(from + load<u32>(k)))
    }
    v128.store(dst + j * sizeof<T>(), a)
  }
}

/** Divides a run of sums where they lie. */
function finishRun<T>(g: Grid, dst: usize, n: i32, rowDivisors: usize, divisors: usize): void {
  const finish = g.finish
  const perElement = g.perElement != 0
  let i = 0
  if (finish == Finish.Product) {
    const second = v128.splat<T>(load<T>(rowDivisors, sizeof<T>()))
    const zero = v128.splat<T>(<T>0)
    // A mean of -0 is stored as +0.
    if (perElement) {
      for (; i + lanes<T>() <= n; i += lanes<T>()) {
        const divisor = v128.mul<T>(second, v128.load(divisors + i * sizeof<T>()))
        const to = dst + i * sizeof<T>()
        v128.store(to, v128.add<T>(v128.div<T>(v128.load(to), divisor), zero))
      }
    } else {
      const divisor = v128.mul<T>(second, v128.splat<T>(load<T>(divisors)))
      for (; i + lanes<T>() <= n; i += lanes<T>()) {
        const to = dst + i * sizeof<T>()
        v128.store(to, v128.add<T>(v128.div<T>(v128.load(to), divisor), zero))
      }
    }
    if (g.rounding != Rounding.None) roundRun<T>(g, dst, i)
  } else if (finish == Finish.Each) {
    const first = v128.splat<T>(load<T>(rowDivisors))
    const second = v128.splat<T>(load<T>(rowDivisors, sizeof<T>()))
    const only = v128.splat<T>(load<T>(divisors))
    for (; i + lanes<T>() <= n; i += lanes<T>()) {
      const to = dst + i * sizeof<T>()
      const last = perElement ? v128.load(divisors + i * sizeof<T>()) : only
      v128.store(to, v128.div<T>(v128.div<T>(v128.div<T>(v128.load(to), first), second), last))
    }
  }
  for (; i < n; i++) {
    const to = dst + i * sizeof<T>()
    store<T>(to, finishOne<T>(g, load<T>(to), rowDivisors, perElement ? divisors + i * sizeof<T>() : divisors))
  }
}

function finishOne<T>(g: Grid, total: T, rowDivisors: usize, colDivisors: usize): T {
  const finish = g.finish
  if (finish == Finish.Sum) return total
  const first = load<T>(rowDivisors)
  const second = load<T>(rowDivisors, sizeof<T>())
  const last = load<T>(colDivisors)
  if (finish == Finish.Each) total = <T>(total / first / second / last)
  else total = <T>(total / <T>(second * last) + <T>0)
  return g.rounding == Rounding.None ? total : rounded<T>(g, total)
}

/** Quotients as integers within the range: those of sums small enough are off by less than what parts them from wholes and halves. */
function roundRun<T>(g: Grid, dst: usize, n: i32): void {
  const rounding = g.rounding
  const least = v128.splat<T>(load<T>(g.range))
  const largest = v128.splat<T>(load<T>(g.range, sizeof<T>()))
  const sign = v128.splat<T>(<T>-0.0)
  const one = v128.splat<T>(<T>1)
  const half = v128.splat<T>(<T>0.5)
  for (let i = 0; i < n; i += lanes<T>(), dst += 16) {
    const quotient = v128.load(dst)
    let whole = v128.trunc<T>(quotient)
    if (rounding == Rounding.Floor) whole = v128.floor<T>(quotient)
    else if (rounding == Rounding.HalfEven) whole = v128.nearest<T>(quotient)
    else if (rounding == Rounding.HalfUp) {
      const isAway = v128.ge<T>(v128.abs<T>(v128.sub<T>(quotient, whole)), half)
      const step = v128.or(one, v128.and(quotient, sign))
      whole = v128.add<T>(whole, v128.and(step, isAway))
    }
    v128.store(dst, v128.min<T>(v128.max<T>(whole, least), largest))
  }
}

function rounded<T>(g: Grid, quotient: T): T {
  const rounding = g.rounding
  let whole = trunc<T>(quotient)
  if (rounding == Rounding.Floor) whole = floor<T>(quotient)
  else if (rounding == Rounding.HalfEven) whole = nearest<T>(quotient)
  else if (rounding == Rounding.HalfUp && abs<T>(quotient - whole) >= <T>0.5) whole += copysign<T>(1, quotient)
  return min<T>(max<T>(whole, load<T>(g.range)), load<T>(g.range, sizeof<T>()))
}
