/**
 * @file The gradient of the exponent of generalized means, which networks learn.
 */
import { runJob } from '../../kernels/run.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { valuesOf } from '../../tensor/storage.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, assertSameDType } from '../buffers.ts'
import { catalogue, type OptionsOf } from '../catalogue.ts'
import { assertSameShape } from '../geometry/tensor-axes.ts'
import { parseName } from '../options/parse.ts'

const names = [
  'gemPool1d',
  'gemPool2d',
  'gemPool3d',
  'adaptiveGemPool1d',
  'adaptiveGemPool2d',
  'adaptiveGemPool3d',
  'globalGemPool',
] as const

/** The functions that compute generalized means. */
export type GemPoolName = (typeof names)[number]

/**
 * The gradient of p in generalized mean pooling: the sum over all outputs of dy times dy/dp, where
 * dy/dp = y (mean of c^p log c / (p mean of c^p) - log(mean of c^p) / p^2) and c = max(x, eps).
 *
 * @param name     the function's name, such as 'gemPool2d'
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call, without those that leave elements out
 * @returns        a number, computed in float64; 0 for windows of zeros
 * @throws PoolError as the forward call
 *
 * @example const dp = gemExponentGradient('globalGemPool', dy, x, { p })
 */
export function gemExponentGradient<N extends GemPoolName>(
  name: N,
  dy: TensorLike,
  x: TensorLike,
  options: OptionsOf<N>,
): number {
  const op = parseName('gemExponentGradient', 'name', name, names)
  const { describe, needs, takes } = catalogue[op]
  const known = [...needs, ...takes].filter((option) => !leftOut.includes(option))
  const own = readOptions('gemExponentGradient', options as object, known)
  const input = asTensor(op, 'x', x)
  const { shape, outline, plan } = describe('backward', input, own)
  assertFloat(op, 'x', input.dtype, 'generalized means are of')
  const gradient = asTensor(op, 'dy', dy, input.dtype)
  assertSameShape(op, 'dy', gradient.shape, shape, "the output's shape for this input")
  assertSameDType(op, 'dy', gradient, input)
  const { p, eps } = outline as { p: number; eps: number }
  const raised = Float64Array.from(valuesOf(input) as Float64Array, (value) => Math.max(value, eps))
  const mean = (values: Float64Array): Float64Array => {
    const y = new Float64Array(gradient.data.length)
    runJob({
      reducer: 'average',
      pass: 'forward',
      division: 'product',
      rounding: 'trunc',
      exact: false,
      dtype: 'float64',
      plan: plan(),
      x: values,
      y,
    })
    return y
  }
  const powers = mean(raised.map((value) => value ** p))
  const slopes = mean(raised.map((value) => (value === 0 ? 0 : value ** p * Math.log(value))))
  return (valuesOf(gradient) as Float64Array).reduce((sum, given, i) => {
    const power = powers[i]!
    if (power === 0) return sum
    return sum + given * power ** (1 / p) * (slopes[i]! / (p * power) - Math.log(power) / p ** 2)
  }, 0)
}

const leftOut: readonly string[] = ['mask', 'nodata', 'minCount', 'fill', 'returnCounts', 'out']
