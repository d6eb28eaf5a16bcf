/**
 * @file The rows of a window folded down into one: rows of integers up to three at a time, of floats all at once.
 */
import { DownAcross } from './down-across-block'
import { halfPower } from './half-norms'
import { power } from './norms'
import { identity, isSum, join } from './reducers'
import { lanes, maskOf, ordered } from './vectors'
import { At0, At1, At2, At3, widened, widenedAt } from './widened'

/** Type arguments: elements as they are, and powers of magnitudes. */
type Plain = u8
type First = u16
type Second = u32
type Third = u64

/** Continues the row of folds from `done` at least to `reach`. Returns where it ends. */
export function downTo<T, A, R>(g: DownAcross, src: usize, row: i32, done: usize, reach: usize): usize {
  if (!isFloat<T>()) {
    if (isSum<R>() && g.isFolded != 0) return downWhole<A, A, R>(g, src, row, done, reach)
    return downWhole<T, A, R>(g, src, row, done, reach)
  }
  if (g.power == 0) return down<T, A, R, Plain>(g, src, row, done, reach)
  if (g.power == 1) return down<T, A, R, First>(g, src, row, done, reach)
  if (g.power == 2) return down<T, A, R, Second>(g, src, row, done, reach)
  return down<T, A, R, Third>(g, src, row, done, reach)
}

/** The same for integers. */
function downWhole<T, A, R>(g: DownAcross, src: usize, row: i32, done: usize, reach: usize): usize {
  const from = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
  const to = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
  const at = src + ((done - g.folds) / sizeof<A>()) * sizeof<T>()
  const end = g.folds + <usize>g.n * sizeof<A>()
  const stop = min<usize>(done + ((reach - done + 63) & -64), end)
  const mask = v128.splat<A>(maskOf<A>(g.orderMask))
  const adds = isSum<R>() && g.leaveEnds != 0 && row > 0
  const leaving = adds ? g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2)) : 0
  const leavingEnd = adds ? g.leaveOffsets + load<u32>(g.leaveEnds + (row << 2), 4) : 0
  foldRows<T, A, R>(from, to, leaving, leavingEnd, at, done, stop, adds, mask)
  if (stop < end) return stop
  // What follows the row belongs to the margin.
  const last = end & -16
  if (last != end) v128.store(last, v128.bitselect(v128.load(last), v128.splat<A>(identity<A, R>()), v128.load(g.tail)))
  return usize.MAX_VALUE
}

/** The same for floats, of which each row folds all of its rows at once. */
function down<T, A, R, P>(g: DownAcross, src: usize, row: i32, done: usize, reach: usize): usize {
  const from = g.rowOffsets + load<u32>(g.rowEnds + (row << 2))
  const to = g.rowOffsets + load<u32>(g.rowEnds + (row << 2), 4)
  const none = v128.splat<A>(identity<A, R>())
  const size = <usize>g.n * sizeof<A>()
  const reads = sizeof<T>() * lanes<A>()
  let at = src + ((done - g.folds) / sizeof<A>()) * sizeof<T>()
  let fold = done
  const end = g.folds + size
  for (; fold + 64 <= end && fold < reach; fold += 64, at += 4 * reads) {
    let a = none
    let b = none
    let c = none
    let d = none
    for (let r = from; r < to; r += 4) {
      const p = at + load<u32>(r)
      a = join<A, R>(a, raised<T, A, P>(p))
      b = join<A, R>(b, raised<T, A, P>(p + reads))
      c = join<A, R>(c, raised<T, A, P>(p + 2 * reads))
      d = join<A, R>(d, raised<T, A, P>(p + 3 * reads))
    }
    v128.store(fold, a)
    v128.store(fold, b, 16)
    v128.store(fold, c, 32)
    v128.store(fold, d, 48)
  }
  if (fold >= reach) return fold
  for (; fold < end; fold += 16, at += reads) {
    let a = none
    for (let r = from; r < to; r += 4) a = join<A, R>(a, raised<T, A, P>(at + load<u32>(r)))
    v128.store(fold, fold + 16 <= end ? a : v128.bitselect(a, none, v128.load(g.tail)))
  }
  return usize.MAX_VALUE
}

/** As many elements of `T` as a vector has of `A`, raised to a power. */
@inline
function raised<T, A, P>(at: usize): v128 {
  const value = widened<T, A>(at)
  if (sizeof<P>() == 1) return value
  const exponent = sizeof<P>() == 2 ? 1 : sizeof<P>() == 4 ? 2 : 3
  return sizeof<A>() == 4 ? halfPower(value, exponent) : power(value, exponent)
}

/** Type arguments: rows that a loop folds, rows that it adds to the folds, and one to add with one to subtract. */
type One = u8
type Two = u16
type Three = u32
type ThreeMore = i32
type Exchange = f64

/** Bytes of folds from which loops of their own pay. */
const leastBytes: usize = 64

/**
 * Folds the rows that a list of byte offsets from `src` names into the vectors of folds `[from, to)`. If it `adds`, the
 * folds count, and the rows of another list are subtracted.
 */
@inline
function foldRows<T, A, R>(
  list: usize,
  end: usize,
  leaving: usize,
  leavingEnd: usize,
  src: usize,
  from: usize,
  to: usize,
  adds: bool,
  mask: v128,
): void {
  const isEven = !adds || end - list == leavingEnd - leaving
  if (list == end || to - from < leastBytes || !isEven) {
    each<T, A, R>(list, end, leaving, leavingEnd, src, from, to, adds, mask)
    return
  }
  if (isSum<R>() && adds) {
    for (; list < end; list += 4, leaving += 4) some<T, A, R, Exchange>(list, src, from, to, mask, leaving)
    return
  }
  const first = (end - list) % 12
  if (first == 4) some<T, A, R, One>(list, src, from, to, mask, 0)
  else if (first == 8) some<T, A, R, Two>(list, src, from, to, mask, 0)
  else some<T, A, R, Three>(list, src, from, to, mask, 0)
  for (list += first || 12; list < end; list += 12) some<T, A, R, ThreeMore>(list, src, from, to, mask, 0)
}

/** Any number of rows, vector by vector. */
@inline
function each<T, A, R>(
  list: usize,
  end: usize,
  leaving: usize,
  leavingEnd: usize,
  src: usize,
  fold: usize,
  to: usize,
  adds: bool,
  mask: v128,
): void {
  const none = v128.splat<A>(identity<A, R>())
  for (; fold < to; fold += 16, src += (16 / sizeof<A>()) * sizeof<T>()) {
    let all = adds ? v128.load(fold) : none
    for (let row = list; row < end; row += 4) all = join<A, R>(all, lifted<T, A, R, At0>(src + load<u32>(row), mask))
    if (isSum<R>())
      for (let row = leaving; row < leavingEnd; row += 4)
        all = v128.sub<A>(all, lifted<T, A, R, At0>(src + load<u32>(row), mask))
    v128.store(fold, all)
  }
}

function some<T, A, R, K>(list: usize, src: usize, fold: usize, to: usize, mask: v128, leaving: usize): void {
  const reads = (16 / sizeof<A>()) * sizeof<T>()
  let p = src + load<u32>(list)
  let q = p
  let r = p
  if (isFloat<K>()) q = src + load<u32>(leaving)
  else if (sizeof<K>() > 1) q = src + load<u32>(list, 4)
  if (!isFloat<K>() && sizeof<K>() > 2) r = src + load<u32>(list, 8)
  for (; fold + 64 <= to; fold += 64) {
    v128.store(fold, folded<T, A, R, K, At0>(fold, p, q, r, mask))
    v128.store(fold, folded<T, A, R, K, At1>(fold + 16, p, q, r, mask), 16)
    v128.store(fold, folded<T, A, R, K, At2>(fold + 32, p, q, r, mask), 32)
    v128.store(fold, folded<T, A, R, K, At3>(fold + 48, p, q, r, mask), 48)
    p += 4 * reads
    q += 4 * reads
    r += 4 * reads
  }
  for (; fold < to; fold += 16) {
    v128.store(fold, folded<T, A, R, K, At0>(fold, p, q, r, mask))
    p += reads
    q += reads
    r += reads
  }
}

@inline
function folded<T, A, R, K, O>(fold: usize, p: usize, q: usize, r: usize, mask: v128): v128 {
  const first = lifted<T, A, R, O>(p, mask)
  if (isFloat<K>()) return v128.sub<A>(v128.add<A>(v128.load(fold), first), lifted<T, A, R, O>(q, mask))
  let all = first
  if (sizeof<K>() > 1) all = join<A, R>(all, lifted<T, A, R, O>(q, mask))
  if (sizeof<K>() > 2) all = join<A, R>(all, lifted<T, A, R, O>(r, mask))
  return isSigned<K>() ? join<A, R>(v128.load(fold), all) : all
}

@inline
function lifted<T, A, R, O>(at: usize, mask: v128): v128 {
  const value = widenedAt<T, A, O>(at)
  return isSum<R>() || isFloat<A>() ? value : ordered<A>(value, mask)
}
