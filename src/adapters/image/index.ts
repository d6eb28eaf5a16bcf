/**
 * @file pool2d/image: image files as pixels and back, in Node. Needs sharp, an optional peer; some TIFFs need geotiff, another.
 */
export type { Bytes } from '../bytes.ts'
export { type Image, type ImageFormat, type ImageInfo, imageFormats, type Samples } from './image.ts'
export { type CanvasPixels, type PoolImageOptions, poolImage } from './pool-image.ts'
export {
  type ReadImageOptions,
  type ReadImagesOptions,
  readImage,
  readImageInfo,
  readImageInfos,
  readImages,
} from './read-image.ts'
export { blockOtherDecoders } from './sharp.ts'
export { imageFormatOf } from './sniff.ts'
export { type WriteImageOptions, writeImage, writeImages } from './write-image.ts'
