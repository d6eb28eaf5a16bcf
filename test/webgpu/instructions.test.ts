import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Place } from '../../src/adapters/webgpu/forward-steps.ts'
import type { GpuDType } from '../../src/adapters/webgpu/wgsl/elements.ts'
import type { PoolPlan } from '../../src/plan/pool-plan.ts'
import { adaptive, jobOf, planOf, sliding } from '../kernels/jobs.ts'
import { root } from '../support/documents.ts'
import { instructionsOf } from './instructions.ts'
import { stepsOf, type Trial } from './steps-of.ts'

const buffer = {} as GPUBuffer
const place = (dtype: GpuDType, isAligned = false): Place => ({ buffer, offset: isAligned ? 0 : 4, dtype })

const square = (size: number, window: number, stride: number): PoolPlan =>
  planOf(1024, [sliding(size, window, { stride }), sliding(size, window, { stride })])
/** Windows that share elements with neighbours, and others. */
const [small, apart, large] = [square(128, 3, 2), square(128, 3, 3), square(64, 31, 1)]
const padded = planOf(1024, [
  sliding(128, 3, { stride: 2, padding: 1 }),
  sliding(128, 3, { stride: 2, padding: 1 }),
])
const last: PoolPlan = { ...small, outer: 64, inner: 16 }
const whole = planOf(1024, [adaptive(64, 1), adaptive(64, 1)])

const forward = { pass: 'forward', dtype: 'float32' } as const
const max: Trial = { ...forward, reducer: 'max' }
const mean: Trial = { ...forward, reducer: 'average', division: 'product' }

const works: readonly (readonly [name: string, trial: Trial, plan: PoolPlan])[] = [
  ['max', max, apart],
  ['max of four neighbours', { ...max, isAligned: true }, small],
  ['max of four neighbours, padded', { ...max, isAligned: true }, padded],
  ['max of four neighbours, rows that begin anywhere', max, padded],
  ['max of four channels', { ...max, isAligned: true }, last],
  ['max with indices', { ...max, withIndices: true }, apart],
  ['max of uint8', { ...max, dtype: 'uint8' }, apart],
  ['max of float16', { ...max, dtype: 'float16' }, apart],
  ['average', mean, apart],
  ['average of four neighbours', { ...mean, isAligned: true }, small],
  ['average of four neighbours, padded', { ...mean, isAligned: true }, padded],
  ['average of four neighbours, rows that begin anywhere', mean, padded],
  ['average of four channels', { ...mean, isAligned: true }, last],
  ['average, exact', { ...mean, exact: true }, small],
  ['average of uint8', { ...mean, dtype: 'uint8', rounding: 'trunc' }, apart],
  ['norm, p = 2', { ...forward, reducer: 'lp', norm: { p: 2, fullWindow: null } }, small],
  ['gradient of the average', { ...mean, pass: 'backward' }, small],
  ['gradient of the max', { ...max, pass: 'backward' }, small],
  ['max with indices by doubling, first pass', { ...max, withIndices: true }, large],
  ['average by doubling, first pass', mean, large],
  ['max by a tree', max, whole],
  ['average by a tree', mean, whole],
]

function shaderOf(trial: Trial, plan: PoolPlan): string {
  const { dtype, withIndices, isAligned } = trial
  const each = place(dtype, isAligned)
  const { job } = jobOf({
    ...trial,
    plan: { ...plan, outer: 1 },
    dtype: dtype === 'float16' ? 'float32' : dtype,
  })
  const inputs = { x: each, y: each, dy: each, indices: place('int32') }
  const places = { to: each, indices: withIndices ? place('int32') : null, inputs }
  const [step] = stepsOf({ ...job, plan }, trial, { planes: null }, places, () => buffer)
  return step!.program.code
}

const head = `| float32, 2 axes | outside loops | in one loop | in two | in three | in four | a 3x3 result |
| --- | --- | --- | --- | --- | --- | --- |`

/** Those whose loops are those over the rows and taps of a window, and no others. */
const ofTaps = ['max', 'max with indices', 'average', 'norm, p = 2']

/** Another driver than Vulkan's is given another language. */
it.runIf(process.env.POOL2D_GPU === undefined)('docs/performance.md has the instructions of shaders', () => {
  const counts = instructionsOf(works.map(([, trial, plan]) => shaderOf(trial, plan)))
  const rows = works.map(([name], i) => {
    const cells = Array.from({ length: 5 }, (_, depth) => counts[i]![depth] ?? 0)
    const [outside, layers, rows, taps] = cells as [number, number, number, number]
    const all = outside + layers + 3 * rows + 9 * taps
    const isOfFour = name.includes('of four')
    const inAll = isOfFour ? Math.round(all / 4) : ofTaps.includes(name) ? all : '–'
    return `| ${[name, ...cells, inAll].join(' | ')} |`
  })
  const table = [head, ...rows].join('\n')
  console.info(table)
  expect(readFileSync(join(root, 'docs/performance.md'), 'utf8')).toContain(table)
})
