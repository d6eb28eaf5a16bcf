/**
 * @file The operation that a photograph is pooled with beside the chosen one: the average beside the maximum, else the maximum.
 */
import { type Operation, operationTable } from '../../../src/render/operations.ts'
import type { Pooling } from '../../../src/render/pooling.ts'

/** Null where the output has another meaning. */
export function counterpart(pooling: Pooling): Pooling | null {
  if (pooling.op === 'unpool' || operationTable[pooling.op].geometry === 'levels') return null
  const isMax = pooling.op.endsWith('max')
  const other: Record<string, Operation> = {
    adaptive: isMax ? 'adaptive-avg' : 'adaptive-max',
    boxes: 'adaptive-max',
    regions: pooling.op === 'roi-pool' ? 'roi-align' : 'roi-pool',
    fractional: 'adaptive-avg',
    global: isMax ? 'global-avg' : 'global-max',
  }
  return { ...pooling, op: other[operationTable[pooling.op].geometry] ?? (isMax ? 'avg' : 'max') }
}
