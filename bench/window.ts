/**
 * @file `npm run bench:window`: cost against window size, stride 1 on 2048x2048, max and average. `--draw` only draws again.
 */
import type { PreparedCandidate } from './candidates/candidate.ts'
import { oursInMemory } from './candidates/ours.ts'
import { linesOf, unplotted } from './lines.ts'
import { drawPlot, powers } from './plot.ts'
import { makeProblem } from './problem.ts'
import { loadSweeps, measureSweep, type Step, type Sweep, saveImage, saveSweeps } from './sweep.ts'
import { timeInterleaved } from './timing.ts'
import type { Workload } from './workloads.ts'

const windows = [2, 3, 5, 7, 9, 13, 19, 27, 39, 63, 95, 127]
const reducers = ['max', 'average'] as const
const budget = { rounds: 9, milliseconds: 1000 }
/** Beyond this, a candidate's line ends. */
const longest = 1500

function workloadOf(reducer: Workload['reducer'], window: number): Workload {
  return {
    id: `window ${window}`,
    reducer,
    pass: 'forward',
    dtype: 'float32',
    shape: [1, 1, 2048, 2048],
    window,
    stride: 1,
    padding: (window - 1) >> 1,
  }
}

function stepsOf(reducer: Workload['reducer']): Step[] {
  return windows.map((window) => ({ at: window, workload: workloadOf(reducer, window) }))
}

async function measure(): Promise<Sweep[]> {
  const sweeps: Sweep[] = []
  for (const reducer of reducers)
    sweeps.push(await measureSweep(reducer, stepsOf(reducer), unplotted, budget, longest))
  return sweeps
}

/** The sweep runs its steps minutes apart, each in its own process; these two windows are interleaved. */
async function compare(reducer: Workload['reducer']): Promise<void> {
  const prepared: PreparedCandidate[] = []
  const firstTimes: number[] = []
  for (const window of [7, 127]) {
    const ready = (await oursInMemory.prepare(makeProblem(workloadOf(reducer, window)))) as PreparedCandidate
    firstTimes.push(await ready.measure(1))
    prepared.push(ready)
  }
  const [small, large] = await timeInterleaved(prepared, firstTimes, { rounds: 25, milliseconds: 5000 })
  const ratio = (large!.min / small!.min).toFixed(2)
  console.log(
    `${reducer}, interleaved: 7x7 ${small!.min.toFixed(2)} ms, 127x127 ${large!.min.toFixed(2)} ms, ${ratio} times`,
  )
}

function draw(sweeps: readonly Sweep[]): string {
  const panels = sweeps.map((sweep) => ({ title: sweep.name, lines: linesOf(sweep, (ms) => ms) }))
  const values = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([, y]) => y)))
  const domain = [Math.min(...values) / 1.3, Math.max(...values) * 1.3] as const
  return drawPlot({
    title: 'The cost of a window does not grow with it',
    subtitle:
      'Milliseconds for float32 2048 × 2048, stride 1, one thread; from the caller’s Float32Array into another. Lower is better.',
    x: {
      label: 'window, elements a side',
      domain: [2, 127],
      ticks: [2, 3, 5, 9, 19, 39, 63, 127],
      format: String,
    },
    y: {
      label: 'milliseconds',
      domain,
      ticks: powers(10, domain),
      format: (ms) => `${ms.toLocaleString('en')} ms`,
    },
    panels,
  })
}

if (!process.argv.includes('--draw')) {
  saveSweeps('window', await measure())
  for (const reducer of reducers) await compare(reducer)
}
saveImage('window-size', draw(loadSweeps('window')))
