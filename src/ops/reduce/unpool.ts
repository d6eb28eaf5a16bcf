/**
 * @file Max unpooling: writes each value to the position of its maximum. Scatters values by index, and gathers gradients.
 */
import { gather, type IndexedSizes, scatter } from '../../kernels/indexed.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { outputTensor, zeroedTensor } from '../buffers.ts'
import { type Call, gradientOf } from '../call.ts'
import { parseIndices } from './indices.ts'
import type { Reduction } from './reduction.ts'

export const unpool: Reduction<object, null, 'unpools'> = {
  action: 'unpools',
  keepsBooleans: true,
  reducer: 'max',
  needs: [],
  takes: [],
  settings: () => null,
  countsPadding: () => false,
  forward,
  backward,
  outline: () => null,
  gradientOutline: () => null,
}

function forward(call: Call, indices: TensorLike): Tensor {
  const { op, x, shape, given } = call
  const positions = readIndices(call, indices)
  const y = zeroedTensor(op, x, shape, given.out, [x, { data: positions }])
  scatter(storageOf(x.data), positions, storageOf(y.data), sizesOf(call))
  return y
}

function backward(call: Call, dy: TensorLike, indices: TensorLike): Tensor {
  const { op, x, given } = call
  const gradient = gradientOf(call, dy)
  const positions = readIndices(call, indices)
  const dx = outputTensor(op, x, x.shape, given.out, [x, gradient, { data: positions }])
  gather(storageOf(gradient.data), positions, storageOf(dx.data), sizesOf(call))
  return dx
}

function readIndices({ op, axes, sizes }: Call, indices: TensorLike): IndexArray {
  return parseIndices(op, indices, {
    shape: axes.shape,
    why: 'the shape of x',
    planeSize: sizeOf(sizes),
    mayBeEmpty: () => false,
  })
}

function sizesOf({ axes: { outer, inner, spatial }, sizes }: Call): IndexedSizes {
  return { outer, inner, pooled: sizeOf(spatial), unpooled: sizeOf(sizes) }
}
