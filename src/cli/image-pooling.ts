/**
 * @file Pools pixels, each channel separately, alpha included, unless colours are to be weighted by it. Averages and norms round to
 * samples by the same rule.
 */
import type { Image, ImageInfo, Samples } from '../adapters/image/index.ts'
import { type PixelRules, poolPixels } from '../adapters/image/pool-image.ts'
import { invalid, isPoolError } from '../errors.ts'
import { type Rounding, roundNumber } from '../reducers/rounding.ts'
import { type DType, dtypes } from '../tensor/dtype.ts'
import { sizeOf } from '../tensor/shape.ts'
import { Tensor } from '../tensor/tensor.ts'
import { meanModes, type PoolingSettings, pickingModes } from './options/settings.ts'
import {
  type Pooled,
  type Pooling,
  planArrayPooling,
  planPooling,
  runPooling,
  type Side,
  usualRounding,
} from './pooling.ts'

/** A pooling of pixels. `rounded` is the rounding of results that are float64 first: norms, and averages that may exceed the range of samples. */
export interface ImagePooling extends Pooling {
  readonly rounded?: Rounding
  /** If alpha is weighted or light linear. */
  readonly colours?: PixelRules
}

export interface PooledImage extends Pooled {
  readonly output: Tensor<Samples>
  /** The number of samples that were clamped to the largest or smallest value. */
  readonly clamped: number
}

/** @throws PoolError as the library does, and "BAD_PARAM" for options with more axes than an image */
export function planImagePooling(
  settings: PoolingSettings,
  shape: readonly number[],
  dtype: DType,
): ImagePooling {
  if (settings.layout === 'NCHW') {
    throw invalid(
      'BAD_PARAM',
      { op: 'image', argument: 'layout', value: 'NCHW' },
      'images are height, width, channels',
      'Leave --layout out; it is for .npy.',
    )
  }
  if (settings.kind === 'levels') {
    throw invalid(
      'BAD_PARAM',
      { op: 'image', argument: 'mode', value: settings.mode },
      'gives features, and an image has pixels',
      'Give a .npy.',
    )
  }
  if (settings.keepDims === false) {
    throw invalid(
      'BAD_PARAM',
      { op: 'image', argument: 'keepDims', value: false },
      'an image has height and width',
      'Leave --no-keep-dims out; it is for .npy.',
    )
  }
  if (settings.axes !== undefined && settings.axes !== 2) {
    throw invalid(
      'BAD_PARAM',
      { op: 'image', argument: 'axes', value: settings.axes },
      'an image has 2 axes, height and width',
      'Give one number, or two.',
    )
  }
  if (settings.alpha === 'weighted' || settings.light === 'linear')
    return planColourPooling(settings, shape, dtype)
  if (dtypes[dtype].float) return planArrayPooling({ ...settings, layout: 'NHWC' }, shape, dtype)
  const { mode, divisorOverride, rounding = usualRounding, ...others } = settings
  if (meanModes.includes(mode) && divisorOverride === undefined)
    return planPooling({ ...settings, rounding }, shape, 'NHWC')
  if (pickingModes.includes(mode)) return planPooling(settings, shape, 'NHWC')
  return { ...planPooling({ ...others, mode, divisorOverride }, shape, 'NHWC'), rounded: rounding }
}

/** @throws PoolError "BAD_DTYPE" for samples that are no colours */
function planColourPooling(settings: PoolingSettings, shape: readonly number[], dtype: DType): ImagePooling {
  const { alpha = 'separate', light = 'stored', rounding = usualRounding, ...others } = settings
  if (dtype !== 'uint8' && dtype !== 'uint16') {
    throw invalid(
      'BAD_DTYPE',
      { op: 'image', argument: 'dtype', value: dtype },
      'weighted alpha and linear light are those of uint8 and uint16',
      'Leave --alpha and --light out.',
    )
  }
  return { ...planPooling(others, shape, 'NHWC'), colours: { alpha, light, rounding } }
}

export function runImagePooling(
  pooling: ImagePooling,
  { pixels, bands }: Pick<Image, 'pixels' | 'bands'>,
  wanted: readonly Side[],
  mask?: Tensor,
): PooledImage {
  if (pooling.colours !== undefined) {
    const pool = (x: Tensor): Tensor => runPooling(pooling, x, [], mask).output
    return {
      output: poolPixels('image', pixels, pool, { ...pooling.colours, bands: bands === true }),
      clamped: 0,
    }
  }
  if (pooling.rounded === undefined) {
    const { output, ...own } = runPooling(pooling, pixels, wanted, mask)
    return { output: output as Tensor<Samples>, clamped: 0, ...own }
  }
  const x = new Tensor(new Float64Array(pixels.data), pixels.shape, 'float64')
  const { output, ...own } = runPooling(pooling, x, wanted, mask)
  return { ...roundToSamples(output, pixels, pooling.rounded), ...own }
}

/** Rows that are pooled while a picture is decoded, and the height from which on they are few. */
const [stripRows, manyRows] = [64, 1024]

/** Has what pools a large picture compiled, by pooling a strip of zeros of its width. Settings that do not fit such a strip are left. */
export function warmUp(settings: PoolingSettings, shape: ImageInfo['shape'], dtype: DType): void {
  const [height, width, channels] = shape
  if (height < manyRows) return
  const strip = [stripRows, width, channels] as const
  const pixels = new Tensor(new dtypes[dtype].storage(sizeOf(strip)) as Samples, strip, dtype)
  try {
    runImagePooling(planImagePooling(settings, strip, dtype), { pixels }, [])
  } catch (error) {
    if (!isPoolError(error)) throw error
  }
}

/** The smallest and the largest value of an integer type. */
export function sampleRange(dtype: DType): readonly [smallest: number, largest: number] {
  const values = 2 ** (dtypes[dtype].storage.BYTES_PER_ELEMENT * 8)
  return dtype.startsWith('u') ? [0, values - 1] : [-values / 2, values / 2 - 1]
}

/** Clamps to the range of samples. */
function roundToSamples({ data, shape }: Tensor, like: Tensor<Samples>, rounding: Rounding): PooledImage {
  const samples = new dtypes[like.dtype].storage(data.length) as Samples
  const [smallest, largest] = sampleRange(like.dtype)
  let clamped = 0
  for (let i = 0; i < data.length; i++) {
    const rounded = roundNumber[rounding](data[i] as number)
    if (rounded < smallest || rounded > largest) clamped++
    samples[i] = Math.min(Math.max(rounded, smallest), largest)
  }
  return { output: new Tensor(samples, shape, like.dtype), clamped }
}
