/**
 * What poolings ask of a GPU, counted from their steps: docs/webgpu.md has this table.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stepsOfJob } from '../../../src/adapters/webgpu/counted-steps.ts'
import { forwardSteps, type JobCounting } from '../../../src/adapters/webgpu/forward-steps.ts'
import {
  foldGradientSteps,
  meanGradientSteps,
  normGradientSteps,
  pickedGradientSteps,
} from '../../../src/adapters/webgpu/gradient-steps.ts'
import { tableWords } from '../../../src/adapters/webgpu/plan-tables.ts'
import type { Slice, Step } from '../../../src/adapters/webgpu/step.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import type { JobOutline } from '../../../src/ops/reduce/reduction.ts'
import { inPlane, outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { rand } from '../../../src/tensor/create.ts'
import { adaptive, planOf, sliding } from '../../kernels/jobs.ts'
import { root } from '../../support/documents.ts'

const place = { buffer: {} as GPUBuffer, offset: 0, dtype: 'float32' } as const
const indices = { ...place, dtype: 'int32' } as const
/** What one dispatch writes for the next. */
const between = {} as GPUBuffer
const scratch = () => between

function forward(plan: PoolPlan, outline: JobOutline, located = false): readonly Step[] {
  const job = { plan, planes: null, counting: null, dtype: 'float32', scratch, outline } as const
  return forwardSteps({ ...job, magnitude: false, x: place, y: place, indices: located ? indices : null })
}

/** After the step that marks what counts. */
function maxOfCounted(plan: PoolPlan): readonly Step[] {
  const outline = { reducer: 'max', pass: 'forward', indices: null } as const
  const map = { ...place, dtype: 'uint8' } as const
  const counting = { map, least: 1, fill: 0, divisor: 'count' } as const
  const job = { plan, planes: null, counting, dtype: 'float32', scratch, outline } as const
  return stepsOfJob({ ...job, magnitude: false, x: place, y: place, indices: null }, null)
}

const max = (plan: PoolPlan, located = false) =>
  forward(plan, { reducer: 'max', pass: 'forward', indices: located ? new Int32Array(0) : null }, located)
const mean = (plan: PoolPlan, exact = false) =>
  forward(plan, { reducer: 'average', pass: 'forward', division: 'product', rounding: 'trunc', exact })

const powers = (plan: PoolPlan) => forward(plan, { reducer: 'gem', pass: 'forward', p: 3, eps: 1e-6 })

const fold = (plan: PoolPlan, outline: JobOutline) =>
  stepsOfJob(
    {
      plan,
      planes: null,
      counting: null,
      dtype: 'float32',
      scratch,
      outline,
      magnitude: false,
      x: place,
      y: place,
      indices: null,
    },
    null,
  )
const moments = { reducer: 'variance', pass: 'forward', correction: 0, root: false } as const

const gradient = (plan: PoolPlan) =>
  ({ plan, planes: null, counting: null, dtype: 'float32', scratch, dy: place, dx: place }) as const

const powersGradient = (plan: PoolPlan) =>
  normGradientSteps(gradient(plan), { p: 3, fullWindow: null }, place, { ...place, buffer: between })
const foldGradient = (plan: PoolPlan) =>
  foldGradientSteps(gradient(plan), { ...moments, pass: 'backward' }, place)

const square = (window: number, stride: number): PoolPlan =>
  planOf(1024, [sliding(128, window, { stride }), sliding(128, window, { stride })])
const whole = planOf(1024, [adaptive(128, 1), adaptive(128, 1)])

const works: readonly (readonly [name: string, plan: PoolPlan, steps: readonly Step[]])[] = [
  ['max 2x2 stride 2', square(2, 2), max(square(2, 2))],
  ['max 3x3 stride 2', square(3, 2), max(square(3, 2))],
  ['max 3x3 stride 2, with indices', square(3, 2), max(square(3, 2), true)],
  ['max 31x31 stride 1', square(31, 1), max(square(31, 1))],
  ['max 31x31 stride 1, masked, after the mask is read', square(31, 1), maxOfCounted(square(31, 1))],
  ['average 3x3 stride 2', square(3, 2), mean(square(3, 2))],
  ['average 31x31 stride 1', square(31, 1), mean(square(31, 1))],
  ['average 31x31 stride 1, exact', square(31, 1), mean(square(31, 1), true)],
  ['generalized mean 31x31 stride 1', square(31, 1), powers(square(31, 1))],
  ['variance 31x31 stride 1', square(31, 1), fold(square(31, 1), moments)],
  [
    'log-mean-exp 31x31 stride 1',
    square(31, 1),
    fold(square(31, 1), { reducer: 'lse', pass: 'forward', r: 1 }),
  ],
  ['global average', whole, mean(whole)],
  [
    'gradient of the average 3x3 stride 2',
    square(3, 2),
    meanGradientSteps(gradient(square(3, 2)), 'product', false),
  ],
  ['gradient of the norm 31x31 stride 1, after the norm', square(31, 1), powersGradient(square(31, 1))],
  ['gradient of the variance 31x31 stride 1', square(31, 1), foldGradient(square(31, 1))],
  ['gradient of the max 3x3 stride 2', square(3, 2), pickedGradientSteps(gradient(square(3, 2)), indices)],
  [
    'gradient of the max 31x31 stride 1, at most',
    square(31, 1),
    pickedGradientSteps(gradient(square(31, 1)), indices),
  ],
]

const bytesOf = ({ part, dtype }: Slice, { outer }: Step): number =>
  part * outer * (dtype === 'uint8' ? 1 : 4)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Bytes of x and y, dy and dx, and of indices and the marks of what counts if there are any: each once. */
function ownBytes(plan: PoolPlan, steps: readonly Step[]): number {
  const { outer, inner } = plan
  const [inputs, outputs] = [inPlane(plan), outPlane(plan)].map((size) => size * outer * inner) as [
    number,
    number,
  ]
  const bound = steps.flatMap(({ slices }) => slices).filter(({ buffer }) => buffer !== between)
  const has = (dtype: string): boolean => bound.some((slice) => slice.dtype === dtype)
  return 4 * (inputs + outputs) + (has('int32') ? 4 * outputs : 0) + (has('uint8') ? inputs : 0)
}

/** Bytes in MiB: those of input and output, those that all dispatches bind, and of these what they hand on; elements read for each of x and y. */
function rowOf([name, plan, steps]: (typeof works)[number]): string {
  const elements = plan.outer * plan.inner * (inPlane(plan) + outPlane(plan))
  const bound = (isBetween: boolean): number =>
    sum(
      steps.flatMap((step) =>
        step.slices
          .filter(({ buffer }) => (buffer === between) === isBetween)
          .map((slice) => bytesOf(slice, step)),
      ),
    )
  const words = ({ tables }: Step): number => ('plan' in tables ? tableWords(tables) : tables.length)
  const tables = sum(steps.map((step) => words(step) * 4))
  const reads = sum(steps.map((step) => step.reads))
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  const cells = [mib(ownBytes(plan, steps)), mib(bound(false) + bound(true)), mib(bound(true))]
  return `| ${[name, steps.length, ...cells, (tables / 1024).toFixed(1), (reads / elements).toFixed(1)].join(' | ')} |`
}

const head = `| 1,024 planes of 128 x 128, float32 | dispatches | MiB of input and output | MiB bound | of these between dispatches | KiB of tables | elements read for each of x and y |
| --- | --- | --- | --- | --- | --- | --- |`

it.each(works)('%s: binds input and output once, and what it hands on twice', (name, plan, steps) => {
  const bound = steps.flatMap((step) =>
    step.slices.filter(({ buffer }) => buffer !== between).map((slice) => bytesOf(slice, step)),
  )
  /** Indices are read for their ranges too. */
  const [inputs, results] = [plan.outer * inPlane(plan), plan.outer * outPlane(plan)]
  const again = [
    ['at most', 4 * results],
    /** x beside dx, and dy for sums and for elements whose sums are lost; x for states too. */
    ['gradient of the norm', 4 * (inputs + results)],
    ['gradient of the variance', 4 * (2 * inputs + results)],
  ] as const
  const more = again.find(([part]) => name.includes(part))?.[1] ?? 0
  expect(sum(bound)).toBe(ownBytes(plan, steps) + more)
})

it('docs/webgpu.md has the dispatches and bytes of poolings', () => {
  const table = [head, ...works.map(rowOf)].join('\n')
  console.info(table)
  expect(readFileSync(join(root, 'docs/webgpu.md'), 'utf8')).toContain(table)
})

/** What the shaders read of indices, dy and ranges for the gradient of one plane of random values, for each of x and y. */
function readsByRanges(side: number, size = 128): number {
  const x = rand([1, 1, size, size], { seed: side })
  const { indices } = maxPool2d(x, { kernelSize: side, stride: 1, returnIndices: true })
  const out = size - side + 1
  const lines = new Map<number, [first: number, last: number]>()
  Array.from(indices.data as Int32Array).forEach((index, i) => {
    const line = Math.floor(i / out)
    const [first] = lines.get(index) ?? [line]
    lines.set(index, [first, line])
  })
  const searched = sum(Array.from(lines.values(), ([first, last]) => last - first + 1))
  const halvings = Math.ceil(Math.log2(side + 1)) + 1
  /** Each output reads its index, two neighbours of it, and is added once; each element reads a range. */
  return (4 * out ** 2 + size ** 2 + lines.size + searched * halvings) / (size ** 2 + out ** 2)
}

it('docs/webgpu.md has what gradients of maxima read of random values', () => {
  const reads = [15, 31, 63].map((side) => readsByRanges(side).toFixed(1))
  const line = `for windows of 15, 31 and 63 elements a side ${reads[0]}, ${reads[1]} and ${reads[2]}`
  console.info(line)
  expect(readFileSync(join(root, 'docs/webgpu.md'), 'utf8').replaceAll('\n', ' ')).toContain(line)
})

const sides = [3, 5, 7, 9, 15, 31, 63]

function rowOfWindow(side: number): string {
  const plan = square(side, 1)
  const steps = max(plan, true)
  const results = plan.outer * outPlane(plan)
  const reads = steps.reduce((sum, step) => sum + step.reads, 0)
  const levels = steps.reduce((sum, { team }) => sum + (team?.levels ?? 1) - 1, 0)
  return `| ${[`${side}x${side}`, steps.length, side ** 2, (reads / results).toFixed(1), levels].join(' | ')} |`
}

const windowHead = `| max with indices, stride 1 | dispatches | taps | elements read for each result | doublings in workgroup memory |
| --- | --- | --- | --- | --- |`

it('docs/webgpu.md has what windows read by their size', () => {
  const table = [windowHead, ...sides.map(rowOfWindow)].join('\n')
  console.info(table)
  expect(readFileSync(join(root, 'docs/webgpu.md'), 'utf8')).toContain(table)
})

const large = planOf(64, [adaptive(224, 1), adaptive(224, 1)])
const counting = { map: { ...place, dtype: 'uint8' }, least: 1, fill: 0, divisor: 'count' } as const
const average = {
  reducer: 'average',
  pass: 'forward',
  division: 'product',
  rounding: 'trunc',
  exact: false,
} as const

const globals: readonly (readonly [name: string, outline: JobOutline, counting: JobCounting | null])[] = [
  ['average', average, null],
  ['average with a mask', average, counting],
  ['average with a mask, exact', { ...average, exact: true }, counting],
  ['max with a mask', { reducer: 'max', pass: 'forward', indices: null }, counting],
  ['variance', moments, null],
  ['softmax-weighted mean', { reducer: 'soft', pass: 'forward' }, null],
]

/** The threads of the largest dispatch, and the taps of a window that one of them reads. */
function rowOfGlobal([name, outline, counted]: (typeof globals)[number]): string {
  const job = { plan: large, planes: null, counting: counted, dtype: 'float32', scratch, outline } as const
  const steps = stepsOfJob({ ...job, magnitude: false, x: place, y: place, indices: null }, null)
  const threads = steps.map(({ team, program, outer, perPlane }) => {
    if (team === undefined) return outer * perPlane
    return team.groups(outer) * Number(/workgroup_size\((\d+)\)/.exec(program.code)![1])
  })
  const most = Math.max(...threads)
  return `| ${[name, steps.length, most, Math.ceil((large.outer * inPlane(large)) / most)].join(' | ')} |`
}

const globalHead = `| global, 64 planes of 224 x 224, float32 | dispatches | threads | taps for each |
| --- | --- | --- | --- |`

it('docs/webgpu.md has the threads that share large windows', () => {
  const table = [globalHead, ...globals.map(rowOfGlobal)].join('\n')
  console.info(table)
  expect(readFileSync(join(root, 'docs/webgpu.md'), 'utf8')).toContain(table)
})
