/**
 * @file Pools the pixels of an image with any pooling of the library: as stored, weighted by alpha, or in linear light.
 */
import { invalid, PoolError } from '../../errors.ts'
import { type Rounding, roundings, roundNumber } from '../../reducers/rounding.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { formatShape } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import type { Image, Samples } from './image.ts'
import { lightTable, sampleOfLight } from './light.ts'

/** The form of a canvas's `ImageData`. */
export interface CanvasPixels {
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly height: number
}

/** Options of `poolImage`. */
export interface PoolImageOptions {
  /**
   * 'separate' (default): each channel is pooled by itself, alpha included. 'weighted': colours count by their alpha, so that
   * what is invisible has no colour to give; a result of alpha 0 is black.
   */
  readonly alpha?: 'separate' | 'weighted' | undefined
  /** 'stored' (default): samples as they are. 'linear': the light they stand for by the curve of sRGB; alpha has none. */
  readonly light?: 'stored' | 'linear' | undefined
  /** Default: 'half-even'. For weighted alpha and linear light, whose results are no whole numbers. */
  readonly rounding?: Rounding | undefined
}

/** The choices of `PoolImageOptions`, all made. */
export type PixelRules = { readonly [K in keyof PoolImageOptions]-?: NonNullable<PoolImageOptions[K]> }

const rules = {
  alpha: ['separate', 'weighted'],
  light: ['stored', 'linear'],
  rounding: roundings,
} as const

/**
 * An image of the same kind with pooled pixels. `pooling` is given the pixels as one tensor [H, W, C] and returns one
 * [H', W', C], e.g. `(x) => avgPool2d(x, { kernelSize: 2, layout: 'NHWC' })`. Pixels of uint8 and uint16 are passed and taken
 * back without a copy, unless alpha is weighted or light linear: `pooling` is then given floats, float32 for uint8 and float64 for
 * uint16, and its results are rounded to samples. Weights and light are right for averages: `avgPool2d`,
 * `areaPool2d`, `blurPool2d`.
 *
 * @param image an `Image` of `readImage`, or the `ImageData` of a canvas
 * @throws PoolError "BAD_PARAM" for other images and options, "BAD_DTYPE" for weighted alpha or linear light of samples other than
 *   uint8 and uint16, "BAD_SHAPE" if `pooling` returns other than [H', W', C]
 */
export function poolImage<I extends Image | CanvasPixels>(
  image: I,
  pooling: (pixels: Tensor) => Tensor,
  options: PoolImageOptions = {},
): I {
  const op = 'poolImage'
  const chosen = readRules(op, options)
  if (typeof pooling !== 'function') {
    const at = { op, argument: 'pooling', value: pooling }
    throw invalid('BAD_PARAM', at, 'must be a function of a tensor', 'Pass (x) => avgPool2d(x, ...).')
  }
  const pixels = pixelsOf(op, image)
  const bands = 'bands' in image && image.bands === true
  const pooled = poolPixels(op, pixels, pooling, { ...chosen, bands })
  return ('pixels' in image ? { ...image, pixels: pooled } : canvasPixels(op, image, pooled)) as I
}

function readRules(op: string, options: PoolImageOptions): PixelRules {
  const given: PoolImageOptions = readOptions(op, options, Object.keys(rules))
  const { alpha = 'separate', light = 'stored', rounding = 'half-even' } = given
  const chosen = { alpha, light, rounding }
  for (const [name, values] of Object.entries(rules) as [keyof PixelRules, readonly string[]][]) {
    if (values.includes(chosen[name])) continue
    const at = { op, argument: name, value: chosen[name] }
    throw invalid('BAD_PARAM', at, `must be one of ${values.join(', ')}`, 'Leave it out for the default.')
  }
  return chosen
}

function pixelsOf(op: string, image: Image | CanvasPixels): Tensor<Samples> {
  if (typeof image === 'object' && image !== null) {
    if ('pixels' in image && image.pixels instanceof Tensor && image.pixels.shape.length === 3)
      return image.pixels
    if ('width' in image && image.data instanceof Uint8ClampedArray) {
      const { data, width, height } = image
      return new Tensor(
        new Uint8Array(data.buffer, data.byteOffset, data.length),
        [height, width, 4],
        'uint8',
      )
    }
  }
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'image', value: image },
    'must be an image of readImage or the ImageData of a canvas',
    'Pass context.getImageData(0, 0, width, height), or { pixels: tensor, format: "png" }.',
  )
}

/** Pools [H, W, C]; `bands` are channels that are no colours and alpha. */
export function poolPixels(
  op: string,
  pixels: Tensor<Samples>,
  pooling: (pixels: Tensor) => Tensor,
  { alpha, light, rounding, bands }: PixelRules & { readonly bands: boolean },
): Tensor<Samples> {
  const channels = pixels.shape[2]!
  const alphaAt = !bands && (channels === 2 || channels === 4) ? channels - 1 : null
  const isWeighted = alpha === 'weighted' && alphaAt !== null
  if (alpha === 'separate' && light === 'stored') return checked(op, pooling(pixels), pixels)
  const { dtype } = pixels
  if (dtype !== 'uint8' && dtype !== 'uint16') {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'pixels.dtype', value: dtype },
      'weighted alpha and linear light are those of uint8 and uint16 pixels',
      'Leave alpha and light out, or convert the pixels.',
    )
  }
  const largest = dtype === 'uint8' ? 255 : 65_535
  const form: Form = { channels, alphaAt, isWeighted, isLinear: light === 'linear', largest }
  const pooled = checked(op, pooling(toFloats(op, pixels, form)), pixels)
  return toSamples(op, pooled, form, rounding, pixels)
}

interface Form {
  readonly channels: number
  readonly alphaAt: number | null
  readonly isWeighted: boolean
  readonly isLinear: boolean
  readonly largest: number
}

/** Colours as samples or as light, times their alpha where it is weighted. Products of two samples of 8 bits are exact. */
function toFloats(op: string, { data, shape, dtype }: Tensor<Samples>, form: Form): Tensor {
  const { channels, alphaAt, isWeighted, isLinear, largest } = form
  const type = dtype === 'uint8' ? 'float32' : 'float64'
  const floats = allocateArray(op, dtypes[type].storage, data.length, temporary) as Float32Array
  const lights = isLinear ? lightTable(largest) : null
  for (let at = 0; at < data.length; at += channels) {
    const weight = isWeighted ? data[at + alphaAt!]! : 1
    for (let c = 0; c < channels; c++) {
      const sample = data[at + c]!
      floats[at + c] = c === alphaAt ? sample : (lights === null ? sample : lights[sample]!) * weight
    }
  }
  return new Tensor(floats, shape, type)
}

function toSamples(
  op: string,
  { data, shape }: Tensor,
  { channels, alphaAt, isWeighted, isLinear, largest }: Form,
  rounding: Rounding,
  like: Tensor<Samples>,
): Tensor<Samples> {
  const floats = data as Float32Array
  const samples = allocateArray(op, dtypes[like.dtype].storage, floats.length) as Uint8Array
  const round = roundNumber[rounding]
  const stored = (value: number): number => Math.min(Math.max(round(value), 0), largest)
  const colour = isLinear ? sampleOfLight(largest, rounding) : stored
  for (let at = 0; at < floats.length; at += channels) {
    const weight = isWeighted ? floats[at + alphaAt!]! : 1
    for (let c = 0; c < channels; c++) {
      const value = floats[at + c]!
      samples[at + c] = c === alphaAt ? stored(value) : weight === 0 ? 0 : colour(value / weight)
    }
  }
  return new Tensor<Samples>(samples, shape, like.dtype)
}

/** @throws PoolError "BAD_SHAPE" unless the result has the axes and channels of the pixels */
function checked(op: string, pooled: Tensor, like: Tensor<Samples>): Tensor<Samples> {
  const isPixels = pooled instanceof Tensor && pooled.shape.length === 3 && pooled.shape[2] === like.shape[2]
  if (isPixels) return pooled as Tensor<Samples>
  throw new PoolError(
    'BAD_SHAPE',
    `${op}: pooling(pixels).shape = ${pooled instanceof Tensor ? formatShape(pooled.shape) : String(pooled)}; must be [H, W, ${like.shape[2]}]. Pass layout: 'NHWC' to the pooling.`,
    { op, argument: 'pooling(pixels).shape', value: pooled },
  )
}

/** `ImageData` made by the class of `like`, over the pooled bytes. */
function canvasPixels(op: string, like: CanvasPixels, { data, shape, dtype }: Tensor<Samples>): CanvasPixels {
  if (dtype !== 'uint8') {
    const at = { op, argument: 'pooling(pixels).dtype', value: dtype }
    throw invalid(
      'BAD_DTYPE',
      at,
      'must be uint8, as a canvas has it',
      'Pool with an operation that keeps it.',
    )
  }
  const bytes = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
  const ImageData = like.constructor as new (
    data: Uint8ClampedArray,
    width: number,
    height: number,
  ) => CanvasPixels
  return new ImageData(bytes, shape[1]!, shape[0]!)
}
