/**
 * @file Rows of integers folded down into one, up to three of them at a time.
 */
import { identity, isSum, join } from './reducers'
import { ordered } from './vectors'
import { At0, At1, At2, At3, widenedAt } from './widened'

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
export function foldRows<T, A, R>(
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

@inline
/** Any number of rows, vector by vector. */
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
