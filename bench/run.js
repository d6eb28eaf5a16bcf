/**
 * @file Starts a program of the bench: `node bench/run.js main|window|size|threads|crossovers [options]`. Installs the bench's own packages where
 * they are missing, and builds.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const [program, ...options] = process.argv.slice(2)

/** ONNX Runtime's install script would fetch GPU libraries; nothing here needs one. */
const install = ['--prefix', here, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/** What installing and building say is no part of the results. */
const toStderr = ['inherit', 2, 'inherit']

if (!existsSync(`${here}node_modules`))
  run('npm', install, { stdio: toStderr, shell: process.platform === 'win32' })
run(process.execPath, [`${here}build.js`], { stdio: toStderr })
run(process.execPath, [`${here}out/${program}.js`, ...options], { stdio: 'inherit' })

function run(command, parameters, how) {
  const { error, status } = spawnSync(command, parameters, how)
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}
