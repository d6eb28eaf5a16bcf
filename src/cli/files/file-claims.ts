/**
 * @file Detects paths of the same file: same real folder, and same name, ignoring case where the file system does.
 */
import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

interface Claim {
  readonly name: string
  readonly owner: string
}

/** Files by path, each with the owner that claimed it first. */
export class FileClaims {
  /** By folder, then by name without its case. */
  readonly #folders = new Map<string, Map<string, Claim[]>>()

  /** Claims an absolute path, and returns the earlier owner if there is one. */
  claim(path: string, owner: string): string | undefined {
    const { folder, name } = locate(path)
    const other = this.#owner(folder, name)
    const names = this.#folders.get(folder) ?? new Map()
    names.set(folded(name), [...(names.get(folded(name)) ?? []), { name, owner }])
    this.#folders.set(folder, names)
    return other
  }

  /** The owner of an absolute path. */
  ownerOf(path: string): string | undefined {
    const { folder, name } = locate(path)
    return this.#owner(folder, name)
  }

  #owner(folder: string, name: string): string | undefined {
    const alike = this.#folders.get(folder)?.get(folded(name)) ?? []
    return alike.find((one) => one.name === name || ignoresCase(folder))?.owner
  }
}

/** The file and its folders need not exist. A symbolic link at the end of the path is not followed. */
function locate(path: string): { readonly folder: string; readonly name: string } {
  return { folder: realFolder(dirname(path)), name: basename(path) }
}

function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder)
  } catch {
    const parent = dirname(folder)
    return parent === folder ? folder : join(realFolder(parent), basename(folder))
  }
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** Tests an entry of the folder with its case swapped. For an empty folder it assumes the system's default. */
function ignoresCase(folder: string): boolean {
  try {
    const entry = readdirSync(folder).find((name) => swapped(name) !== name)
    if (entry !== undefined) {
      const [one, other] = [entry, swapped(entry)].map((name) =>
        lstatSync(join(folder, name), { bigint: true, throwIfNoEntry: false }),
      )
      return other !== undefined && one?.ino === other.ino && one.dev === other.dev
    }
  } catch {
    // The folder does not exist yet.
  }
  return process.platform === 'darwin' || process.platform === 'win32'
}

function swapped(name: string): string {
  const upper = name.toUpperCase()
  return upper === name ? name.toLowerCase() : upper
}
