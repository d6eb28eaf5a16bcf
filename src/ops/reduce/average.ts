/**
 * @file The reduction to the mean of each window, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import type { AxisPlan } from '../../plan/axis.ts'
import type { Division } from '../../reducers/average.ts'
import { type Rounding, roundings } from '../../reducers/rounding.ts'
import { type DType, dtypes } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, outputTensor } from '../buffers.ts'
import { type Call, gradientOf, planesOf } from '../call.ts'
import { parseFlag, parseName } from '../options/parse.ts'
import { runPlanes } from '../planes.ts'
import type { Outlined, ReducerName, Reduction } from './reduction.ts'

export interface MeanOptions {
  /**
   * Add in row-major order in the dtype's own arithmetic, whatever the window, for PyTorch's bits. Less accurate: for float32 windows
   * of millions of elements the first digits are wrong.
   */
  readonly exact?: boolean | undefined
  /**
   * Rounding of integer averages: toward zero ('trunc', the default, as in PyTorch), down ('floor'), or to the nearest, with halves
   * away from zero ('half-up') or to the even neighbour ('half-even'). Refused for floating tensors.
   */
  readonly rounding?: Rounding | undefined
}

export interface DivisorOptions extends MeanOptions {
  /**
   * Count padded positions in the divisor, but never the overhang of ceil mode. Default: true, as in PyTorch; false with `mask` or
   * `nodata`.
   */
  readonly countIncludePad?: boolean | undefined
  /** Divide by this whole number instead: positive or negative, not 0. Integer results beyond the dtype's range saturate. */
  readonly divisorOverride?: number | null | undefined
}

export interface MeanSettings {
  readonly division: Division
  readonly exact: boolean
  readonly rounding: Rounding | undefined
  readonly countPadding: boolean
}

export const average = /* @__PURE__ */ mean<DivisorOptions>('product', [
  'countIncludePad',
  'divisorOverride',
  'exact',
  'rounding',
])
export const adaptiveAverage = /* @__PURE__ */ mean<MeanOptions>('each', ['exact', 'rounding'])
export const globalAverage = /* @__PURE__ */ mean<MeanOptions>('product', ['exact', 'rounding'])

/** A number is the divisor of every window. `each` divides once per axis, as PyTorch's adaptive averages do; with a single output it divides once. */
export function mean<O extends DivisorOptions>(
  division: Division,
  takes: readonly string[],
  reducer: ReducerName = 'average',
): Reduction<O, MeanSettings, 'folds'> {
  return {
    action: 'folds',
    reducer,
    needs: [],
    takes,
    settings: (op, options) => ({
      division: parseDivisor(op, options.divisorOverride) ?? division,
      exact: parseFlag(op, 'exact', options.exact, false),
      rounding: parseRounding(op, options.rounding),
      countPadding: parseFlag(op, 'countIncludePad', options.countIncludePad, true),
    }),
    countsPadding: ({ countPadding }) => countPadding,
    divides: true,
    forward: meanOfWindows,
    backward,
    outline,
    gradientOutline,
  }
}

function outline(call: Outlined<MeanSettings>, dtype: DType) {
  const { op, settings } = call
  return {
    reducer: 'average',
    pass: 'forward',
    division: divisionOf(settings, call),
    rounding: roundingOf(op, settings, dtype),
    exact: settings.exact,
  } as const
}

function gradientOutline(call: Outlined<MeanSettings>, dtype: DType) {
  const { op, settings } = call
  assertFloat(op, 'x', dtype, 'gradients are of')
  roundingOf(op, settings, dtype)
  return {
    reducer: 'average',
    pass: 'backward',
    division: divisionOf(settings, call),
    exact: settings.exact,
  } as const
}

export function meanOfWindows(call: Call<MeanSettings>): Tensor {
  const { op, x, given, shape } = call
  const job = outline(call, x.dtype)
  const planes = planesOf(call)
  const y = outputTensor(op, x, shape, given.out, [x])
  runPlanes(call, planes, {
    dtype: x.dtype,
    plan: call.plan(),
    x: x.data,
    y: y.data,
    ...job,
  })
  return y
}

function backward(call: Call<MeanSettings>, dy: TensorLike): Tensor {
  const { op, x, given } = call
  const job = gradientOutline(call, x.dtype)
  const gradient = gradientOf(call, dy)
  const dx = outputTensor(op, x, x.shape, given.out, [x, gradient])
  runPlanes(call, planesOf(call), {
    dtype: x.dtype,
    plan: call.plan(),
    dy: gradient.data,
    dx: dx.data,
    ...job,
  })
  return dx
}

function divisionOf({ division }: MeanSettings, { plan }: Outlined<MeanSettings>): Division {
  return division === 'each' && plan().axes.every(hasOneOutput) ? 'product' : division
}

/** Of the whole axis, where the plan is of a part. */
function hasOneOutput({ recipe, outSize }: AxisPlan): boolean {
  return (recipe?.kind === 'adaptive' ? recipe.outSize : outSize) === 1
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

/** @throws PoolError "BAD_PARAM" if `rounding` is given for a floating dtype */
export function roundingOf(
  op: string,
  { rounding }: { readonly rounding: Rounding | undefined },
  dtype: DType,
): Rounding {
  if (rounding === undefined || !dtypes[dtype].float) return rounding ?? 'trunc'
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'rounding', value: rounding },
    `results of integers are rounded, and x is ${dtype}`,
    'Leave it out.',
  )
}
