/**
 * @file `node bench/run.js masks`: poolings that leave elements out beside the same poolings of all elements, in turns, as ratios.
 * One element in eight is left out. `--only TEXT` selects rows that contain each word of it; `--all` lists every row.
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { catalogue, type PoolingName } from '../src/ops/catalogue.ts'
import type { DType } from '../src/tensor/dtype.ts'
import { sizeOf } from '../src/tensor/shape.ts'
import { Tensor } from '../src/tensor/tensor.ts'
import { emptyArray, numbersOf } from './surface/data.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    all: { type: 'boolean', default: false },
    milliseconds: { type: 'string', default: '30' },
  },
})
const words = values.only.split(' ')
/** The aim: a masked call takes at most this multiple of the other. */
const most = 2.5

const operations = ['max', 'min', 'avg', 'sum'] as const
const dtypes: readonly DType[] = ['float32', 'uint8', 'int32', 'int16', 'float64']
const layouts = [1, 3, 64].flatMap((channels) => [
  { id: `NCHW ${channels}`, layout: 'NCHW', channels },
  { id: `NHWC ${channels}`, layout: 'NHWC', channels },
])
const sliding = (id: string, kernelSize: number, stride: number, padding = 0) => ({
  id,
  name: (operation: string) => `${operation}Pool2d`,
  options: { kernelSize, stride, padding },
})
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1)
const geometries = [
  sliding('2 s2', 2, 2),
  sliding('3 s2 p1', 3, 2, 1),
  sliding('3 s1 p1', 3, 1, 1),
  sliding('7 s1', 7, 1),
  {
    id: 'adaptive 7',
    name: (operation: string) => `adaptive${capital(operation)}Pool2d`,
    options: { outputSize: 7 },
  },
  { id: 'global', name: (operation: string) => `global${capital(operation)}Pool`, options: {} },
]
const forms = ['whole', 'plane', 'sample', 'nodata'] as const

const batch = 4
const elements = 2 ** 20

interface Row {
  readonly id: string
  readonly ms: number
  readonly ratio: number
}

const rows: Row[] = []
for (const operation of operations)
  for (const dtype of dtypes)
    for (const { id, layout, channels } of layouts)
      for (const geometry of geometries)
        for (const form of forms) {
          const name = geometry.name(operation)
          if (!(name in catalogue)) continue
          const row = `${operation} ${dtype} ${id}, ${geometry.id}, ${form}`
          if (!words.every((word) => row.includes(word))) continue
          rows.push(
            measure(row, name as PoolingName, { dtype, layout, channels, options: geometry.options, form }),
          )
          if (values.all)
            console.log(
              `${rows.at(-1)!.ratio.toFixed(2).padStart(7)} x  ${rows.at(-1)!.ms.toFixed(3)} ms  ${row}`,
            )
        }

report()

interface Case {
  readonly dtype: DType
  readonly layout: string
  readonly channels: number
  readonly options: object
  readonly form: (typeof forms)[number]
}

function measure(id: string, name: PoolingName, { dtype, layout, channels, options, form }: Case): Row {
  const side = 4 * Math.round(Math.sqrt(elements / batch / channels) / 4)
  const isFirst = layout === 'NCHW'
  const shapeOf = (n: number, c: number) => (isFirst ? [n, c, side, side] : [n, side, side, c])
  const shape = shapeOf(batch, channels)
  const x = new Tensor(numbersOf(dtype, sizeOf(shape)), shape, dtype)
  const { forward, outputShape } = catalogue[name]
  const plain = { ...options, layout }
  const size = sizeOf(outputShape(shape, plain as never))
  const out = emptyArray(dtype, size)
  const masks = { whole: shape, plane: [side, side], sample: shapeOf(batch, 1) }
  const left = form === 'nodata' ? { nodata: Number(x.data[3]) } : { mask: marks(masks[form]) }
  const [with_, without] = [
    { ...plain, ...left, fill: 0, out },
    { ...plain, out },
  ]
  const [ms, unmasked] = inTurns(
    () => forward(x, with_ as never),
    () => forward(x, without as never),
    Number(values.milliseconds),
  )
  return { id, ms, ratio: ms / unmasked }
}

function marks(shape: readonly number[]): Tensor {
  const bytes = numbersOf('uint8', sizeOf(shape)) as Uint8Array
  return new Tensor(
    bytes.map((value) => Number(value % 8 !== 0)),
    shape,
    'uint8',
  )
}

/** The best of turns of each. */
function inTurns(a: () => void, b: () => void, budget: number): readonly [number, number] {
  for (let i = 0; i < 3; i++) {
    a()
    b()
  }
  let [bestA, bestB] = [time(a, 1), time(b, 1)]
  const end = performance.now() + budget
  for (let turn = 0; turn < 5 || performance.now() < end; turn++) {
    bestA = Math.min(bestA, time(a, callsFor(bestA)))
    bestB = Math.min(bestB, time(b, callsFor(bestB)))
  }
  return [bestA, bestB]
}

/** Calls that take about a millisecond. */
function callsFor(ms: number): number {
  return Math.min(1000, Math.max(1, Math.ceil(1 / ms)))
}

/** Milliseconds of the processor for a call, which other programs on the machine disturb less than the clock. */
function time(run: () => void, calls: number): number {
  const start = process.cpuUsage()
  for (let i = 0; i < calls; i++) run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / calls
}

function report(): void {
  const over = rows.filter(({ ratio }) => ratio > most)
  console.log(
    `${rows.length} rows, geometric mean ${mean(rows).toFixed(2)} x; ${over.length} above ${most} x. By part:`,
  )
  const parts = new Map<string, Row[]>()
  for (const row of rows) for (const part of partsOf(row)) parts.set(part, [...(parts.get(part) ?? []), row])
  for (const [part, members] of parts)
    console.log(
      `${mean(members).toFixed(2).padStart(7)} x  ${part}: ${members.filter(({ ratio }) => ratio > most).length} of ${members.length} above`,
    )
  console.log('The worst:')
  for (const { id, ms, ratio } of rows.toSorted((a, b) => b.ratio - a.ratio).slice(0, 25))
    console.log(`${ratio.toFixed(2).padStart(7)} x  ${ms.toFixed(3)} ms  ${id}`)
}

/** The parts of an id: operation, dtype, layout, geometry, form. */
function partsOf({ id }: Row): string[] {
  const [first, ...rest] = id.split(', ')
  const [operation, dtype, ...layout] = first!.split(' ')
  return [operation!, dtype!, layout.join(' '), ...rest]
}

function mean(of: readonly Row[]): number {
  return Math.exp(of.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / of.length)
}
