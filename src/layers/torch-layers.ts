/**
 * @file Layers named as in torch.nn.
 */
import {
  adaptiveAvgPool,
  adaptiveMaxPool,
  avgPool,
  fractionalMaxPool,
  lpPool,
  maxPool,
  maxUnpool,
} from '../ops/catalogue.ts'
import type { AdaptiveAvgPoolOptions } from '../ops/functions/adaptive.ts'
import type { AvgPoolOptions } from '../ops/functions/average.ts'
import type { AdaptiveOptions } from '../ops/geometry/adaptive.ts'
import type { FractionalOptions } from '../ops/geometry/fractional.ts'
import type { SlidingOptions } from '../ops/geometry/sliding.ts'
import type { NormOption, PartialNormOption } from '../ops/reduce/lp.ts'
import { layerClass } from './layer.ts'
import type { IndexedPoolLayerClass, PoolLayerClass, UnpoolLayerClass } from './layer-types.ts'

/** `maxPool1d` as a layer. Source: torch.nn.MaxPool1d */
export const MaxPool1d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(maxPool, 1)

/** `maxPool2d` as a layer. Source: torch.nn.MaxPool2d */
export const MaxPool2d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(maxPool, 2)

/** `maxPool3d` as a layer. Source: torch.nn.MaxPool3d */
export const MaxPool3d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(maxPool, 3)

/** `avgPool1d` as a layer. Source: torch.nn.AvgPool1d */
export const AvgPool1d: PoolLayerClass<AvgPoolOptions> = /* @__PURE__ */ layerClass(avgPool, 1)

/** `avgPool2d` as a layer. Source: torch.nn.AvgPool2d */
export const AvgPool2d: PoolLayerClass<AvgPoolOptions> = /* @__PURE__ */ layerClass(avgPool, 2)

/** `avgPool3d` as a layer. Source: torch.nn.AvgPool3d */
export const AvgPool3d: PoolLayerClass<AvgPoolOptions> = /* @__PURE__ */ layerClass(avgPool, 3)

/** `lpPool1d` as a layer. Source: torch.nn.LPPool1d */
export const LPPool1d: PoolLayerClass<SlidingOptions & NormOption & PartialNormOption> =
  /* @__PURE__ */ layerClass(lpPool, 1)

/** `lpPool2d` as a layer. Source: torch.nn.LPPool2d */
export const LPPool2d: PoolLayerClass<SlidingOptions & NormOption & PartialNormOption> =
  /* @__PURE__ */ layerClass(lpPool, 2)

/** `lpPool3d` as a layer. Source: torch.nn.LPPool3d */
export const LPPool3d: PoolLayerClass<SlidingOptions & NormOption & PartialNormOption> =
  /* @__PURE__ */ layerClass(lpPool, 3)

/** `adaptiveMaxPool1d` as a layer. Source: torch.nn.AdaptiveMaxPool1d */
export const AdaptiveMaxPool1d: IndexedPoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveMaxPool,
  1,
)

/** `adaptiveMaxPool2d` as a layer. Source: torch.nn.AdaptiveMaxPool2d */
export const AdaptiveMaxPool2d: IndexedPoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveMaxPool,
  2,
)

/** `adaptiveMaxPool3d` as a layer. Source: torch.nn.AdaptiveMaxPool3d */
export const AdaptiveMaxPool3d: IndexedPoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveMaxPool,
  3,
)

/** `adaptiveAvgPool1d` as a layer. Source: torch.nn.AdaptiveAvgPool1d */
export const AdaptiveAvgPool1d: PoolLayerClass<AdaptiveAvgPoolOptions> = /* @__PURE__ */ layerClass(
  adaptiveAvgPool,
  1,
)

/** `adaptiveAvgPool2d` as a layer. Source: torch.nn.AdaptiveAvgPool2d */
export const AdaptiveAvgPool2d: PoolLayerClass<AdaptiveAvgPoolOptions> = /* @__PURE__ */ layerClass(
  adaptiveAvgPool,
  2,
)

/** `adaptiveAvgPool3d` as a layer. Source: torch.nn.AdaptiveAvgPool3d */
export const AdaptiveAvgPool3d: PoolLayerClass<AdaptiveAvgPoolOptions> = /* @__PURE__ */ layerClass(
  adaptiveAvgPool,
  3,
)

/** `fractionalMaxPool2d` as a layer; its `backward` needs `forward`'s indices, or `randomSamples` among the options. Source: torch.nn.FractionalMaxPool2d */
export const FractionalMaxPool2d: IndexedPoolLayerClass<FractionalOptions> = /* @__PURE__ */ layerClass(
  fractionalMaxPool,
  2,
)

/** `fractionalMaxPool3d` as a layer; its `backward` needs `forward`'s indices, or `randomSamples` among the options. Source: torch.nn.FractionalMaxPool3d */
export const FractionalMaxPool3d: IndexedPoolLayerClass<FractionalOptions> = /* @__PURE__ */ layerClass(
  fractionalMaxPool,
  3,
)

/** `maxUnpool1d` as a layer. Source: torch.nn.MaxUnpool1d */
export const MaxUnpool1d: UnpoolLayerClass = /* @__PURE__ */ layerClass(maxUnpool, 1)

/** `maxUnpool2d` as a layer. Source: torch.nn.MaxUnpool2d */
export const MaxUnpool2d: UnpoolLayerClass = /* @__PURE__ */ layerClass(maxUnpool, 2)

/** `maxUnpool3d` as a layer. Source: torch.nn.MaxUnpool3d */
export const MaxUnpool3d: UnpoolLayerClass = /* @__PURE__ */ layerClass(maxUnpool, 3)
