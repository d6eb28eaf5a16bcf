/**
 * @file Default chunks: about half a mebibyte along the spatial axes, 1 along all others.
 */

const targetBytes = 2 ** 19

/** The last two or three axes are cut; from four axes on the first ones are t and c. */
export function usualChunks(shape: readonly number[], itemSize: number): number[] {
  const spaces = Math.min(3, shape.length)
  const side = 2 ** Math.round(Math.log2(targetBytes / itemSize) / spaces)
  return shape.map((length, axis) => (axis < shape.length - spaces ? 1 : Math.max(1, Math.min(length, side))))
}
