import { PoolError, type PoolErrorCode } from '../../src/errors.ts'

/** The code of the PoolError that a call throws; "none" if it returns. Other errors are rethrown. */
export function codeOf(call: () => unknown): PoolErrorCode | 'none' {
  return refusalOf(call)?.code ?? 'none'
}

/** The refusal of a call, or null where it returns. */
export function refusalOf(call: () => unknown): PoolError | null {
  try {
    call()
    return null
  } catch (error) {
    if (error instanceof PoolError) return error
    throw error
  }
}
