/**
 * @file Checks the names of archive members, for reading and for writing.
 */
import { invalid, type PoolErrorCode } from '../../errors.ts'

export const extension = '.npy'

/** @throws PoolError "BAD_PATH" for a name that leads out of a folder */
export function assertInside(op: string, name: string): void {
  const isOdd = name.includes('\\') || name.includes('\0') || /^[a-zA-Z]:/.test(name)
  const leadsOut =
    isOdd || name.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')
  if (!leadsOut) return
  throw invalid(
    'BAD_PATH',
    { op, argument: 'member', value: name },
    'names are relative, with "/" between segments that are neither empty nor "." nor ".."',
    'Use another name; an archive with this one is hostile.',
  )
}

/** @throws PoolError of that code for a name that comes twice */
export function assertUnique(op: string, names: readonly string[], code: PoolErrorCode): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) {
      const at = { op, argument: 'member', value: name }
      throw invalid(code, at, 'names are unique', 'Save each array under a different name.')
    }
    seen.add(name)
  }
}
