/**
 * @file Reports results as lines or as one JSON document at the end, with a progress bar meanwhile.
 */
import type { LeftOut } from '../files/results-among-inputs.ts'
import { type Io, print, say } from '../io.ts'
import { printable, printableJson } from '../printable.ts'
import { type FileReport, reportVersion } from './file-report.ts'
import { plannedLines, writtenLines } from './lines.ts'
import { Progress, type Step } from './progress.ts'

export interface ReporterOptions {
  readonly json: boolean
  readonly quiet: boolean
  /** True if the result itself goes to standard output; reports then go to standard error. */
  readonly dataOnStdout: boolean
  /** The number of inputs. */
  readonly count: number
  readonly leftOut: readonly LeftOut[]
}

export class Reporter {
  private readonly io: Io
  private readonly options: ReporterOptions
  private readonly reports: FileReport[] = []
  private readonly progress: Progress | undefined
  /** Lines that wait for the bar to end. */
  private readonly waiting: (() => Promise<void>)[] = []

  constructor(io: Io, options: ReporterOptions) {
    this.io = io
    this.options = options
    if (io.stderr.isTTY && !options.quiet) this.progress = new Progress(io, options.count)
  }

  /** Reports the progress of an input: the done part of the step. */
  step(input: string, step: Step, part?: number): void {
    this.progress?.step(input, step, part)
  }

  async add(report: FileReport): Promise<void> {
    this.reports.push(report)
    this.progress?.end(report.input)
    if (this.progress === undefined || report.error !== null) await this.report(report)
    else this.waiting.push(() => this.report(report))
  }

  async finish(): Promise<void> {
    this.progress?.stop()
    for (const report of this.waiting) await report()
    const { json, dataOnStdout, leftOut } = this.options
    for (const { input, resultOf } of leftOut)
      await this.note(`${input}: left out, since the result of ${resultOf} goes there`)
    if (!json) return
    const text = printableJson({
      version: reportVersion,
      results: this.reports,
      ...(leftOut.length > 0 && { leftOut }),
    })
    await (dataOnStdout ? say : print)(this.io, `${text}\n`)
  }

  /** Printed only if reports are text, not with --json or --quiet. */
  async note(text: string): Promise<void> {
    const { json, quiet } = this.options
    if (!json && !quiet) await say(this.io, `pool2d: note: ${printable(text)}\n`)
  }

  /** Failures are always printed, and at once. Plans are the result of --dry-run, so they go to standard output. */
  private async report(report: FileReport): Promise<void> {
    const { json, quiet } = this.options
    if (report.error !== null) {
      const clear = this.progress?.clear ?? ''
      await say(this.io, `${clear}pool2d: ${printable(report.error.message)}\n`)
    }
    if (json || report.status === 'failed') return
    if (report.status === 'planned') return print(this.io, `${plannedLines(report).join('\n')}\n`)
    if (!quiet) await say(this.io, `${writtenLines(report).join('\n')}\n`)
  }
}
