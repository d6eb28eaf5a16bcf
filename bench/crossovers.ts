/**
 * @file `npm run bench:crossovers`: both sides of each crossover in src/kernels/tuning.ts, interleaved, and tiles of other sizes.
 * `--only tinyReads,tileBytes` measures only those and saves nothing; `--print` prints the saved results.
 */
import { parseArgs } from 'node:util'
import { startThreads } from '../src/kernels/threads/start.ts'
import { type Tuning, tuning } from '../src/kernels/tuning.ts'
import type { Candidate, PreparedCandidate } from './candidates/candidate.ts'
import { forced, forcedInMemory, inShared } from './candidates/sides.ts'
import { crossingOf, sidesTable, valuesTable } from './crossings.ts'
import { expectedAnswer } from './expected.ts'
import { makeProblem, type Problem } from './problem.ts'
import { loadSweeps, type Step, type Sweep, saveSweeps } from './sweep.ts'
import { timeInterleaved } from './timing.ts'
import { findError } from './verify.ts'
import { describe, type Shape, type Workload } from './workloads.ts'

type Name = keyof Tuning

/** A line of steps, timed on both sides. */
interface Sides {
  readonly of: Name
  readonly title: string
  readonly unit: string
  /** The faster side below the threshold, and above it. */
  readonly sides: readonly [Candidate, Candidate]
  readonly steps: readonly Step[]
}

/** Some workloads, timed with each of some values. */
interface Values {
  readonly of: Name
  readonly title: string
  readonly unit: string
  readonly values: readonly number[]
  readonly workloads: readonly Workload[]
  /** Runs the job under a value of the threshold; default: from plain arrays. */
  readonly prepareSide?: typeof forced
}

type Question = Sides | Values

const budget = { rounds: 15, milliseconds: 400 }
const kib = 1024
const square: Shape = [1, 1, 2048, 2048]
const inception: Shape = [16, 192, 28, 28]
const vgg: Shape = [32, 64, 112, 112]

type Rest = Partial<Workload> & Pick<Workload, 'shape' | 'window'>

function workloadOf(rest: Rest): Workload {
  const usual = { reducer: 'max', pass: 'forward', dtype: 'float32', stride: 1, padding: 0 } as const
  const workload = { id: '', ...usual, ...rest }
  return { ...workload, id: describe(workload) }
}

/** Windows that keep the size of the plane. */
function same(window: number, rest: Omit<Rest, 'window'>): Workload {
  return workloadOf({ window, padding: (window - 1) >> 1, ...rest })
}

/** Elements that all windows read. */
function readsIn({ shape, window, stride, padding }: Workload): number {
  const along = (size: number): number => {
    let reads = 0
    for (let start = -padding; start + window <= size + padding; start += stride)
      reads += Math.min(size, start + window) - Math.max(0, start)
    return reads
  }
  return shape[0] * shape[1] * along(shape[2]) * along(shape[3])
}

function byReads(sides: readonly number[], workload: (side: number) => Workload): Step[] {
  return sides.map((side) => ({ at: readsIn(workload(side)), workload: workload(side) }))
}

const never = Number.POSITIVE_INFINITY

const tiny = {
  of: 'tinyReads',
  unit: 'reads',
  sides: [
    forced('plain loops', {
      tinyReads: never,
      tinyElements: never,
    }),
    forced('WebAssembly', { tinyReads: 0 }),
  ],
} as const
/** Few windows, far apart. */
const bySide = (reducer: Workload['reducer'], pass: Workload['pass']): Step[] =>
  [32, 64, 96, 128, 192, 256, 512, 1024].map((side) => ({
    at: side * side,
    workload: workloadOf({ reducer, pass, shape: [1, 1, side, side], window: 2, stride: side / 16 }),
  }))
const elements = { ...tiny, of: 'tinyElements', unit: 'elements' } as const

const byTaps = (values: Partial<Tuning>): Candidate => forced('tap by tap', values)
const byBlocks = (values: Partial<Tuning>): Candidate => forced('by blocks', values)
const windows = [4, 5, 6, 7, 8, 9, 10, 12, 16, 24]
const vanHerk = {
  of: 'vanHerkMinTaps',
  unit: 'taps',
  sides: [byTaps({ vanHerkMinTaps: never }), byBlocks({ vanHerkMinTaps: 2, vanHerkMinReads: 0 })],
} as const

const questions: readonly Question[] = [
  {
    ...tiny,
    title: 'max 2x2 s2, a plane',
    steps: byReads([10, 16, 24, 32, 44, 64, 90, 128], (side) =>
      workloadOf({ shape: [1, 1, side, side], window: 2, stride: 2 }),
    ),
  },
  {
    ...tiny,
    title: 'max 3x3 s1 p1, a plane',
    steps: byReads([4, 6, 8, 11, 16, 22, 32, 45], (side) => same(3, { shape: [1, 1, side, side] })),
  },
  {
    ...tiny,
    title: 'max 2x2 s1, six planes',
    steps: byReads([5, 7, 9, 11, 13, 16, 22], (side) => workloadOf({ shape: [3, 2, side, side], window: 2 })),
  },
  {
    ...tiny,
    title: 'average 3x3 s1 p1, six planes',
    steps: byReads([3, 4, 5, 6, 8, 11, 16], (side) =>
      same(3, { reducer: 'average', shape: [3, 2, side, side] }),
    ),
  },
  {
    ...tiny,
    title: 'average 2x2 s2, backward, a plane',
    steps: byReads([10, 16, 24, 32, 44, 64, 90, 128], (side) =>
      workloadOf({ reducer: 'average', pass: 'backward', shape: [1, 1, side, side], window: 2, stride: 2 }),
    ),
  },
  { ...elements, title: 'max of 1024 reads', steps: bySide('max', 'forward') },
  { ...elements, title: 'max of 1024 reads, backward', steps: bySide('max', 'backward') },
  { ...elements, title: 'average of 1024 reads', steps: bySide('average', 'forward') },
  { ...elements, title: 'average of 1024 reads, backward', steps: bySide('average', 'backward') },
  {
    ...vanHerk,
    title: 'max s1, rows of 2048',
    steps: windows.map((window) => ({ at: window, workload: same(window, { shape: square }) })),
  },
  {
    ...vanHerk,
    title: 'max s1, rows of 20',
    steps: windows.map((window) => ({ at: window, workload: same(window, { shape: [8, 256, 20, 20] }) })),
  },
  {
    of: 'vanHerkMinStride',
    unit: 'stride',
    sides: [byTaps({ vanHerkMinStride: never }), byBlocks({ vanHerkMinStride: 1 })],
    title: 'max of 4 taps, rows of 2048',
    steps: [1, 2, 3, 4].map((stride) => ({
      at: stride,
      workload: workloadOf({ shape: square, window: 4, stride }),
    })),
  },
  ...[2048, 224, 56].map(
    (side): Sides => ({
      of: 'transposeMinVectors',
      unit: 'vectors of taps',
      sides: [byTaps({ transposeMinVectors: never }), byBlocks({ transposeMinVectors: 0 })],
      title: `max s1 of bytes, rows of ${side}`,
      steps: [0.5, 1, 1.5, 2, 3, 4, 6, 8]
        .filter((vectors) => 16 * vectors < side)
        .map((vectors) => ({
          at: vectors,
          workload: same(16 * vectors, { shape: [1, ((2048 / side) ** 2) | 0, side, side], dtype: 'uint8' }),
        })),
    }),
  ),
  {
    of: 'transposeMinTaps',
    unit: 'taps',
    sides: [byTaps({ transposeMinTaps: never }), byBlocks({ transposeMinTaps: 0, transposeMinVectors: 0 })],
    title: 'max s1 of float64, rows of 224',
    steps: [4, 6, 8, 10, 12, 16, 24].map((window) => ({
      at: window,
      workload: same(window, { shape: [1, 83, 224, 224], dtype: 'float64' }),
    })),
  },
  {
    of: 'windowBytes',
    unit: 'bytes',
    title: 'windows in steps, or in tiles that hold them',
    values: [1, 4, 16, 64].map((size) => size * 1024 * kib),
    workloads: [workloadOf({ shape: [1, 1, 4096, 4096], window: 4096 })],
  },
  {
    of: 'vanHerkMinReads',
    unit: 'gain',
    sides: [byTaps({ vanHerkMinReads: never }), byBlocks({ vanHerkMinReads: 0 })],
    title: 'max of 24 taps, stride 24 to 1, columns of 2048',
    steps: [24, 12, 8, 6, 4, 3, 2, 1].map((stride) => ({
      at: 24 / stride,
      workload: workloadOf({ shape: square, window: 24, stride, padding: 11 }),
    })),
  },
  ...[2, 3].map(
    (window): Sides => ({
      of: 'prefetchMinRowBytes',
      unit: 'bytes of a row',
      sides: [
        forcedInMemory('as it comes', { prefetchMinRowBytes: never }),
        forcedInMemory('touched', { prefetchMinRowBytes: 0 }),
      ],
      title: `max ${window}x${window} s2 in WebAssembly memory`,
      steps: [56, 96, 112, 120, 128, 160, 224, 512, 1024].map((side) => ({
        at: 4 * side,
        workload: workloadOf({
          shape: [1, (2 ** 23 / side ** 2) | 0, side, side],
          window,
          stride: 2,
          padding: window - 2,
        }),
      })),
    }),
  ),
  {
    of: 'tileBytes',
    unit: 'bytes',
    title: 'tiles',
    values: [64, 128, 256, 512, 1024, 2048, 4096].map((size) => size * kib),
    workloads: [
      workloadOf({ shape: vgg, window: 2, stride: 2 }),
      same(3, { reducer: 'average', shape: inception }),
    ],
  },
  {
    of: 'stagedTileBytes',
    unit: 'bytes',
    title: 'copied tiles that take no scratch',
    values: [0.5, 0.75, 1, 1.25, 1.5, 2, 4].map((size) => size * 1024 * kib),
    workloads: [
      workloadOf({ shape: vgg, window: 2, stride: 2 }),
      workloadOf({ shape: vgg, window: 3, stride: 2, padding: 1 }),
    ],
  },
  {
    of: 'placedTileBytes',
    unit: 'bytes',
    title: 'tiles in WebAssembly memory that take no scratch',
    prepareSide: forcedInMemory,
    values: [0.5, 1, 2, 4, 8, 16].map((size) => size * 1024 * kib),
    workloads: [workloadOf({ shape: vgg, window: 2, stride: 2 }), same(3, { shape: inception })],
  },
  {
    of: 'keptBytes',
    unit: 'bytes',
    title: 'tables and scratch of calls in a loop',
    values: [0, 16, 256, 1024, 4096, 16384].map((size) => size * kib),
    workloads: [
      same(3, { reducer: 'average', shape: [3, 2, 16, 16] }),
      same(9, { shape: [1, 64, 20, 20] }),
      same(63, { reducer: 'average', shape: [1, 1, 512, 512] }),
    ],
  },
  {
    of: 'minBandHalos',
    unit: 'factor',
    title: 'bands',
    values: [1, 2, 4, 6, 8, 12],
    workloads: [same(63, { shape: square }), same(63, { reducer: 'average', shape: square })],
  },
]

/** Started just before they are timed, so that they do not disturb the others. */
async function askThreads(): Promise<{ question: Sides; end: () => Promise<void> }> {
  const group = await startThreads(2, { bytes: 2 ** 27, leastBytes: 0, backsOff: false })
  const sides = [inShared('one thread', group, true), inShared('two threads', group, false)] as const
  return { question: { ...threaded, sides }, end: () => group.dispose() }
}

const threaded = {
  of: 'threadsMinBytes',
  unit: 'bytes',
  title: 'max 2x2 s2, planes of 64x64',
  steps: [4, 8, 16, 32, 64, 128, 256].map((planes) => ({
    at: planes * 64 * 64 * 5,
    workload: workloadOf({ shape: [1, planes, 64, 64], window: 2, stride: 2 }),
  })),
} as const

async function time(candidates: readonly Candidate[], problem: Problem): Promise<number[]> {
  const expected = expectedAnswer(problem)
  const prepared: PreparedCandidate[] = []
  const firstTimes: number[] = []
  for (const candidate of candidates) {
    const ready = (await candidate.prepare(problem)) as PreparedCandidate
    firstTimes.push(await ready.measure(1))
    const error = findError(problem, expected, await ready.answer!())
    if (error !== null) throw new Error(`${problem.workload.id}, ${candidate.id}: ${error}`)
    prepared.push(ready)
  }
  const timings = await timeInterleaved(prepared, firstTimes, budget)
  for (const ready of prepared) ready.close?.()
  return timings.map(({ min }) => Number(min.toPrecision(4)))
}

const nameOf = ({ of, title }: Pick<Question, 'of' | 'title'>): string => `${of}: ${title}`

async function measureSides(question: Sides): Promise<Sweep> {
  const points: Sweep['points'][number][] = []
  for (const { at, workload } of question.steps) {
    const problem = makeProblem(workload)
    const times = await time(question.sides, problem)
    const ms = Object.fromEntries(question.sides.map(({ id }, i) => [id, times[i]!]))
    points.push({ at, bytes: problem.bytesRead + problem.bytesWritten, ms })
  }
  return { name: nameOf(question), points }
}

async function measureValues(question: Values): Promise<Sweep> {
  const { of, values, workloads, prepareSide = forced } = question
  const points = values.map((at) => ({ at, bytes: 0, ms: {} as Record<string, number> }))
  for (const workload of workloads) {
    const problem = makeProblem(workload)
    const times = await time(
      values.map((value) => prepareSide(`${value}`, { [of]: value })),
      problem,
    )
    points.forEach((point, i) => {
      point.bytes += problem.bytesRead + problem.bytesWritten
      point.ms[workload.id] = times[i]!
    })
  }
  return { name: nameOf(question), points }
}

function print(question: Pick<Question, 'of' | 'title' | 'unit'>, sweep: Sweep): void {
  const inUse = tuning[question.of]
  const isSides = !('values' in question)
  console.log(
    `\n${sweep.name}; in use: ${inUse}${isSides ? `; they cross ${crossingOf(sweep)}` : ', marked *'}`,
  )
  console.log(isSides ? sidesTable(sweep, question.unit) : valuesTable(sweep, question.unit, inUse))
}

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, print: { type: 'boolean', default: false } },
})
const isAsked = ({ of }: Pick<Question, 'of'>): boolean => options.only?.split(',').includes(of) ?? true

async function measure(): Promise<void> {
  const unasked = (Object.keys(tuning) as Name[]).filter(
    (name) => ![...questions, threaded].some(({ of }) => of === name),
  )
  if (unasked.length > 0) throw new Error(`no question asks for ${unasked.join(', ')}`)
  const sweeps: Sweep[] = []
  const add = async (question: Question): Promise<void> => {
    const sweep = await ('values' in question ? measureValues(question) : measureSides(question))
    print(question, sweep)
    sweeps.push(sweep)
  }
  for (const question of questions.filter(isAsked)) await add(question)
  if (isAsked(threaded)) {
    const { question, end } = await askThreads()
    await add(question)
    await end()
  }
  if (options.only === undefined) saveSweeps('crossovers', sweeps)
}

function printKept(): void {
  for (const sweep of loadSweeps('crossovers')) {
    const question = [...questions, threaded].find((candidate) => nameOf(candidate) === sweep.name)
    if (question !== undefined) print(question, sweep)
  }
}

if (options.print) printKept()
else await measure()
