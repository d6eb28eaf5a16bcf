/**
 * @file `npm run bench:size`: cost against tensor size, 1 KiB to 1 GiB, max 2x2 s2. `--draw` only draws again.
 */
import { linesOf, unplotted } from './lines.ts'
import { drawPlot, powers } from './plot.ts'
import { loadSweeps, measureSweep, type Step, type Sweep, saveImage, saveSweeps } from './sweep.ts'
import type { Shape } from './workloads.ts'

const kib = 1024
const sizes = powers(4, [kib, kib ** 3])
const budget = { rounds: 9, milliseconds: 1500 }
/** Beyond this, a candidate's line ends. */
const longest = 20_000

function shapeOf(bytes: number): Shape {
  const elements = bytes / 4
  const side = 128
  if (elements >= side * side) return [1, elements / (side * side), side, side]
  const height = 2 ** Math.floor(Math.log2(elements) / 2)
  return [1, 1, height, elements / height]
}

const steps: Step[] = sizes.map((bytes) => ({
  at: bytes,
  workload: {
    id: `size ${formatBytes(bytes)}`,
    reducer: 'max',
    pass: 'forward',
    dtype: 'float32',
    shape: shapeOf(bytes),
    window: 2,
    stride: 2,
    padding: 0,
  },
}))

function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const unit = Math.floor(Math.log2(bytes) / 10)
  return `${bytes / kib ** unit} ${units[unit]}`
}

function draw(sweeps: readonly Sweep[]): string {
  const bandwidth = (ms: number, bytes: number): number => bytes / ms / 1e6
  const panels = sweeps.map((sweep) => ({ title: 'max 2 × 2, stride 2', lines: linesOf(sweep, bandwidth) }))
  const values = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([, y]) => y)))
  const domain = [Math.min(...values) / 1.3, Math.max(...values) * 1.3] as const
  return drawPlot({
    title: 'Speed against the size of the tensor',
    subtitle:
      'Bytes of the input and the output, each once, in GB/s; float32, one thread, from the caller’s Float32Array into another. Higher is better.',
    x: {
      label: 'input',
      domain: [sizes[0]!, sizes[sizes.length - 1]!],
      ticks: sizes.filter((_, i) => i % 2 === 0),
      format: formatBytes,
    },
    y: { label: 'GB/s', domain, ticks: powers(10, domain), format: (value) => `${value} GB/s` },
    panels,
  })
}

if (!process.argv.includes('--draw'))
  saveSweeps('size', [await measureSweep('max', steps, unplotted, budget, longest)])
saveImage('tensor-size', draw(loadSweeps('size')))
