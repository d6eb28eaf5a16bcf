/**
 * @file The words that threads agree through, in their shared memory: which job is open, whose tile is next, what is done, who is still at it.
 *
 * A job has a generation. A worker joins it by saying so and then looking again whether it is open; the caller closes it and then
 * looks who has joined. Whatever the order, either the worker sees that it is too late, or the caller waits for it. So no worker
 * is left in a job that is over, and one that sleeps is waited for by nobody. All waits end after some time, and wake-ups go to all.
 */
/** Words of a cache line: what different threads write lies that far apart. */
const line = 16
/** Rises with every job; workers sleep on it. */
const generationAt = 0
/** The generation that may be joined, or 0. */
const openAt = line
const nextTileAt = 2 * line
/** Rises whenever a worker leaves a job; the caller sleeps on it. */
const leftAt = 3 * line
const stoppedAt = 4 * line
const workersAt = 5 * line
/** In a worker's line: the generation that it is in, or 0, and how many tiles it has done. */
const progressAt = 1

/** A job of more tiles is run by one thread. */
const mostTiles = 32768
/** Bytes of a job as a message. */
export const messageBytes = 1024 * 1024

/** How long a worker looks for the next job before it sleeps, in milliseconds. */
const spinTime = 0.2
/** How long a caller looks for the others before it sleeps, and leaves its core to one of them. */
const waitTime = 0.05
/** The longest sleep, in milliseconds, after which a sleeper looks for itself. */
const longestSleep = 1000

export class Control {
  readonly #words: Int32Array
  readonly #doneAt: number
  readonly #workers: number
  /** Where the message of a job lies. */
  readonly messageAt: number

  constructor(buffer: ArrayBufferLike, address: number, workers: number) {
    this.#workers = workers
    this.#doneAt = workersAt + workers * line
    this.#words = new Int32Array(buffer, address, this.#doneAt + mostTiles)
    this.messageAt = address + this.#words.byteLength
  }

  static bytes(workers: number): number {
    return 4 * (workersAt + workers * line + mostTiles) + messageBytes
  }

  /** Opens the next job, whose message is written; returns its generation. */
  open(): number {
    const words = this.#words
    const last = Atomics.load(words, generationAt)
    const generation = last === 0x7fffffff ? 1 : last + 1
    Atomics.store(words, nextTileAt, 0)
    Atomics.store(words, openAt, generation)
    Atomics.store(words, generationAt, generation)
    Atomics.notify(words, generationAt)
    return generation
  }

  /** Lets nobody join any more. */
  close(): void {
    Atomics.store(this.#words, openAt, 0)
  }

  /** Waits for those in the job; false once nobody has got on for `patience` milliseconds. */
  settle(generation: number, patience: number, maySleep: boolean): boolean {
    const words = this.#words
    let progress = this.#progress()
    let since = performance.now()
    for (let looks = 0; ; looks++) {
      const left = Atomics.load(words, leftAt)
      if (!this.#isAnyoneIn(generation)) return true
      if (looks % 64 !== 63) continue
      const now = performance.now()
      const latest = this.#progress()
      if (latest !== progress) {
        progress = latest
        since = now
      }
      if (now - since > patience) return false
      if (maySleep && now - since > waitTime) {
        Atomics.wait(words, leftAt, left, Math.min(longestSleep, patience - (now - since) + 1))
      }
    }
  }

  /** Those tiles that nobody else has taken; each is done once the next one is asked for. */
  *claim<T>(
    generation: number,
    tiles: Iterable<T>,
    counted?: (done: number, of: number) => void,
  ): Generator<T> {
    const words = this.#words
    let mine = Atomics.add(words, nextTileAt, 1)
    let [index, done] = [0, 0]
    for (const tile of tiles) {
      if (index === mine) {
        done++
        yield tile
        this.finish(generation, index)
        mine = Atomics.add(words, nextTileAt, 1)
      }
      index++
    }
    counted?.(done, index)
  }

  finish(generation: number, tile: number): void {
    if (tile < mostTiles) Atomics.store(this.#words, this.#doneAt + tile, generation)
  }

  /** Whether all of so many tiles are done; those past what is kept track of never are. */
  isDone(generation: number, tile: number): boolean {
    return tile < mostTiles && Atomics.load(this.#words, this.#doneAt + tile) === generation
  }

  /** Until there is a job after `seen`: its generation. 0 once there will be none. */
  nextJob(seen: number): number {
    const words = this.#words
    let since = performance.now()
    for (let looks = 0; ; looks++) {
      if (Atomics.load(words, stoppedAt) !== 0) return 0
      const generation = Atomics.load(words, generationAt)
      if (generation !== seen) return generation
      if (looks % 64 !== 63 || performance.now() - since < spinTime) continue
      Atomics.wait(words, generationAt, seen, longestSleep)
      since = performance.now()
    }
  }

  /** The latest generation: what a new worker need not join. */
  get generation(): number {
    return Atomics.load(this.#words, generationAt)
  }

  /** Whether the job may still be joined, and its message is what it was. */
  isOpen(generation: number): boolean {
    return Atomics.load(this.#words, openAt) === generation
  }

  /** True if `worker` is now in the job; it must leave. */
  join(worker: number, generation: number): boolean {
    Atomics.store(this.#words, workersAt + worker * line, generation)
    if (this.isOpen(generation)) return true
    this.leave(worker)
    return false
  }

  /** Says that the worker gets on. */
  advance(worker: number): void {
    Atomics.add(this.#words, workersAt + worker * line + progressAt, 1)
  }

  leave(worker: number): void {
    Atomics.store(this.#words, workersAt + worker * line, 0)
    Atomics.add(this.#words, leftAt, 1)
    Atomics.notify(this.#words, leftAt)
  }

  /** Has all workers return. */
  stop(): void {
    Atomics.store(this.#words, stoppedAt, 1)
    Atomics.notify(this.#words, generationAt)
  }

  #isAnyoneIn(generation: number): boolean {
    for (let worker = 0; worker < this.#workers; worker++)
      if (Atomics.load(this.#words, workersAt + worker * line) === generation) return true
    return false
  }

  #progress(): number {
    let sum = 0
    for (let worker = 0; worker < this.#workers; worker++)
      sum += Atomics.load(this.#words, workersAt + worker * line + progressAt)
    return sum
  }
}
