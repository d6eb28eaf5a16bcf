/**
 * @file Positions in a plane as ONNX counts them: over the whole tensor, row-major or column-major within the plane, int64.
 */
import type { IndexArray } from '../../kernels/kernel.ts'
import { rowMajorStrides, sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'

/** ONNX's storage_order. */
export type StorageOrder = 0 | 1

/**
 * @param indices   flat in the plane of their (n, c); -1, of a window that touches no element, stays -1
 * @param shape     the shape of `indices`: planes of outputs after two leading axes
 * @param spatial   the plane they point into
 */
export function globalIndices(
  indices: IndexArray,
  shape: readonly number[],
  spatial: readonly number[],
  order: StorageOrder,
): Tensor<BigInt64Array> {
  const data = new BigInt64Array(indices.length)
  const planeSize = sizeOf(spatial)
  const outPlane = sizeOf(shape.slice(2))
  const within = order === 0 ? (index: number) => index : columnMajor(spatial)
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    data[at] = index < 0 ? -1n : BigInt(Math.floor(at / outPlane) * planeSize + within(index))
  }
  return new Tensor(data, shape, 'int64')
}

/** The position in a plane whose first axis varies fastest. */
function columnMajor(spatial: readonly number[]): (index: number) => number {
  const strides = rowMajorStrides(spatial)
  const reversed = rowMajorStrides(spatial.toReversed()).toReversed()
  return (index) => {
    let rest = index
    let place = 0
    for (let axis = 0; axis < strides.length; axis++) {
      const i = Math.floor(rest / strides[axis]!)
      rest -= i * strides[axis]!
      place += i * reversed[axis]!
    }
    return place
  }
}
