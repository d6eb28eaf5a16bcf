/**
 * @file A Redis server of the tests' own, which keeps an append-only file and can be stopped and started again.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that keeps queues. */
export interface QueueServer {
  /** The option of the program that names it, and the variable. */
  readonly option: 'redis' | 'postgres'
  readonly variable: string
  readonly url: string
  start(): Promise<void>
  /** At once, as kill -9 does. */
  stop(): Promise<void>
  /** Forgets all jobs. */
  lose(): void
  close(): Promise<void>
}

export class RedisServer implements QueueServer {
  readonly option = 'redis'
  readonly variable = 'REDIS_URL'
  readonly #folder = mkdtempSync(join(tmpdir(), 'pool2d-redis-'))
  readonly #addresses: readonly string[]
  #port = 0
  #process: ChildProcess | undefined

  /** @param addresses  where it listens, beside this machine itself */
  constructor(addresses: readonly string[] = []) {
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

  usedMemory(): number {
    return Number(/used_memory:(\d+)/.exec(this.command('info', 'memory'))![1])
  }

  lose(): void {
    this.command('flushall')
  }

  async stop(): Promise<void> {
    const stopped = once(this.#process!, 'exit')
    this.#process!.kill('SIGKILL')
    await stopped
  }

  async close(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
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
