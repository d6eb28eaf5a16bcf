/**
 * @file pool2d/pyramid: levels of image pyramids. Every value is that of `downsample`, however an array is cut into chunks.
 */
export { downsample } from './downsample/downsample.ts'
export {
  type AlphaOption,
  type DownsampleMethod,
  type DownsampleOptions,
  downsampleMethods,
  type EdgeRule,
} from './downsample/options.ts'
