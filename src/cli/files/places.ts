/**
 * @file Places for files: a folder, whatever links lead to it, and a name in it. Two paths may mean the same one.
 */
import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

interface Claim {
  readonly name: string
  readonly owner: string
}

export class Places {
  /** By folder, then by name without its case. */
  readonly #folders = new Map<string, Map<string, Claim[]>>()

  /** Takes the place of an absolute path; who has it already, if someone does. */
  claim(path: string, owner: string): string | undefined {
    const { folder, name } = placeOf(path)
    const other = this.#owner(folder, name)
    const names = this.#folders.get(folder) ?? new Map()
    names.set(folded(name), [...(names.get(folded(name)) ?? []), { name, owner }])
    this.#folders.set(folder, names)
    return other
  }

  /** Who has the place of an absolute path. */
  ownerOf(path: string): string | undefined {
    const { folder, name } = placeOf(path)
    return this.#owner(folder, name)
  }

  #owner(folder: string, name: string): string | undefined {
    const alike = this.#folders.get(folder)?.get(folded(name)) ?? []
    return alike.find((one) => one.name === name || ignoresCase(folder))?.owner
  }
}

/** The file itself need not exist, nor the last of its folders; a link that the path ends in is not followed. */
function placeOf(path: string): { readonly folder: string; readonly name: string } {
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

/** Asked of something that is in the folder already; without that, what the system does as a rule. */
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
    // The folder is still to be made.
  }
  return process.platform === 'darwin' || process.platform === 'win32'
}

function swapped(name: string): string {
  const upper = name.toUpperCase()
  return upper === name ? name.toLowerCase() : upper
}
