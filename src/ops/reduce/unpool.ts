/**
 * @file Max unpooling: puts each value back where its maximum came from. No window is slid, so no plan and no kernel.
 */
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
  reducer: 'max',
  needs: [],
  takes: [],
  settings: () => null,
  countsPadding: () => false,
  forward,
  backward,
  outline: () => null,
}

function forward(call: Call, indices: TensorLike): Tensor {
  const { op, x, shape, given } = call
  const places = readIndices(call, indices)
  const y = zeroedTensor(op, x, shape, given.out, [x, { data: places }])
  const [from, to] = [storageOf(x.data), storageOf(y.data)]
  eachPair(call, places, (at, place) => {
    to[place] = from[at]!
  })
  return y
}

function backward(call: Call, dy: TensorLike, indices: TensorLike): Tensor {
  const { op, x, given } = call
  const gradient = gradientOf(call, dy)
  const places = readIndices(call, indices)
  const dx = outputTensor(op, x, x.shape, given.out, [x, gradient, { data: places }])
  const [from, to] = [storageOf(gradient.data), storageOf(dx.data)]
  eachPair(call, places, (at, place) => {
    to[at] = from[place]!
  })
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

/** Visits each pooled element with the unpooled element that its index names, in row-major order. */
function eachPair(
  { axes: { outer, inner, spatial }, sizes }: Call,
  indices: IndexArray,
  visit: (at: number, place: number) => void,
): void {
  const [pooled, unpooled] = [sizeOf(spatial), sizeOf(sizes)]
  for (let o = 0; o < outer; o++) {
    for (let p = 0; p < pooled; p++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * pooled + p) * inner + c
        visit(at, (o * unpooled + indices[at]!) * inner + c)
      }
    }
  }
}
