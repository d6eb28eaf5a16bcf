/**
 * @file Asks the registry for signatures and known vulnerabilities of the installed packages, here and in the suites' folders. Fails for a bad
 * signature or a vulnerability of severity high or more. An unreachable service is reported, and does not fail the audit.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suites } from './install.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const questions = [
  { what: 'signatures and attestations', args: ['audit', 'signatures', '--json'] },
  { what: 'known weaknesses', args: ['audit', '--audit-level', 'high', '--json'] },
]

/** npm's messages for an unreachable network or service, which say nothing about the packages. */
const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|FETCH_ERROR|"statusCode": (40[3-5]|5\d\d)/

for (const folder of ['.', ...suites]) {
  if (existsSync(join(root, folder, 'node_modules'))) for (const question of questions) ask(folder, question)
  else console.log(`${folder}: NOT CHECKED, its packages are not installed`)
}

function ask(folder, { what, args }) {
  const command = ['npm', ...args, '--fetch-retries', '0', '--fetch-timeout', '20000'].join(' ')
  const { status, stdout } = spawnSync(command, {
    cwd: join(root, folder),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: true,
  })
  if (status === 0) console.log(`${folder}: ${what}: all right`)
  else if (unreachable.test(stdout))
    console.log(`${folder}: ${what}: NOT CHECKED, the service cannot be reached from here`)
  else {
    process.exitCode = 1
    console.error(`${folder}: ${what}: FAILED\n${stdout}`)
  }
}
