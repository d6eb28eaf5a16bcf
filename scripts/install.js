/**
 * @file Installs the packages of one suite in its folder, unless its lock file is unchanged since the last installation.
 *
 * node scripts/install.js SUITE
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folders with a package.json and a lock file of their own. */
export const suites = [
  'bench',
  'examples/lenet',
  'scripts/runtimes/bundles',
  'test/onnxruntime',
  'test/queue',
  'test/webgpu',
  'tools',
  'web',
]

/** No package runs a script: that of onnxruntime-node would fetch GPU libraries, which no suite needs. */
const command = 'npm ci --ignore-scripts --no-audit --no-fund --loglevel=error'

const root = fileURLToPath(new URL('..', import.meta.url))

export function install(suite) {
  if (!suites.includes(suite)) throw new Error(`no suite ${suite}: ${suites.join(', ')}`)
  const folder = join(root, suite)
  const lock = join(folder, 'package-lock.json')
  if (isSame(lock, installedLock(suite))) return
  console.error(`${suite}: installs its packages`)
  /** npm prints to stderr, because stdout belongs to the suite. */
  const { status, error } = spawnSync(command, { cwd: folder, stdio: ['ignore', 2, 2], shell: true })
  if (error) throw error
  if (status !== 0) throw new Error(`${suite}: ${command} ended with ${status}`)
  copyFileSync(lock, installedLock(suite))
}

/** A copy of the lock file, beside the installed packages. */
function installedLock(suite) {
  return join(root, suite, 'node_modules', 'installed-lock.json')
}

function isSame(a, b) {
  return existsSync(b) && readFileSync(a).equals(readFileSync(b))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install(process.argv[2])
