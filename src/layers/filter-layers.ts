/**
 * @file Layers that torch.nn lacks and that weight elements by their position: blur and area.
 */
import { areaPool, blurPool } from '../ops/catalogue.ts'
import type { AreaOptions } from '../ops/geometry/adaptive.ts'
import type { BlurOptions } from '../ops/geometry/blur.ts'
import { layerClass } from './layer.ts'
import type { PoolLayerClass } from './layer-types.ts'

/** `blurPool1d` as a layer. */
export const BlurPool1d: PoolLayerClass<BlurOptions> = /* @__PURE__ */ layerClass(blurPool, 1)

/** `blurPool2d` as a layer. */
export const BlurPool2d: PoolLayerClass<BlurOptions> = /* @__PURE__ */ layerClass(blurPool, 2)

/** `blurPool3d` as a layer. */
export const BlurPool3d: PoolLayerClass<BlurOptions> = /* @__PURE__ */ layerClass(blurPool, 3)

/** `areaPool1d` as a layer. */
export const AreaPool1d: PoolLayerClass<AreaOptions> = /* @__PURE__ */ layerClass(areaPool, 1)

/** `areaPool2d` as a layer. */
export const AreaPool2d: PoolLayerClass<AreaOptions> = /* @__PURE__ */ layerClass(areaPool, 2)

/** `areaPool3d` as a layer. */
export const AreaPool3d: PoolLayerClass<AreaOptions> = /* @__PURE__ */ layerClass(areaPool, 3)
