/**
 * @file The reductions to an order statistic of each window, the median or a quantile, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { selectKernels } from '../../kernels/optional-kernels.ts'
import { type Interpolation, interpolations, type OrderSpec } from '../../reducers/order.ts'
import type { Rounding } from '../../reducers/rounding.ts'
import type { DType } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, outputTensor } from '../buffers.ts'
import { type Call, gradientOf, planesOf } from '../call.ts'
import { parseFlag, parseName } from '../options/parse.ts'
import type { IndicesOutOption } from '../options/with-indices.ts'
import { runPlanes } from '../planes.ts'
import { parseRounding, roundingOf } from './average.ts'
import { parseIndices } from './indices.ts'
import { pickElements } from './pick-elements.ts'
import type { Outlined, Reduction } from './reduction.ts'

/** The options of medians. */
export interface MedianOptions extends IndicesOutOption {
  /**
   * How a value between two integers becomes whole: toward zero ('trunc', the default), down ('floor'), or to the nearest, with
   * halves away from zero ('half-up') or to the even neighbour ('half-even'). Refused for floating tensors.
   */
  readonly rounding?: Rounding | undefined
}

/** The options of quantiles. */
export interface QuantileOptions extends MedianOptions {
  /** The part of the elements that lies below, from 0 (the minimum) to 1 (the maximum). */
  readonly q: number
  /** The rule for a quantile between two elements: NumPy's `method`. Default: 'linear'. */
  readonly interpolation?: Interpolation | undefined
}

interface OrderSettings {
  readonly returnIndices: boolean
  readonly rounding: Rounding | undefined
  specOf(rounding: Rounding): OrderSpec
}

export const median: Reduction<MedianOptions, OrderSettings, 'picks'> = /* @__PURE__ */ orderStatistic(
  'median',
  {
    needs: [],
    takes: ['rounding'],
    specOf: () => (rounding) => ({ reducer: 'median', rounding }),
  },
)

export const quantile: Reduction<QuantileOptions, OrderSettings, 'picks'> = /* @__PURE__ */ orderStatistic(
  'quantile',
  {
    needs: ['q'],
    takes: ['interpolation', 'rounding'],
    specOf: (op, options: QuantileOptions) => {
      const q = parseQ(op, options.q)
      const interpolation = parseName(op, 'interpolation', options.interpolation, interpolations)
      return (rounding) => ({ reducer: 'quantile', q, interpolation, rounding })
    },
  },
)

interface Own<O> {
  readonly needs: readonly string[]
  readonly takes: readonly string[]
  specOf(op: string, options: O): OrderSettings['specOf']
}

function orderStatistic<O extends MedianOptions>(
  reducer: 'median' | 'quantile',
  { needs, takes, specOf }: Own<O>,
): Reduction<O, OrderSettings, 'picks'> {
  return {
    action: 'picks',
    reducer,
    needs,
    takes: [...takes, 'returnIndices', 'indicesOut'],
    gradientTakes: [...takes, 'returnIndices', 'indices'],
    settings: (op, options) => ({
      returnIndices: parseFlag(op, 'returnIndices', options.returnIndices, false),
      rounding: parseRounding(op, options.rounding),
      specOf: specOf(op, options),
    }),
    countsPadding: () => false,
    kernels: selectKernels,
    forward: (call) =>
      pickElements(
        call,
        specFor(call.op, call.settings, call.x.dtype),
        call.settings.returnIndices,
        selectKernels,
      ),
    backward,
    outline: ({ op, settings }, dtype) => ({
      ...specFor(op, settings, dtype),
      pass: 'forward',
      indices: settings.returnIndices ? new Int32Array(0) : null,
    }),
    gradientOutline,
  }
}

function gradientOutline({ op, settings }: Outlined<OrderSettings>, dtype: DType) {
  assertFloat(op, 'x', dtype, 'gradients are of')
  return { ...specFor(op, settings, dtype), pass: 'backward' as const }
}

function specFor(op: string, settings: OrderSettings, dtype: DType): OrderSpec {
  return settings.specOf(roundingOf(op, settings, dtype))
}

/** The gradient: each picked element receives its share of `dy`. */
function backward(call: Call<OrderSettings>, dy: TensorLike): Tensor {
  const { op, x, given, plan } = call
  const job = gradientOutline(call, x.dtype)
  const gradient = gradientOf(call, dy)
  const indices = given.indices === undefined ? null : knownIndices(call, given.indices)
  const read = indices === null ? [x, gradient] : [x, gradient, { data: indices }]
  const dx = outputTensor(op, x, x.shape, given.out, read)
  const buffers = { dtype: x.dtype, plan: plan(), x: x.data, dy: gradient.data, dx: dx.data, indices }
  runPlanes(call, planesOf(call), { ...buffers, ...job }, selectKernels)
  return dx
}

/** Outputs with index -1 lie between two elements, or have no element. */
function knownIndices({ op, shape, axes }: Call, indices: TensorLike): IndexArray {
  return parseIndices(op, indices, {
    shape,
    why: "the output's shape",
    planeSize: sizeOf(axes.spatial),
    mayBeEmpty: () => true,
  })
}

function parseQ(op: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'q', value },
    'must be a number from 0 to 1',
    'Pass e.g. 0.9 for the 90th percentile.',
  )
}
