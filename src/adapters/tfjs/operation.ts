/**
 * @file The operations of the core as the adapter sees them: by name, with the number of pooled axes.
 */

import { type PoolingName, poolings } from '../../ops/catalogue.ts'
import type { PooledWithIndices } from '../../ops/reduce/extremum.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/** An operation of the core with its types loosened: inputs first, options last. */
export interface Operation {
  readonly op: string
  /** Names of the core's options. */
  readonly names: readonly string[]
  /** How many axes are pooled; 0 for all after batch and channels. */
  readonly rank: number
  forward(...inputsAndOptions: unknown[]): Tensor
  backward(...inputsAndOptions: unknown[]): Tensor
  check(options: unknown): void
  outputShape(shape: readonly number[], options: unknown): readonly number[]
}

export interface ExtremumOperation extends Operation {
  select(x: Tensor, options: unknown): PooledWithIndices
}

export function operationOf(name: PoolingName): Operation {
  return { ...(poolings[name] as unknown as Operation), rank: Number(name.match(/\d/)?.[0] ?? 0) }
}

/** An operation that picks elements, also with the indices of what it picks. */
export function selectOf(name: PoolingName): ExtremumOperation {
  const operation = operationOf(name)
  const select = (x: Tensor, options: object) =>
    operation.forward(x, { ...options, returnIndices: true }) as unknown as PooledWithIndices
  return { ...operation, select: select as ExtremumOperation['select'] }
}
