/**
 * @file Pooling of pixels: every channel for itself, alpha too. Averages and norms are rounded to samples by one rule.
 */
import { refusal } from '../errors.ts'
import { type Rounding, roundNumber } from '../reducers/rounding.ts'
import { Tensor } from '../tensor/tensor.ts'
import type { PoolingSettings } from './options/settings.ts'
import { type Pooled, type Pooling, planPooling, runPooling, usualRounding } from './pooling.ts'

export type Samples = Uint8Array | Uint16Array

/** A pooling of pixels; `rounded` is how, where results are float64 first: norms, and averages that may leave the samples' range. */
export interface ImagePooling extends Pooling {
  readonly rounded?: Rounding
}

export interface PooledImage extends Pooled {
  readonly output: Tensor<Samples>
  /** How many samples were above the largest, or below 0, and were set to it. */
  readonly clamped: number
}

/** @throws PoolError as the library does, and "BAD_PARAM" for options that an image has no axes for */
export function planImagePooling(settings: PoolingSettings, shape: readonly number[]): ImagePooling {
  if (settings.layout === 'NCHW') {
    throw refusal(
      'BAD_PARAM',
      { op: 'image', argument: 'layout', value: 'NCHW' },
      'images are height, width, channels',
      'Leave --layout out; it is for .npy.',
    )
  }
  if (settings.axes !== undefined && settings.axes !== 2) {
    throw refusal(
      'BAD_PARAM',
      { op: 'image', argument: 'axes', value: settings.axes },
      'an image has 2 axes, height and width',
      'Give one number, or two.',
    )
  }
  const { mode, divisorOverride, rounding = usualRounding, ...others } = settings
  if (mode === 'max' || mode === 'min') return planPooling(settings, shape, 'NHWC')
  if (mode === 'average' && divisorOverride === undefined)
    return planPooling({ ...settings, rounding }, shape, 'NHWC')
  return { ...planPooling({ ...others, mode, divisorOverride }, shape, 'NHWC'), rounded: rounding }
}

export function runImagePooling(
  pooling: ImagePooling,
  pixels: Tensor<Samples>,
  wantIndices: boolean,
): PooledImage {
  if (pooling.rounded === undefined) {
    const { output, indices } = runPooling(pooling, pixels, wantIndices)
    return { output: output as Tensor<Samples>, clamped: 0, ...(indices && { indices }) }
  }
  const x = new Tensor(new Float64Array(pixels.data), pixels.shape, 'float64')
  return roundToSamples(runPooling(pooling, x, false).output, pixels, pooling.rounded)
}

/** Within the samples' range. */
function roundToSamples({ data, shape }: Tensor, like: Tensor<Samples>, rounding: Rounding): PooledImage {
  const samples = like.dtype === 'uint8' ? new Uint8Array(data.length) : new Uint16Array(data.length)
  const largest = like.dtype === 'uint8' ? 0xff : 0xffff
  let clamped = 0
  for (let i = 0; i < data.length; i++) {
    const rounded = roundNumber[rounding](data[i] as number)
    if (rounded < 0 || rounded > largest) clamped++
    samples[i] = Math.min(Math.max(rounded, 0), largest)
  }
  return { output: new Tensor(samples, shape, like.dtype), clamped }
}
