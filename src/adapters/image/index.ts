/**
 * @file pool2d/image: image files as pixels and back, in Node. Needs sharp, an optional peer.
 */
export { type Image, type ImageFormat, imageFormats } from './image.ts'
export { type ImageInfo, type ReadImageOptions, readImage, readImageInfo } from './read-image.ts'
export { blockOtherDecoders } from './sharp.ts'
export { imageFormatOf } from './sniff.ts'
export { type WriteImageOptions, writeImage } from './write-image.ts'
