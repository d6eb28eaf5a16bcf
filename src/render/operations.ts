/**
 * @file The operations that are drawn, by their names in an address: their functions, windows, reducers and the options with a field. The catalogue
 * says the same of the functions, and a test compares; written out here, a page can draw them without loading the kernels.
 */
import type { PoolingName } from '../ops/catalogue.ts'
import type { DrawnOperation } from './drawn-operation.ts'
import type { RegionName } from './regions.ts'

type FunctionName = PoolingName | 'maxBlurPool2d' | 'spatialPyramidPool' | RegionName

interface Row<N extends FunctionName> {
  readonly name: N
  readonly geometry: DrawnOperation['geometry']
  readonly reducer: DrawnOperation['reducer']
  readonly options: readonly string[]
}

type Of<N extends FunctionName> = readonly [name: N, reducer: DrawnOperation['reducer'], ...options: string[]]

const leftOut = ['nodata', 'minCount']

function sliding<const N extends FunctionName>(...[name, reducer, ...own]: Of<N>): Row<N> {
  const windows = ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode']
  return { name, geometry: 'sliding', reducer, options: [...windows, ...own, ...leftOut] }
}

function adaptive<const N extends FunctionName>(...[name, reducer]: Of<N>): Row<N> {
  return { name, geometry: 'adaptive', reducer, options: ['outputSize', ...leftOut] }
}

function global<const N extends FunctionName>(...[name, reducer, ...own]: Of<N>): Row<N> {
  return { name, geometry: 'global', reducer, options: [...own, ...leftOut] }
}

const row = <const N extends FunctionName>(
  geometry: DrawnOperation['geometry'],
  ...[name, reducer, ...options]: Of<N>
): Row<N> => ({ name, geometry, reducer, options })

export const operationTable = {
  max: sliding('maxPool2d', 'max'),
  min: sliding('minPool2d', 'min'),
  avg: sliding('avgPool2d', 'average', 'countIncludePad', 'divisorOverride'),
  lp: sliding('lpPool2d', 'lp', 'normType'),
  'adaptive-max': adaptive('adaptiveMaxPool2d', 'max'),
  'adaptive-avg': adaptive('adaptiveAvgPool2d', 'average'),
  fractional: row('fractional', 'fractionalMaxPool2d', 'max', 'kernelSize', 'outputSize', 'randomSamples'),
  /** Its `outputSize` is optional and follows from the input, so it has no field. */
  unpool: row('unpooling', 'maxUnpool2d', 'max', 'kernelSize', 'stride', 'padding'),
  'global-max': global('globalMaxPool', 'max'),
  'global-avg': global('globalAvgPool', 'average'),
  'global-lp': global('globalLpPool', 'lp', 'normType'),
  sum: sliding('sumPool2d', 'sum'),
  rms: sliding('rmsPool2d', 'rms'),
  median: sliding('medianPool2d', 'median'),
  quantile: sliding('quantilePool2d', 'quantile', 'q'),
  mode: sliding('modePool2d', 'mode', 'ties'),
  var: sliding('varPool2d', 'var', 'correction'),
  std: sliding('stdPool2d', 'std', 'correction'),
  gem: sliding('gemPool2d', 'gem', 'p'),
  soft: sliding('softPool2d', 'soft'),
  stochastic: sliding('stochasticPool2d', 'stochastic', 'samples'),
  'stochastic-mean': sliding('stochasticMeanPool2d', 'stochastic-mean'),
  lse: sliding('lsePool2d', 'lse', 'r'),
  blur: row('blurring', 'blurPool2d', 'blur', 'filterSize', 'stride', 'padMode'),
  'max-blur': row('blurring', 'maxBlurPool2d', 'blur', 'kernelSize', 'filterSize', 'stride', 'padMode'),
  area: row('boxes', 'areaPool2d', 'area', 'outputSize'),
  'spatial-pyramid-max': row('levels', 'spatialPyramidPool', 'max', 'levels'),
  'spatial-pyramid-avg': row('levels', 'spatialPyramidPool', 'average', 'levels'),
  'roi-pool': row('regions', 'roiPool', 'max', 'box', 'outputSize'),
  'roi-align': row('regions', 'roiAlign', 'area', 'box', 'outputSize', 'samplingRatio', 'aligned'),
  'ps-roi-pool': row('regions', 'psRoiPool', 'average', 'box', 'outputSize'),
  'ps-roi-align': row('regions', 'psRoiAlign', 'area', 'box', 'outputSize', 'samplingRatio'),
} as const

export type Operation = keyof typeof operationTable
