/**
 * @file Allocates arrays, and throws "LIMIT" if there is not enough memory.
 */
import { PoolError } from '../errors.ts'
import type { TypedArray } from './dtype.ts'

/** The argument and the repair that the error names. */
export interface Wish {
  readonly argument: string
  readonly repair: string
}

const output: Wish = {
  argument: 'output size',
  repair: 'Free memory, or pool fewer samples or a part at a time.',
}
/** For arrays that only the call itself sees. */
export const temporary: Wish = { ...output, argument: 'temporary copy' }

/** `new Storage(length)`, zeroed. @throws PoolError "LIMIT" if there is not enough memory */
export function allocateArray<A>(
  op: string,
  storage: (new (length: number) => A) & { readonly BYTES_PER_ELEMENT?: number },
  length: number,
  { argument, repair }: Wish = output,
): A {
  try {
    return new storage(length)
  } catch (cause) {
    const bytes = length * (storage.BYTES_PER_ELEMENT ?? 1)
    throw new PoolError(
      'LIMIT',
      `${op}: ${argument} = ${length} elements; an array of ${bytes} bytes cannot be had here. ${repair}`,
      { op, argument, value: length, cause },
    )
  }
}

/** A copy of the same class. @throws PoolError "LIMIT" */
export function copyArray<A extends TypedArray>(op: string, data: A): A {
  const copy = allocateArray(op, data.constructor as new (length: number) => A, data.length, temporary)
  copy.set(data as never)
  return copy
}

/** The errors of engines that cannot allocate. */
const short = /alloc|memory|array length|buffer length|too large/i

/** Runs `use`, which allocates arrays whose sizes depend on the caller's. @throws PoolError "LIMIT" if one cannot be allocated */
export function withinMemory<R>(op: string, use: () => R): R {
  try {
    return use()
  } catch (cause) {
    if (!(cause instanceof RangeError) || !short.test(cause.message)) throw cause
    throw new PoolError(
      'LIMIT',
      `${op}: ${cause.message}; the call needs more memory than can be had here. ${output.repair}`,
      {
        op,
        argument: 'memory',
        cause,
      },
    )
  }
}
