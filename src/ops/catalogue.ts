/**
 * @file Every pooling by its function's name, and the shape it gives.
 */
import { invalid } from '../errors.ts'
import type { OpInfo } from './call.ts'
import { adaptiveAverages, adaptiveExtrema } from './functions/adaptive.ts'
import { slidingAverages } from './functions/average.ts'
import { fractionals } from './functions/fractional.ts'
import { globals } from './functions/global.ts'
import { slidingNorms } from './functions/lp.ts'
import { slidingExtrema } from './functions/max.ts'
import { unpools } from './functions/unpool.ts'

export const poolings = {
  ...slidingExtrema,
  ...slidingAverages,
  ...slidingNorms,
  ...adaptiveExtrema,
  ...adaptiveAverages,
  ...fractionals,
  ...unpools,
  ...globals,
}

/** The name of a pooling function, such as maxPool2d. */
export type PoolingName = keyof typeof poolings

/** The options of the function of that name. */
export type OptionsOf<N extends PoolingName> = NonNullable<Parameters<(typeof poolings)[N]['outputShape']>[1]>

/**
 * The shape that a pooling would give, without running it.
 *
 * @param name     the function's name, such as 'maxPool2d'
 * @param shape    the input's shape
 * @param options  the function's options
 * @throws PoolError just as the function would
 *
 * @example outputShape('maxPool2d', [3, 2, 5, 5], { kernelSize: 2, stride: 1 }) // [3, 2, 4, 4]
 */
export function outputShape<N extends PoolingName>(
  name: N,
  shape: readonly number[],
  options: OptionsOf<N>,
): readonly number[] {
  const { outputShape: shapeOf } = opInfoOf('outputShape', name)
  return shapeOf(shape, options)
}

/** @throws PoolError "BAD_PARAM" for a name that is no pooling's */
export function opInfoOf(op: string, name: string): OpInfo<unknown> {
  if (Object.hasOwn(poolings, name)) return poolings[name as PoolingName] as OpInfo<unknown>
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'name', value: name },
    `must be one of ${Object.keys(poolings).join(', ')}`,
    'Use the name of a pooling function.',
  )
}
