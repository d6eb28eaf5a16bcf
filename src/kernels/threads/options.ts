/**
 * @file Checks the arguments of `threads`.
 */
import { invalid } from '../../errors.ts'
import { readOptions } from '../../tensor/read-options.ts'
import type { ThreadsOptions } from './types.ts'

const mostThreads = 64
const wholeOptions = ['bytes', 'startTimeout', 'jobTimeout']

/** @throws PoolError "BAD_PARAM" */
export function assertCount(count: unknown): void {
  assertWhole('count', count, mostThreads)
}

/** Reads each option once. @throws PoolError "BAD_PARAM" */
export function readThreadsOptions(given: ThreadsOptions): ThreadsOptions {
  const options = readOptions('threads', given, [...wholeOptions, 'worker'])
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (wholeOptions.includes(name)) assertWhole(name, value, 2 ** 32)
    else if (typeof value !== 'function') {
      throw invalid(
        'BAD_PARAM',
        { op: 'threads', argument: name, value },
        'must be a function that returns a worker',
        'Pass one, or leave worker out.',
      )
    }
  }
  return options
}

function assertWhole(argument: string, value: unknown, most: number): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return
  throw invalid(
    'BAD_PARAM',
    { op: 'threads', argument, value },
    `must be a whole number from 1 to ${most}`,
    'Pass such a number.',
  )
}
