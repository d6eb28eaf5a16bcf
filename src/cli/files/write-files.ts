/**
 * @file Files that appear whole or not at all: written beside their place under another name, synced, then moved there.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, rmSync, statSync } from 'node:fs'
import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PoolError } from '../../errors.ts'
import { OverwriteError } from '../exit.ts'
import { reasonOf } from './inputs.ts'

export interface NewFile {
  /** Absolute. */
  readonly path: string
  /** As the user named it. */
  readonly label: string
  readonly bytes: Uint8Array
}

/** Files written but not yet in place. */
const staged = new Set<string>()

/** Removes what an interrupted run has staged. */
export function removeStaged(): void {
  for (const path of staged) rmSync(path, { force: true })
  staged.clear()
}

/**
 * Whether a file may be put there.
 *
 * @throws OverwriteError for an input (force or not), for an existing file without force, and for what is no plain file
 */
export function assertWritable(path: string, label: string, inputs: readonly string[], force: boolean): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return
  const status = statSync(path, { bigint: true, throwIfNoEntry: false })
  const isInput = inputs.some((input) => {
    const other = statSync(input, { bigint: true, throwIfNoEntry: false })
    return other !== undefined && other.ino === status?.ino && other.dev === status.dev
  })
  if (isInput)
    throw new OverwriteError(`${label}: is an input, and inputs are never overwritten; choose another name`)
  if (status !== undefined && !status.isFile())
    throw new OverwriteError(`${label}: is no plain file and is not replaced; choose another name`)
  if (!force) throw exists(label)
}

/** Stages all files before it puts any in place. A link in the way is replaced itself; nothing is written through it. */
export async function writeFiles(
  files: readonly NewFile[],
  { force, folders = [] }: { force: boolean; folders?: readonly string[] },
) {
  for (const folder of folders) await mkdir(folder, { recursive: true }).catch(fail(folder))
  const temporary: string[] = []
  try {
    for (const file of files) temporary.push(await stage(file))
    for (const [i, file] of files.entries()) await publish(temporary[i]!, file, force)
  } finally {
    for (const path of temporary) {
      await rm(path, { force: true })
      staged.delete(path)
    }
  }
}

async function stage({ path, label, bytes }: NewFile): Promise<string> {
  const temporary = join(dirname(path), `.pool2d-${randomBytes(8).toString('hex')}.tmp`)
  staged.add(temporary)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(temporary, { force: true })
    staged.delete(temporary)
    return fail(label)(error)
  }
  return temporary
}

async function publish(temporary: string, { path, label }: NewFile, force: boolean): Promise<void> {
  try {
    if (force) await rename(temporary, path)
    else await linkOrClaim(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(label)
    fail(label)(error)
  }
}

/** A hard link appears only where nothing is. Where there are none, an empty file made exclusively claims the name first. */
async function linkOrClaim(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    await (await open(path, 'wx')).close()
    await rename(temporary, path).catch(async (cause: unknown) => {
      await rm(path, { force: true })
      throw cause
    })
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
