/**
 * What poolings ask of a GPU, counted from their steps: docs/webgpu.md has this table.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stepsOfJob } from '../../../src/adapters/webgpu/counted-steps.ts'
import { forwardSteps, type JobCounting } from '../../../src/adapters/webgpu/forward-steps.ts'
import { meanGradientSteps, pickedGradientStep } from '../../../src/adapters/webgpu/gradient-steps.ts'
import { tableWords } from '../../../src/adapters/webgpu/plan-tables.ts'
import type { Step } from '../../../src/adapters/webgpu/step.ts'
import type { JobOutline } from '../../../src/ops/reduce/reduction.ts'
import { inPlane, outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { adaptive, planOf, sliding } from '../../kernels/jobs.ts'
import { root } from '../../support/documents.ts'

const place = { buffer: {} as GPUBuffer, offset: 0, dtype: 'float32' } as const
const indices = { ...place, dtype: 'int32' } as const
const scratch = () => ({}) as GPUBuffer

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

const gradient = (plan: PoolPlan) =>
  ({ plan, planes: null, counting: null, dtype: 'float32', scratch, dy: place, dx: place }) as const

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
  ['global average', whole, mean(whole)],
  [
    'gradient of the average 3x3 stride 2',
    square(3, 2),
    meanGradientSteps(gradient(square(3, 2)), 'product', false),
  ],
  ['gradient of the max 3x3 stride 2', square(3, 2), [pickedGradientStep(gradient(square(3, 2)), indices)]],
  [
    'gradient of the max 31x31 stride 1',
    square(31, 1),
    [pickedGradientStep(gradient(square(31, 1)), indices)],
  ],
]

/** Bytes in MiB: those of input and output, those that are bound in all dispatches, and of tables; elements read for each of input and output. */
function rowOf([name, plan, steps]: (typeof works)[number]): string {
  const elements = plan.outer * plan.inner * (inPlane(plan) + outPlane(plan))
  const bound = steps.reduce(
    (sum, { slices, outer }) =>
      sum + slices.reduce((own, { part, dtype }) => own + part * outer * (dtype === 'uint8' ? 1 : 4), 0),
    0,
  )
  const tables = steps.reduce((sum, step) => sum + tableWords(step.tables as never) * 4, 0)
  const reads = steps.reduce((sum, step) => sum + step.reads, 0)
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  const cells = [steps.length, mib(elements * 4), mib(bound), (tables / 1024).toFixed(1)]
  return `| ${[name, ...cells, (reads / elements).toFixed(1)].join(' | ')} |`
}

const head = `| 1,024 planes of 128 x 128, float32 | dispatches | MiB of input and output | MiB bound | KiB of tables | elements read for each of input and output |
| --- | --- | --- | --- | --- | --- |`

it('docs/webgpu.md has the dispatches and bytes of poolings', () => {
  const table = [head, ...works.map(rowOf)].join('\n')
  console.info(table)
  expect(readFileSync(join(root, 'docs/webgpu.md'), 'utf8')).toContain(table)
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
const moments = { reducer: 'variance', pass: 'forward', correction: 0, root: false } as const
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
  const steps = forwardSteps({ ...job, magnitude: false, x: place, y: place, indices: null })
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
