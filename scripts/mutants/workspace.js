/**
 * @file A copy of sources and tests in which a fault can be put, and taken out again.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const copied = [
  'src',
  'test',
  'scripts',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'tsdown.config.ts',
  'docs',
  'web',
]

const isOurs = (path) => !path.endsWith('node_modules')

/** Inserts the fault into the text. A text that no longer occurs is an error in the table. */
export function mutated(text, { id, file, find, replace }) {
  const places = text.split(find).length - 1
  if (places !== 1) throw new Error(`${id}: its text is ${places} times in ${file}, not once:\n${find}`)
  return text.replace(find, () => replace)
}

export class Workspace {
  /** @param {string} path */
  constructor(path) {
    this.path = path
  }

  static async open() {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), 'pool2d-mutants-')))
    for (const name of copied)
      await cp(join(root, name), join(workspace.path, name), { recursive: true, filter: isOurs })
    for (const name of ['node_modules', 'test/webgpu/node_modules', 'web/node_modules'])
      await symlink(join(root, name), join(workspace.path, name))
    return workspace
  }

  async close() {
    await rm(this.path, { recursive: true, force: true })
  }

  /** Puts a fault in; the result takes it out. */
  async insert(mutant) {
    const path = join(this.path, mutant.file)
    const text = await readFile(path, 'utf8')
    await this.#write(path, mutated(text, mutant))
    return () => this.#write(path, text)
  }

  async #write(path, text) {
    await writeFile(path, text)
    if (path.includes('/assembly/'))
      await promisify(execFile)('node', ['scripts/build-wasm.js'], { cwd: this.path })
  }
}
