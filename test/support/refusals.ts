import { PoolError, type PoolErrorCode } from '../../src/errors.ts'

/** The code with which a call is refused; "none" where it returns. Anything but a PoolError goes through. */
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
