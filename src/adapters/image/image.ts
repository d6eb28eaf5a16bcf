/**
 * @file The types of images: samples as stored, and the data needed to write them back.
 */
import type { DType } from '../../tensor/dtype.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/** The formats that are read and written. */
export const imageFormats = ['png', 'jpeg', 'webp', 'tiff'] as const

/** The name of a format. */
export type ImageFormat = (typeof imageFormats)[number]

/** The arrays that hold samples; float16 is held as its bits. */
export type Samples =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array

/** An image: its samples as stored, and the data needed to write them back. */
export interface Image {
  /**
   * [H, W, C], layout "NHWC". C is 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha, or any number of bands. Alpha is straight, not
   * multiplied in. Samples are uint8 or uint16; TIFF also has the other sample types.
   */
  readonly pixels: Tensor<Samples>
  /** The format it was read from. */
  readonly format: ImageFormat
  /** The ICC profile; sRGB if undefined. */
  readonly profile?: Uint8Array
  /** Channels are measurements, not colours and alpha; TIFF only. */
  readonly bands?: true
  /** Of an animation: the duration of the frame in milliseconds, and the number of repetitions, 0 for endless. */
  readonly animation?: { readonly delay: number; readonly loop: number }
  /** The value for missing data, GDAL_NODATA; TIFF only. Pass it as `nodata` to leave such samples out. */
  readonly nodata?: number
  /** Sentences about parts of the file that are lost. */
  readonly notes?: readonly string[]
}

interface Capacity {
  readonly dtypes: readonly DType[]
  readonly alpha: boolean
  readonly maxSide: number
}

/** The dtypes and channels of each format. */
export const capacities: Readonly<Record<ImageFormat, Capacity>> = {
  png: { dtypes: ['uint8', 'uint16'], alpha: true, maxSide: 2 ** 31 - 1 },
  jpeg: { dtypes: ['uint8'], alpha: false, maxSide: 65_535 },
  webp: { dtypes: ['uint8'], alpha: true, maxSide: 16_383 },
  tiff: {
    dtypes: ['uint8', 'uint16', 'uint32', 'int8', 'int16', 'int32', 'float16', 'float32', 'float64'],
    alpha: true,
    maxSide: 2 ** 31 - 1,
  },
}

/** The description in the head of an image file. */
export interface ImageInfo {
  readonly format: ImageFormat
  /** [H, W, C] as `readImage` gives it. */
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly dtype: DType
  /** The number of pages or frames of the file. */
  readonly pages: number
  /** As `Image` has them. */
  readonly nodata?: number
  readonly notes?: readonly string[]
}
