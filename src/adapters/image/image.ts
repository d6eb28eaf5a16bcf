/**
 * @file What an image file is here: pixels as they are stored, and what is needed to write them back.
 */
import type { Tensor } from '../../tensor/tensor.ts'

/** The formats that are read and written. */
export const imageFormats = ['png', 'jpeg', 'webp', 'tiff'] as const

/** The name of a format. */
export type ImageFormat = (typeof imageFormats)[number]

/** An image: its pixels as they are stored, and what is needed to write them back. */
export interface Image {
  /** [H, W, C], layout "NHWC": C is 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. Alpha is straight, not multiplied in. */
  readonly pixels: Tensor<Uint8Array | Uint16Array>
  /** The format it was read from. */
  readonly format: ImageFormat
  /** The ICC profile that says which colours the pixels are; sRGB where there is none. */
  readonly profile?: Uint8Array
}

/** What each format holds. */
export const capacities: Readonly<Record<ImageFormat, { bits: 8 | 16; alpha: boolean; maxSide: number }>> = {
  png: { bits: 16, alpha: true, maxSide: 2 ** 31 - 1 },
  jpeg: { bits: 8, alpha: false, maxSide: 65_535 },
  webp: { bits: 8, alpha: true, maxSide: 16_383 },
  tiff: { bits: 16, alpha: true, maxSide: 2 ** 31 - 1 },
}
