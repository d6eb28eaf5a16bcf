/**
 * @file Converts indices within planes to ONNX's: int64, counted over the whole tensor, row-major or column-major in the plane.
 */
import type { IndexArray } from '../../kernels/job.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { rowMajorStrides, sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { hostIsLittleEndian } from '../npy/byte-order.ts'

/** ONNX's storage_order. */
export type StorageOrder = 0 | 1

/**
 * @param indices   [N, C, ...], flat within the plane of each (n, c); -1, for a window without taps, stays -1
 * @param spatial   the plane they point into
 * @throws PoolError "LIMIT" if memory cannot be allocated
 */
export function globalIndices(
  label: string,
  { data: indices, shape }: Tensor<IndexArray>,
  spatial: readonly number[],
  order: StorageOrder,
): Tensor<BigInt64Array> {
  const data = allocateArray(label, BigInt64Array, indices.length)
  const planeSize = sizeOf(spatial)
  const outPlane = sizeOf(shape.slice(2))
  const moved = order === 0 ? null : columnMajor(label, spatial)
  const store = wordStore(data)
  for (let at = 0, start = 0; at < indices.length; start += planeSize) {
    for (const end = at + outPlane; at < end; at++) {
      const index = indices[at]!
      if (index >= 0) store(at, start + (moved === null ? index : moved[index]!))
      else data[at] = -1n
    }
  }
  return new Tensor(data, shape, 'int64')
}

/** Writes whole numbers from 0 to 2^53 as two 32-bit halves: making a bigint for each would take longer than the pooling. */
function wordStore(data: BigInt64Array): (at: number, value: number) => void {
  const words = new Int32Array(data.buffer)
  const [low, high] = hostIsLittleEndian ? [0, 1] : [1, 0]
  return (at, value) => {
    words[2 * at + low] = value | 0
    words[2 * at + high] = (value / 2 ** 32) | 0
  }
}

/** For each position of a plane, its position when the first axis varies fastest. */
function columnMajor(label: string, spatial: readonly number[]): IndexArray {
  const size = sizeOf(spatial)
  const moved = allocateArray<IndexArray>(label, size < 2 ** 31 ? Int32Array : Float64Array, size, temporary)
  const strides = rowMajorStrides(spatial.toReversed()).toReversed()
  const place = spatial.map(() => 0)
  for (let flat = 0, at = 0; flat < size; flat++) {
    moved[flat] = at
    for (let axis = spatial.length - 1; axis >= 0; axis--) {
      at += strides[axis]!
      if (++place[axis]! < spatial[axis]!) break
      at -= spatial[axis]! * strides[axis]!
      place[axis] = 0
    }
  }
  return moved
}
