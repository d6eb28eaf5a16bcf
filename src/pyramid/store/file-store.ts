/**
 * @file A folder as a store. Objects are written under another name in `.pool2d/tmp`, then moved into place.
 */
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { FileCalls } from './file-calls.ts'
import { assertKey, type Store, type StoredObject, storeFailure } from './store.ts'

/** Options of `fileStore`. */
export interface FileStoreOptions {
  /** Waits until the disk has each object before it is moved into place. Slow; needed only where power may fail. */
  readonly sync?: boolean | undefined
}

const temporary = '.pool2d/tmp'
const absent = ['ENOENT', 'ENOTDIR', 'EISDIR']

/**
 * A folder as a store; it is made with the first object.
 *
 * @throws PoolError "BAD_PATH" where the system refuses to read or write, with its code in `details.errno`
 */
export function fileStore(folder: string, { sync = false }: FileStoreOptions = {}): Store {
  const root = resolve(folder)
  const pathOf = (key: string): string => `${root}/${assertKey(key)}`
  const calls = new FileCalls()
  const writer = randomBytes(12).toString('hex')
  let written = 0
  const reading = async <R>(key: string, read: () => Promise<R>): Promise<R | undefined> => {
    try {
      return await read()
    } catch (cause) {
      if (absent.includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined
      throw storeFailure(folder, key, 'read', cause)
    }
  }
  return {
    location: root,
    get: (key, memory) => reading(key, () => calls.readWhole(pathOf(key), memory)),
    getRange: (key, offset, length) => reading(key, () => readRange(pathOf(key), offset, length)),
    set: async (key, bytes, { ifAbsent = false } = {}) => {
      const path = pathOf(key)
      const staged = `${root}/${temporary}/${writer}-${written++}`
      try {
        await withFolder(staged, () => calls.writeWhole(staged, bytes, sync))
        await withFolder(path, () => (ifAbsent ? calls.link(staged, path) : calls.rename(staged, path)))
        if (ifAbsent) await rm(staged).catch(() => undefined)
        if (sync) await syncFolder(dirname(path))
        return true
      } catch (cause) {
        await rm(staged, { force: true }).catch(() => undefined)
        if (ifAbsent && (cause as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw storeFailure(folder, key, 'written', cause)
      }
    },
    delete: async (key) => {
      await rm(pathOf(key), { force: true }).catch((cause: unknown) => {
        throw storeFailure(folder, key, 'deleted', cause)
      })
    },
    list: (prefix) => walk(root, prefix),
    sweep: () => sweep(join(root, temporary)),
  }
}

async function readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const start = offset < 0 ? Math.max(0, (await file.stat()).size + offset) : offset
    const bytes = new Uint8Array(length)
    const { bytesRead } = await file.read(bytes, 0, length, start)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Runs `act`, and once more where only the folder was missing. */
async function withFolder<R>(path: string, act: () => Promise<R>): Promise<R> {
  try {
    return await act()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await makeFolder(dirname(path))
    return await act()
  }
}

/** Where a folder cannot be made, as on a disk that is read-only, `recursive` says ENOENT: without it the system gives its reason. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdir(path).catch(unlessThere)
  }
}

/** Another process may have made it meanwhile. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function statusOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** @throws PoolError "BAD_PATH" where the system refuses to list a folder that is there */
function entriesOf(root: string, folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(join(root, folder), { withFileTypes: true })
  } catch (cause) {
    if (absent.includes((cause as NodeJS.ErrnoException).code ?? '')) return []
    throw storeFailure(root, folder, 'listed', cause)
  }
}

/** Folders that are read, and files whose sizes are looked up, before others have a turn. */
const mostInTurn = 256

async function* walk(root: string, prefix: string): AsyncGenerator<StoredObject> {
  let listed = 0
  const last = prefix.lastIndexOf('/')
  const start = prefix.slice(0, last + 1)
  const folders = [start]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (++listed % mostInTurn === 0) await setImmediate()
    for (const entry of entriesOf(root, folder)) {
      const key = `${folder}${entry.name}`
      if (key === temporary) continue
      if (entry.isDirectory()) {
        if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) folders.push(`${key}/`)
        continue
      }
      if (!key.startsWith(prefix)) continue
      if (++listed % mostInTurn === 0) await setImmediate()
      const status = statusOf(`${root}/${key}`)
      if (status?.isFile()) yield { key, size: status.size, stamp: String(status.mtimeMs) }
    }
  }
}

async function sweep(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) await rm(join(folder, name), { force: true })
  return names.length
}
