/**
 * @file The reductions to an element of each window that is picked at random, forward beside backward, and to its expected value.
 */
import { invalid } from '../../errors.ts'
import { gather } from '../../kernels/indexed.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { runJob } from '../../kernels/run.ts'
import { pickStochastically } from '../../kernels/stochastic.ts'
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { rand } from '../../tensor/create.ts'
import { dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { storageOf, valuesOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, indexTensor, outputTensor, zeroedTensor } from '../buffers.ts'
import { type Call, gradientOf } from '../call.ts'
import { assertSameShape } from '../geometry/tensor-axes.ts'
import { parseFlag } from '../options/parse.ts'
import type { IndicesOutOption, Pooled } from '../options/with-indices.ts'
import { parseIndices } from './indices.ts'
import { parseIndicesOut } from './pick-elements.ts'
import type { Reduction } from './reduction.ts'
import { windowFold } from './window-fold.ts'

/** The option for the random numbers of stochastic pooling. */
export interface SamplesOption {
  /** Numbers in [0, 1), floating, of the output's shape, such as rand(shape, { seed }); nested arrays are float64. Default: fresh. */
  readonly samples?: TensorLike | undefined
}

/** `settings` is true if indices are returned. */
export const stochastic: Reduction<SamplesOption & IndicesOutOption, boolean, 'picks'> = {
  action: 'picks',
  reducer: 'stochastic',
  needs: [],
  takes: ['samples', 'returnIndices', 'indicesOut'],
  gradientTakes: ['samples', 'returnIndices', 'indices'],
  settings: (op, { returnIndices }) => parseFlag(op, 'returnIndices', returnIndices, false),
  countsPadding: () => false,
  keepsDivisors: true,
  forward,
  backward,
  outline: () => null,
  gradientOutline: ({ op }, dtype) => {
    assertFloat(op, 'x', dtype, 'gradients are of')
    return null
  },
}

export const stochasticMean = /* @__PURE__ */ windowFold<object>({
  reducer: 'stochastic-mean',
  takes: [],
  what: 'expected values are of',
  specOf: () => ({ reducer: 'stochastic-mean' }),
})

function forward(call: Call<boolean>): Pooled {
  const { op, x, settings: returnIndices, given, shape, axes, plan } = call
  const samples = samplesOf(call, given.samples ?? rand(shape, { dtype: 'float64' }))
  const output = zeroedTensor(op, x, shape, given.out, [x, samples])
  const planeSize = sizeOf(axes.spatial)
  const others = [x, samples, output]
  const wanted = parseIndicesOut(op, returnIndices, shape, planeSize, given, others)
  const indices = wanted ?? indexTensor(op, shape, planeSize)
  pick(call, samples, indices.data)
  const { outer, inner } = axes
  const sizes = { outer, inner, pooled: outPlane(plan()), unpooled: planeSize }
  gather(storageOf(x.data), indices.data, storageOf(output.data), sizes)
  return wanted === null ? output : { output, indices }
}

function pick({ x, counted, plan }: Call, samples: Tensor, indices: IndexArray): void {
  const values = valuesOf(x) as TypedArray
  const parts = valuesOf(samples) as Float32Array | Float64Array
  pickStochastically({ plan: plan(), x: values, samples: parts, indices, counted })
}

/** The gradient: adds each `dy` to the element that was picked. */
function backward(call: Call<boolean>, dy: TensorLike): Tensor {
  const { op, x, given, plan } = call
  assertFloat(op, 'x', x.dtype, 'gradients are of')
  const gradient = gradientOf(call, dy)
  const indices = picked(call)
  const dx = outputTensor(op, x, x.shape, given.out, [x, gradient, { data: indices }])
  const { dtype } = x
  const job = { dtype, plan: plan(), dy: gradient.data, dx: dx.data, indices }
  runJob({ reducer: 'max', pass: 'backward', ...job })
  return dx
}

/** The picks of the forward call: its indices, checked, or those that its samples give. */
function picked(call: Call<boolean>): IndexArray {
  const { op, given, shape, axes } = call
  const planeSize = inPlane(call.plan())
  if (given.indices !== undefined) {
    const rules = { shape, why: "the output's shape", planeSize, mayBeEmpty: () => true }
    return parseIndices(op, given.indices, rules)
  }
  if (given.samples === undefined) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'samples', value: undefined },
      'the gradient needs the elements that the forward call picked',
      'Pass its indices, or the samples given to it.',
    )
  }
  const { data } = indexTensor(op, shape, sizeOf(axes.spatial))
  pick(call, samplesOf(call, given.samples), data)
  return data
}

/** @throws PoolError "BAD_DTYPE", "BAD_SHAPE" or "BAD_PARAM" for samples of another dtype, shape or range */
function samplesOf({ op, shape }: Call, given: TensorLike): Tensor {
  const samples = asTensor(op, 'samples', given, 'float64')
  if (!dtypes[samples.dtype].float) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'samples.dtype', value: samples.dtype },
      'must be floating',
      'Draw them with rand(...).',
    )
  }
  assertSameShape(op, 'samples', samples.shape, shape, "the output's shape for this input")
  const values = valuesOf(samples)
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= 0 && values[i]! < 1) continue
    throw invalid(
      'BAD_PARAM',
      { op, argument: `samples[${i}]`, value: values[i] },
      'must be at least 0 and below 1',
      'Draw them with rand(...).',
    )
  }
  return samples
}
