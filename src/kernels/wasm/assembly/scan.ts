/**
 * @file Large windows: the folds of every block's beginnings and ends, of which each window is two at most, whatever its size.
 */
import { alarmed, lanes, pick, pickOne, reach, take, watchOne } from './lanes'

/** A chain of `length` runs of n elements, `step` bytes apart, cut into blocks of `block` runs. */
@unmanaged
export class Chain {
  src: usize
  /** Fold from the block's first run up to here, and from here to its last; laid out as `src`. */
  prefix: usize
  suffix: usize
  length: i32
  step: usize
  block: i32
  n: i32
  flip: i32
}

/** @returns whether a NaN may have been seen, as `select` does; sums have no variants and never do */
@inline
export function scan<T>(at: usize, isSum: bool, min: bool, strict: bool): bool {
  const chain = changetype<Chain>(at)
  const n = chain.n
  const flip = <T>chain.flip
  let seen = false
  if (ASC_FEATURE_SIMD && n >= lanes<T>()) {
    for (let i = 0; i < n; i += lanes<T>()) {
      const at = <usize>reach(i, n, lanes<T>()) * sizeof<T>()
      if (scanColumn<T>(chain, at, isSum, min, strict)) seen = true
    }
  } else {
    for (let i = 0; i < n; i++) scanColumnOne<T>(chain, i * sizeof<T>(), flip, isSum, min)
  }
  return seen
}

@inline
function scanColumn<T>(chain: Chain, at: usize, isSum: bool, min: bool, strict: bool): bool {
  const flips = v128.splat<T>(<T>chain.flip)
  const step = chain.step
  const length = chain.length
  const block = chain.block
  let watch = v128.splat<T>(<T>0)
  for (let begin = 0; begin < length; begin += block) {
    const end = begin + block < length ? begin + block : length
    let from = chain.src + at + begin * step
    let to = chain.prefix + at + begin * step
    let carried = isSum ? v128.load(from) : take<T>(from, flips)
    watch = watchOne<T>(watch, carried)
    v128.store(to, isSum || isFloat<T>() ? carried : v128.xor(carried, flips))
    for (let q = begin + 1; q < end; q++) {
      from += step
      to += step
      const value = isSum ? v128.load(from) : take<T>(from, flips)
      watch = watchOne<T>(watch, value)
      carried = isSum ? v128.add<T>(carried, value) : pick<T>(carried, value, min, strict)
      v128.store(to, isSum || isFloat<T>() ? carried : v128.xor(carried, flips))
    }
    to = chain.suffix + at + (end - 1) * step
    carried = isSum ? v128.load(from) : take<T>(from, flips)
    v128.store(to, isSum || isFloat<T>() ? carried : v128.xor(carried, flips))
    for (let q = end - 2; q >= begin; q--) {
      from -= step
      to -= step
      const value = isSum ? v128.load(from) : take<T>(from, flips)
      carried = isSum ? v128.add<T>(value, carried) : pick<T>(value, carried, min, strict)
      v128.store(to, isSum || isFloat<T>() ? carried : v128.xor(carried, flips))
    }
  }
  return isSum || strict ? false : alarmed<T>(watch)
}

@inline
function scanColumnOne<T>(chain: Chain, at: usize, flip: T, isSum: bool, min: bool): void {
  const step = chain.step
  const length = chain.length
  const block = chain.block
  for (let begin = 0; begin < length; begin += block) {
    const end = begin + block < length ? begin + block : length
    let from = chain.src + at + begin * step
    let to = chain.prefix + at + begin * step
    let carried = load<T>(from)
    store<T>(to, carried)
    for (let q = begin + 1; q < end; q++) {
      from += step
      to += step
      carried = joined<T>(carried, load<T>(from), flip, isSum, min)
      store<T>(to, carried)
    }
    to = chain.suffix + at + (end - 1) * step
    carried = load<T>(from)
    store<T>(to, carried)
    for (let q = end - 2; q >= begin; q--) {
      from -= step
      to -= step
      carried = joined<T>(load<T>(from), carried, flip, isSum, min)
      store<T>(to, carried)
    }
  }
}

@inline
function joined<T>(earlier: T, later: T, flip: T, isSum: bool, min: bool): T {
  if (isSum) return <T>(earlier + later)
  if (isFloat<T>()) return pickOne<T>(earlier, later, min)
  return <T>(pickOne<T>(<T>(earlier ^ flip), <T>(later ^ flip), min) ^ flip)
}
