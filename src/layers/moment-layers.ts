/**
 * @file Layers that torch.nn lacks and that average or sum: moments, generalised means, soft and log-mean-exp poolings.
 */
import {
  adaptiveGemPool,
  adaptiveLsePool,
  adaptiveRmsPool,
  adaptiveSoftPool,
  adaptiveStdPool,
  adaptiveSumPool,
  adaptiveVarPool,
  gemPool,
  lsePool,
  rmsPool,
  softPool,
  stdPool,
  sumPool,
  varPool,
} from '../ops/catalogue.ts'
import type { SumPoolOptions } from '../ops/functions/sum.ts'
import type { AdaptiveOptions } from '../ops/geometry/adaptive.ts'
import type { SlidingOptions } from '../ops/geometry/sliding.ts'
import type { SharpnessOption } from '../ops/reduce/exponential.ts'
import type { GemOptions } from '../ops/reduce/generalized-mean.ts'
import type { SumOptions } from '../ops/reduce/sum.ts'
import type { CorrectionOption } from '../ops/reduce/variance.ts'
import { layerClass } from './layer.ts'
import type { PoolLayerClass } from './layer-types.ts'

/** `sumPool1d` as a layer. */
export const SumPool1d: PoolLayerClass<SumPoolOptions> = /* @__PURE__ */ layerClass(sumPool, 1)

/** `sumPool2d` as a layer. */
export const SumPool2d: PoolLayerClass<SumPoolOptions> = /* @__PURE__ */ layerClass(sumPool, 2)

/** `sumPool3d` as a layer. */
export const SumPool3d: PoolLayerClass<SumPoolOptions> = /* @__PURE__ */ layerClass(sumPool, 3)

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
