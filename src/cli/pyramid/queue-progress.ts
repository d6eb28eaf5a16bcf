/**
 * @file Progress of a worker of a queue: one line on a terminal, else one JSON object per second.
 */
import type { QueueCounts } from '../../pyramid/queue/task-queue.ts'
import type { TaskRecord } from '../../pyramid/run/run-task.ts'
import { type Io, say } from '../io.ts'

const lineTime = 1000

export class QueueProgress {
  readonly #io: Io
  readonly #isLine: boolean
  readonly #begun = performance.now()
  #last = Number.NEGATIVE_INFINITY
  /** Tasks that this worker ran, and the bytes that it wrote. */
  tasks = 0
  bytes = 0

  constructor(io: Io) {
    this.#io = io
    this.#isLine = io.stderr.isTTY === true
  }

  add({ objects }: TaskRecord): void {
    this.tasks++
    for (const [, , bytes] of objects) this.bytes += bytes
  }

  async tell({ waiting, active, delayed, failed }: QueueCounts): Promise<void> {
    const now = performance.now()
    if (now - this.#last < lineTime) return
    this.#last = now
    const seconds = (now - this.#begun) / 1000
    const bytesPerSecond = Math.round(this.bytes / Math.max(seconds, 1e-3))
    const { tasks, bytes } = this
    await say(
      this.#io,
      this.#isLine
        ? `\r\x1b[Kpool2d ${tasks} tasks here, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s; jobs: ${waiting} waiting, ${active} active, ${failed} failed`
        : `${JSON.stringify({ event: 'progress', tasks, bytes, bytesPerSecond, jobs: { waiting, active, delayed, failed } })}\n`,
    )
  }

  async end(): Promise<void> {
    if (this.#isLine) await say(this.#io, '\r\x1b[K')
  }
}
