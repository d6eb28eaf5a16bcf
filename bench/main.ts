/**
 * @file `npm run bench`: runs the workloads and prints their times.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { formatMarkdown, formatSeries, ratiosOf } from './report.ts'
import { isTimed, runSeries, type Series } from './run-series.ts'
import type { Budget } from './timing.ts'
import { type Workload, workloads } from './workloads.ts'

const usage = `npm run bench -- [options]
  --only W1,W5   these workloads
  --quick        few rounds, without the candidates that take seconds
  --kernels      also each kernel of the registry by itself, and each strategy of the SIMD build
  --json         print JSON (tables go to stderr)
  --markdown     print one Markdown table`

const thorough: Budget = { rounds: 25, milliseconds: 2000 }
const hasty: Budget = { rounds: 5, milliseconds: 300 }
const largeWindow = 32

/** Candidates that read every window in full and so take seconds to minutes. */
function slowFor({ window }: Workload, quick: boolean): readonly string[] {
  const isLarge = window >= largeWindow
  if (quick && isLarge) return ['onnxruntime', 'tfjs-wasm', 'tfjs-cpu', 'plain']
  return quick || isLarge ? ['tfjs-cpu'] : []
}

async function main(): Promise<void> {
  const options = readOptions()
  const selected = chosen(options.only)
  const machine = { node: process.versions.node, architecture: process.arch, cores: availableParallelism() }
  console.error(`Node ${machine.node}, ${machine.architecture}, ${machine.cores} cores; one thread\n`)
  const all: Series[] = []
  const isText = !options.json && !options.markdown
  for (const workload of selected) {
    const series = await runSeries({
      workload,
      budget: options.quick ? hasty : thorough,
      kernels: options.kernels && !(options.quick && workload.window >= largeWindow),
      without: slowFor(workload, options.quick),
    })
    all.push(series)
    const print = isText ? console.log : console.error
    print(formatSeries(series))
  }
  if (options.json) console.log(JSON.stringify({ machine, series: all.map(withRatios) }, null, 2))
  if (options.markdown) console.log(formatMarkdown(all))
  if (all.some(isWrong)) process.exitCode = 1
}

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        quick: flag,
        kernels: flag,
        json: flag,
        markdown: flag,
        help: flag,
      },
    })
    if (!values.help) return values
    console.log(usage)
    process.exit(0)
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}

function chosen(only: string | undefined): readonly Workload[] {
  if (only === undefined) return workloads
  const ids = only.split(',').map((id) => id.trim().toUpperCase())
  const unknown = ids.filter((id) => !workloads.some((workload) => workload.id === id))
  if (unknown.length > 0) {
    console.error(`--only: no workload ${unknown.join(', ')}; there are W1 to W${workloads.length}`)
    process.exit(2)
  }
  return workloads.filter(({ id }) => ids.includes(id))
}

/** Another library's mistake is shown and not timed; ours fails the run. */
function isWrong({ rows }: Series): boolean {
  return rows.some((row) => 'wrong' in row && row.kind === 'ours')
}

function withRatios(series: Series) {
  const rows = series.rows.map((row) => (isTimed(row) ? { ...row, ...ratiosOf(series, row) } : row))
  return { ...series, rows }
}

await main()
