/**
 * @file Runs the published package and the contract of its kernels in other runtimes: all are installed
 * into a temporary folder, together with the package. Then pool2d/webgpu in Deno, and bundles of the package in Node and in Chromium.
 *
 * npm run test:runtimes [-- node|deno|bun|firefox|webgpu|bundles]   a Firefox is not installed, only tried where there is one
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleTrials } from './bundle-trials.js'
import { tryBundles } from './bundles/run.js'
import { findFirefox, tryFirefox } from './firefox.js'
import { tryWebGpu } from './webgpu.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const wanted = process.argv[2]
const known = [
  { name: 'node', installed: 'node@24', command: ['node'] },
  { name: 'deno', installed: 'deno@2.9', command: ['deno', 'run', '--allow-all'] },
  { name: 'bun', installed: 'bun@1.4', command: ['bun', 'run'] },
]
const isWanted = (name) => wanted === undefined || wanted === name
const runtimes = known.filter(({ name }) => isWanted(name))
const deno = known.find(({ name }) => name === 'deno')
const others = ['firefox', 'webgpu', 'bundles']
if (runtimes.length === 0 && !others.some(isWanted))
  throw new Error(`no runtime ${wanted}: node, deno, bun, ${others.join(', ')}`)

/** On Windows npm and installed programs are shell scripts. */
const shell = process.platform === 'win32'

const checks = ['package.js', 'kernels.js']
const files = ['runtime.js', ...checks]
const folder = await mkdtemp(join(tmpdir(), 'pool2d-runtimes-'))
const inFolder = { cwd: folder, encoding: 'utf8', shell }
try {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8', shell }).trim()
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const installed = isWanted('webgpu') ? [...new Set([...runtimes, deno])] : runtimes
  const packages = [`./${tarball}`, ...installed.map((runtime) => runtime.installed)]
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', ...packages], inFolder)
  for (const file of files) await copyFile(new URL(file, import.meta.url), join(folder, file))
  await bundleTrials(folder, 'trials', 'web/test/support/kernel-trials.ts')
  for (const { name, command } of runtimes) for (const check of checks) run(name, command, check)
  if (isWanted('firefox')) await runInFirefox()
  if (isWanted('webgpu') && !(await tryWebGpu(folder, deno.command))) process.exitCode = 1
  if (isWanted('bundles') && !(await tryBundles(folder))) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

function run(name, [program, ...options], check) {
  const { status, error } = spawnSync(join('node_modules', '.bin', program), [...options, check], {
    ...inFolder,
    stdio: 'inherit',
  })
  if (status === 0) return
  console.error(`${name} ${check}: FAILED${error ? `, ${error.message}` : ''}`)
  process.exitCode = 1
}

async function runInFirefox() {
  const program = findFirefox()
  if (program === undefined)
    console.log('Firefox: NOT TRIED, there is none to be found by the name of firefox or firefox-esr')
  else if (!(await tryFirefox(program, folder))) process.exitCode = 1
}
