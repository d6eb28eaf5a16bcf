/**
 * @file The interface of stores: objects under keys. An object is written whole or not at all.
 */
import { invalid, PoolError } from '../../errors.ts'
import type { ObjectMemory } from './reused-memory.ts'

/** An object as a list shows it. */
export interface StoredObject {
  readonly key: string
  readonly size: number
  /** Changes when the object is replaced: a time, or a tag. */
  readonly stamp: string
}

/** Objects under keys such as "0/c/1/2". */
export interface Store {
  /** The path of a folder, or a name for messages and plans. */
  readonly location: string
  /**
   * The object, or undefined if the key does not exist.
   *
   * @param memory  the store may put it there, for a caller that is done with it before the memory's next use
   */
  get(key: string, memory?: ObjectMemory): Promise<Uint8Array | undefined>
  /** `length` bytes from `offset` on; a negative offset counts from the end. */
  getRange(key: string, offset: number, length: number): Promise<Uint8Array | undefined>
  /**
   * Puts a whole object in place at once: who reads the key sees the old object or the new one, never a part.
   *
   * @returns false where `ifAbsent` is set and the key is taken
   */
  set(key: string, bytes: Uint8Array, options?: { readonly ifAbsent?: boolean }): Promise<boolean>
  delete(key: string): Promise<void>
  /** All objects whose keys begin with `prefix`. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Removes what writers that were killed have left behind. @returns how many */
  sweep?(): Promise<number>
}

const safePart = String.raw`(?!\.{1,2}(?:/|$))[^/\\\0]+`
const safeKey = new RegExp(`^${safePart}(?:/${safePart})*$`)

/**
 * A key that stays within its store.
 *
 * @throws PoolError "BAD_PATH" for an empty key, an absolute one, and for parts that are empty, "." or ".."
 */
export function assertKey(key: string): string {
  if (safeKey.test(key)) return key
  throw invalid(
    'BAD_PATH',
    { op: 'store', argument: 'key', value: key },
    'must be names set apart by "/", none of them empty, "." or ".."',
    'Name a place within the store.',
  )
}

/** Joins names into a key; empty ones are left out. */
export function joinKey(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/')
}

/** The error of a failed store: the key, the action, and the reason of the system. */
export function storeFailure(
  location: string,
  key: string,
  act: 'read' | 'written' | 'deleted' | 'listed',
  cause: unknown,
): PoolError {
  const { code, message } = cause as NodeJS.ErrnoException
  return new PoolError('BAD_PATH', `${location}: ${key === '' ? 'it' : key} cannot be ${act}: ${message}`, {
    op: 'store',
    argument: key,
    errno: code,
    act,
    cause,
  })
}
