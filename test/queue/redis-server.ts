/**
 * @file A Redis server of the tests' own, which keeps an append-only file and can be stopped and started again.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export class RedisServer {
  readonly #folder: string
  readonly #addresses: readonly string[]
  #port = 0
  #process: ChildProcess | undefined

  /** @param addresses  where it listens, beside this machine itself */
  constructor(folder: string, addresses: readonly string[] = []) {
    this.#folder = folder
    this.#addresses = addresses
  }

  get url(): string {
    return this.urlAt('127.0.0.1')
  }

  urlAt(address: string): string {
    return `redis://${address}:${this.#port}`
  }

  async start(): Promise<void> {
    if (spawnSync('redis-server', ['--version']).error)
      throw new Error('redis-server is not here: apt-get install redis-server')
    if (this.#port === 0) this.#port = await freePort()
    const bind = ['127.0.0.1', ...this.#addresses].join(' ')
    const options = `--port ${this.#port} --bind ${bind} --protected-mode no --dir ${this.#folder} --save --appendonly yes --appendfsync everysec`
    this.#process = spawn('redis-server', [...options.split(' '), '--maxmemory-policy', 'noeviction'], {
      stdio: 'ignore',
    })
    for (let tries = 0; this.command('ping').trim() !== 'PONG'; tries++) {
      if (tries === 100) throw new Error('redis-server does not answer')
      await sleep(100)
    }
  }

  /** Runs a command, as "dbsize". */
  command(...words: string[]): string {
    return spawnSync('redis-cli', ['-p', String(this.#port), ...words]).stdout.toString()
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const stopped = once(this.#process!, 'exit')
    this.#process!.kill(signal)
    await stopped
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
