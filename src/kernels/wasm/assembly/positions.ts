/**
 * @file Positions in the plane. In vectors they are as wide as the elements, 4 or 8 bytes; in memory they take 4 bytes.
 */

@inline
export function splatPosition<T>(position: i32): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(position) : i64x2.splat(position)
}

@inline
export function addPositions<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.add(a, b) : i64x2.add(a, b)
}

@inline
export function loadPositions<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? v128.load(at) : v128.load32x2_s(at)
}

@inline
export function storePositions<T>(at: usize, position: v128): void {
  if (sizeof<T>() == 4) v128.store(at, position)
  else v128.store64_lane(at, v128.shuffle<i32>(position, position, 0, 2, 0, 2), 0)
}
