/**
 * @file pool2d/tfjs: every pooling as functions and layers of TensorFlow.js. Re-exports only.
 */

export type { ComposedFunctions, TfComposedFunction } from './composed.ts'
export type { TfPooledWithIndices } from './extremum.ts'
export {
  type PoolFunctions,
  poolFunctions,
  type TfExtremumFunction,
  type TfOptionsOf,
  type TfPoolFunction,
  type TfUnpool,
} from './functions.ts'
export type { PoolLayer, PoolLayerClass } from './layer.ts'
export { type LayerOptionsOf, type PoolLayers, poolLayers } from './layers.ts'
export type { DataFormat, DataFormatOption } from './options.ts'
export { type RegionFunctions, regionFunctions, type TfRegionFunction } from './regions.ts'
export type { TfCore, TfLayers } from './tensorflow.ts'
export type { Input } from './transfer.ts'
