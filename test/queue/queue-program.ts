/**
 * @file The program `pool2d`, built where it finds bullmq and its clients, and run in a folder with an image.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'
import { expect } from 'vitest'
import { formatNpy } from '../../src/adapters/npy/index.ts'
import { Tensor } from '../../src/index.ts'
import configs from '../../tsdown.config.ts'
import type { QueueServer } from './redis-server.ts'

/** Some 80 tasks. */
export const options = '--chunks 32x32 --min-size 32 --memory 25kB --codec gzip:6'

const [height, width] = [500, 403]

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export class QueueProgram {
  /** Within this folder, so that the program finds bullmq. */
  readonly #built = `${mkdtempSync(fileURLToPath(new URL('node_modules/.pool2d-', import.meta.url)))}/`
  readonly folder = mkdtempSync(join(tmpdir(), 'pool2d-queue-'))
  readonly #server: QueueServer

  constructor(server: QueueServer) {
    this.#server = server
  }

  /** Builds the program, and makes `x.npy` and its pyramid `one`. */
  async open(): Promise<void> {
    for (const config of configs as Parameters<typeof build>[0][]) {
      const names = Object.keys((config as { entry: object }).entry)
      if (!names.includes('cli/main') && !names.includes('pyramid-worker')) continue
      await build({ ...config, config: false, outDir: this.#built, logLevel: 'silent' })
    }
    let state = 1
    const data = Uint16Array.from({ length: height * width }, (_, i) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return (i % width) + (state >>> 25)
    })
    writeFileSync(join(this.folder, 'x.npy'), formatNpy(new Tensor(data, [height, width])))
    expect(await this.run(`pyramid x.npy one ${options} --threads 1`)).toMatchObject({ code: 0 })
  }

  close(): void {
    for (const place of [this.#built, this.folder]) rmSync(place, { recursive: true, force: true })
  }

  start(argv: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
    return this.startBy([process.execPath], { [this.#server.variable]: this.#server.url, ...env }, argv)
  }

  startBy([command, ...words]: string[], env: NodeJS.ProcessEnv, argv: string): ChildProcess {
    return spawn(command!, [...words, `${this.#built}cli/main.js`, ...argv.split(' ')], {
      cwd: this.folder,
      env: { ...process.env, REDIS_URL: undefined, POSTGRES_URL: undefined, ...env },
    })
  }

  run(argv: string, env?: NodeJS.ProcessEnv): Promise<Ended> {
    return ended(this.start(argv, env))
  }

  files(name: string): Record<string, string> {
    const root = join(this.folder, name)
    const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    const paths = found
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('.pool2d'))
    return Object.fromEntries(
      paths.sort().map((path) => [path.slice(root.length), digest(readFileSync(path))]),
    )
  }

  /** A plan for OUT with its tasks in the queue. */
  async queued(out: string, input = 'x.npy', settings = options): Promise<void> {
    expect(await this.run(`pyramid plan ${input} ${out} ${settings} --threads 1`)).toMatchObject({ code: 0 })
    expect(await this.run(`queue add ${out}`)).toMatchObject({ code: 0 })
  }

  /** Ends after the worker's first tasks are in the manifest. */
  async untilBegun(out: string): Promise<void> {
    const manifest = join(this.folder, out, '.pool2d/manifest')
    while (!existsSync(manifest) || readdirSync(manifest).length === 0) await sleep(20)
  }

  /** The files of OUT are those of one run, @param like  that of the same input. */
  async expectWhole(out: string, like = 'one'): Promise<void> {
    expect(this.files(out)).toEqual(this.files(like))
    expect(await this.run(`pyramid verify ${out}`)).toMatchObject({ code: 0 })
  }
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ])
  return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr }
}

export const work = (out: string): string => `queue work ${out} --threads 1 --lock 2`

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
