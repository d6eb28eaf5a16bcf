/**
 * @file Runs the command line in this process, in a folder of its own, with streams that remember.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterEach, expect } from 'vitest'
import { formatNpy, parseNpy } from '../../src/adapters/npy/index.ts'
import { run } from '../../src/cli/run.ts'
import type { Tensor, TensorLike } from '../../src/tensor/tensor.ts'

export interface Ran {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

interface Terminals {
  readonly stdin?: Uint8Array
  /** Streams that say they are terminals. */
  readonly tty?: readonly ('stdin' | 'stdout' | 'stderr')[]
}

class Memory extends Writable {
  readonly chunks: Buffer[] = []
  readonly isTTY: boolean
  readonly columns = 80

  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.chunks.push(chunk)
    done()
  }
}

/** A folder that goes away after the test, in which nothing temporary may be left. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'pool2d-test-'))

  write(name: string, content: Uint8Array | string): void {
    writeFileSync(join(this.path, name), content)
  }

  /** Writes .npy files. */
  writeArrays(arrays: Readonly<Record<string, TensorLike>>): void {
    for (const [name, x] of Object.entries(arrays)) this.write(name, formatNpy(x))
  }

  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.path, name)))
  }

  readArray(name: string): Tensor {
    return parseNpy(this.read(name))
  }

  list(): string[] {
    return readdirSync(this.path, { recursive: true }).map(String).sort()
  }

  /** One run; arguments are separated by spaces where they are one text. */
  async run(
    argv: string | readonly string[],
    { stdin = new Uint8Array(), tty = [] }: Terminals = {},
  ): Promise<Ran> {
    const [stdout, stderr] = [new Memory(tty.includes('stdout')), new Memory(tty.includes('stderr'))]
    const input = Object.assign(Readable.from([stdin]), { isTTY: tty.includes('stdin') })
    const code = await run(typeof argv === 'string' ? argv.split(' ').filter(Boolean) : argv, {
      cwd: this.path,
      stdin: input,
      stdout,
      stderr,
    })
    return { code, stdout: Buffer.concat(stdout.chunks), stderr: Buffer.concat(stderr.chunks).toString() }
  }
}

/** The test's folder. */
export function useFolder(): () => Folder {
  let folder: Folder | undefined
  afterEach(() => {
    if (folder === undefined) return
    expect(folder.list().filter((name) => name.includes('.pool2d-'))).toEqual([])
    rmSync(folder.path, { recursive: true })
    folder = undefined
  })
  return () => {
    folder ??= new Folder()
    return folder
  }
}
