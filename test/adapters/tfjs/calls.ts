/**
 * @file One or more calls of every function, with every kind of option, for tests that hold for all of them.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { type PoolFunctions, poolFunctions } from '../../../src/adapters/tfjs/index.ts'
import { rand } from '../../../src/tensor/create.ts'
import { scattered, tf } from './tf.ts'

export const pools = poolFunctions(tf)

export interface PoolCall {
  readonly name: keyof PoolFunctions
  readonly shape: number[]
  readonly options: object
}

const first = { dataFormat: 'channelsFirst' }
const ceil = { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }
const samples2 = rand([2, 3, 2], { seed: 1 })
const samples3 = rand([2, 2, 3], { seed: 1 })

export const calls: readonly PoolCall[] = [
  { name: 'maxPool1d', shape: [2, 9, 3], options: ceil },
  { name: 'maxPool2d', shape: [2, 6, 5, 3], options: ceil },
  {
    name: 'maxPool2d',
    shape: [2, 3, 6, 7],
    options: { kernelSize: [2, 3], stride: 1, dilation: 2, ...first },
  },
  { name: 'maxPool2d', shape: [6, 5, 3], options: { kernelSize: 2 } },
  { name: 'maxPool2d', shape: [1, 20, 19, 2], options: { kernelSize: 11, stride: 2, padding: 5 } },
  { name: 'maxPool3d', shape: [1, 4, 5, 4, 2], options: ceil },
  { name: 'minPool1d', shape: [2, 3, 9], options: { ...ceil, ...first } },
  { name: 'minPool2d', shape: [2, 6, 5, 3], options: { kernelSize: 3, stride: 2, padding: 'same' } },
  { name: 'minPool3d', shape: [1, 4, 5, 4, 2], options: { kernelSize: 2 } },
  { name: 'avgPool1d', shape: [2, 9, 3], options: ceil },
  { name: 'avgPool2d', shape: [2, 6, 5, 3], options: { ...ceil, countIncludePad: true } },
  { name: 'avgPool2d', shape: [2, 6, 5, 3], options: { kernelSize: 3, stride: 2, padding: 'same' } },
  { name: 'avgPool2d', shape: [2, 3, 6, 7], options: { kernelSize: 2, divisorOverride: 3, ...first } },
  { name: 'avgPool2d', shape: [1, 20, 19, 2], options: { kernelSize: 9, stride: 1, padding: 4 } },
  {
    name: 'avgPool2d',
    shape: [1, 2, 20, 19],
    options: { kernelSize: 9, stride: 1, divisorOverride: 7, ...first },
  },
  { name: 'avgPool3d', shape: [1, 4, 5, 4, 2], options: ceil },
  { name: 'sumPool1d', shape: [2, 9, 3], options: ceil },
  { name: 'sumPool2d', shape: [2, 6, 5, 3], options: ceil },
  { name: 'sumPool3d', shape: [1, 4, 5, 4, 2], options: ceil },
  { name: 'lpPool1d', shape: [2, 9, 3], options: { ...ceil, normType: 1 } },
  { name: 'lpPool2d', shape: [2, 6, 5, 3], options: { ...ceil, normType: 2 } },
  { name: 'lpPool1d', shape: [2, 8, 3], options: { ...ceil, normType: 3, partialNorm: 'norm' } },
  { name: 'lpPool2d', shape: [2, 3, 6, 5], options: { kernelSize: 2, normType: 3, stride: 1, ...first } },
  { name: 'lpPool2d', shape: [2, 6, 5, 3], options: { ...ceil, normType: Number.POSITIVE_INFINITY } },
  { name: 'lpPool2d', shape: [2, 6, 5, 3], options: { ...ceil, normType: Number.NEGATIVE_INFINITY } },
  { name: 'lpPool3d', shape: [1, 4, 5, 4, 2], options: { kernelSize: 2, normType: 2.5 } },
  { name: 'medianPool1d', shape: [2, 9, 3], options: { ...ceil, kernelSize: 4 } },
  { name: 'medianPool2d', shape: [2, 6, 5, 3], options: ceil },
  { name: 'medianPool3d', shape: [1, 2, 4, 5, 4], options: { kernelSize: 2, ...first } },
  { name: 'quantilePool1d', shape: [2, 3, 9], options: { ...ceil, q: 0.3, ...first } },
  { name: 'quantilePool2d', shape: [2, 6, 5, 3], options: { ...ceil, q: 0.8, interpolation: 'midpoint' } },
  {
    name: 'quantilePool3d',
    shape: [1, 4, 5, 4, 2],
    options: { kernelSize: 2, q: 0.6, interpolation: 'nearest' },
  },
  { name: 'adaptiveMedianPool1d', shape: [2, 9, 3], options: { outputSize: 4 } },
  { name: 'adaptiveMedianPool2d', shape: [2, 6, 5, 3], options: { outputSize: [4, null] } },
  { name: 'adaptiveMedianPool3d', shape: [1, 4, 5, 4, 2], options: { outputSize: 2 } },
  { name: 'adaptiveQuantilePool1d', shape: [2, 9, 3], options: { outputSize: 2, q: 0.9 } },
  { name: 'adaptiveQuantilePool2d', shape: [2, 6, 5, 3], options: { outputSize: 3, q: 0.1 } },
  { name: 'adaptiveQuantilePool3d', shape: [1, 4, 5, 4, 2], options: { outputSize: 2, q: 1 } },
  { name: 'globalMedianPool', shape: [2, 9, 3], options: {} },
  { name: 'globalQuantilePool', shape: [2, 6, 5, 3], options: { q: 0.25 } },
  { name: 'adaptiveMaxPool1d', shape: [2, 9, 3], options: { outputSize: 4 } },
  { name: 'adaptiveMaxPool2d', shape: [2, 3, 6, 5], options: { outputSize: [4, null], ...first } },
  { name: 'adaptiveMaxPool3d', shape: [1, 4, 5, 4, 2], options: { outputSize: [2, 3, 1] } },
  { name: 'adaptiveAvgPool1d', shape: [2, 9, 3], options: { outputSize: 4 } },
  { name: 'adaptiveAvgPool2d', shape: [2, 3, 6, 5], options: { outputSize: [4, null], ...first } },
  { name: 'adaptiveAvgPool3d', shape: [1, 4, 5, 4, 2], options: { outputSize: 3 } },
  {
    name: 'fractionalMaxPool2d',
    shape: [2, 7, 8, 3],
    options: { kernelSize: 2, outputSize: 4, randomSamples: samples2 },
  },
  {
    name: 'fractionalMaxPool3d',
    shape: [2, 2, 5, 6, 5],
    options: { kernelSize: 2, outputRatio: 0.5, randomSamples: samples3, ...first },
  },
  { name: 'maxUnpool1d', shape: [2, 4, 3], options: { kernelSize: 2 } },
  { name: 'maxUnpool2d', shape: [2, 2, 3, 3], options: { kernelSize: 2, outputSize: [5, 6] } },
  { name: 'maxUnpool3d', shape: [1, 2, 2, 3, 2], options: { kernelSize: 2, ...first } },
  { name: 'globalMaxPool', shape: [2, 6, 5, 3], options: {} },
  { name: 'globalAvgPool', shape: [2, 3, 4, 3, 4], options: first },
  { name: 'globalLpPool', shape: [2, 9, 3], options: { normType: 2 } },
  { name: 'globalLpPool', shape: [2, 4, 4, 3], options: { normType: Number.NEGATIVE_INFINITY } },
  { name: 'adaptiveSumPool2d', shape: [2, 3, 6, 5], options: { outputSize: [4, null], ...first } },
  { name: 'globalSumPool', shape: [2, 9, 3], options: {} },
  { name: 'blurPool1d', shape: [2, 9, 3], options: { filterSize: 4 } },
  { name: 'blurPool2d', shape: [2, 3, 6, 5], options: { stride: 1, padMode: 'circular', ...first } },
  { name: 'areaPool2d', shape: [2, 6, 5, 3], options: { outputSize: 4 } },
  { name: 'stochasticPool1d', shape: [2, 9, 3], options: { ...ceil, samples: rand([2, 5, 3], { seed: 1 }) } },
  {
    name: 'stochasticPool2d',
    shape: [2, 3, 6, 5],
    options: { kernelSize: 2, samples: rand([2, 3, 3, 2], { seed: 2 }), ...first },
  },
  { name: 'stochasticMeanPool1d', shape: [2, 9, 3], options: ceil },
  { name: 'stochasticMeanPool2d', shape: [2, 3, 6, 5], options: { kernelSize: 3, stride: 1, ...first } },
  { name: 'stochasticPool3d', shape: [1, 2, 2, 2, 1], options: { kernelSize: 2, samples: [[[[[0.5]]]]] } },
  {
    name: 'adaptiveStochasticPool2d',
    shape: [2, 6, 5, 3],
    options: { outputSize: 3, samples: rand([2, 3, 3, 3], { seed: 4 }) },
  },
  { name: 'globalStochasticPool', shape: [2, 9, 3], options: { samples: rand([2, 1, 3], { seed: 5 }) } },
  { name: 'adaptiveStochasticMeanPool2d', shape: [2, 3, 6, 5], options: { outputSize: [4, null], ...first } },
  { name: 'globalStochasticMeanPool', shape: [2, 9, 3], options: {} },
  { name: 'maxBlurPool1d', shape: [2, 9, 3], options: { kernelSize: 3, filterSize: 4 } },
  {
    name: 'maxBlurPool2d',
    shape: [2, 3, 6, 5],
    options: { kernelSize: [2, 3], padMode: 'circular', ...first },
  },
  { name: 'maxBlurPool3d', shape: [1, 4, 5, 4, 2], options: { kernelSize: 2, stride: 1 } },
  { name: 'spatialPyramidPool', shape: [2, 9, 3], options: { levels: [4, 1] } },
  {
    name: 'spatialPyramidPool',
    shape: [2, 3, 6, 5],
    options: { levels: [[3, 2], 1], mode: ['average', 'max'], ...first },
  },
  ...moments('rms', {}),
  ...moments('var', { correction: 0 }),
  ...moments('std', { correction: 0 }),
  ...moments('gem', { eps: 0.01 }),
  ...moments('soft', {}),
  ...moments('lse', { r: 2 }),
]

/** A few calls of a family that has every geometry. */
function moments<N extends 'rms' | 'var' | 'std' | 'gem' | 'soft' | 'lse'>(
  name: N,
  extra: object,
): readonly PoolCall[] {
  const capital = `${name[0]!.toUpperCase()}${name.slice(1)}` as Capitalize<N>
  return [
    { name: `${name}Pool1d`, shape: [2, 9, 3], options: { ...ceil, ...extra } },
    { name: `${name}Pool2d`, shape: [2, 3, 6, 5], options: { kernelSize: 3, stride: 1, ...extra, ...first } },
    { name: `${name}Pool3d`, shape: [1, 4, 5, 4, 2], options: { kernelSize: 2, ...extra } },
    { name: `adaptive${capital}Pool2d`, shape: [2, 6, 5, 3], options: { outputSize: 2, ...extra } },
    { name: `global${capital}Pool`, shape: [2, 9, 3], options: extra },
  ]
}
/** Calls of int32 labels, which have no gradient. */
export const labelCalls: readonly PoolCall[] = [
  { name: 'modePool1d', shape: [2, 9, 3], options: ceil },
  { name: 'modePool2d', shape: [2, 6, 5, 3], options: { kernelSize: 2, ignore: 0, ties: 'lowest' } },
  { name: 'modePool3d', shape: [1, 2, 4, 5, 4], options: { kernelSize: 2, ...first } },
  { name: 'adaptiveModePool1d', shape: [2, 9, 3], options: { outputSize: 4 } },
  { name: 'adaptiveModePool2d', shape: [2, 6, 5, 3], options: { outputSize: 2 } },
  { name: 'adaptiveModePool3d', shape: [1, 4, 5, 4, 2], options: { outputSize: 2 } },
  { name: 'globalModePool', shape: [2, 9, 3], options: {} },
]

export const titleOf = ({ name, shape, options }: PoolCall): string => {
  const shown = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  const { randomSamples, samples = randomSamples, ...rest } = options as Record<string, unknown>
  return `${name} [${shape}] ${JSON.stringify(rest, shown)}${samples ? ' with samples' : ''}`
}

/** The call as a function of x alone. */
export function poolOf({ name, shape, options }: PoolCall): (x: Tensor) => Tensor {
  if (!name.startsWith('maxUnpool')) {
    return (x) => (pools[name] as (x: Tensor, options: object) => Tensor)(x, options)
  }
  const indices = indicesFor(name, shape, options)
  return (x) => (pools[name] as (x: Tensor, indices: Tensor, options: object) => Tensor)(x, indices, options)
}

/** Indices as a pooling gives them, for pooled values of this shape. */
function indicesFor(
  name: string,
  shape: number[],
  { dataFormat }: { dataFormat?: string; kernelSize?: number },
) {
  const start = dataFormat === 'channelsFirst' ? 2 : 1
  const rank = shape.length - 2
  const unpooled = shape.map((dim, axis) => (axis >= start && axis < start + rank ? dim * 2 : dim))
  if (name === 'maxUnpool2d') [unpooled[1], unpooled[2]] = [5, 6]
  const pool = pools[name.replace('Unpool', 'Pool') as 'maxPool2d']
  const { indices } = pool(scattered(unpooled), {
    kernelSize: 2,
    returnIndices: true,
    dataFormat: dataFormat as never,
  })
  return indices
}
