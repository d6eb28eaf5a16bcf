/**
 * @file The control words in shared memory through which the caller and its workers agree on the open job, the next
 * tile, the finished tiles, and who works.
 *
 * Every job has a generation. A worker joins by writing the generation to its own word, and then checks again that the
 * job is open. The caller closes the job first, and then checks who has joined. In either order, the worker sees that
 * the job is closed, or the caller waits for it. So no worker stays in a closed job, and the caller never waits for a
 * sleeping one. All waits have a timeout, and all sleepers are woken.
 */
/** Words of a cache line. Words that different threads write lie this far apart. */
const line = 16
/** Increases with every job. Workers sleep on it. */
const generationAt = 0
/** The generation that workers may join, or 0. */
const openAt = line
const nextTileAt = 2 * line
/** Increases whenever a worker leaves a job. The caller sleeps on it. */
const leftAt = 3 * line
const stoppedAt = 4 * line
const workersAt = 5 * line
/** Offset of the number of finished tiles in a worker's line. The line begins with the worker's generation, or 0. */
const progressAt = 1

/** The most tiles of a job that are tracked. The caller runs later tiles again. */
const mostTiles = 32768
/** The most bytes of a job's message. */
export const messageBytes = 1024 * 1024

/** Milliseconds for which a worker spins for the next job before it sleeps. */
const spinTime = 0.2
/** Milliseconds for which the caller spins for its workers before it sleeps and frees its core. */
const waitTime = 0.05
/** The longest sleep in milliseconds, after which a sleeper checks again by itself. */
const longestSleep = 1000

export class Control {
  readonly #words: Int32Array
  readonly #doneAt: number
  readonly #workers: number
  /** The address of the job's message. */
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

  /** Opens a job, whose message must be written already, and returns its generation. */
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

  /** Closes the job, so that no more workers join. */
  close(): void {
    Atomics.store(this.#words, openAt, 0)
  }

  /** Waits until all workers have left the job. Returns false if none finishes a tile for `timeout` milliseconds. */
  settle(generation: number, timeout: number, maySleep: boolean): boolean {
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
      if (now - since > timeout) return false
      if (maySleep && now - since > waitTime) {
        Atomics.wait(words, leftAt, left, Math.min(longestSleep, timeout - (now - since) + 1))
      }
    }
  }

  /** Yields the tiles that no other thread has claimed, and marks each as done when the next one is requested. */
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

  /** True if a tile is done; always false for tiles past the tracked ones. */
  isDone(generation: number, tile: number): boolean {
    return tile < mostTiles && Atomics.load(this.#words, this.#doneAt + tile) === generation
  }

  /** Waits for a job after `seen` and returns its generation, or 0 if the workers are stopped. */
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

  /** The latest generation. New workers do not join it. */
  get generation(): number {
    return Atomics.load(this.#words, generationAt)
  }

  /** True if the job may still be joined; then its message is intact. */
  isOpen(generation: number): boolean {
    return Atomics.load(this.#words, openAt) === generation
  }

  /** Returns true if `worker` joined the job; it must call `leave` then. */
  join(worker: number, generation: number): boolean {
    Atomics.store(this.#words, workersAt + worker * line, generation)
    if (this.isOpen(generation)) return true
    this.leave(worker)
    return false
  }

  /** Counts a finished tile of the worker. */
  advance(worker: number): void {
    Atomics.add(this.#words, workersAt + worker * line + progressAt, 1)
  }

  leave(worker: number): void {
    Atomics.store(this.#words, workersAt + worker * line, 0)
    Atomics.add(this.#words, leftAt, 1)
    Atomics.notify(this.#words, leftAt)
  }

  /** Tells all workers to return. */
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
