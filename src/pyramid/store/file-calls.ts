/**
 * @file Calls of the file system: at once on this thread, as long as they are fast. A call that Node hands to a thread of its own takes
 * longer than what it does for a file in memory; of a slow disk or network several are in flight instead.
 */
import * as fs from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { ObjectMemory } from './reused-memory.ts'

/** One call of the system reads or writes 2 GiB at most. */
const mostAtOnce = 2 ** 30

/**
 * Milliseconds that calls take on average, over about `span` of them, before they count as slow, and that this thread keeps to itself;
 * calls that are handed over before the next attempt.
 */
const [usualSlowTime, turnTime, span, slowCalls] = [2, 8, 16, 256]

/** Bytes beyond a file, so that the next one of its size is seen to end without asking how long it is. */
const spare = 64

const apart = {
  open: promisify(fs.open),
  read: promisify(fs.read),
  write: promisify(fs.write),
  link: promisify(fs.link),
  rename: promisify(fs.rename),
}
const syncFile = promisify(fs.fsync)

export class FileCalls {
  readonly #slowTime: number
  #slow = 0
  #usual = 0
  #turn = performance.now()

  constructor(slowTime = usualSlowTime) {
    this.#slowTime = slowTime
  }

  async readWhole(path: string, memory: ObjectMemory | undefined): Promise<Uint8Array> {
    const file = await this.#open(path, 'r')
    try {
      if (memory !== undefined && memory.room > 0) {
        const bytes = memory.take(memory.room)
        const done = await this.#fill(file, bytes)
        if (done < bytes.length) return bytes.subarray(0, done)
      }
      // One byte more, so that a folder is one whatever its size.
      const length = fs.fstatSync(file).size + 1
      const bytes = memory?.take(length + spare).subarray(0, length) ?? new Uint8Array(length)
      return bytes.subarray(0, await this.#fill(file, bytes))
    } finally {
      fs.closeSync(file)
    }
  }

  /** Reads until the array is full or the file ends. @returns how many bytes there are */
  async #fill(file: number, bytes: Uint8Array): Promise<number> {
    for (let done = 0; done < bytes.length; ) {
      const read = await this.#read(file, bytes, done, Math.min(mostAtOnce, bytes.length - done))
      if (read === 0) return done
      done += read
    }
    return bytes.length
  }

  async writeWhole(path: string, bytes: Uint8Array, sync: boolean): Promise<void> {
    const file = await this.#open(path, 'wx')
    try {
      for (let done = 0; done < bytes.length; )
        done += await this.#write(file, bytes, done, Math.min(mostAtOnce, bytes.length - done))
      if (sync) await syncFile(file)
    } finally {
      fs.closeSync(file)
    }
  }

  async link(from: string, to: string): Promise<void> {
    await this.#call(
      () => fs.linkSync(from, to),
      () => apart.link(from, to),
    )
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#call(
      () => fs.renameSync(from, to),
      () => apart.rename(from, to),
    )
  }

  #open(path: string, flags: string): number | Promise<number> {
    return this.#call(
      () => fs.openSync(path, flags),
      () => apart.open(path, flags),
    )
  }

  #read(file: number, bytes: Uint8Array, at: number, length: number): number | Promise<number> {
    return this.#call(
      () => fs.readSync(file, bytes, at, length, at),
      async () => (await apart.read(file, bytes, at, length, at)).bytesRead,
    )
  }

  #write(file: number, bytes: Uint8Array, at: number, length: number): number | Promise<number> {
    return this.#call(
      () => fs.writeSync(file, bytes, at, length, at),
      async () => (await apart.write(file, bytes, at, length, at)).bytesWritten,
    )
  }

  #call<R>(now: () => R, later: () => Promise<R>): R | Promise<R> {
    if (this.#slow > 0) {
      this.#slow--
      return later()
    }
    const begun = performance.now()
    if (begun - this.#turn > turnTime) return this.#afterTurn(now)
    try {
      return now()
    } finally {
      this.#usual += (performance.now() - begun - this.#usual) / span
      if (this.#usual > this.#slowTime) [this.#slow, this.#usual] = [slowCalls, 0]
    }
  }

  async #afterTurn<R>(act: () => R): Promise<R> {
    await setImmediate()
    this.#turn = performance.now()
    return act()
  }
}
