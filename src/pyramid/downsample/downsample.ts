/**
 * @file One level of a pyramid in memory: the definition that every stored level must match.
 */
import { invalid } from '../../errors.ts'
import { allocateArray } from '../../tensor/allocate.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { type ArrayClass, type DType, dtypes, type Scalar, type TypedArray } from '../../tensor/dtype.ts'
import { narrow } from '../../tensor/half.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { allocate, isHalf, storageOf, valuesOf } from '../../tensor/storage.ts'
import { Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { type DownsampleOptions, type Downsampling, readDownsampling } from './options.ts'
import { downsampleByKernels } from './pooled.ts'
import { type Reduce, reduceOf, type WindowArray } from './reduce.ts'
import { roundOnce } from './rounding-once.ts'
import { copyUniform } from './uniform-windows.ts'
import { weightedMean } from './weighted-mean.ts'
import { forEachRun, type Run } from './windows.ts'

const op = 'downsample'

/**
 * A tensor with every window of `factor` elements turned into one: a level of an image pyramid.
 *
 * @param x        any dtype, any shape of at least one axis and one element
 * @param options  factor, method; background, nodata, alpha, edges
 * @returns        a Tensor of x's dtype. Output i of an axis covers inputs [i f, min((i + 1) f, n)); the axis has ceil(n / f) outputs, or
 *                 floor(n / f) with edges 'trim'. The mean of a window that the end cuts short divides by the number of elements present.
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for a shape the windows do not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * mean: integers sum exactly and are rounded half to even; floats sum in float64, row by row, and are rounded once. NaN propagates.
 * mode: the value that occurs most often, the smallest of those that tie; -0 counts as 0, all NaN as one value after all others.
 * `background` is not counted unless a window holds nothing else. median: of an even number the lower one; NaN wins. min, max: NaN wins.
 * stride: the first element. `nodata` is left out of every window; a window of nothing else gives it, bit for bit. A mean that would equal
 * `nodata` becomes the next larger value, or the next smaller one if there is no larger. With `alpha`, colours are weighted by alpha, and
 * are 0 in windows of alpha 0; alpha itself is a plain mean.
 * Source: the downsample driver of TensorStore, for windows, rounding and ties; NaN, nodata, background and alpha are defined here
 *
 * @example downsample(labels, { factor: [1, 2, 2], method: 'mode', background: 0 })
 */
export function downsample<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: DownsampleOptions,
): Tensor<A> {
  return downsampleInto(undefined, x, options)
}

/** As `downsample`, with the result in an array of its length. */
export function downsampleInto<A extends TypedArray = Float32Array>(
  out: TypedArray | undefined,
  x: TensorLike<A>,
  options: DownsampleOptions,
): Tensor<A> {
  const input = asTensor(op, 'x', x)
  assertAxes(input.shape)
  const spec = readDownsampling(input.shape, input.dtype, options)
  return (downsampleByKernels(input, spec, out) ?? byWindows(input, spec, out)) as Tensor<A>
}

function assertAxes(shape: readonly number[]): void {
  if (shape.length > 0) return
  throw invalid(
    'BAD_SHAPE',
    { op, argument: 'x.shape', value: shape },
    'must have an axis',
    'Reshape it to [1].',
  )
}

function byWindows(x: Tensor, spec: Downsampling, given: TypedArray | undefined): Tensor {
  const { shape, dtype } = x
  const values = (isHalf(dtype) ? valuesOf(x) : storageOf(x.data)) as WindowArray
  const out = given ?? allocate(op, x, sizeOf(spec.sizes))
  const bits = storageOf(out)
  const y = isHalf(dtype) ? allocateArray(op, Float32Array, out.length) : (bits as WindowArray)
  if (spec.alpha !== undefined) weightedMean(values, y, shape, dtype, spec)
  else if (spec.method === 'stride' && spec.nodata === undefined) pick(values, y, shape, spec)
  else if (spec.method === 'mean' && spec.nodata === undefined && dtypes[dtype].float)
    average(values as Float64Array, y as Float64Array, shape, dtype, spec)
  else reduceWindows(values, y, shape, dtype, spec)
  if (isHalf(dtype)) narrow(y as Float32Array, dtype, bits as Uint16Array)
  return new Tensor(out, spec.sizes, dtype)
}

function pick(
  x: WindowArray,
  y: WindowArray,
  shape: readonly number[],
  { factors, sizes }: Downsampling,
): void {
  forEachRun(shape, factors, sizes, ({ from, step, to, count }) => {
    for (let i = 0; i < count; i++) y[to + i] = x[from + i * step]!
  })
}

/** Means of floats: what arrays of float32 and float64 store is rounded as it is stored. */
function average(
  x: Float64Array,
  y: Float64Array,
  shape: readonly number[],
  dtype: DType,
  { factors, sizes }: Downsampling,
): void {
  const round = isHalf(dtype) ? roundOnce(dtype) : undefined
  forEachRun(shape, factors, sizes, ({ from, step, to, count, taps }) => {
    for (let i = 0; i < count; i++) {
      const start = from + i * step
      let sum = 0
      for (let t = 0; t < taps.length; t++) sum += x[start + taps[t]!]!
      const mean = sum / taps.length
      y[to + i] = round === undefined ? mean : round(mean)
    }
  })
}

function reduceWindows(
  x: WindowArray,
  y: WindowArray,
  shape: readonly number[],
  dtype: DType,
  spec: Downsampling,
): void {
  const { factors, sizes, nodata, method } = spec
  const reduce = reduceOf(spec, dtype)
  const Storage = (isHalf(dtype) ? Float32Array : dtypes[dtype].storage) as ArrayClass
  const window = new Storage(sizeOf(factors)) as WindowArray
  const isPicked = method !== 'mean' && !dtypes[dtype].float
  forEachRun(shape, factors, sizes, (run) => {
    const done = isPicked ? copyUniform(x, y, run) : undefined
    reduceRun(x, y, run, { window, reduce, nodata, done })
  })
}

interface Reduction {
  /** Scratch for the elements of a window that count. */
  readonly window: WindowArray
  readonly reduce: Reduce
  readonly nodata: Scalar | undefined
  /** 1 for outputs that are there already. */
  readonly done: Uint8Array | undefined
}

function reduceRun(
  x: WindowArray,
  y: WindowArray,
  run: Run,
  { window, reduce, nodata, done }: Reduction,
): void {
  const { from, step, to, count, taps } = run
  const isNaNNone = nodata !== undefined && nodata !== nodata
  for (let i = 0; i < count; i++) {
    if (done?.[i] === 1) continue
    const start = from + i * step
    let kept = 0
    for (let t = 0; t < taps.length; t++) {
      const value = x[start + taps[t]!]!
      if (value === nodata || (isNaNNone && value !== value)) continue
      window[kept++] = value
    }
    y[to + i] = kept === 0 ? nodata! : reduce(window, kept)
  }
}
