/**
 * @file Resolves arguments to files: names, patterns, and "-" for standard input.
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { PoolError } from '../../errors.ts'
import { UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { reasonOf } from './reasons.ts'

export const standardStream = '-'

/** A file to read, or the reason why an argument is not a file. */
export type Input = { readonly name: string } | { readonly name: string; readonly error: PoolError }

/** In the order of the arguments. Matches of a pattern are sorted; each file appears once. */
export async function findInputs(names: readonly string[], cwd: string): Promise<Input[]> {
  if (names.filter((name) => name === standardStream).length > 1)
    throw new UsageError('standard input (-) can be read once only')
  if (names.includes('')) throw new UsageError('an input has an empty name')
  const found = await Promise.all(names.map((name) => expand(name, cwd)))
  const seen = new Set<string>()
  return found.flat().filter(({ name }) => {
    const key = name === standardStream ? name : resolve(cwd, name)
    return !seen.has(key) && seen.add(key)
  })
}

async function expand(name: string, cwd: string): Promise<Input[]> {
  if (name === standardStream) return [{ name }]
  const status = await stat(resolve(cwd, name)).catch((error: NodeJS.ErrnoException) => error)
  if (!(status instanceof Error)) {
    return status.isDirectory()
      ? [unusable(name, `is a folder; name its files, as ${name}/*.png`)]
      : [{ name }]
  }
  const { glob, isDynamicPattern } = await import('tinyglobby')
  if (!isDynamicPattern(name)) return [unusable(name, reasonOf(status))]
  const matches = await glob(name, { cwd, onlyFiles: true, expandDirectories: false })
  return matches.length === 0
    ? [unusable(name, 'no file matches')]
    : matches.sort().map((match) => ({ name: match }))
}

function unusable(name: string, reason: string): Input {
  return { name, error: new PoolError('BAD_PATH', `${name}: ${reason}`, { op: name }) }
}

/** The path of an input, or the descriptor of standard input. Files with the same identity must not be overwritten. */
export type Source = string | number

export function sourcesOf(names: readonly string[], io: Io): Source[] {
  return names.flatMap((name) => (name === standardStream ? (io.stdin.fd ?? []) : resolve(io.cwd, name)))
}
