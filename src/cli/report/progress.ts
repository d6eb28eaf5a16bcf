/**
 * @file A progress bar on terminals, for many files or for one slow file.
 */
import { type Options, SingleBar } from 'cli-progress'
import type { Io } from '../io.ts'
import { printable } from '../printable.ts'

export type Step = 'reading' | 'pooling' | 'writing'

/** The fractions of a file at which each step starts and ends. */
const spans: Readonly<Record<Step, readonly [number, number]>> = {
  reading: [0, 0.3],
  pooling: [0.3, 0.7],
  writing: [0.7, 1],
}

const barOptions: Options = {
  format: 'pool2d [{bar}] {done}/{total} {file}{step}',
  hideCursor: false,
  gracefulExit: false,
  clearOnComplete: true,
  forceRedraw: true,
}

/** Milliseconds before a single file gets a bar. */
const patience = 500

export class Progress {
  readonly #bar: SingleBar
  readonly #count: number
  readonly #from: number
  readonly #timer: NodeJS.Timeout
  #done = 0
  #isShown = false

  constructor(io: Io, count: number, delay: number = count > 1 ? 0 : patience) {
    this.#bar = new SingleBar({ ...barOptions, stream: io.stderr as NodeJS.WriteStream })
    this.#count = count
    this.#from = performance.now() + delay
    this.#timer = setTimeout(() => this.#show(), delay).unref()
  }

  /** The done part of a step, from 0 to 1. */
  step(file: string, step: Step, part = 0): void {
    if (performance.now() >= this.#from) this.#show()
    const [from, to] = spans[step]
    this.#update(this.#done + from + part * (to - from), file, `: ${step}`)
  }

  /** A file is over. */
  end(file: string): void {
    this.#done++
    this.#update(this.#done, file, '')
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#bar.stop()
  }

  /** Clears the bar before a line is printed. The next step draws it again. */
  get clear(): string {
    return this.#isShown ? '\r\x1b[K' : ''
  }

  #show(): void {
    if (this.#isShown) return
    this.#isShown = true
    this.#bar.start(this.#count, this.#done, { done: this.#done, file: '', step: '' })
  }

  #update(value: number, file: string, step: string): void {
    if (this.#isShown) this.#bar.update(value, { done: this.#done, file: printable(file), step })
  }
}
