/**
 * @file Asks the registry for signatures and known weaknesses of what is installed. Fails for a bad signature or a weakness of
 * severity high or more; a service that cannot be reached is said, and is no failure.
 */
import { spawnSync } from 'node:child_process'

const questions = [
  { what: 'signatures and attestations', args: ['audit', 'signatures', '--json'] },
  { what: 'known weaknesses', args: ['audit', '--audit-level', 'high', '--json'] },
]

/** What npm says when the network or the service is not there: the answer says nothing about the packages. */
const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|FETCH_ERROR|"statusCode": (40[3-5]|5\d\d)/

let failed = false
for (const { what, args } of questions) {
  const { status, stdout } = spawnSync('npm', [...args, '--fetch-retries', '0', '--fetch-timeout', '20000'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status === 0) console.log(`${what}: all right`)
  else if (unreachable.test(stdout))
    console.log(`${what}: NOT CHECKED, the service cannot be reached from here`)
  else {
    failed = true
    console.error(`${what}: FAILED\n${stdout}`)
  }
}
if (failed) process.exitCode = 1
