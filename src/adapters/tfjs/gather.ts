/**
 * @file Reads elements by the indices that a pooling returned: the transpose of its gradient.
 */
import { gather as gatherByIndex } from '../../kernels/indexed.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { type Layout, tensorAxesOf } from '../../ops/geometry/tensor-axes.ts'
import { allocateArray } from '../../tensor/allocate.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'

/**
 * For each index, the element of `v` at that position of its plane; 0 for index -1.
 *
 * @param v        float32, of the pooled input's shape
 * @param indices  of the output's shape, checked
 * @param rank     the number of pooled axes; 0 pools all axes after batch and channels
 */
export function gather(v: Tensor, indices: Tensor, rank: number, layout: Layout): Tensor {
  const { outer, inner, spatial } = tensorAxesOf('gather', v.shape, rank, layout)
  const y = allocateArray('gather', Float32Array, indices.size)
  const pooled = indices.size / (outer * inner)
  const sizes = { outer, inner, pooled, unpooled: sizeOf(spatial) }
  gatherByIndex(v.data as Float32Array, indices.data as IndexArray, y, sizes)
  return new Tensor(y, indices.shape, 'float32')
}
