/**
 * @file pool2d/image in browsers: files by the browser's own decoders and encoders, PNG by fast-png, an optional peer.
 */
export type { Bytes } from '../bytes.ts'
export type { Image, ImageFormat, Samples } from './image.ts'
export { type CanvasPixels, type PoolImageOptions, poolImage } from './pool-image.ts'
export { readImage } from './read-in-browser.ts'
export { imageFormatOf } from './sniff.ts'
export { writeImage } from './write-in-browser.ts'
