/**
 * @file The gradient of the exponent of generalized means, which networks learn.
 */
import { asTensor } from '../../tensor/as-tensor.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { valuesOf } from '../../tensor/storage.ts'
import { Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, assertSameDType } from '../buffers.ts'
import { catalogue, type OptionsOf, operationOf } from '../catalogue.ts'
import { elementOf } from '../counted/elements.ts'
import { parseMask } from '../counted/mask.ts'
import type { CountedOptions } from '../counted/options.ts'
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
 * @param options  those of the forward call, without returnCounts and out; windows with too few elements give no gradient
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
  const { describe, needs, takes, geometry, rank } = catalogue[op]
  const known = [...needs, ...takes].filter((option) => !ofResults.includes(option))
  const own = readOptions('gemExponentGradient', options as object, known) as Given
  const input = asTensor(op, 'x', x)
  const { shape, outline, axes } = describe('backward', input, own)
  assertFloat(op, 'x', input.dtype, 'generalized means are of')
  const gradient = asTensor(op, 'dy', dy, input.dtype)
  assertSameShape(op, 'dy', gradient.shape, shape, "the output's shape for this input")
  assertSameDType(op, 'dy', gradient, input)
  if (own.mask !== undefined) parseMask(op, own.mask, axes).assertBits()
  const { p, eps } = outline as { p: number; eps: number }
  const values = Float64Array.from(valuesOf(input) as Float64Array)
  const { nodata } = own
  const missing = nodata === undefined ? undefined : elementOf(op, 'nodata', nodata, input.dtype)
  const raised = values.map((value) => (isSame(value, missing) ? leftOut : Math.max(value, eps)))
  const average = operationOf({ geometry, rank, reducer: 'average' })!
  const settings = {
    ...Object.fromEntries(Object.entries(own).filter(([option]) => average.names.includes(option))),
    ...(average.names.includes('countIncludePad') && { countIncludePad: false }),
    ...(missing !== undefined && { nodata: leftOut }),
    ...(canBeFew.some((option) => own[option] !== undefined) && { fill: 0 }),
  }
  const mean = (of: (value: number) => number): ArrayLike<number> => {
    const data = raised.map((value) => (value === leftOut ? value : of(value)))
    const { data: means } = average.forward(new Tensor(data, input.shape, 'float64'), settings) as Tensor
    return means as Float64Array
  }
  const powers = mean((value) => value ** p)
  const slopes = mean((value) => (value === 0 ? 0 : value ** p * Math.log(value)))
  return (valuesOf(gradient) as Float64Array).reduce((sum, given, i) => {
    const power = powers[i]!
    if (power === 0) return sum
    return sum + given * power ** (1 / p) * (slopes[i]! / (p * power) - Math.log(power) / p ** 2)
  }, 0)
}

interface Given extends CountedOptions {
  readonly keepDims?: boolean | undefined
}

/** The options of results. */
const ofResults: readonly string[] = ['returnCounts', 'out']
const canBeFew = ['mask', 'nodata', 'minCount', 'fill'] as const

/** Stands for what is left out: no power is -Infinity, nor a power times its logarithm. */
const leftOut = Number.NEGATIVE_INFINITY

function isSame(value: number, missing: Scalar | undefined): boolean {
  return missing !== undefined && (value === missing || (value !== value && missing !== missing))
}
