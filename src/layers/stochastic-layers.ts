/**
 * @file Layers that torch.nn lacks and that pick at random in training, with their means for testing.
 */
import {
  adaptiveStochasticMeanPool,
  adaptiveStochasticPool,
  stochasticMeanPool,
  stochasticPool,
} from '../ops/catalogue.ts'
import type { AdaptiveStochasticOptions, StochasticOptions } from '../ops/functions/stochastic.ts'
import type { AdaptiveOptions } from '../ops/geometry/adaptive.ts'
import type { SlidingOptions } from '../ops/geometry/sliding.ts'
import { layerClass } from './layer.ts'
import type { IndexedPoolLayerClass, PoolLayerClass } from './layer-types.ts'

/** `stochasticPool1d` as a layer; its `backward` needs `forward`'s indices, or `samples` among the options. */
export const StochasticPool1d: IndexedPoolLayerClass<StochasticOptions> = /* @__PURE__ */ layerClass(
  stochasticPool,
  1,
)

/** `stochasticPool2d` as a layer; its `backward` needs `forward`'s indices, or `samples` among the options. */
export const StochasticPool2d: IndexedPoolLayerClass<StochasticOptions> = /* @__PURE__ */ layerClass(
  stochasticPool,
  2,
)

/** `stochasticPool3d` as a layer; its `backward` needs `forward`'s indices, or `samples` among the options. */
export const StochasticPool3d: IndexedPoolLayerClass<StochasticOptions> = /* @__PURE__ */ layerClass(
  stochasticPool,
  3,
)

/** `stochasticMeanPool1d` as a layer. */
export const StochasticMeanPool1d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(
  stochasticMeanPool,
  1,
)

/** `stochasticMeanPool2d` as a layer. */
export const StochasticMeanPool2d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(
  stochasticMeanPool,
  2,
)

/** `stochasticMeanPool3d` as a layer. */
export const StochasticMeanPool3d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(
  stochasticMeanPool,
  3,
)

/** `adaptiveStochasticPool1d` as a layer; its `backward` needs `forward`'s indices, or `samples` among the options. */
export const AdaptiveStochasticPool1d: IndexedPoolLayerClass<AdaptiveStochasticOptions> =
  /* @__PURE__ */ layerClass(adaptiveStochasticPool, 1)

/** `adaptiveStochasticPool2d` as a layer; its `backward` needs `forward`'s indices, or `samples` among the options. */
export const AdaptiveStochasticPool2d: IndexedPoolLayerClass<AdaptiveStochasticOptions> =
  /* @__PURE__ */ layerClass(adaptiveStochasticPool, 2)

/** `adaptiveStochasticPool3d` as a layer; its `backward` needs `forward`'s indices, or `samples` among the options. */
export const AdaptiveStochasticPool3d: IndexedPoolLayerClass<AdaptiveStochasticOptions> =
  /* @__PURE__ */ layerClass(adaptiveStochasticPool, 3)

/** `adaptiveStochasticMeanPool1d` as a layer. */
export const AdaptiveStochasticMeanPool1d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveStochasticMeanPool,
  1,
)

/** `adaptiveStochasticMeanPool2d` as a layer. */
export const AdaptiveStochasticMeanPool2d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveStochasticMeanPool,
  2,
)

/** `adaptiveStochasticMeanPool3d` as a layer. */
export const AdaptiveStochasticMeanPool3d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveStochasticMeanPool,
  3,
)
