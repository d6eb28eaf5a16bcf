/**
 * @file Operations that average each window: a geometry with the mean, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import { runJob } from '../../kernels/run.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import type { Division } from '../../reducers/average.ts'
import { type Rounding, roundings } from '../../reducers/rounding.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, outputTensor } from '../buffers.ts'
import { bind, gradientOf, opInfo, type Signature } from '../call.ts'
import type { CommonOptions, Geometry, OptionsArgument } from '../geometry/geometry.ts'
import { parseFlag, parseName } from '../options/parse.ts'

export interface MeanOptions {
  /**
   * Add in row-major order in the dtype's own arithmetic, whatever the window, for PyTorch's bits. It is the less accurate choice: float32
   * windows of millions of elements come out wrong in the first digits.
   */
  readonly exact?: boolean
  /**
   * Of integers: toward zero ('trunc', the default, as in PyTorch), down ('floor'), or to the nearest, where halves go away from zero
   * ('half-up') or to the even neighbour ('half-even'). Floating tensors take none.
   */
  readonly rounding?: Rounding
}

export interface DivisorOptions extends MeanOptions {
  /** Let averages divide by padded places too, but not by the overhang of ceil mode. Default: true, as in PyTorch. */
  readonly countIncludePad?: boolean
  /** Divide by this whole number instead; negative ones too, not 0. An integer past the dtype's range becomes its least or largest. */
  readonly divisorOverride?: number | null
}

export type Average<O extends CommonOptions> = <A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  ...options: OptionsArgument<O>
) => Tensor<A>

export type AverageBackward<O extends CommonOptions> = <A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  ...options: OptionsArgument<O>
) => Tensor<A>

interface Settings {
  readonly division: Division
  readonly exact: boolean
  readonly rounding: Rounding | undefined
  readonly countPadding: boolean
}

/** `each` divides once an axis, as PyTorch's adaptive averages do; to one output it takes the mean of all, which divides once. */
export function defineAverage<O extends CommonOptions & DivisorOptions>(
  op: string,
  geometry: Geometry<O>,
  division: 'product' | 'each',
  names: readonly string[],
) {
  const signature: Signature<O, Settings> = {
    op,
    geometry,
    names,
    settings: (name, options) => ({
      division: parseDivisor(name, options.divisorOverride) ?? division,
      exact: parseFlag(name, 'exact', options.exact, false),
      rounding: parseRounding(name, options.rounding),
      countPadding: parseFlag(name, 'countIncludePad', options.countIncludePad, true),
    }),
  }
  const call = bind(signature)
  const callBackward = bind({ ...signature, op: `${op}Backward` })

  const forward = (x: TensorLike, options = {} as O): Tensor => {
    const { x: input, settings, given, shape, plan } = call(x, options)
    const { exact, countPadding } = settings
    const { dtype, data } = input
    const rounding = roundingOf(op, settings, dtype)
    const y = outputTensor(op, input, shape, given.out, [input])
    const windows = plan(countPadding)
    runJob({
      reducer: 'average',
      pass: 'forward',
      division: divisionOf(settings, windows),
      rounding,
      exact,
      dtype,
      plan: windows,
      x: data,
      y: y.data,
    })
    return y
  }

  const backward = (dy: TensorLike, x: TensorLike, options = {} as O): Tensor => {
    const called = callBackward(x, options)
    const { op: name, x: input, settings } = called
    assertFloat(name, 'x', input, 'gradients are of')
    roundingOf(name, settings, input.dtype)
    const gradient = gradientOf(called, dy)
    const dx = outputTensor(name, input, input.shape, called.given.out, [input, gradient])
    const { exact, countPadding } = settings
    const plan = called.plan(countPadding)
    runJob({
      reducer: 'average',
      pass: 'backward',
      division: divisionOf(settings, plan),
      exact,
      dtype: input.dtype,
      plan,
      dy: gradient.data,
      dx: dx.data,
    })
    return dx
  }

  return {
    op,
    forward: forward as Average<O>,
    backward: backward as AverageBackward<O>,
    ...opInfo(signature, ({ plan }, settings, _options, dtype) => {
      const windows = plan(settings.countPadding)
      return {
        reducer: 'average',
        pass: 'forward',
        division: divisionOf(settings, windows),
        exact: settings.exact,
        rounding: roundingOf(op, settings, dtype),
        plan: windows,
      }
    }),
  }
}

function divisionOf({ division }: Settings, { axes }: PoolPlan): Division {
  return division === 'each' && axes.every(({ outSize }) => outSize === 1) ? 'product' : division
}

function parseDivisor(op: string, value: unknown): number | null {
  if (value === undefined || value === null) return null
  if (Number.isSafeInteger(value) && value !== 0) return value as number
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'divisorOverride', value },
    'must be a whole number other than 0',
    'Leave it out to divide by the window.',
  )
}

export function parseRounding(op: string, value: unknown): Rounding | undefined {
  return value === undefined ? undefined : parseName(op, 'rounding', value, roundings)
}

/** @throws PoolError "BAD_PARAM" for a rounding of floating numbers */
function roundingOf(op: string, { rounding }: Settings, dtype: DType): Rounding {
  if (rounding === undefined || !dtypes[dtype].float) return rounding ?? 'trunc'
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'rounding', value: rounding },
    `means of integers are rounded, and x is ${dtype}`,
    'Leave it out.',
  )
}
