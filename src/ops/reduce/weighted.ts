/**
 * @file The reduction to weighted sums of windows, forward beside backward. No job runs: kernels/weighted.ts is all code there is.
 */
import { weightedSums } from '../../kernels/weighted.ts'
import { numbersOf } from '../../kernels/whole-halves.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { transposeWeights, type WeightedAxis, type WeightedPlan, weightsOf } from '../../plan/weighted.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, filled, outputTensor } from '../buffers.ts'
import { type Call, gradientOf } from '../call.ts'
import type { Reduction } from './reduction.ts'

export const blur = /* @__PURE__ */ weighted('blur')
export const area = /* @__PURE__ */ weighted('area')

function weighted(reducer: 'blur' | 'area'): Reduction<object, null, 'folds'> {
  return {
    action: 'folds',
    reducer,
    needs: [],
    takes: [],
    settings: () => null,
    countsPadding: () => false,
    leavesOut: false,
    forward,
    backward,
    outline: () => null,
    gradientOutline: ({ op }, dtype) => {
      assertFloat(op, 'x', dtype, 'weighted means are of')
      return null
    },
  }
}

function forward({ op, x, shape, given, plan }: Call): Tensor {
  assertFloat(op, 'x', x.dtype, 'weighted means are of')
  const y = outputTensor(op, x, shape, given.out, [x])
  return filled(op, y, (values) => weightedSums(weightedPlan(plan()), numbers(x), values))
}

function backward(call: Call, dy: TensorLike): Tensor {
  const { op, x, given, plan } = call
  assertFloat(op, 'x', x.dtype, 'weighted means are of')
  const gradient = gradientOf(call, dy)
  const dx = outputTensor(op, x, x.shape, given.out, [x, gradient])
  const { outer, axes, inner } = weightedPlan(plan())
  const transposed = axes.map(({ inSize, outSize, weights }) => ({
    inSize: outSize,
    outSize: inSize,
    weights: transposeWeights(weights, inSize),
  }))
  const transposedPlan = { outer, axes: transposed, inner }
  return filled(op, dx, (values) => weightedSums(transposedPlan, numbers(gradient), values))
}

function numbers(x: Tensor): Float32Array | Float64Array {
  return numbersOf(x) as Float32Array | Float64Array
}

/** The axes of these geometries have weights. */
function weightedPlan({ outer, axes, inner }: PoolPlan): WeightedPlan {
  const weighted = (axes as readonly WeightedAxis[]).map((axis) => ({
    inSize: axis.inSize,
    outSize: axis.outSize,
    weights: weightsOf(axis),
  }))
  return { outer, axes: weighted, inner }
}
