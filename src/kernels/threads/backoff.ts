/**
 * @file Whether threads are worth their while just now: with another program on a core, waiting for a worker costs more than it gives.
 */

/** Jobs that are run by one thread after threads were slower, at most. */
const longestRest = 32
/** How much longer than one thread alone they may take, as measured, before that counts. */
const tolerance = 1.1

/** What a tile took at best is forgotten by so much a job: data may come from farther away than it did. */
const forgetting = 1.02

/** What the caller saw of a job: how long it worked, for how many of all tiles, and how long it took in all, in milliseconds. */
export interface Measured {
  readonly worked: number
  readonly tiles: number
  readonly of: number
  readonly took: number
}

/** Backs off from threads, and tries them again: after one job, then two, four, and so on while they do not pay. */
export class Backoff {
  #rest = 0
  #left = 0
  /** Milliseconds of a tile of a plan, at best: without another program on the caller's core. */
  readonly #paces = new WeakMap<object, number>()

  /** Whether to run the next job by threads. */
  ask(): boolean {
    if (this.#left === 0) return true
    this.#left--
    return false
  }

  /** The caller alone would have taken as long for every tile of the plan as it did at best. */
  learn(plan: object, { worked, tiles, of, took }: Measured): void {
    if (tiles === 0) return
    const pace = Math.min(worked / tiles, (this.#paces.get(plan) ?? Number.POSITIVE_INFINITY) * forgetting)
    this.#paces.set(plan, pace)
    const paid = took <= pace * of * tolerance
    this.#rest = paid ? this.#rest >> 1 : Math.min(longestRest, Math.max(1, 2 * this.#rest))
    this.#left = paid ? 0 : this.#rest
  }
}
