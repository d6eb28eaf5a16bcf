/**
 * @file What kernels fold with, and whether rows have padding, as type arguments: chosen when a kernel is compiled, so that no loop asks.
 */

export type Max = u8
export type Min = u16
export type Sum = u32
/** As `Max` and `Min`, with NaN treated rightly at every step. */
export type StrictMax = i8
export type StrictMin = i16

/** Whether a row has padding at its ends. */
export type Padded = u8
export type Bare = u16

@inline
export function isPadded<P>(): bool {
  return sizeof<P>() == 1
}

@inline
export function isMin<F>(): bool {
  return sizeof<F>() == 2
}

@inline
export function isSum<F>(): bool {
  return sizeof<F>() == 4
}

@inline
export function isStrict<F>(): bool {
  return isSigned<F>()
}
