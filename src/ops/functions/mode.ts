/**
 * @file Pooling to the mode of each window: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveModePool, globalModePool as globalMode, modePool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { Pooled, PooledWithIndices, WithIndices, WithoutIndices } from '../options/with-indices.ts'
import type { ModeOptions } from '../reduce/mode.ts'

/** Options of mode pooling over a sliding window. */
export type ModePoolOptions = SlidingOptions & ModeOptions

/** Options of adaptive mode pooling. */
export type AdaptiveModePoolOptions = AdaptiveOptions & ModeOptions

/** Options of global mode pooling. */
export type GlobalModePoolOptions = GlobalOptions & ModeOptions

/**
 * The commonest label of each window of a sequence.
 *
 * @param x        integers, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; ties; ignore; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Lout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for floating labels
 *
 * Among equally common labels the 'first' in row-major order, the 'lowest' or the 'highest' wins. The label `ignore` wins only where the
 * window has no other, as a background of 0 does in the pyramids of igneous. Labels of 64 bits are exact. A window without taps gives
 * `ignore`, or 0. Indices: the first element with the label, -1 for a window without taps.
 * Not read: padding, and what `mask` and `nodata` leave out (as in `maxPool1d`).
 * Source: igneous, cc3d and tinybrain, which pool segmentations in this way
 */
export function modePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function modePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function modePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function modePool1d(x: TensorLike, options: ModePoolOptions): unknown {
  return modePool[1].forward(x, options)
}

/**
 * The commonest label of each window of a plane.
 *
 * @param x        integers, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; ties; ignore; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for floating labels
 *
 * Among equally common labels the 'first' in row-major order, the 'lowest' or the 'highest' wins. The label `ignore` wins only where the
 * window has no other, as a background of 0 does in the pyramids of igneous. Labels of 64 bits are exact. A window without taps gives
 * `ignore`, or 0. Indices: the first element with the label, -1 for a window without taps.
 * Not read: padding, and what `mask` and `nodata` leave out (as in `maxPool1d`).
 * Source: igneous, cc3d and tinybrain, which pool segmentations in this way
 *
 * @example modePool2d(labels, { kernelSize: 2, ignore: 0 })
 */
export function modePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function modePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function modePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function modePool2d(x: TensorLike, options: ModePoolOptions): unknown {
  return modePool[2].forward(x, options)
}

/** The commonest label of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `modePool2d`. */
export function modePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function modePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function modePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: ModePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function modePool3d(x: TensorLike, options: ModePoolOptions): unknown {
  return modePool[3].forward(x, options)
}

/** The commonest label of each of `outputSize` windows of a sequence: windows as in `adaptiveMaxPool1d`, the rest as `modePool1d`. */
export function adaptiveModePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveModePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveModePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveModePool1d(x: TensorLike, options: AdaptiveModePoolOptions): unknown {
  return adaptiveModePool[1].forward(x, options)
}

/** The commonest label of each of `outputSize` windows of a plane: windows as in `adaptiveMaxPool2d`, the rest as `modePool2d`. */
export function adaptiveModePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveModePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveModePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveModePool2d(x: TensorLike, options: AdaptiveModePoolOptions): unknown {
  return adaptiveModePool[2].forward(x, options)
}

/** The commonest label of each of `outputSize` windows of a volume: windows as in `adaptiveMaxPool3d`, the rest as `modePool3d`. */
export function adaptiveModePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveModePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveModePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveModePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveModePool3d(x: TensorLike, options: AdaptiveModePoolOptions): unknown {
  return adaptiveModePool[3].forward(x, options)
}

/** The commonest label over all axes after batch and channels: shapes as `globalMaxPool`, the rest as `modePool1d`. */
export function globalModePool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalModePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function globalModePool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalModePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function globalModePool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalModePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function globalModePool(x: TensorLike, options: GlobalModePoolOptions = {}): unknown {
  return globalMode[0].forward(x, options)
}
