/**
 * @file A photograph in the worker: decoded once, pooled as often as the settings change. It never leaves this machine.
 */
import { invalid } from '../../../src/errors.ts'
import { info } from '../../../src/kernels/wasm/load.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { maxUnpool2d } from '../../../src/ops/functions/unpool.ts'
import { operationIn } from '../../../src/render/operation-in.ts'
import {
  type Draws,
  drawsOf,
  functionName,
  isPositionSensitive,
  levelsOf,
  type Operation,
  optionsOf,
  type Pooling,
} from '../../../src/render/pooling.ts'
import type { Plane } from '../../../src/render/presets.ts'
import { pooledBy } from '../../../src/render/scene.ts'
import { rand } from '../../../src/tensor/create.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'
import { drawSample, type SampleName, sampleHeight, sampleWidth } from './sample-photos.ts'

export interface PhotoSize {
  readonly width: number
  readonly height: number
}

export interface PooledPhoto extends PhotoSize {
  readonly bitmap: ImageBitmap
  /** Time of the pooling alone, in milliseconds. */
  readonly milliseconds: number
  readonly backend: string
}

const mostPixels = 64e6

/** Red, green, blue and alpha, last in the layout: [1, H, W, 4]. */
let photo: Tensor<Uint8ClampedArray> | null = null

/** A photograph that was read, with a small picture of it to show. */
export interface LoadedPhoto extends PhotoSize {
  readonly bitmap: ImageBitmap
}

/** Pixels of the longer side of the picture that is shown. */
const shownSide = 640

export async function loadPhoto(file: Blob): Promise<LoadedPhoto> {
  const bitmap = await createImageBitmap(file)
  const { width, height } = bitmap
  if (width * height > mostPixels) {
    throw invalid(
      'LIMIT',
      { op: 'loadPhoto', argument: 'pixels', value: width * height },
      `at most ${mostPixels} are shown`,
      'Choose a smaller photograph.',
    )
  }
  photo = tensorOf(bitmap)
  const scale = Math.min(1, shownSide / Math.max(width, height))
  const resizeWidth = Math.max(1, Math.round(width * scale))
  const shown = await createImageBitmap(bitmap, { resizeWidth, resizeQuality: 'high' })
  bitmap.close()
  return { width, height, bitmap: shown }
}

export function tensorOf(bitmap: ImageBitmap): Tensor<Uint8ClampedArray> {
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.drawImage(bitmap, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  return new Tensor(data as Uint8ClampedArray, [1, height, width, 4], 'uint8')
}

/** A photograph that comes with the page, drawn here. */
export async function loadSample(name: SampleName): Promise<LoadedPhoto> {
  const canvas = new OffscreenCanvas(sampleWidth, sampleHeight)
  canvas.getContext('2d')!.putImageData(new ImageData(drawSample(name), sampleWidth, sampleHeight), 0, 0)
  return loadPhoto(await canvas.convertToBlob())
}

export function poolPhoto(pooling: Pooling): PooledPhoto | null {
  return photo === null ? null : pooledPicture(pooling, photo)
}

/** @param x  red, green, blue and alpha, last in the layout: [1, H, W, 4] */
export function pooledPicture(pooling: Pooling, x: Tensor): PooledPhoto {
  assertPicture(pooling)
  const began = performance.now()
  const pooled = poolPixels(pooling, x)
  const milliseconds = performance.now() - began
  const [, height, width] = pooled.shape as [number, number, number]
  const canvas = new OffscreenCanvas(width, height)
  const pixels = new ImageData(bytesOf(pooled, pooling.op) as Uint8ClampedArray<ArrayBuffer>, width, height)
  canvas.getContext('2d')!.putImageData(pixels, 0, 0)
  return { width, height, bitmap: canvas.transferToImageBitmap(), milliseconds, backend: info().backend }
}

/** Cells of a region that have channels of their own would take colours for those; a spatial pyramid has no picture. */
function assertPicture(pooling: Pooling): void {
  if (levelsOf(pooling).length > 0)
    throw invalid(
      'BAD_PARAM',
      { op: functionName(pooling), argument: 'levels', value: pooling.levels },
      'give a list of numbers, not a picture',
      'Choose another operation.',
    )
  if (!isPositionSensitive(pooling)) return
  throw invalid(
    'BAD_PARAM',
    { op: functionName(pooling), argument: 'channels', value: 4 },
    'must be one for each cell, and those of a picture are colours',
    'Choose another operation.',
  )
}

function poolPixels(pooling: Pooling, x: Tensor): Tensor {
  const [, height, width] = x.shape as [number, number, number]
  const shape = [1, 4, height, width]
  const options = optionsFor(pooling, shape)
  if (pooling.op === 'unpool') {
    const own = { ...pooledBy(pooling, shape), layout: 'NHWC', returnIndices: true } as const
    const { output, indices } = maxPool2d(x, own)
    return maxUnpool2d(output, indices, { ...options, outputSize: [height, width] } as never)
  }
  const { forward } = operationIn(pooling) as unknown as {
    forward(x: Tensor, options: unknown): Tensor
  }
  return forward(takesBytes.has(pooling.op) ? x : floats(x), options)
}

/** The options of a pooling of pixels. */
export function optionsFor(pooling: Pooling, shape: readonly number[]): object {
  return { ...optionsWithSamples(pooling, shape, 'NHWC'), layout: 'NHWC' }
}

type Layout = 'NCHW' | 'NHWC'

/** Those of any tensor, with the same windows and random numbers in all channels. `shape` is [1, C, H, W] in both layouts. */
export function optionsWithSamples(pooling: Pooling, shape: readonly number[], layout: Layout): object {
  const options = optionsOf(pooling, shape)
  return pooling.op === 'fractional'
    ? { ...options, randomSamples: sharedSamples(pooling, shape[1]!) }
    : { ...options, ...sharedDraws(pooling, shape, layout) }
}

/** Extrema and averages, whose results of bytes are bytes, on a GPU too. */
export const foldsBytes: ReadonlySet<Operation> = new Set<Operation>([
  'max',
  'min',
  'avg',
  'adaptive-max',
  'adaptive-avg',
  'fractional',
  'global-max',
  'global-avg',
])

/** Operations whose results of bytes are bytes. */
const takesBytes: ReadonlySet<Operation> = new Set<Operation>([
  ...foldsBytes,
  'median',
  'quantile',
  'mode',
  'stochastic',
])

/** Operations whose results can be greater than any byte. */
const exceedsBytes: ReadonlySet<Operation> = new Set<Operation>(['lp', 'global-lp', 'sum', 'var'])

/** The random numbers of one channel, for all. */
function sharedDraws(pooling: Pooling, [, channels, ...sizes]: readonly number[], layout: Layout): Draws {
  const { samples } = drawsOf(pooling, [1, 1, ...sizes])
  if (samples === undefined) return {}
  const { data, shape } = samples
  const [rows, columns] = [shape[2]!, shape[3]!]
  const shared = new Float32Array(channels! * data.length)
  const isLast = layout === 'NHWC'
  for (let i = 0; i < shared.length; i++)
    shared[i] = data[isLast ? Math.floor(i / channels!) : i % data.length]!
  const dims = isLast ? [1, rows, columns, channels!] : [1, channels!, rows, columns]
  return { samples: new Tensor(shared, dims, 'float32') }
}

/** All channels take the same windows, or colours would come apart. */
function sharedSamples({ seed }: Pooling, channels: number): Tensor {
  const { data } = rand([2], { seed })
  return new Tensor(
    Float32Array.from({ length: 2 * channels }, (_, i) => data[i % 2]!),
    [1, channels, 2],
    'float32',
  )
}

function floats({ data, shape }: Tensor): Tensor {
  return new Tensor(Float32Array.from(data as Uint8Array), shape, 'float32')
}

/** Norms, sums and variances are scaled to the greatest, and all stays opaque. */
function bytesOf({ data, shape }: Tensor, op: Operation): Uint8ClampedArray {
  if (!(data instanceof Float32Array)) return new Uint8ClampedArray(data as Uint8ClampedArray)
  const greatest = exceedsBytes.has(op)
    ? data.reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, value)), 1)
    : 255
  const bytes = new Uint8ClampedArray(shape.reduce((size, dim) => size * dim, 1))
  data.forEach((value, i) => {
    bytes[i] = i % 4 === 3 ? 255 : (value / greatest) * 255
  })
  return bytes
}

const cropSide = 12

/** Brightness 0 to 255 of a few pixels in the middle, for the grid. */
export function cropPhoto(): Plane | null {
  if (photo === null) return null
  const [, height, width] = photo.shape as [number, number, number]
  const [rows, columns] = [Math.min(cropSide, height), Math.min(cropSide, width)]
  const [top, left] = [Math.floor((height - rows) / 2), Math.floor((width - columns) / 2)]
  const { data } = photo
  const values = Array.from({ length: rows * columns }, (_, i) => {
    const at = ((top + Math.floor(i / columns)) * width + left + (i % columns)) * 4
    return Math.round(0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!)
  })
  return { rows, columns, values }
}
