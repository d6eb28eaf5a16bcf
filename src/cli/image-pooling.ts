/**
 * @file Pooling of pixels: every channel for itself, alpha too. What is no sample yet (averages, norms) is rounded to one.
 */
import { refusal } from '../errors.ts'
import { Tensor } from '../tensor/tensor.ts'
import type { PoolingSettings } from './options/settings.ts'
import { type Pooled, type Pooling, planPooling, runPooling } from './pooling.ts'

export type Samples = Uint8Array | Uint16Array

/** A pooling of pixels; `rounded` where results are floating numbers first. */
export interface ImagePooling extends Pooling {
  readonly rounded?: 'float32' | 'float64'
}

export interface PooledImage extends Pooled {
  readonly output: Tensor<Samples>
  /** How many samples were above the largest, or below 0, and were set to it. */
  readonly clamped: number
}

/** @throws PoolError as the library does, and "BAD_PARAM" for options that an image has no axes for */
export function planImagePooling(
  settings: PoolingSettings,
  shape: readonly number[],
  dtype: 'uint8' | 'uint16',
): ImagePooling {
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
  const pooling = planPooling(settings, shape, 'NHWC')
  if (settings.mode === 'max' || settings.mode === 'min') return pooling
  return { ...pooling, rounded: isExactInFloat32(settings, dtype) ? 'float32' : 'float64' }
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
  const Floats = pooling.rounded === 'float32' ? Float32Array : Float64Array
  const x = new Tensor(new Floats(pixels.data), pixels.shape, pooling.rounded)
  return roundToSamples(runPooling(pooling, x, false).output, pixels)
}

/**
 * Sums of fewer than 2^24 over the samples' range are exact in float32, and so is the side of one half on which the quotient lies.
 */
function isExactInFloat32(settings: PoolingSettings, dtype: 'uint8' | 'uint16'): boolean {
  if (settings.mode === 'lp') return true
  if (settings.kind !== 'sliding') return false
  const { size = 2, divisorOverride = 1 } = settings
  const [height, width] = typeof size === 'number' ? [size, size] : (size as readonly [number, number])
  const range = dtype === 'uint8' ? 2 ** 8 : 2 ** 16
  return Math.max(height * width, Math.abs(divisorOverride)) * range < 2 ** 24
}

/** To nearest, halves up, within the samples' range. */
function roundToSamples({ data, shape }: Tensor, like: Tensor<Samples>): PooledImage {
  const samples = like.dtype === 'uint8' ? new Uint8Array(data.length) : new Uint16Array(data.length)
  const largest = like.dtype === 'uint8' ? 0xff : 0xffff
  let clamped = 0
  for (let i = 0; i < data.length; i++) {
    const rounded = Math.floor((data[i] as number) + 0.5)
    if (rounded < 0 || rounded > largest) clamped++
    samples[i] = Math.min(Math.max(rounded, 0), largest)
  }
  return { output: new Tensor(samples, shape, like.dtype), clamped }
}
