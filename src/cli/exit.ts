/**
 * @file Exit codes, and the errors that cause them.
 */
import { PoolError, type PoolErrorCode } from '../errors.ts'

export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  someFailed: 3,
  wouldOverwrite: 4,
} as const

/** The command line is wrong. Nothing was read or written. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A file exists and must not be replaced. */
export class OverwriteError extends Error {
  override readonly name = 'OverwriteError'
}

/** The reader of standard output has closed it, so no message can be printed. */
export class ReaderLeft extends Error {
  override readonly name = 'ReaderLeft'
}

export type FailureCode = PoolErrorCode | 'USAGE' | 'WOULD_OVERWRITE' | 'INTERNAL'

/** An error as reports show it. Any error other than a PoolError is a bug in pool2d. */
export function describeFailure(error: unknown): { readonly code: FailureCode; readonly message: string } {
  if (error instanceof PoolError) return { code: error.code, message: error.message }
  if (error instanceof UsageError) return { code: 'USAGE', message: error.message }
  if (error instanceof OverwriteError) return { code: 'WOULD_OVERWRITE', message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message: `internal error: ${message}` }
}

/** The exit code of a run over several inputs. */
export function exitCodeOf(codes: readonly (FailureCode | undefined)[]): number {
  const failed = codes.filter((code) => code !== undefined)
  if (failed.length === 0) return exitCodes.ok
  if (failed.length < codes.length) return exitCodes.someFailed
  if (failed.every((code) => code === 'WOULD_OVERWRITE')) return exitCodes.wouldOverwrite
  return failed.every((code) => code === 'USAGE') ? exitCodes.usage : exitCodes.failure
}
