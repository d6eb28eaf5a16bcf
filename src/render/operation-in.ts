/**
 * @file The operation of a drawn pooling, with its functions, for whom the kernels are loaded.
 */
import { catalogue, type PoolingName } from '../ops/catalogue.ts'
import type { DrawnOperation } from './drawn-operation.ts'
import { maxBlur } from './max-blur.ts'
import { operationTable } from './operations.ts'
import type { Pooling } from './pooling.ts'
import { type RegionName, regions } from './regions.ts'
import { spatialPyramids } from './spatial-pyramids.ts'

export function operationIn({ op }: Pick<Pooling, 'op'>): DrawnOperation {
  if (op in spatialPyramids) return spatialPyramids[op as keyof typeof spatialPyramids]
  const { name } = operationTable[op]
  if (name === 'maxBlurPool2d') return maxBlur
  return name in regions ? regions[name as RegionName] : catalogue[name as PoolingName]
}
