/**
 * @file Positions in the plane. In vectors they are as wide as the elements, 2, 4 or 8 bytes; in memory those of 8 take
 * 4 bytes.
 */

/** Bytes of a position in memory. */
@inline
export function positionBytes<T>(): usize {
  return sizeof<T>() == 2 ? 2 : 4
}

@inline
export function splatPosition<T>(position: i32): v128 {
  if (sizeof<T>() == 2) return i16x8.splat(<i16>position)
  return sizeof<T>() == 4 ? i32x4.splat(position) : i64x2.splat(position)
}

@inline
export function addPositions<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 2) return i16x8.add(a, b)
  return sizeof<T>() == 4 ? i32x4.add(a, b) : i64x2.add(a, b)
}

@inline
export function loadPositions<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load32x2_s(at) : v128.load(at)
}

@inline
export function storePositions<T>(at: usize, position: v128): void {
  if (sizeof<T>() == 8) v128.store64_lane(at, v128.shuffle<i32>(position, position, 0, 2, 0, 2), 0)
  else v128.store(at, position)
}
