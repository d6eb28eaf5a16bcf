/**
 * @file Memories in which arrays can be allocated, and the one that all threads share, if there is one.
 */
import { invalid } from '../errors.ts'
import type { ArrayClass, TypedArray } from './dtype.ts'

/** Memory in which arrays can be allocated, such as a `WasmMemory`. */
export interface ArrayMemory {
  allocate<A extends TypedArray>(storage: ArrayClass<A>, length: number): A
}

let shared: ArrayMemory | null = null

/** Sets the memory that `{ shared: true }` uses from now on. */
export function setSharedMemory(memory: ArrayMemory | null): void {
  shared = memory
}

/** @throws PoolError "UNAVAILABLE" if `threads` was not called yet */
export function sharedMemory(op: string): ArrayMemory {
  if (shared !== null) return shared
  throw invalid(
    'UNAVAILABLE',
    { op, argument: 'shared', value: true },
    'there is no shared memory yet',
    'Await threads(n) first.',
  )
}
