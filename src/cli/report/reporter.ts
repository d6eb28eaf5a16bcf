/**
 * @file Says what happened: lines as it happens or one JSON document at the end, and a bar where someone watches many files.
 */
import { type Options, SingleBar } from 'cli-progress'
import { type Io, write } from '../io.ts'
import { printable, printableJson } from '../printable.ts'
import { type FileReport, reportVersion } from './file-report.ts'
import { plannedLines, writtenLines } from './lines.ts'

export interface ReporterOptions {
  readonly json: boolean
  readonly quiet: boolean
  /** Whether the result itself goes to standard output; reports then go to standard error. */
  readonly dataOnStdout: boolean
  /** How many inputs there are. */
  readonly count: number
}

const barOptions: Options = {
  format: 'pool2d [{bar}] {value}/{total} {file}',
  hideCursor: true,
  clearOnComplete: true,
}

export class Reporter {
  private readonly io: Io
  private readonly options: ReporterOptions
  private readonly reports: FileReport[] = []
  private readonly bar: SingleBar | undefined
  /** Lines that wait for the bar to end. */
  private readonly waiting: (() => Promise<void>)[] = []

  constructor(io: Io, options: ReporterOptions) {
    this.io = io
    this.options = options
    if (io.stderr.isTTY && options.count > 1 && !options.quiet) {
      this.bar = new SingleBar({ ...barOptions, stream: io.stderr as NodeJS.WriteStream })
      this.bar.start(options.count, 0, { file: '' })
    }
  }

  async add(report: FileReport): Promise<void> {
    this.reports.push(report)
    this.bar?.increment(1, { file: printable(report.input) })
    if (this.bar === undefined) await this.say(report)
    else this.waiting.push(() => this.say(report))
  }

  async finish(): Promise<void> {
    this.bar?.stop()
    for (const say of this.waiting) await say()
    if (!this.options.json) return
    const text = printableJson({ version: reportVersion, results: this.reports })
    await write(this.options.dataOnStdout ? this.io.stderr : this.io.stdout, `${text}\n`)
  }

  /** Failures are said in any case; plans are what --dry-run is for, so they go to standard output. */
  private async say(report: FileReport): Promise<void> {
    const { json, quiet } = this.options
    if (report.error !== null) return write(this.io.stderr, `pool2d: ${printable(report.error.message)}\n`)
    if (json) return
    if (report.status === 'planned') return write(this.io.stdout, `${plannedLines(report).join('\n')}\n`)
    if (!quiet) await write(this.io.stderr, `${writtenLines(report).join('\n')}\n`)
  }
}
