/**
 * @file Layers that torch.nn lacks and that pick by order: minima, medians, quantiles and modes.
 */
import {
  adaptiveMedianPool,
  adaptiveModePool,
  adaptiveQuantilePool,
  medianPool,
  minPool,
  modePool,
  quantilePool,
} from '../ops/catalogue.ts'
import type { AdaptiveMedianPoolOptions, MedianPoolOptions } from '../ops/functions/median.ts'
import type { AdaptiveModePoolOptions, ModePoolOptions } from '../ops/functions/mode.ts'
import type { AdaptiveQuantilePoolOptions, QuantilePoolOptions } from '../ops/functions/quantile.ts'
import type { SlidingOptions } from '../ops/geometry/sliding.ts'
import { layerClass } from './layer.ts'
import type { IndexedPoolLayerClass, LabelPoolLayerClass } from './layer-types.ts'

/** `minPool1d` as a layer. */
export const MinPool1d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(minPool, 1)

/** `minPool2d` as a layer. */
export const MinPool2d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(minPool, 2)

/** `minPool3d` as a layer. */
export const MinPool3d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(minPool, 3)

/** `medianPool1d` as a layer. */
export const MedianPool1d: IndexedPoolLayerClass<MedianPoolOptions> = /* @__PURE__ */ layerClass(
  medianPool,
  1,
)

/** `medianPool2d` as a layer. */
export const MedianPool2d: IndexedPoolLayerClass<MedianPoolOptions> = /* @__PURE__ */ layerClass(
  medianPool,
  2,
)

/** `medianPool3d` as a layer. */
export const MedianPool3d: IndexedPoolLayerClass<MedianPoolOptions> = /* @__PURE__ */ layerClass(
  medianPool,
  3,
)

/** `adaptiveMedianPool1d` as a layer. */
export const AdaptiveMedianPool1d: IndexedPoolLayerClass<AdaptiveMedianPoolOptions> =
  /* @__PURE__ */ layerClass(adaptiveMedianPool, 1)

/** `adaptiveMedianPool2d` as a layer. */
export const AdaptiveMedianPool2d: IndexedPoolLayerClass<AdaptiveMedianPoolOptions> =
  /* @__PURE__ */ layerClass(adaptiveMedianPool, 2)

/** `adaptiveMedianPool3d` as a layer. */
export const AdaptiveMedianPool3d: IndexedPoolLayerClass<AdaptiveMedianPoolOptions> =
  /* @__PURE__ */ layerClass(adaptiveMedianPool, 3)

/** `quantilePool1d` as a layer. */
export const QuantilePool1d: IndexedPoolLayerClass<QuantilePoolOptions> = /* @__PURE__ */ layerClass(
  quantilePool,
  1,
)

/** `quantilePool2d` as a layer. */
export const QuantilePool2d: IndexedPoolLayerClass<QuantilePoolOptions> = /* @__PURE__ */ layerClass(
  quantilePool,
  2,
)

/** `quantilePool3d` as a layer. */
export const QuantilePool3d: IndexedPoolLayerClass<QuantilePoolOptions> = /* @__PURE__ */ layerClass(
  quantilePool,
  3,
)

/** `adaptiveQuantilePool1d` as a layer. */
export const AdaptiveQuantilePool1d: IndexedPoolLayerClass<AdaptiveQuantilePoolOptions> =
  /* @__PURE__ */ layerClass(adaptiveQuantilePool, 1)

/** `adaptiveQuantilePool2d` as a layer. */
export const AdaptiveQuantilePool2d: IndexedPoolLayerClass<AdaptiveQuantilePoolOptions> =
  /* @__PURE__ */ layerClass(adaptiveQuantilePool, 2)

/** `adaptiveQuantilePool3d` as a layer. */
export const AdaptiveQuantilePool3d: IndexedPoolLayerClass<AdaptiveQuantilePoolOptions> =
  /* @__PURE__ */ layerClass(adaptiveQuantilePool, 3)

/** `modePool1d` as a layer. */
export const ModePool1d: LabelPoolLayerClass<ModePoolOptions> = /* @__PURE__ */ layerClass(modePool, 1)

/** `modePool2d` as a layer. */
export const ModePool2d: LabelPoolLayerClass<ModePoolOptions> = /* @__PURE__ */ layerClass(modePool, 2)

/** `modePool3d` as a layer. */
export const ModePool3d: LabelPoolLayerClass<ModePoolOptions> = /* @__PURE__ */ layerClass(modePool, 3)

/** `adaptiveModePool1d` as a layer. */
export const AdaptiveModePool1d: LabelPoolLayerClass<AdaptiveModePoolOptions> = /* @__PURE__ */ layerClass(
  adaptiveModePool,
  1,
)

/** `adaptiveModePool2d` as a layer. */
export const AdaptiveModePool2d: LabelPoolLayerClass<AdaptiveModePoolOptions> = /* @__PURE__ */ layerClass(
  adaptiveModePool,
  2,
)

/** `adaptiveModePool3d` as a layer. */
export const AdaptiveModePool3d: LabelPoolLayerClass<AdaptiveModePoolOptions> = /* @__PURE__ */ layerClass(
  adaptiveModePool,
  3,
)
