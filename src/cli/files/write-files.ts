/**
 * @file Writes files atomically: to a temporary name in the same folder, synced, then renamed.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  write as writeTo,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PoolError } from '../../errors.ts'
import { OverwriteError } from '../exit.ts'
import type { Source } from './inputs.ts'
import { reasonOf } from './reasons.ts'

export interface NewFile {
  /** Absolute. */
  readonly path: string
  /** As the user named it. */
  readonly label: string
  readonly bytes: Uint8Array
}

/** Temporary files that are not yet renamed. */
const staged = new Set<string>()

/** Removes the temporary files of an interrupted run. */
export function removeStaged(): void {
  for (const path of staged) {
    try {
      discard(path)
    } catch {
      // Remove the others all the same.
    }
  }
}

/**
 * Checks that a file may be written there.
 *
 * @throws OverwriteError for an input (force or not), for an existing file without force, and for anything but a regular file
 */
export function assertWritable(path: string, label: string, inputs: readonly Source[], force: boolean): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return
  const status = statSync(path, { bigint: true, throwIfNoEntry: false })
  const isInput = inputs.some((input) => {
    const other =
      typeof input === 'number'
        ? fstatSync(input, { bigint: true })
        : statSync(input, { bigint: true, throwIfNoEntry: false })
    return other !== undefined && other.ino === status?.ino && other.dev === status.dev
  })
  if (isInput)
    throw new OverwriteError(`${label}: is an input, and inputs are never overwritten; choose another name`)
  if (status !== undefined && !status.isFile())
    throw new OverwriteError(`${label}: is not a regular file; refusing to replace it. Choose another name`)
  if (!force) throw exists(label)
}

/** Writes all files to temporary names before it renames any. An existing symbolic link is replaced; its target stays as it is. */
export async function writeFiles(
  files: readonly NewFile[],
  { force, folders = [] }: { force: boolean; folders?: readonly string[] },
) {
  for (const folder of folders) await mkdir(folder, { recursive: true }).catch(fail(folder))
  const temporary: string[] = []
  try {
    for (const file of files) temporary.push(await stage(file))
    for (const [i, file] of files.entries()) publish(temporary[i]!, file, force)
  } finally {
    for (const path of temporary) discard(path)
  }
}

/**
 * Signals arrive only between synchronous steps. A file is created and registered in one step, so `removeStaged` knows of every
 * temporary file at any moment.
 */
async function stage({ path, label, bytes }: NewFile): Promise<string> {
  const temporary = join(dirname(path), `.pool2d-${randomBytes(8).toString('hex')}.tmp`)
  try {
    const replaced = statSync(path, { throwIfNoEntry: false })
    const descriptor = openSync(temporary, 'wx', replaced === undefined ? 0o666 : 0o600)
    staged.add(temporary)
    try {
      await write(descriptor, bytes)
      if (replaced !== undefined) keepAccess(descriptor, replaced)
      await sync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    discard(temporary)
    return fail(label)(error)
  }
  return temporary
}

const sync = promisify(fsync)

async function write(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await writeSome(descriptor, bytes.subarray(at, at + pieceLength))
    at += bytesWritten
  }
}

/** Systems write less than 2 GiB at once. */
const pieceLength = 1 << 24
const writeSome = promisify(writeTo)

/** Keeps the permissions and, if allowed, the owner of a replaced file. */
function keepAccess(descriptor: number, { mode, uid, gid }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid)
  } catch {
    // Only root may change the owner.
  }
  fchmodSync(descriptor, mode & 0o777)
}

function discard(temporary: string): void {
  rmSync(temporary, { force: true })
  staged.delete(temporary)
}

function publish(temporary: string, { path, label }: NewFile, force: boolean): void {
  try {
    if (force) renameSync(temporary, path)
    else linkOrClaim(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(label)
    fail(label)(error)
  }
}

/** A hard link fails if the name exists. On systems without hard links, an empty file created exclusively claims the name first. */
function linkOrClaim(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    closeSync(openSync(path, 'wx'))
    try {
      renameSync(temporary, path)
    } catch (cause) {
      rmSync(path, { force: true })
      throw cause
    }
  }
}

function exists(label: string): OverwriteError {
  return new OverwriteError(`${label}: exists; use --force to replace it, or choose another name`)
}

function fail(label: string) {
  return (cause: unknown): never => {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = isMissing ? 'its folder does not exist' : reasonOf(cause as NodeJS.ErrnoException)
    throw new PoolError('BAD_PATH', `${label}: cannot be written: ${reason}`, { op: label, cause })
  }
}
