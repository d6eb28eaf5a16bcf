/**
 * @file Calls whose gradients are checked, and inputs away from ties.
 */
import * as pool from '../../src/index.ts'
import { rand, type Tensor, tensor } from '../../src/index.ts'

export type Options = Record<string, unknown>
type Forward = (x: Tensor, options: Options) => Tensor
type Backward = (dy: Tensor, x: Tensor, options: Options) => Tensor
export const functions = pool as unknown as Record<string, Forward & Backward>

const lengths = [7, 6, 5]
export const shapeOf = (rank: number, layout: string): number[] => {
  const spatial = lengths.slice(0, rank)
  return layout === 'NHWC' ? [2, ...spatial, 3] : [2, 3, ...spatial]
}

const window = { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }
const dilated = { kernelSize: 2, stride: 1, padding: 1, dilation: 2 }
/** Every operation that has a gradient, by name, pooled axes and options. */
export const cases: [name: string, rank: number, options: Options][] = [1, 2, 3].flatMap(
  (rank): [string, number, Options][] => [
    [`maxPool${rank}d`, rank, window],
    [`maxPool${rank}d`, rank, dilated],
    [`minPool${rank}d`, rank, window],
    [`avgPool${rank}d`, rank, window],
    [`avgPool${rank}d`, rank, { ...window, countIncludePad: false }],
    [`avgPool${rank}d`, rank, { ...dilated, divisorOverride: -3 }],
    [`lpPool${rank}d`, rank, { ...window, normType: 1 }],
    [`lpPool${rank}d`, rank, { ...window, normType: 2.5 }],
    [`lpPool${rank}d`, rank, { ...dilated, normType: 3 }],
    [`lpPool${rank}d`, rank, { ...window, padding: 0, normType: Number.POSITIVE_INFINITY }],
    [`lpPool${rank}d`, rank, { ...window, padding: 0, normType: Number.NEGATIVE_INFINITY }],
    [`medianPool${rank}d`, rank, window],
    [`quantilePool${rank}d`, rank, { ...dilated, q: 0.3 }],
    [`adaptiveMedianPool${rank}d`, rank, { outputSize: 3 }],
    [`adaptiveQuantilePool${rank}d`, rank, { outputSize: 3, q: 0.8, interpolation: 'midpoint' }],
    ['globalMedianPool', rank, {}],
    ['globalQuantilePool', rank, { q: 0.61 }],
    [`adaptiveMaxPool${rank}d`, rank, { outputSize: 3 }],
    [`adaptiveAvgPool${rank}d`, rank, { outputSize: 3 }],
    ['globalMaxPool', rank, {}],
    ['globalAvgPool', rank, {}],
    ['globalLpPool', rank, { normType: 2 }],
    [`lpPool${rank}d`, rank, { ...window, normType: 2, partialNorm: 'norm' }],
    [`blurPool${rank}d`, rank, { filterSize: 4 }],
    [`blurPool${rank}d`, rank, { filterSize: 5, stride: 1, padMode: 'circular' }],
    [`maxBlurPool${rank}d`, rank, { kernelSize: 2, filterSize: 3, padMode: 'zero' }],
    [`areaPool${rank}d`, rank, { outputSize: 3 }],
    [`sumPool${rank}d`, rank, window],
    [`adaptiveSumPool${rank}d`, rank, { outputSize: 3 }],
    ['globalSumPool', rank, {}],
    ...['rms', 'var', 'std', 'gem', 'soft', 'lse'].flatMap((name) => moments(name, rank)),
    [`stochasticMeanPool${rank}d`, rank, window],
    [`stochasticMeanPool${rank}d`, rank, dilated],
    [`adaptiveStochasticMeanPool${rank}d`, rank, { outputSize: 3 }],
    ['globalStochasticMeanPool', rank, {}],
    ...(rank === 1 ? [] : [fractional(rank)]),
  ],
)

function moments(name: string, rank: number): [string, number, Options][] {
  const correction = name === 'var' || name === 'std' ? { correction: 0 } : name === 'gem' ? { eps: 0.5 } : {}
  const capital = name[0]!.toUpperCase() + name.slice(1)
  return [
    [`${name}Pool${rank}d`, rank, { ...window, ...correction }],
    [`${name}Pool${rank}d`, rank, { ...dilated, kernelSize: 3, padding: 2, ...correction }],
    [`adaptive${capital}Pool${rank}d`, rank, { outputSize: 3 }],
    [`global${capital}Pool`, rank, {}],
  ]
}

/** True for poolings whose gradient changes with x, by name and options. */
export const isCurved = (name: string, { normType }: Options): boolean =>
  /lpPool|rms|var|std|gem|soft|lse|stochasticMean/i.test(name) &&
  normType !== 1 &&
  Math.abs(Number(normType ?? 2)) !== Infinity

function fractional(rank: number): [string, number, Options] {
  const randomSamples = rand([2, 3, rank], { seed: 5, dtype: 'float64' })
  return [`fractionalMaxPool${rank}d`, rank, { kernelSize: 2, outputSize: 3, randomSamples }]
}

/** Values and magnitudes at least 0.03 apart, so no step of 1e-6 meets a tie. */
export function separated(shape: readonly number[]): Tensor<Float64Array> {
  const order = rand(shape, { seed: 11, dtype: 'float64' }).data
  const ranks = [...order.keys()].sort((a, b) => order[a]! - order[b]!)
  const data = new Float64Array(order.length)
  ranks.forEach((place, rank) => {
    data[place] = (rank + 0.3 - order.length / 2) / 10
  })
  return tensor(data, shape)
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
