/**
 * @file `Pool2D`, the layer that the tutorial builds.
 */
import { invalid } from '../errors.ts'
import { avgPool2d, avgPool2dBackward } from '../ops/functions/average.ts'
import { maxPool2d, maxPool2dBackward } from '../ops/functions/max.ts'
import { type PerAxis, parseName, parsePerAxis } from '../ops/options/parse.ts'
import { outputShape } from '../ops/output-shape.ts'
import { parseRounding } from '../ops/reduce/average.ts'
import type { Rounding } from '../reducers/rounding.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import { readOptions } from '../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { frozenCopy, type Layer } from './layer.ts'
import { formatRepr } from './repr.ts'

/** Options of `Pool2D`. */
export interface Pool2DOptions {
  /** Height and width of the window. Default: [2, 2]. */
  readonly size?: PerAxis | undefined
  /** Default: 'max'. */
  readonly mode?: 'max' | 'average' | undefined
  /** Distance between neighbouring windows. Default: 1, unlike `MaxPool2d`, whose default is the window. */
  readonly stride?: PerAxis | undefined
  /** Rounding of integer averages, as in `avgPool2d`. */
  readonly rounding?: Rounding | undefined
}

/**
 * Pools each channel of each sample by itself: [N, C, H, W] to [N, C, floor((H - h) / stride) + 1, floor((W - w) / stride) + 1].
 *
 * Follows the tutorial's text. `legacyPool2d` of `pool2d/legacy` reproduces the tutorial's code, which differs.
 *
 * @example new Pool2D({ size: [2, 2], mode: 'max', stride: 1 }).forward(rand([3, 2, 5, 5])).shape // [3, 2, 4, 4]
 */
export class Pool2D implements Layer<Pool2DOptions> {
  readonly options: Readonly<{
    size: PerAxis
    mode: 'max' | 'average'
    stride: PerAxis
    rounding: Rounding | undefined
  }>

  /** @throws PoolError "BAD_PARAM" for a mode other than 'max' and 'average', a size or stride that is not a whole number from 1, or `rounding` with mode 'max' */
  constructor(options: Pool2DOptions = {}) {
    const given = readOptions('Pool2D', options, ['size', 'mode', 'stride', 'rounding'])
    const { size = [2, 2], stride = 1 } = given
    parsePerAxis('Pool2D', 'size', size, 2, 1)
    parsePerAxis('Pool2D', 'stride', stride, 2, 1)
    const mode = parseName('Pool2D', 'mode', given.mode, ['max', 'average'])
    const rounding = parseRounding('Pool2D', given.rounding)
    if (mode === 'max' && rounding !== undefined) {
      throw invalid(
        'BAD_PARAM',
        { op: 'Pool2D', argument: 'rounding', value: rounding },
        'must not be given with mode "max": only averages are rounded',
        'Leave it out.',
      )
    }
    this.options = frozenCopy('Pool2D', { size, mode, stride, rounding })
  }

  /** @param x any dtype, [N, C, H, W] or [C, H, W] */
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>): Tensor<A> {
    return this.options.mode === 'max' ? maxPool2d(x, this.#window) : avgPool2d(x, this.#mean)
  }

  /** The gradient of `forward` at x, for a gradient `dy` of its output. */
  backward<A extends TypedArray = Float32Array>(dy: TensorLike<A>, x: TensorLike<A>): Tensor<A> {
    return this.options.mode === 'max'
      ? maxPool2dBackward(dy, x, this.#window)
      : avgPool2dBackward(dy, x, this.#mean)
  }

  outputShape(shape: readonly number[]): readonly number[] {
    return outputShape('maxPool2d', shape, this.#window)
  }

  toString(): string {
    return formatRepr('Pool2D', { ...this.options })
  }

  get #window() {
    return { kernelSize: this.options.size, stride: this.options.stride }
  }

  get #mean() {
    return { ...this.#window, rounding: this.options.rounding }
  }
}
