/**
 * @file Layers that are given their output's size, named as in torch.nn: adaptive and fractional pooling.
 */

import { type AdaptiveAvgPoolOptions, adaptiveAverages, adaptiveExtrema } from '../ops/functions/adaptive.ts'
import { fractionals } from '../ops/functions/fractional.ts'
import type { AdaptiveOptions } from '../ops/geometry/adaptive.ts'
import type { FractionalOptions } from '../ops/geometry/fractional.ts'
import { layerClass, type Repr } from './layer.ts'
import type { IndexedPoolLayerClass, PoolLayerClass } from './layer-types.ts'

const { adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d } = adaptiveExtrema
const { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d } = adaptiveAverages
const { fractionalMaxPool2d, fractionalMaxPool3d } = fractionals

const sizeRepr = ({ outputSize }: AdaptiveOptions): Repr => ({ output_size: outputSize })
const noRepr = (): Repr => ({})

/** `adaptiveMaxPool1d` as a layer. Source: torch.nn.AdaptiveMaxPool1d */
export const AdaptiveMaxPool1d: IndexedPoolLayerClass<AdaptiveOptions> = layerClass(
  'AdaptiveMaxPool1d',
  adaptiveMaxPool1d,
  sizeRepr,
  { isSelect: true },
)
/** `adaptiveMaxPool2d` as a layer. Source: torch.nn.AdaptiveMaxPool2d */
export const AdaptiveMaxPool2d: IndexedPoolLayerClass<AdaptiveOptions> = layerClass(
  'AdaptiveMaxPool2d',
  adaptiveMaxPool2d,
  sizeRepr,
  { isSelect: true },
)
/** `adaptiveMaxPool3d` as a layer. Source: torch.nn.AdaptiveMaxPool3d */
export const AdaptiveMaxPool3d: IndexedPoolLayerClass<AdaptiveOptions> = layerClass(
  'AdaptiveMaxPool3d',
  adaptiveMaxPool3d,
  sizeRepr,
  { isSelect: true },
)

/** `adaptiveAvgPool1d` as a layer. Source: torch.nn.AdaptiveAvgPool1d */
export const AdaptiveAvgPool1d: PoolLayerClass<AdaptiveAvgPoolOptions> = layerClass(
  'AdaptiveAvgPool1d',
  adaptiveAvgPool1d,
  sizeRepr,
)
/** `adaptiveAvgPool2d` as a layer. Source: torch.nn.AdaptiveAvgPool2d */
export const AdaptiveAvgPool2d: PoolLayerClass<AdaptiveAvgPoolOptions> = layerClass(
  'AdaptiveAvgPool2d',
  adaptiveAvgPool2d,
  sizeRepr,
)
/** `adaptiveAvgPool3d` as a layer. Source: torch.nn.AdaptiveAvgPool3d */
export const AdaptiveAvgPool3d: PoolLayerClass<AdaptiveAvgPoolOptions> = layerClass(
  'AdaptiveAvgPool3d',
  adaptiveAvgPool3d,
  sizeRepr,
)

/** `fractionalMaxPool2d` as a layer; its `backward` needs `forward`'s indices, or `randomSamples` among the options. Source: torch.nn.FractionalMaxPool2d */
export const FractionalMaxPool2d: IndexedPoolLayerClass<FractionalOptions> = layerClass(
  'FractionalMaxPool2d',
  fractionalMaxPool2d,
  noRepr,
  { isSelect: true },
)
/** `fractionalMaxPool3d` as a layer; its `backward` needs `forward`'s indices, or `randomSamples` among the options. Source: torch.nn.FractionalMaxPool3d */
export const FractionalMaxPool3d: IndexedPoolLayerClass<FractionalOptions> = layerClass(
  'FractionalMaxPool3d',
  fractionalMaxPool3d,
  noRepr,
  { isSelect: true },
)
