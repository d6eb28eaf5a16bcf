/**
 * @file A PostgreSQL server of the tests' own, which can be stopped and started again.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, type QueueServer } from './redis-server.ts'

/** Debian keeps each version's programs in a folder of its own. */
const debian = '/usr/lib/postgresql'

export class PostgresServer implements QueueServer {
  readonly option = 'postgres'
  readonly variable = 'POSTGRES_URL'
  readonly #folder = mkdtempSync(join(tmpdir(), 'pool2d-postgres-'))
  #port = 0
  #process: ChildProcess | undefined

  get url(): string {
    return `postgres://postgres:secret@127.0.0.1:${this.#port}/postgres`
  }

  async start(): Promise<void> {
    const data = join(this.#folder, 'data')
    if (this.#port === 0) {
      this.#port = await freePort()
      mkdirSync(data)
      chmodSync(this.#folder, 0o755)
      if (process.getuid?.() === 0) spawnSync('chown', ['postgres', data])
      const [command, ...words] = wordsOf('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync')
      const { status, stderr } = spawnSync(command!, words, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`initdb: ${stderr}`)
    }
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
    const [command, ...words] = wordsOf(
      'postgres',
      '-D',
      data,
      '-p',
      String(this.#port),
      ...settings.flatMap((setting) => ['-c', setting]),
    )
    this.#process = spawn(command!, words, { stdio: 'ignore' })
    for (let tries = 0; !this.#query('select 1'); tries++) {
      if (tries === 100) throw new Error('PostgreSQL does not answer')
      await sleep(100)
    }
  }

  lose(): void {
    if (!this.#query('delete from bullmq.job')) throw new Error('the jobs of BullMQ cannot be deleted')
  }

  /** Runs a statement. @returns false where that fails */
  #query(text: string): boolean {
    const place = ['-h', '127.0.0.1', '-p', String(this.#port), '-U', 'postgres']
    const [command, ...words] = wordsOf('psql', ...place, '-c', text)
    return spawnSync(command!, words).status === 0
  }

  async stop(): Promise<void> {
    const stopped = once(this.#process!, 'exit')
    this.#process!.kill('SIGQUIT')
    await stopped
  }

  async close(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** PostgreSQL does not run as root: then as its own user. */
function wordsOf(name: string, ...argv: string[]): string[] {
  const [version] = existsSync(debian) ? readdirSync(debian).sort().reverse() : []
  if (version === undefined) throw new Error('PostgreSQL is not here: apt-get install postgresql')
  const own =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  return [...own, join(debian, version, 'bin', name), ...argv]
}
