/**
 * @file A job run by all threads: the caller opens it, works like the others, waits for them, and mends what one of them left undone.
 */
import type { Job } from '../kernel.ts'
import type { Crew, Machine } from '../wasm/machine.ts'
import type { RunIn } from '../wasm/rows.ts'
import type { Control } from './control.ts'
import { arraysOf, isSendable, writeJob } from './message.ts'

export interface CrewOptions {
  /** Bytes of all operands below which one thread is quicker. */
  readonly leastBytes: number
  /** Milliseconds without progress after which a worker is given up. */
  readonly patience: number
  /** Must see to it that no worker touches the memory again; there will be no further jobs. */
  readonly lost: () => void
}

/** Workers may take so many times longer than the caller did for its own tiles. */
const slowest = 4
/** Milliseconds for workers that are being stopped to stop. */
const grace = 50

export class SharedCrew implements Crew {
  readonly #machine: Machine
  readonly #control: Control
  readonly #options: CrewOptions
  readonly #maySleep = maySleep()

  constructor(machine: Machine, control: Control, options: CrewOptions) {
    this.#machine = machine
    this.#control = control
    this.#options = options
  }

  run(job: Job, run: RunIn): boolean {
    const { buffer } = this.#machine.memory
    if (bytesOf(job) < this.#options.leastBytes || !isSendable(job, buffer)) return false
    if (!writeJob(job, buffer, this.#control.messageAt)) return false
    const generation = this.#control.open()
    const { count, failure, elapsed } = this.#work(generation, job, run)
    this.#control.close()
    if (!this.#control.settle(generation, this.#options.patience + slowest * elapsed, this.#maySleep)) {
      this.#options.lost()
      pause(grace, this.#maySleep)
    }
    if (failure !== null) throw failure.error
    this.#mend(generation, count, job, run)
    return true
  }

  /** The caller's share of the tiles; `count` is that of all. */
  #work(generation: number, job: Job, run: RunIn) {
    const start = performance.now()
    let count = 0
    let failure: { readonly error: unknown } | null = null
    try {
      this.#shared(
        (tiles) =>
          this.#control.claim(generation, tiles, (all) => {
            count = all
          }),
        () => run(this.#machine, job),
      )
    } catch (error) {
      failure = { error }
    }
    return { count, failure, elapsed: performance.now() - start }
  }

  /** Tiles that a worker took and did not finish are done again: whatever they hold is overwritten. */
  #mend(generation: number, count: number, job: Job, run: RunIn): void {
    const control = this.#control
    let undone = 0
    for (let tile = 0; tile < count; tile++) if (!control.isDone(generation, tile)) undone++
    if (undone === 0) return
    this.#shared(
      function* (tiles) {
        let index = 0
        for (const tile of tiles) if (!control.isDone(generation, index++)) yield tile
      },
      () => run(this.#machine, job),
    )
  }

  #shared(share: <T>(tiles: Iterable<T>) => Iterable<T>, run: () => void): void {
    const machine = this.#machine
    const all = machine.share
    machine.share = share
    try {
      run()
    } finally {
      machine.share = all
    }
  }
}

function bytesOf(job: Job): number {
  return arraysOf(job).reduce((bytes, { byteLength }) => bytes + byteLength, 0)
}

/** A browser's main thread may only spin. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}

function pause(milliseconds: number, sleeps: boolean): void {
  const end = performance.now() + milliseconds
  const word = sleeps ? new Int32Array(new SharedArrayBuffer(4)) : null
  while (performance.now() < end) if (word) Atomics.wait(word, 0, 0, milliseconds)
}
