/**
 * @file The output shape of a pooling, without running it.
 */
import { invalid } from '../errors.ts'
import { catalogue, type OptionsOf, type PoolingName } from './catalogue.ts'
import type { AnyOperation } from './operation.ts'

/**
 * The output shape of a pooling, without running it.
 *
 * @param name     the function's name, such as 'maxPool2d'
 * @param shape    the input's shape
 * @param options  the function's options
 * @throws PoolError as the function would
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

/** @throws PoolError "BAD_PARAM" unless `name` is that of a pooling function */
export function operationNamed(op: string, name: string): AnyOperation {
  if (Object.hasOwn(catalogue, name)) return catalogue[name as PoolingName]
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'name', value: name },
    `must be one of ${Object.keys(catalogue).join(', ')}`,
    'Use the name of a pooling function.',
  )
}
