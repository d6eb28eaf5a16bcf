/**
 * @file The table of operations, one row per family. Functions, layers, adapters, the command line, pictures and FEATURES.md read it.
 */
import { adaptive, boxes, global } from './geometry/adaptive.ts'
import { blurring } from './geometry/blur.ts'
import { fractional } from './geometry/fractional.ts'
import type { GeometryKind } from './geometry/geometry.ts'
import { sliding } from './geometry/sliding.ts'
import { unpooling } from './geometry/unpooling.ts'
import { type AnyOperation, define, lazily, type OpInfo, operationName, reducerOver } from './operation.ts'
import { adaptiveAverage, average, globalAverage } from './reduce/average.ts'
import { lse, soft } from './reduce/exponential.ts'
import { max, min } from './reduce/extremum.ts'
import { gem } from './reduce/generalized-mean.ts'
import { globalLp, lp } from './reduce/lp.ts'
import { mode } from './reduce/mode.ts'
import { median, quantile } from './reduce/order.ts'
import type { ReducerName } from './reduce/reduction.ts'
import { rms } from './reduce/rms.ts'
import { stochastic, stochasticMean } from './reduce/stochastic.ts'
import { sum } from './reduce/sum.ts'
import { unpool } from './reduce/unpool.ts'
import { deviation, variance } from './reduce/variance.ts'
import { area, blur } from './reduce/weighted.ts'

export const maxPool = /* @__PURE__ */ define('maxPool', [1, 2, 3], sliding, max)
export const minPool = /* @__PURE__ */ define('minPool', [1, 2, 3], sliding, min)
export const avgPool = /* @__PURE__ */ define('avgPool', [1, 2, 3], sliding, average)
export const sumPool = /* @__PURE__ */ define('sumPool', [1, 2, 3], sliding, sum)
export const lpPool = /* @__PURE__ */ define('lpPool', [1, 2, 3], sliding, lp)
export const adaptiveMaxPool = /* @__PURE__ */ define('adaptiveMaxPool', [1, 2, 3], adaptive, max)
export const adaptiveAvgPool = /* @__PURE__ */ define('adaptiveAvgPool', [1, 2, 3], adaptive, adaptiveAverage)
export const fractionalMaxPool = /* @__PURE__ */ define('fractionalMaxPool', [2, 3], fractional, max)
export const maxUnpool = /* @__PURE__ */ define('maxUnpool', [1, 2, 3], unpooling, unpool)
export const globalMaxPool = /* @__PURE__ */ define('globalMaxPool', [0], global, max)
export const globalAvgPool = /* @__PURE__ */ define('globalAvgPool', [0], global, globalAverage)
export const globalLpPool = /* @__PURE__ */ define('globalLpPool', [0], global, globalLp)
export const adaptiveSumPool = /* @__PURE__ */ define('adaptiveSumPool', [1, 2, 3], adaptive, sum)
export const globalSumPool = /* @__PURE__ */ define('globalSumPool', [0], global, sum)
export const rmsPool = /* @__PURE__ */ define('rmsPool', [1, 2, 3], sliding, rms)
export const adaptiveRmsPool = /* @__PURE__ */ define('adaptiveRmsPool', [1, 2, 3], adaptive, rms)
export const globalRmsPool = /* @__PURE__ */ define('globalRmsPool', [0], global, rms)
export const varPool = /* @__PURE__ */ define('varPool', [1, 2, 3], sliding, variance)
export const adaptiveVarPool = /* @__PURE__ */ define('adaptiveVarPool', [1, 2, 3], adaptive, variance)
export const globalVarPool = /* @__PURE__ */ define('globalVarPool', [0], global, variance)
export const stdPool = /* @__PURE__ */ define('stdPool', [1, 2, 3], sliding, deviation)
export const adaptiveStdPool = /* @__PURE__ */ define('adaptiveStdPool', [1, 2, 3], adaptive, deviation)
export const globalStdPool = /* @__PURE__ */ define('globalStdPool', [0], global, deviation)
export const medianPool = /* @__PURE__ */ define('medianPool', [1, 2, 3], sliding, median)
export const adaptiveMedianPool = /* @__PURE__ */ define('adaptiveMedianPool', [1, 2, 3], adaptive, median)
export const globalMedianPool = /* @__PURE__ */ define('globalMedianPool', [0], global, median)
export const quantilePool = /* @__PURE__ */ define('quantilePool', [1, 2, 3], sliding, quantile)
export const adaptiveQuantilePool = /* @__PURE__ */ define(
  'adaptiveQuantilePool',
  [1, 2, 3],
  adaptive,
  quantile,
)
export const globalQuantilePool = /* @__PURE__ */ define('globalQuantilePool', [0], global, quantile)
export const modePool = /* @__PURE__ */ define('modePool', [1, 2, 3], sliding, mode)
export const adaptiveModePool = /* @__PURE__ */ define('adaptiveModePool', [1, 2, 3], adaptive, mode)
export const globalModePool = /* @__PURE__ */ define('globalModePool', [0], global, mode)
export const gemPool = /* @__PURE__ */ define('gemPool', [1, 2, 3], sliding, gem)
export const adaptiveGemPool = /* @__PURE__ */ define('adaptiveGemPool', [1, 2, 3], adaptive, gem)
export const globalGemPool = /* @__PURE__ */ define('globalGemPool', [0], global, gem)
export const softPool = /* @__PURE__ */ define('softPool', [1, 2, 3], sliding, soft)
export const adaptiveSoftPool = /* @__PURE__ */ define('adaptiveSoftPool', [1, 2, 3], adaptive, soft)
export const globalSoftPool = /* @__PURE__ */ define('globalSoftPool', [0], global, soft)
export const lsePool = /* @__PURE__ */ define('lsePool', [1, 2, 3], sliding, lse)
export const adaptiveLsePool = /* @__PURE__ */ define('adaptiveLsePool', [1, 2, 3], adaptive, lse)
export const globalLsePool = /* @__PURE__ */ define('globalLsePool', [0], global, lse)
export const blurPool = /* @__PURE__ */ define('blurPool', [1, 2, 3], blurring, blur)
export const areaPool = /* @__PURE__ */ define('areaPool', [1, 2, 3], boxes, area)
export const stochasticPool = /* @__PURE__ */ define('stochasticPool', [1, 2, 3], sliding, stochastic)
export const stochasticMeanPool = /* @__PURE__ */ define(
  'stochasticMeanPool',
  [1, 2, 3],
  sliding,
  stochasticMean,
)
export const adaptiveStochasticPool = /* @__PURE__ */ define(
  'adaptiveStochasticPool',
  [1, 2, 3],
  adaptive,
  stochastic,
)
export const globalStochasticPool = /* @__PURE__ */ define('globalStochasticPool', [0], global, stochastic)
export const adaptiveStochasticMeanPool = /* @__PURE__ */ define(
  'adaptiveStochasticMeanPool',
  [1, 2, 3],
  adaptive,
  stochasticMean,
)
export const globalStochasticMeanPool = /* @__PURE__ */ define(
  'globalStochasticMeanPool',
  [0],
  global,
  stochasticMean,
)

const families = {
  maxPool,
  minPool,
  avgPool,
  sumPool,
  lpPool,
  adaptiveMaxPool,
  adaptiveAvgPool,
  fractionalMaxPool,
  maxUnpool,
  globalMaxPool,
  globalAvgPool,
  globalLpPool,
  adaptiveSumPool,
  globalSumPool,
  rmsPool,
  adaptiveRmsPool,
  globalRmsPool,
  varPool,
  adaptiveVarPool,
  globalVarPool,
  stdPool,
  adaptiveStdPool,
  globalStdPool,
  medianPool,
  adaptiveMedianPool,
  globalMedianPool,
  quantilePool,
  adaptiveQuantilePool,
  globalQuantilePool,
  modePool,
  adaptiveModePool,
  globalModePool,
  gemPool,
  adaptiveGemPool,
  globalGemPool,
  softPool,
  adaptiveSoftPool,
  globalSoftPool,
  lsePool,
  adaptiveLsePool,
  globalLsePool,
  blurPool,
  areaPool,
  stochasticPool,
  stochasticMeanPool,
  adaptiveStochasticPool,
  globalStochasticPool,
  adaptiveStochasticMeanPool,
  globalStochasticMeanPool,
}

type Families = typeof families
type NameOf<F extends string, R> = R extends 0 ? F : `${F}${R & number}d`
type Row = {
  [F in keyof Families]: {
    [R in keyof Families[F]]: [name: NameOf<F, R>, operation: Families[F][R]]
  }[keyof Families[F]]
}[keyof Families]

/** The name of a pooling function, such as maxPool2d. */
export type PoolingName = Row[0]

type OperationOf<N extends PoolingName> = Extract<Row, [N, unknown]>[1]

/** The options of the function named N. */
export type OptionsOf<N extends PoolingName> = NonNullable<Parameters<OperationOf<N>['outputShape']>[1]>

export type ActionOf<N extends PoolingName> = OperationOf<N>['action']

/** Every operation by its function's name. */
export const catalogue = /* @__PURE__ */ byName()

function byName(): Readonly<Record<PoolingName, AnyOperation>> {
  const operations = {}
  for (const family of Object.values(families)) {
    for (const rank of Object.keys(family).map(Number))
      lazily(operations, operationName(family, rank), () => family[rank as keyof typeof family])
  }
  return operations as never
}

/** The operation of a geometry and a reducer over `rank` axes; undefined if none exists. */
export function operationOf({
  geometry,
  reducer,
  rank,
}: Pick<OpInfo, 'geometry' | 'reducer' | 'rank'>): AnyOperation | undefined {
  const family = Object.values(families).find((own) => reducerOver(own, geometry, rank) === reducer)
  return family?.[rank as keyof typeof family]
}

/** The reducers of a geometry over `rank` axes. */
export function reducersOver(geometry: GeometryKind, rank: number): ReducerName[] {
  return Object.values(families).flatMap((family) => reducerOver(family, geometry, rank) ?? [])
}
