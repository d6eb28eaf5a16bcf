/**
 * @file Turns settings and a tensor's shape into a call of the library, and runs it.
 */
import { invalid } from '../errors.ts'
import { parseMask } from '../ops/counted/mask.ts'
import { tensorAxesOf } from '../ops/geometry/tensor-axes.ts'
import type { Rounding } from '../reducers/rounding.ts'
import { rand } from '../tensor/create.ts'
import { type DType, dtypes } from '../tensor/dtype.ts'
import { formatShape } from '../tensor/shape.ts'
import { declaredOf, Tensor } from '../tensor/tensor.ts'
import { UsageError } from './exit.ts'
import { type CliOperation, cliOperation } from './operations.ts'
import { type LayoutName, meanModes, type PoolingSettings } from './options/settings.ts'

/** A call of the library. `view` is the shape passed to the function; a bare plane gets a channel axis. */
export interface Pooling {
  readonly op: string
  readonly operation: CliOperation
  readonly options: Readonly<Record<string, unknown>>
  readonly layout: LayoutName
  readonly view: readonly number[]
  /** The number of pooled axes. */
  readonly axes: number
  readonly shape: readonly number[]
  readonly outputShape: readonly number[]
  /** Of the samples of a random pooling; undefined for fresh ones. */
  readonly seed?: number | undefined
}

/** What may be written beside the result: where each element came from, and how many count in each window. */
export const sides = ['indices', 'counts'] as const
export type Side = (typeof sides)[number]

/** The results of a pooling. */
export interface Pooled extends Partial<Readonly<Record<Side, Tensor>>> {
  readonly output: Tensor
}

/** @throws PoolError as the library does */
export function planPooling(
  settings: PoolingSettings,
  shape: readonly number[],
  layout: LayoutName = settings.layout ?? 'NCHW',
): Pooling {
  const axes = settings.axes ?? defaultAxes(settings, shape.length)
  const view = viewOf(settings, shape, axes, layout)
  const operation = operationIn(settings, axes)
  const options = optionsOf(settings, operation, layout, view.spatial)
  const whole = operation.outputShape(view.shape, options)
  return {
    op: operation.op,
    operation,
    options,
    layout,
    view: view.shape,
    axes,
    shape,
    outputShape: view.restore(whole),
    seed: settings.seed,
  }
}

/** The default rounding of integers. */
export const usualRounding: Rounding = 'half-even'

/**
 * The pooling of an array of this dtype. Means of integers are rounded.
 *
 * @throws PoolError as the library does
 */
export function planArrayPooling(settings: PoolingSettings, shape: readonly number[], dtype: DType): Pooling {
  if (shape.length === 0) {
    const at = { op: 'array', argument: 'shape', value: shape }
    throw invalid('BAD_SHAPE', at, 'a single number has no axis to pool', 'Pass an array of 1 to 5 axes.')
  }
  const colours = (['alpha', 'light'] as const).find((name) => settings[name] !== undefined)
  if (colours !== undefined) {
    throw invalid(
      'BAD_PARAM',
      { op: 'array', argument: `--${colours}`, value: settings[colours] },
      'images have colours, and this is an array',
      'Leave it out.',
    )
  }
  if (meanModes.includes(settings.mode) && !dtypes[dtype].float)
    return planPooling({ ...settings, rounding: settings.rounding ?? usualRounding }, shape)
  if (settings.rounding === undefined) return planPooling(settings, shape)
  throw invalid(
    'BAD_PARAM',
    { op: 'array', argument: 'rounding', value: settings.rounding },
    `averages of integers are rounded, and this is the ${settings.mode} of ${dtype}`,
    'Leave it out.',
  )
}

/** @throws UsageError unless truth values have a result that is one */
export function assertTruthful({ mode }: PoolingSettings): void {
  if (mode === 'max' || mode === 'min' || mode === 'mode') return
  throw new UsageError(
    `--mode ${mode} of booleans is not taken; max is "any" and min is "all". For numbers save the array as float32`,
  )
}

/** @throws PoolError "BAD_PARAM" for options that are wrong for any input */
export function checkSettings(settings: PoolingSettings): void {
  if (settings.kind === 'global' || settings.kind === 'levels') return
  const operation = operationIn(settings, settings.axes ?? 2)
  operation.check(optionsOf(settings, operation, settings.layout ?? 'NCHW', []))
}

/** Runs the call; indices are flat in the plane of the pooled axes, and sides are int64. */
export function runPooling(pooling: Pooling, x: Tensor, wanted: readonly Side[], mask?: Tensor): Pooled {
  const { operation, options, view, outputShape: shape, seed } = pooling
  const { forward, outputShape } = operation
  const input = new Tensor(x.data, view, declaredOf(x))
  const asked = Object.fromEntries(wanted.map((side) => [askedBy[side], true]))
  const samples = seed === undefined ? {} : { samples: rand(outputShape(view, options), { seed }) }
  const masked = mask === undefined ? {} : { mask: maskFor(pooling, mask) }
  const result = forward(input, { ...options, ...asked, ...samples, ...masked })
  if (result instanceof Tensor) return { output: new Tensor(result.data, shape, declaredOf(result)) }
  const found = result as typeof result & Partial<Readonly<Record<Side, Tensor>>>
  const own = wanted.map((side) => {
    const { data } = found[side] as Tensor<Int32Array>
    return [side, new Tensor(BigInt64Array.from(data, BigInt), shape, 'int64')] as const
  })
  return {
    output: new Tensor(found.output.data, shape, declaredOf(found.output)),
    ...Object.fromEntries(own),
  }
}

/** The library's option for each. */
const askedBy: Readonly<Record<Side, string>> = { indices: 'returnIndices', counts: 'returnCounts' }

/** @throws PoolError "BAD_SHAPE" for a mask that does not fit */
export function assertMask(pooling: Pooling, mask: Tensor): void {
  const { op, view, axes, layout } = pooling
  parseMask(op, maskFor(pooling, mask), tensorAxesOf(op, view, axes, layout))
}

/** A mask of the array's shape gets the axes that the array got. */
function maskFor({ shape, view }: Pooling, mask: Tensor): Tensor {
  return formatShape(mask.shape) === formatShape(shape) ? new Tensor(mask.data, view, mask.dtype) : mask
}

/** The number of pooled axes: two, except for [L] and [N, C, D, H, W]; more for global pooling only. */
function defaultAxes({ kind }: PoolingSettings, rank: number): number {
  if (rank === 1) return 1
  return rank === 5 || (rank > 5 && kind === 'global') ? rank - 2 : 2
}

/** Adds a channel axis to a bare plane, and a batch axis for global pooling, which has no unbatched form. */
function viewOf({ kind }: PoolingSettings, shape: readonly number[], axes: number, layout: LayoutName) {
  const channel = shape.length === axes ? [1] : []
  const needsBatch = kind === 'global' || kind === 'levels'
  const batch = needsBatch && shape.length <= axes + 1 ? [1] : []
  const isLast = layout === 'NHWC'
  const view = isLast ? [...batch, ...shape, ...channel] : [...batch, ...channel, ...shape]
  const end = isLast ? -1 : view.length
  return {
    shape: view,
    spatial: view.slice(isLast ? end - axes : view.length - axes, end),
    restore: (whole: readonly number[]): readonly number[] => {
      if (kind === 'levels') return whole.slice(batch.length)
      return isLast
        ? whole.slice(batch.length, whole.length - channel.length)
        : whole.slice(batch.length + channel.length)
    },
  }
}

/** @throws PoolError "BAD_SHAPE" for too many axes */
function operationIn({ mode, kind }: PoolingSettings, axes: number): CliOperation {
  const operation = cliOperation(mode, kind, axes)
  if (operation !== undefined) return operation
  const { op } = cliOperation(mode, kind === 'global' ? 'sliding' : kind, 2)!
  throw invalid(
    'BAD_SHAPE',
    { op: op.replace(/2d$/, ''), argument: 'pooled axes', value: axes },
    'must be 1, 2 or 3',
    'Reshape the array first.',
  )
}

/** The settings that the operation takes. The window of a global pooling is as large as the axes. */
function optionsOf(
  settings: PoolingSettings,
  { geometry, names }: CliOperation,
  layout: LayoutName,
  spatial: readonly number[],
) {
  const isWhole = settings.kind === 'global' && geometry === 'sliding'
  const { mask: _, countIncludePad, keepDims = true, normType = 2, pooling, ...rest } = settings
  const kernelSize = isWhole ? spatial : (settings.size ?? 2)
  const stride = settings.stride ?? (geometry === 'sliding' ? kernelSize : undefined)
  const pads = countIncludePad ? undefined : false
  const kept = keepDims ? undefined : false
  const own = { kernelSize, stride, countIncludePad: pads, keepDims: kept, normType, mode: pooling, layout }
  const values: Readonly<Record<string, unknown>> = { ...rest, ...own }
  const taken = names.map((name) => [name, values[name]] as const).filter(([, value]) => value !== undefined)
  return Object.fromEntries(taken)
}
