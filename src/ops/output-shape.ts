/**
 * @file The shape that a pooling would give, without running it.
 */
import { invalid } from '../errors.ts'
import { catalogue, type OptionsOf, type PoolingName } from './catalogue.ts'
import type { AnyOperation } from './operation.ts'

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
  return operationNamed('outputShape', name).outputShape(shape, options)
}

/** @throws PoolError "BAD_PARAM" for a name that is no pooling's */
export function operationNamed(op: string, name: string): AnyOperation {
  if (Object.hasOwn(catalogue, name)) return catalogue[name as PoolingName]
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'name', value: name },
    `must be one of ${Object.keys(catalogue).join(', ')}`,
    'Use the name of a pooling function.',
  )
}
