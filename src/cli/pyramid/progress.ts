/**
 * @file Progress of a run: one line on a terminal, else one JSON object per line.
 */
import type { PyramidProgress } from '../../pyramid/run/run-pyramid.ts'
import { type Io, say } from '../io.ts'
import { printable } from '../printable.ts'

const [redrawTime, lineTime] = [100, 1000]

export class RunProgress {
  readonly #io: Io
  readonly #isLine: boolean
  readonly #begun = performance.now()
  #last = Number.NEGATIVE_INFINITY
  #before: number | undefined
  /** How many tasks there were when all were said to be done: a run and its end both come to that. */
  #toldDone: number | undefined
  readonly failures: { readonly stage: number; readonly task: number; readonly reason: string }[] = []
  bytes = 0
  missing = 0
  #blocked = 0

  constructor(io: Io, json: boolean) {
    this.#io = io
    this.#isLine = io.stderr.isTTY === true && !json
  }

  /** Failed tasks, those that wait for them among them. */
  get failed(): number {
    return this.failures.length + this.#blocked
  }

  async add(event: PyramidProgress): Promise<void> {
    this.#before ??= event.done
    if (event.event === 'task') {
      this.bytes += event.bytes
      this.missing += event.missing
    }
    if (event.event === 'failed') await this.#fail(event)
    const isDone = event.done === event.total
    if (isDone && this.#toldDone === event.total) return
    const now = performance.now()
    if (now - this.#last < (this.#isLine ? redrawTime : lineTime) && !isDone) return
    this.#last = now
    if (isDone) this.#toldDone = event.total
    await this.#tell(event)
  }

  async #fail({ stage, task, error }: Extract<PyramidProgress, { event: 'failed' }>): Promise<void> {
    if (error === null) {
      this.#blocked++
      return
    }
    const reason = error.message
    this.failures.push({ stage, task, reason })
    await say(
      this.#io,
      this.#isLine
        ? `\r\x1b[Kpool2d: ${printable(reason)}\n`
        : `${JSON.stringify({ event: 'failed', stage, task, reason })}\n`,
    )
  }

  async #tell({ done, total }: PyramidProgress): Promise<void> {
    const seconds = (performance.now() - this.#begun) / 1000
    const own = done - this.#before!
    const left = own === 0 ? undefined : (seconds / own) * (total - done)
    const rate = this.bytes / Math.max(seconds, 1e-3)
    if (!this.#isLine) {
      const times = {
        seconds: round(seconds),
        left: left === undefined ? null : round(left),
        bytesPerSecond: Math.round(rate),
      }
      await say(
        this.#io,
        `${JSON.stringify({ event: 'progress', done, total, bytes: this.bytes, ...times })}\n`,
      )
      return
    }
    const share = total === 0 ? 1 : done / total
    const rest = left === undefined ? '' : `, ${duration(left)} left`
    await say(
      this.#io,
      `\r\x1b[Kpool2d ${Math.floor(100 * share)} % ${done}/${total} tasks, ${(rate / 1e6).toFixed(1)} MB/s written${rest}`,
    )
  }

  async end(): Promise<void> {
    if (this.#isLine) await say(this.#io, '\r\x1b[K')
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
