/**
 * @file Decides if threads pay at the moment. If another program uses a core, waiting for its worker costs more than
 * the worker gains.
 */

/** The most jobs that one thread runs before threads are tried again. */
const longestRest = 32
/** Threads count as slower if they take this many times as long as one thread would. */
const tolerance = 1.1

/** The best time per tile is raised by this factor after every job, since data may lie farther away than before. */
const forgetting = 1.02

/** Measures of a job: milliseconds that the caller worked, its tiles, all tiles, and milliseconds in all. */
export interface Measured {
  readonly worked: number
  readonly tiles: number
  readonly of: number
  readonly took: number
}

/** Rests after jobs in which threads were slower: for one job, then two, four and so on while they stay slower. */
export class Backoff {
  #rest = 0
  #left = 0
  /** The caller's best milliseconds per tile, by plan: measured without another program on its core. */
  readonly #paces = new WeakMap<object, number>()

  /** True if threads should run the next job. */
  ask(): boolean {
    if (this.#left === 0) return true
    this.#left--
    return false
  }

  /** Compares the time of a job with an estimate for one thread: the best time per tile, for all tiles. */
  learn(plan: object, { worked, tiles, of, took }: Measured): void {
    if (tiles === 0) return
    const pace = Math.min(worked / tiles, (this.#paces.get(plan) ?? Number.POSITIVE_INFINITY) * forgetting)
    this.#paces.set(plan, pace)
    const paid = took <= pace * of * tolerance
    this.#rest = paid ? this.#rest >> 1 : Math.min(longestRest, Math.max(1, 2 * this.#rest))
    this.#left = paid ? 0 : this.#rest
  }
}
