/**
 * @file The operation of a drawn pooling, with its functions, for whom the kernels are loaded.
 */
import { catalogue } from '../ops/catalogue.ts'
import type { DrawnOperation } from './drawn-operation.ts'
import { maxBlur } from './max-blur.ts'
import { operationTable } from './operations.ts'
import type { Pooling } from './pooling.ts'

export function operationIn({ op }: Pick<Pooling, 'op'>): DrawnOperation {
  const { name } = operationTable[op]
  return name === 'maxBlurPool2d' ? maxBlur : catalogue[name]
}
