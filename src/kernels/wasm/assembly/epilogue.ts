/**
 * @file The end of an average: divides sums, and rounds those of integers.
 */
import { Epilogue, Grid, Rounding } from './grid'
import { lanes } from './vectors'
import { widened } from './widened'

/** Divides each sum of a run in place by its own divisor, to which `indices` points. */
@inline
export function divideEach<T>(block: usize): void {
  const g = changetype<Grid>(block)
  if (ASC_FEATURE_SIMD) {
    finishRun<T>(g, g.dst, g.n, g.rowDivisors, g.indices)
    return
  }
  for (let i = 0; i < g.n; i++) {
    const to = g.dst + i * sizeof<T>()
    store<T>(to, finishOne<T>(g, load<T>(to), g.rowDivisors, g.indices, i))
  }
}

/**
 * True if sums are divided once, before they are stored, and stay as they are then. In place, elements where the last
 * two vectors of a run overlap would be divided twice.
 */
@inline
export function dividesOnce(g: Grid): bool {
  return g.epilogue == Epilogue.Product && g.rounding == Rounding.None && g.src != g.dst
}

/** The divisor of a row of outputs. */
@inline
export function rowDivisor<T>(g: Grid, row: i32): v128 {
  return v128.splat<T>(load<T>(g.rowDivisors + row * 2 * sizeof<T>(), sizeof<T>()))
}

/** A mean of -0 is stored as +0. */
@inline
export function mean<T>(total: v128, divisor: v128): v128 {
  return v128.add<T>(v128.div<T>(total, divisor), v128.splat<T>(<T>0))
}

/** Divides a run of sums in place. */
export function finishRun<T>(g: Grid, dst: usize, n: i32, rowDivisors: usize, divisors: usize): void {
  const perElement = g.perElement != 0
  const first = v128.splat<T>(load<T>(rowDivisors))
  const second = v128.splat<T>(load<T>(rowDivisors, sizeof<T>()))
  const only = v128.splat<T>(load<T>(divisors))
  let i = 0
  if (g.epilogue == Epilogue.Product) {
    const product = v128.mul<T>(second, only)
    for (; i + lanes<T>() <= n; i += lanes<T>()) {
      const to = dst + i * sizeof<T>()
      const divisor = perElement ? v128.mul<T>(second, v128.load(divisors + i * sizeof<T>())) : product
      v128.store(to, mean<T>(v128.load(to), divisor))
    }
    if (g.rounding != Rounding.None) roundRun<T>(g, dst, i)
  } else {
    for (; i + lanes<T>() <= n; i += lanes<T>()) {
      const to = dst + i * sizeof<T>()
      const last = perElement ? v128.load(divisors + i * sizeof<T>()) : only
      v128.store(to, v128.div<T>(v128.div<T>(v128.div<T>(v128.load(to), first), second), last))
    }
  }
  for (; i < n; i++) {
    const to = dst + i * sizeof<T>()
    store<T>(to, finishOne<T>(g, load<T>(to), rowDivisors, divisors, i))
  }
}

/** The same for element `i` of a run. */
export function finishOne<T>(g: Grid, total: T, rowDivisors: usize, divisors: usize, i: i32): T {
  if (g.epilogue == Epilogue.None) return total
  const first = load<T>(rowDivisors)
  const second = load<T>(rowDivisors, sizeof<T>())
  const last = load<T>(g.perElement != 0 ? divisors + i * sizeof<T>() : divisors)
  if (g.epilogue == Epilogue.Each) total = <T>(total / first / second / last)
  else total = <T>(total / <T>(second * last) + <T>0)
  return g.rounding == Rounding.None ? total : rounded<T>(g, total)
}

/**
 * Rounds quotients to integers and clamps them to the range. The host admits only sums so small that no rounded
 * quotient crosses an integer or a half.
 */
function roundRun<T>(g: Grid, dst: usize, n: i32): void {
  const rounding = g.rounding
  const least = v128.splat<T>(load<T>(g.range))
  const largest = v128.splat<T>(load<T>(g.range, sizeof<T>()))
  for (let i = 0; i < n; i += lanes<T>(), dst += 16) {
    const quotient = v128.load(dst)
    const whole = roundedLanes<T>(quotient, rounding)
    v128.store(dst, v128.min<T>(v128.max<T>(whole, least), largest))
  }
}

@inline
function roundedLanes<T>(quotient: v128, rounding: i32): v128 {
  if (rounding == Rounding.Floor) return v128.floor<T>(quotient)
  if (rounding == Rounding.HalfEven) return v128.nearest<T>(quotient)
  const whole = v128.trunc<T>(quotient)
  if (rounding != Rounding.HalfUp) return whole
  const isAway = v128.ge<T>(v128.abs<T>(v128.sub<T>(quotient, whole)), v128.splat<T>(<T>0.5))
  const step = v128.or(v128.splat<T>(<T>1), v128.and(quotient, v128.splat<T>(<T>-0.0)))
  return v128.add<T>(whole, v128.and(step, isAway))
}

/** Divides a run of float64 sums of 32-bit integers, and stores the quotients as integers. */
export function storeQuotients<T>(src: usize, dst: usize, n: i32, divisor: u32, rounding: i32): void {
  const by = f64x2.splat(<f64>divisor)
  for (let left = n; left > 0; left -= 4, src += 32, dst += 16) storeFour<T>(src, dst, left, by, by, rounding)
}

/** The same with a divisor of 1 or 4 bytes for each, where 0 stands for 1. May read past the divisors. */
export function storeQuotientsEach<T>(
  src: usize,
  dst: usize,
  n: i32,
  divisors: usize,
  divisorBytes: i32,
  rounding: i32,
): void {
  for (let left = n; left > 0; left -= 4, src += 32, dst += 16, divisors += 4 * divisorBytes) {
    const counts = i32x4.max_s(divisorBytes == 1 ? widened<u8, u32>(divisors) : v128.load(divisors), i32x4.splat(1))
    const low = f64x2.convert_low_i32x4_u(counts)
    const high = f64x2.convert_low_i32x4_u(v128.shuffle<i64>(counts, counts, 1, 1))
    storeFour<T>(src, dst, left, low, high, rounding)
  }
}

/** Stores the first `left` of four quotients. */
@inline
function storeFour<T>(src: usize, dst: usize, left: i32, low: v128, high: v128, rounding: i32): void {
  const four = v128.shuffle<i64>(
    roundedPair<T>(f64x2.div(v128.load(src), low), rounding),
    roundedPair<T>(f64x2.div(v128.load(src, 16), high), rounding),
    0,
    2,
  )
  if (left >= 4) {
    v128.store(dst, four)
    return
  }
  if (left & 2) v128.store64_lane(dst, four, 0)
  if (left == 1) v128.store32_lane(dst, four, 0)
  if (left == 3) v128.store32_lane(dst, four, 2, 8)
}

/** Two integers, in the lower half. */
@inline
function roundedPair<T>(quotients: v128, rounding: i32): v128 {
  const whole = roundedLanes<f64>(quotients, rounding)
  return isSigned<T>() ? i32x4.trunc_sat_f64x2_s_zero(whole) : i32x4.trunc_sat_f64x2_u_zero(whole)
}

function rounded<T>(g: Grid, quotient: T): T {
  const rounding = g.rounding
  let whole = trunc<T>(quotient)
  if (rounding == Rounding.Floor) whole = floor<T>(quotient)
  else if (rounding == Rounding.HalfEven) whole = nearest<T>(quotient)
  else if (rounding == Rounding.HalfUp && abs<T>(quotient - whole) >= <T>0.5) whole += copysign<T>(1, quotient)
  return min<T>(max<T>(whole, load<T>(g.range)), load<T>(g.range, sizeof<T>()))
}
