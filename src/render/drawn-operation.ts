/**
 * @file The part of an operation that pictures use.
 */
import type { AnyOperation } from '../ops/operation.ts'

/** What a picture asks of an operation. */
export type DrawnOperation = Pick<
  AnyOperation,
  'geometry' | 'reducer' | 'action' | 'names' | 'needs' | 'forward' | 'backward' | 'outputShape'
>
