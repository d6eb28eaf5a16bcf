/**
 * @file Sums over any windows, in the order of the lists, and what an average or a norm makes of them.
 */
import { Finish, Grid } from './grid'
import { lanes, reach } from './lanes'

export namespace Lift {
  export const None: i32 = 0
  export const Abs: i32 = 1
  export const Square: i32 = 2
}

/** Elements are added from 0, one after another, whatever the width of the machine's vectors. */
@inline
export function sum<T>(block: usize, lift: i32): void {
  const g = changetype<Grid>(block)
  const n = g.n
  const perElement = g.perElement != 0
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
          sumRun<T>(g, src, dst, rowFrom, rowTo, colFrom, colTo, rowDivisors, divisors, perElement, lift)
          continue
        }
        for (let i = 0; i < n; i++) {
          let total: T = 0
          for (let r = rowFrom; r < rowTo; r += 4) {
            const from = src + load<u32>(r) + i * sizeof<T>()
            for (let k = colFrom; k < colTo; k += 4) total += liftOne<T>(load<T>(from + load<u32>(k)), lift)
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
  g: Grid,
  src: usize,
  dst: usize,
  rowFrom: usize,
  rowTo: usize,
  colFrom: usize,
  colTo: usize,
  rowDivisors: usize,
  divisors: usize,
  perElement: bool,
  lift: i32,
): void {
  const n = g.n
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
        a = v128.add<T>(a, lifted<T>(v128.load(at), lift))
        b = v128.add<T>(b, lifted<T>(v128.load(at, 16), lift))
        c = v128.add<T>(c, lifted<T>(v128.load(at, 32), lift))
        d = v128.add<T>(d, lifted<T>(v128.load(at, 48), lift))
      }
    }
    const to = dst + i * sizeof<T>()
    const by = perElement ? divisors + i * sizeof<T>() : divisors
    v128.store(to, finished<T>(g, a, rowDivisors, by, perElement))
    v128.store(to, finished<T>(g, b, rowDivisors, perElement ? by + 16 : by, perElement), 16)
    v128.store(to, finished<T>(g, c, rowDivisors, perElement ? by + 32 : by, perElement), 32)
    v128.store(to, finished<T>(g, d, rowDivisors, perElement ? by + 48 : by, perElement), 48)
  }
  for (; i < n; i += lanes<T>()) {
    const j = reach(i, n, lanes<T>())
    let a = zero
    for (let r = rowFrom; r < rowTo; r += 4) {
      const from = src + load<u32>(r) + j * sizeof<T>()
      for (let k = colFrom; k < colTo; k += 4)
        a = v128.add<T>(a, lifted<T>(v128.load(from + load<u32>(k)), lift))
    }
    const by = perElement ? divisors + j * sizeof<T>() : divisors
    v128.store(dst + j * sizeof<T>(), finished<T>(g, a, rowDivisors, by, perElement))
  }
}

@inline
function lifted<T>(value: v128, lift: i32): v128 {
  if (lift == Lift.Abs) return v128.abs<T>(value)
  return lift == Lift.Square ? v128.mul<T>(value, value) : value
}

@inline
function liftOne<T>(value: T, lift: i32): T {
  if (lift == Lift.Abs) return abs<T>(value)
  return lift == Lift.Square ? <T>(value * value) : value
}

function finished<T>(g: Grid, total: v128, rowDivisors: usize, colDivisors: usize, perElement: bool): v128 {
  const finish = g.finish
  if (finish == Finish.Sum) return total
  const first = v128.splat<T>(load<T>(rowDivisors))
  const second = v128.splat<T>(load<T>(rowDivisors, sizeof<T>()))
  const last = perElement ? v128.load(colDivisors) : v128.splat<T>(load<T>(colDivisors))
  if (finish == Finish.Each) {
    total = v128.div<T>(v128.div<T>(v128.div<T>(total, first), second), last)
    return g.truncated != 0 ? v128.trunc<T>(total) : total
  }
  const divisor = v128.mul<T>(second, last)
  if (finish == Finish.Product) {
    // A mean of -0 is stored as +0.
    total = v128.add<T>(v128.div<T>(total, divisor), v128.splat<T>(<T>0))
    return g.truncated != 0 ? v128.trunc<T>(total) : total
  }
  total = v128.mul<T>(total, v128.div<T>(v128.splat<T>(<T>g.scale), divisor))
  return finish == Finish.Norm2 ? v128.sqrt<T>(total) : total
}

function finishOne<T>(g: Grid, total: T, rowDivisors: usize, colDivisors: usize): T {
  const finish = g.finish
  if (finish == Finish.Sum) return total
  const first = load<T>(rowDivisors)
  const second = load<T>(rowDivisors, sizeof<T>())
  const last = load<T>(colDivisors)
  if (finish == Finish.Each) {
    total = <T>(total / first / second / last)
    return g.truncated != 0 ? trunc<T>(total) : total
  }
  const divisor = <T>(second * last)
  if (finish == Finish.Product) {
    total = <T>(total / divisor + <T>0)
    return g.truncated != 0 ? trunc<T>(total) : total
  }
  total = <T>(total * (<T>g.scale / divisor))
  return finish == Finish.Norm2 ? sqrt<T>(total) : total
}
