/**
 * @file Starts a program of the bench: `node bench/run.js main|window|size|threads|layout|peers|image|masks|median|crossovers|surface|instructions [options]`. Installs the bench's own packages
 * first, and builds.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { install } from '../scripts/install.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const [program, ...options] = process.argv.slice(2)

/** The output of the build is not part of the results. */
const toStderr = ['inherit', 2, 'inherit']

install('bench')
run(process.execPath, [`${here}build.js`], { stdio: toStderr })
run(process.execPath, [`${here}out/${program}.js`, ...options], { stdio: 'inherit' })

function run(command, parameters, how) {
  const { error, status } = spawnSync(command, parameters, how)
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}
