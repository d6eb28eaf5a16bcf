/**
 * @file The part of an operation that pictures use.
 */
import type { AnyOperation } from '../ops/operation.ts'

export type DrawnOperation = Pick<
  AnyOperation,
  'reducer' | 'action' | 'names' | 'needs' | 'forward' | 'backward' | 'outputShape'
> & { readonly geometry: AnyOperation['geometry'] | 'regions' | 'levels' }
