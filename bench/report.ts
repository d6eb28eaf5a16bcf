/**
 * @file Results as text: a table per workload, and one table of all for docs/performance.md.
 */
import { isTimed, type Series, type TimedRow } from './run-series.ts'
import { describe } from './workloads.ts'

export interface Ratios {
  /** Bytes of one read of the input and one write of the output, in GB each second. */
  readonly bandwidth: number
  /** Ratios to the WebAssembly stream and to the native limit. */
  readonly overStream: number | null
  readonly overLimit: number | null
  /** The speed relative to the fastest other library. */
  readonly overPeer: number | null
}

export function ratiosOf(series: Series, row: TimedRow): Ratios {
  const over = (id: string): number | null => {
    const other = timedRow(series, id)
    return other ? row.min / other.min : null
  }
  const peer = bestPeer(series)
  return {
    bandwidth: (series.bytesRead + series.bytesWritten) / row.min / 1e6,
    overStream: over('wasm stream'),
    overLimit: over('lim'),
    overPeer: peer && row.kind !== 'limit' ? peer.min / row.min : null,
  }
}

export function timedRow(series: Series, id: string): TimedRow | undefined {
  return series.rows.filter(isTimed).find((row) => row.id === id)
}

function bestPeer(series: Series): TimedRow | undefined {
  const peers = series.rows.filter(isTimed).filter(({ kind }) => kind === 'peer')
  return peers.toSorted((a, b) => a.min - b.min)[0]
}

const columns = ['min ms', 'median', 'GB/s', 'x stream', 'x lim', 'vs peer', 'rounds']

export function formatSeries(series: Series): string {
  const width = Math.max(16, ...series.rows.map(({ id }) => id.length)) + 2
  const line = (id: string, cells: readonly string[]): string =>
    `  ${id.padEnd(width)}${cells.map((cell) => cell.padStart(10)).join('')}`
  const rows = series.rows.map((row) => {
    if ('absent' in row) return `  ${row.id.padEnd(width)}  ${row.absent}`
    if ('wrong' in row) return `  ${row.id.padEnd(width)}  WRONG: ${row.wrong}`
    const { bandwidth, overStream, overLimit, overPeer } = ratiosOf(series, row)
    const ratios = [overStream, overLimit, overPeer].map((ratio) => (ratio === null ? '' : digits(ratio)))
    return line(row.id, [digits(row.min), digits(row.median), digits(bandwidth), ...ratios, `${row.rounds}`])
  })
  const megabytes = `${digits(series.bytesRead / 1e6)} MB in, ${digits(series.bytesWritten / 1e6)} MB out`
  const title = `${series.workload.id}  ${describe(series.workload)}  (${megabytes})`
  return [title, line('', columns), ...rows, ''].join('\n')
}

/** Three significant digits, never an exponent. */
export function digits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value.toFixed(Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(value)))))
}

const tableColumns = [
  ['lim', 'lim'],
  ['stream', 'wasm stream'],
  ['staging', 'staging'],
  ['in cache', 'in cache'],
  ['pool2d, in WASM memory', 'pool2d.wasm'],
  ['pool2d, `out`', 'pool2d'],
  ['pool2d, fresh', 'pool2d.fresh'],
  ['ONNX Runtime', 'onnxruntime'],
  ['tfjs-wasm', 'tfjs-wasm'],
  ['tfjs-cpu', 'tfjs-cpu'],
  ['plain loop', 'plain'],
] as const

/** One line for each workload: milliseconds and the two ratios. */
export function formatMarkdown(all: readonly Series[]): string {
  const present = tableColumns.filter(([, id]) => all.some((series) => timedRow(series, id)))
  const lines = all.map((series) => {
    const [own, inMemory] = [timedRow(series, 'pool2d'), timedRow(series, 'pool2d.wasm')]
    const gain = own && ratiosOf(series, own).overPeer
    const excess = inMemory && ratiosOf(series, inMemory).overLimit
    const ratios = [gain, excess].map((ratio) => (ratio ? `${digits(ratio)}×` : '–'))
    const { workload } = series
    return [`${workload.id} ${describe(workload)}`, ...present.map(([, id]) => cellOf(series, id)), ...ratios]
  })
  const header = ['work', ...present.map(([name]) => name), 'best peer ÷ `out`', 'in WASM memory ÷ lim']
  return [header, ['---', ...header.slice(1).map(() => '--:')], ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function cellOf({ rows }: Series, id: string): string {
  const row = rows.find((candidate) => candidate.id === id)
  if (!row || 'absent' in row) return '–'
  return 'wrong' in row ? 'wrong' : digits(row.min)
}
