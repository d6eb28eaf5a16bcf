/**
 * @file The mean of colours with alpha: every colour is weighted by its alpha, and alpha is a plain mean, the share that is covered.
 */
import { roundNumber } from '../../reducers/rounding.ts'
import { type DType, dtypes } from '../../tensor/dtype.ts'
import { rowMajorStrides } from '../../tensor/shape.ts'
import type { AlphaOption, Downsampling } from './options.ts'
import type { WindowArray } from './reduce.ts'
import { roundOnce } from './rounding-once.ts'
import { forEachRun } from './windows.ts'

export function weightedMean(
  x: WindowArray,
  y: WindowArray,
  shape: readonly number[],
  dtype: DType,
  { factors, sizes, alpha }: Downsampling,
): void {
  const { axis, channel } = alpha as AlphaOption
  const stride = rowMajorStrides(shape)[axis]!
  const channels = shape[axis]!
  const round = dtypes[dtype].float ? roundOnce(dtype) : roundNumber['half-even']
  forEachRun(shape, factors, sizes, ({ from, step, to, count, taps }) => {
    for (let i = 0; i < count; i++) {
      const start = from + i * step
      const own = Math.floor(start / stride) % channels
      const toAlpha = (channel - own) * stride
      let [sum, weight] = [0, 0]
      for (let t = 0; t < taps.length; t++) {
        const at = start + taps[t]!
        const a = own === channel ? 1 : (x[at + toAlpha] as number)
        sum += a * (x[at] as number)
        weight += a
      }
      y[to + i] = weight === 0 ? 0 : round(sum / weight)
    }
  })
}
