/**
 * @file Layers named as in torch.nn.
 */
import {
  adaptiveAvgPool,
  adaptiveGemPool,
  adaptiveLsePool,
  adaptiveMaxPool,
  adaptiveMedianPool,
  adaptiveModePool,
  adaptiveQuantilePool,
  adaptiveRmsPool,
  adaptiveSoftPool,
  adaptiveStdPool,
  adaptiveSumPool,
  adaptiveVarPool,
  areaPool,
  avgPool,
  blurPool,
  fractionalMaxPool,
  gemPool,
  lpPool,
  lsePool,
  maxPool,
  maxUnpool,
  medianPool,
  minPool,
  modePool,
  quantilePool,
  rmsPool,
  softPool,
  stdPool,
  sumPool,
  varPool,
} from '../ops/catalogue.ts'
import type { AdaptiveAvgPoolOptions } from '../ops/functions/adaptive.ts'
import type { AvgPoolOptions } from '../ops/functions/average.ts'
import type { AdaptiveMedianPoolOptions, MedianPoolOptions } from '../ops/functions/median.ts'
import type { AdaptiveModePoolOptions, ModePoolOptions } from '../ops/functions/mode.ts'
import type { AdaptiveQuantilePoolOptions, QuantilePoolOptions } from '../ops/functions/quantile.ts'
import type { SumPoolOptions } from '../ops/functions/sum.ts'
import type { AdaptiveOptions, AreaOptions } from '../ops/geometry/adaptive.ts'
import type { BlurOptions } from '../ops/geometry/blur.ts'
import type { FractionalOptions } from '../ops/geometry/fractional.ts'
import type { SlidingOptions } from '../ops/geometry/sliding.ts'
import type { SharpnessOption } from '../ops/reduce/exponential.ts'
import type { GemOptions } from '../ops/reduce/generalized-mean.ts'
import type { NormOption, PartialNormOption } from '../ops/reduce/lp.ts'
import type { SumOptions } from '../ops/reduce/sum.ts'
import type { CorrectionOption } from '../ops/reduce/variance.ts'
import { layerClass } from './layer.ts'
import type {
  IndexedPoolLayerClass,
  LabelPoolLayerClass,
  PoolLayerClass,
  UnpoolLayerClass,
} from './layer-types.ts'

/** `maxPool1d` as a layer. Source: torch.nn.MaxPool1d */
export const MaxPool1d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(maxPool, 1)

/** `maxPool2d` as a layer. Source: torch.nn.MaxPool2d */
export const MaxPool2d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(maxPool, 2)

/** `maxPool3d` as a layer. Source: torch.nn.MaxPool3d */
export const MaxPool3d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(maxPool, 3)

/** `minPool1d` as a layer. */
export const MinPool1d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(minPool, 1)

/** `minPool2d` as a layer. */
export const MinPool2d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(minPool, 2)

/** `minPool3d` as a layer. */
export const MinPool3d: IndexedPoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(minPool, 3)

/** `avgPool1d` as a layer. Source: torch.nn.AvgPool1d */
export const AvgPool1d: PoolLayerClass<AvgPoolOptions> = /* @__PURE__ */ layerClass(avgPool, 1)

/** `avgPool2d` as a layer. Source: torch.nn.AvgPool2d */
export const AvgPool2d: PoolLayerClass<AvgPoolOptions> = /* @__PURE__ */ layerClass(avgPool, 2)

/** `avgPool3d` as a layer. Source: torch.nn.AvgPool3d */
export const AvgPool3d: PoolLayerClass<AvgPoolOptions> = /* @__PURE__ */ layerClass(avgPool, 3)

/** `sumPool1d` as a layer. */
export const SumPool1d: PoolLayerClass<SumPoolOptions> = /* @__PURE__ */ layerClass(sumPool, 1)

/** `sumPool2d` as a layer. */
export const SumPool2d: PoolLayerClass<SumPoolOptions> = /* @__PURE__ */ layerClass(sumPool, 2)

/** `sumPool3d` as a layer. */
export const SumPool3d: PoolLayerClass<SumPoolOptions> = /* @__PURE__ */ layerClass(sumPool, 3)

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

/** `maxUnpool1d` as a layer. Source: torch.nn.MaxUnpool1d */
export const MaxUnpool1d: UnpoolLayerClass = /* @__PURE__ */ layerClass(maxUnpool, 1)

/** `maxUnpool2d` as a layer. Source: torch.nn.MaxUnpool2d */
export const MaxUnpool2d: UnpoolLayerClass = /* @__PURE__ */ layerClass(maxUnpool, 2)

/** `maxUnpool3d` as a layer. Source: torch.nn.MaxUnpool3d */
export const MaxUnpool3d: UnpoolLayerClass = /* @__PURE__ */ layerClass(maxUnpool, 3)

/** `adaptiveSumPool1d` as a layer. */
export const AdaptiveSumPool1d: PoolLayerClass<AdaptiveOptions & SumOptions> = /* @__PURE__ */ layerClass(
  adaptiveSumPool,
  1,
)

/** `adaptiveSumPool2d` as a layer. */
export const AdaptiveSumPool2d: PoolLayerClass<AdaptiveOptions & SumOptions> = /* @__PURE__ */ layerClass(
  adaptiveSumPool,
  2,
)

/** `adaptiveSumPool3d` as a layer. */
export const AdaptiveSumPool3d: PoolLayerClass<AdaptiveOptions & SumOptions> = /* @__PURE__ */ layerClass(
  adaptiveSumPool,
  3,
)

/** `rmsPool1d` as a layer. */
export const RmsPool1d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(rmsPool, 1)

/** `rmsPool2d` as a layer. */
export const RmsPool2d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(rmsPool, 2)

/** `rmsPool3d` as a layer. */
export const RmsPool3d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(rmsPool, 3)

/** `adaptiveRmsPool1d` as a layer. */
export const AdaptiveRmsPool1d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveRmsPool,
  1,
)

/** `adaptiveRmsPool2d` as a layer. */
export const AdaptiveRmsPool2d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveRmsPool,
  2,
)

/** `adaptiveRmsPool3d` as a layer. */
export const AdaptiveRmsPool3d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveRmsPool,
  3,
)

/** `varPool1d` as a layer. */
export const VarPool1d: PoolLayerClass<SlidingOptions & CorrectionOption> = /* @__PURE__ */ layerClass(
  varPool,
  1,
)

/** `varPool2d` as a layer. */
export const VarPool2d: PoolLayerClass<SlidingOptions & CorrectionOption> = /* @__PURE__ */ layerClass(
  varPool,
  2,
)

/** `varPool3d` as a layer. */
export const VarPool3d: PoolLayerClass<SlidingOptions & CorrectionOption> = /* @__PURE__ */ layerClass(
  varPool,
  3,
)

/** `adaptiveVarPool1d` as a layer. */
export const AdaptiveVarPool1d: PoolLayerClass<AdaptiveOptions & CorrectionOption> =
  /* @__PURE__ */ layerClass(adaptiveVarPool, 1)

/** `adaptiveVarPool2d` as a layer. */
export const AdaptiveVarPool2d: PoolLayerClass<AdaptiveOptions & CorrectionOption> =
  /* @__PURE__ */ layerClass(adaptiveVarPool, 2)

/** `adaptiveVarPool3d` as a layer. */
export const AdaptiveVarPool3d: PoolLayerClass<AdaptiveOptions & CorrectionOption> =
  /* @__PURE__ */ layerClass(adaptiveVarPool, 3)

/** `stdPool1d` as a layer. */
export const StdPool1d: PoolLayerClass<SlidingOptions & CorrectionOption> = /* @__PURE__ */ layerClass(
  stdPool,
  1,
)

/** `stdPool2d` as a layer. */
export const StdPool2d: PoolLayerClass<SlidingOptions & CorrectionOption> = /* @__PURE__ */ layerClass(
  stdPool,
  2,
)

/** `stdPool3d` as a layer. */
export const StdPool3d: PoolLayerClass<SlidingOptions & CorrectionOption> = /* @__PURE__ */ layerClass(
  stdPool,
  3,
)

/** `adaptiveStdPool1d` as a layer. */
export const AdaptiveStdPool1d: PoolLayerClass<AdaptiveOptions & CorrectionOption> =
  /* @__PURE__ */ layerClass(adaptiveStdPool, 1)

/** `adaptiveStdPool2d` as a layer. */
export const AdaptiveStdPool2d: PoolLayerClass<AdaptiveOptions & CorrectionOption> =
  /* @__PURE__ */ layerClass(adaptiveStdPool, 2)

/** `adaptiveStdPool3d` as a layer. */
export const AdaptiveStdPool3d: PoolLayerClass<AdaptiveOptions & CorrectionOption> =
  /* @__PURE__ */ layerClass(adaptiveStdPool, 3)

/** `gemPool1d` as a layer. */
export const GemPool1d: PoolLayerClass<SlidingOptions & GemOptions> = /* @__PURE__ */ layerClass(gemPool, 1)

/** `gemPool2d` as a layer. */
export const GemPool2d: PoolLayerClass<SlidingOptions & GemOptions> = /* @__PURE__ */ layerClass(gemPool, 2)

/** `gemPool3d` as a layer. */
export const GemPool3d: PoolLayerClass<SlidingOptions & GemOptions> = /* @__PURE__ */ layerClass(gemPool, 3)

/** `adaptiveGemPool1d` as a layer. */
export const AdaptiveGemPool1d: PoolLayerClass<AdaptiveOptions & GemOptions> = /* @__PURE__ */ layerClass(
  adaptiveGemPool,
  1,
)

/** `adaptiveGemPool2d` as a layer. */
export const AdaptiveGemPool2d: PoolLayerClass<AdaptiveOptions & GemOptions> = /* @__PURE__ */ layerClass(
  adaptiveGemPool,
  2,
)

/** `adaptiveGemPool3d` as a layer. */
export const AdaptiveGemPool3d: PoolLayerClass<AdaptiveOptions & GemOptions> = /* @__PURE__ */ layerClass(
  adaptiveGemPool,
  3,
)

/** `softPool1d` as a layer. */
export const SoftPool1d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(softPool, 1)

/** `softPool2d` as a layer. */
export const SoftPool2d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(softPool, 2)

/** `softPool3d` as a layer. */
export const SoftPool3d: PoolLayerClass<SlidingOptions> = /* @__PURE__ */ layerClass(softPool, 3)

/** `adaptiveSoftPool1d` as a layer. */
export const AdaptiveSoftPool1d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveSoftPool,
  1,
)

/** `adaptiveSoftPool2d` as a layer. */
export const AdaptiveSoftPool2d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveSoftPool,
  2,
)

/** `adaptiveSoftPool3d` as a layer. */
export const AdaptiveSoftPool3d: PoolLayerClass<AdaptiveOptions> = /* @__PURE__ */ layerClass(
  adaptiveSoftPool,
  3,
)

/** `lsePool1d` as a layer. */
export const LsePool1d: PoolLayerClass<SlidingOptions & SharpnessOption> = /* @__PURE__ */ layerClass(
  lsePool,
  1,
)

/** `lsePool2d` as a layer. */
export const LsePool2d: PoolLayerClass<SlidingOptions & SharpnessOption> = /* @__PURE__ */ layerClass(
  lsePool,
  2,
)

/** `lsePool3d` as a layer. */
export const LsePool3d: PoolLayerClass<SlidingOptions & SharpnessOption> = /* @__PURE__ */ layerClass(
  lsePool,
  3,
)

/** `adaptiveLsePool1d` as a layer. */
export const AdaptiveLsePool1d: PoolLayerClass<AdaptiveOptions & SharpnessOption> =
  /* @__PURE__ */ layerClass(adaptiveLsePool, 1)

/** `adaptiveLsePool2d` as a layer. */
export const AdaptiveLsePool2d: PoolLayerClass<AdaptiveOptions & SharpnessOption> =
  /* @__PURE__ */ layerClass(adaptiveLsePool, 2)

/** `adaptiveLsePool3d` as a layer. */
export const AdaptiveLsePool3d: PoolLayerClass<AdaptiveOptions & SharpnessOption> =
  /* @__PURE__ */ layerClass(adaptiveLsePool, 3)

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
