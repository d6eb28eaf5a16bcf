/**
 * @file Keeps the elements whose mark is large enough, or that are not a given value, and replaces the others by one
 * value.
 */
import { Block } from './block'

/** `indices` points to the marks, one byte each. */
@unmanaged
class Keep extends Block {
  /** The number of marks. */
  n: i32
  /** The address of the value. */
  value: usize
  /** Neighbouring elements that share a mark. */
  group: i32
  /** The least mark of an element that is kept. */
  least: i32
  /** For groups smaller than a vector, the masks of the swizzles that repeat sixteen marks. */
  masks: usize
}

/** For elements known by their size alone. `dst` may be `src`. */
@inline
export function keep<T>(block: usize): void {
  const k = changetype<Keep>(block)
  if (k.group == 1) keepEach<T>(k)
  else if (ASC_FEATURE_SIMD && k.masks != 0) keepSmallGroups<T>(k)
  else keepGroups<T>(k)
}

@inline
function keepEach<T>(k: Keep): void {
  const n = k.n
  let src = k.src
  let dst = k.dst
  let map = k.indices
  const value = load<T>(k.value)
  let i = 0
  if (ASC_FEATURE_SIMD) {
    const values = v128.splat<T>(value)
    const least = i8x16.splat(<i8>k.least)
    if (sizeof<T>() == 1)
      for (; i + 64 <= n; i += 64, map += 64, src += 64, dst += 64) {
        v128.store(dst, kept(v128.load(src), values, v128.load(map), least))
        v128.store(dst, kept(v128.load(src, 16), values, v128.load(map, 16), least), 16)
        v128.store(dst, kept(v128.load(src, 32), values, v128.load(map, 32), least), 32)
        v128.store(dst, kept(v128.load(src, 48), values, v128.load(map, 48), least), 48)
      }
    for (; i + 16 <= n; i += 16, map += 16, src += 16 * sizeof<T>(), dst += 16 * sizeof<T>()) {
      const bytes = i8x16.ge_u(v128.load(map), least)
      if (sizeof<T>() == 1) put(src, dst, values, bytes)
      else widen<T>(src, dst, values, bytes)
    }
  }
  const least = <u8>k.least
  for (; i < n; i++, map++, src += sizeof<T>(), dst += sizeof<T>())
    store<T>(dst, load<u8>(map) >= least ? load<T>(src) : value)
}

/** `value` replaces the elements that are `unwanted`. */
@unmanaged
class KeepOthers extends Block {
  n: i32
  /** The addresses of the two values. */
  value: usize
  unwanted: usize
}

/** NaN is NaN, and -0 is 0. `dst` may be `src`. */
@inline
export function keepOthers<T>(block: usize): void {
  const k = changetype<KeepOthers>(block)
  const n = k.n
  const value = load<T>(k.value)
  const unwanted = load<T>(k.unwanted)
  const isNaN = isFloat<T>() && unwanted != unwanted
  let src = k.src
  let dst = k.dst
  let i = 0
  if (ASC_FEATURE_SIMD) {
    const lanes = 16 / sizeof<T>()
    const values = v128.splat<T>(value)
    const others = v128.splat<T>(unwanted)
    for (; i + <i32>lanes <= n; i += <i32>lanes, src += 16, dst += 16) {
      const x = v128.load(src)
      const replaced = isNaN ? v128.ne<T>(x, x) : v128.eq<T>(x, others)
      v128.store(dst, v128.bitselect(values, x, replaced))
    }
  }
  for (; i < n; i++, src += sizeof<T>(), dst += sizeof<T>()) {
    const x = load<T>(src)
    store<T>(dst, (isNaN ? x != x : x == unwanted) ? value : x)
  }
}

/** Sixteen marks serve as many vectors of marks as a group has elements. */
function keepSmallGroups<T>(k: Keep): void {
  const n = k.n
  let src = k.src
  let dst = k.dst
  const value = load<T>(k.value)
  const values = v128.splat<T>(value)
  const leasts = i8x16.splat(<i8>k.least)
  const last = k.masks + ((<usize>k.group) << 4)
  let i = 0
  for (; i + 16 <= n; i += 16) {
    const marks = i8x16.ge_u(v128.load(k.indices + i), leasts)
    for (let mask = k.masks; mask < last; mask += 16, src += 16 * sizeof<T>(), dst += 16 * sizeof<T>()) {
      const bytes = i8x16.swizzle(marks, v128.load(mask))
      if (sizeof<T>() == 1) put(src, dst, values, bytes)
      else widen<T>(src, dst, values, bytes)
    }
  }
  for (; i < n; i++) {
    const isKept = load<u8>(k.indices + i) >= <u8>k.least
    for (let c = k.group; c > 0; c--, src += sizeof<T>(), dst += sizeof<T>())
      store<T>(dst, isKept ? load<T>(src) : value)
  }
}

function keepGroups<T>(k: Keep): void {
  const size = <usize>k.group * sizeof<T>()
  const value = load<T>(k.value)
  const least = <u8>k.least
  const end = k.indices + k.n
  const stays = k.src == k.dst
  let src = k.src
  let dst = k.dst
  for (let map = k.indices; map < end; map++, src += size, dst += size) {
    const isKept = load<u8>(map) >= least
    if (isKept && stays) continue
    if (ASC_FEATURE_SIMD) {
      const last = size - 16
      const values = v128.splat<T>(value)
      for (let at: usize = 0; at < last; at += 16) v128.store(dst + at, isKept ? v128.load(src + at) : values)
      v128.store(dst + last, isKept ? v128.load(src + last) : values)
    } else {
      for (let at: usize = 0; at < size; at += sizeof<T>()) store<T>(dst + at, isKept ? load<T>(src + at) : value)
    }
  }
}

@inline
function kept(bytes: v128, values: v128, map: v128, least: v128): v128 {
  return v128.bitselect(bytes, values, i8x16.ge_u(map, least))
}

@inline
function put(src: usize, dst: usize, values: v128, counts: v128): void {
  v128.store(dst, v128.bitselect(v128.load(src), values, counts))
}

/** Sixteen elements of more than a byte. */
@inline
function widen<T>(src: usize, dst: usize, values: v128, bytes: v128): void {
  const half = 8 * sizeof<T>()
  widenTwo<T>(src, dst, values, i16x8.extend_low_i8x16_s(bytes))
  widenTwo<T>(src + half, dst + half, values, i16x8.extend_high_i8x16_s(bytes))
}

@inline
function widenTwo<T>(src: usize, dst: usize, values: v128, words: v128): void {
  if (sizeof<T>() == 2) {
    put(src, dst, values, words)
    return
  }
  const quarter = 4 * sizeof<T>()
  widenFour<T>(src, dst, values, i32x4.extend_low_i16x8_s(words))
  widenFour<T>(src + quarter, dst + quarter, values, i32x4.extend_high_i16x8_s(words))
}

@inline
function widenFour<T>(src: usize, dst: usize, values: v128, longs: v128): void {
  if (sizeof<T>() == 4) {
    put(src, dst, values, longs)
    return
  }
  put(src, dst, values, i64x2.extend_low_i32x4_s(longs))
  put(src + 16, dst + 16, values, i64x2.extend_high_i32x4_s(longs))
}
