/**
 * What a call asks of a GPU, which shows without one: shaders, dispatches, bytes, tables.
 */
import { describe, expect, it } from 'vitest'
import { forwardSteps } from '../../../src/adapters/webgpu/forward-steps.ts'
import { meanGradientSteps, pickedGradientSteps } from '../../../src/adapters/webgpu/gradient-steps.ts'
import { tableWords, writeTables } from '../../../src/adapters/webgpu/plan-tables.ts'
import type { Step } from '../../../src/adapters/webgpu/step.ts'
import type { AxisPlan } from '../../../src/plan/axis.ts'
import { inPlane, outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { tablesOf } from '../../../src/plan/tables.ts'
import { transposeAxis } from '../../../src/plan/transpose.ts'
import { adaptive, planOf, randomOf, sliding } from '../../kernels/jobs.ts'
import { randomPlan } from '../../kernels/plans.ts'

const place = { buffer: {} as GPUBuffer, offset: 0, dtype: 'float32' } as const
const scratch = () => ({}) as GPUBuffer

function maxima(plan: PoolPlan, withIndices: boolean): readonly Step[] {
  const outline = {
    reducer: 'max',
    pass: 'forward',
    indices: withIndices ? new Int32Array(0) : null,
  } as const
  const indices = withIndices ? { ...place, dtype: 'int32' as const } : null
  const job = {
    plan,
    planes: null,
    counting: null,
    dtype: 'float32',
    scratch,
    outline,
    magnitude: false,
  } as const
  return forwardSteps({ ...job, x: place, y: place, indices })
}

function means(plan: PoolPlan): readonly Step[] {
  const outline = { reducer: 'average', pass: 'forward', division: 'product', rounding: 'trunc' } as const
  const job = {
    plan,
    planes: null,
    counting: null,
    dtype: 'float32',
    scratch,
    magnitude: false,
    indices: null,
  } as const
  return forwardSteps({ ...job, outline: { ...outline, exact: false }, x: place, y: place })
}

function gradients(plan: PoolPlan): readonly Step[] {
  const job = { plan, planes: null, counting: null, dtype: 'float32', scratch, dy: place, dx: place } as const
  return [
    ...meanGradientSteps(job, 'product', false),
    ...pickedGradientSteps(job, { ...place, dtype: 'int32' }),
  ]
}

describe('300 random plans compile at most 50 shaders, forward and backward', () => {
  const kinds = {
    'of every kind': randomPlan,
    undilated: (seed) => randomWindows(seed, { dilation: [1], inner: [1] }),
    dilated: (seed) => randomWindows(seed, { dilation: [2, 3], inner: [1] }),
    'of whole blocks of channels': (seed) => randomWindows(seed, { dilation: [1, 2], inner: [4, 8, 16] }),
    'of other channels': (seed) => randomWindows(seed, { dilation: [1, 2], inner: [3, 5, 17] }),
    adaptive: (seed) => randomWindows(seed, { dilation: [], inner: [1, 4, 5] }),
  } satisfies Record<string, (seed: number) => PoolPlan>
  it.each(Object.entries(kinds))('%s', (_, planOfSeed) => {
    const texts = new Set<string>()
    for (let seed = 1; seed <= 300; seed++) {
      const plan = planOfSeed(seed)
      const steps = [...maxima(plan, false), ...maxima(plan, true), ...means(plan), ...gradients(plan)]
      for (const { program } of steps) texts.add(program.code)
    }
    expect(texts.size).toBeLessThanOrEqual(50)
  })
})

/** Windows in 1 to 3 axes, many of them small and along rows of whole blocks; adaptive ones if there is no dilation. */
function randomWindows(
  seed: number,
  from: { readonly dilation: readonly number[]; readonly inner: readonly number[] },
): PoolPlan {
  const random = randomOf(seed)
  const int = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1))
  const pick = (values: readonly number[]): number => values[int(0, values.length - 1)]!
  const axis = (): AxisPlan => {
    const size = pick([int(4, 40), 4 * int(1, 10)])
    if (from.dilation.length === 0) return adaptive(size, int(1, size + 2))
    const window = int(1, Math.min(size, pick([3, 5, 14])))
    const dilation = pick(from.dilation)
    const reach = (window - 1) * dilation + 1
    const padding = Math.max(Math.ceil((reach - size) / 2), int(0, window >> 1))
    return sliding(size, window, { stride: int(1, 3), padding, dilation, ceilMode: random() < 0.3 })
  }
  return planOf(int(1, 9), Array.from({ length: int(1, 3) }, axis), pick(from.inner))
}

describe('the dispatches of', () => {
  const square = (size: number, window: number, stride: number): PoolPlan =>
    planOf(64, [sliding(size, window, { stride }), sliding(size, window, { stride })])
  it.each([
    ['2x2 stride 2', square(112, 2, 2), 1],
    ['3x3 stride 2', square(112, 3, 2), 1],
    ['3x3 stride 1', square(112, 3, 1), 1],
    ['31x31 stride 1', square(112, 31, 1), 2],
    ['a whole plane', planOf(64, [adaptive(112, 1), adaptive(112, 1)]), 1],
    ['one huge plane', planOf(1, [adaptive(1120, 1), adaptive(1120, 1)]), 2],
  ])('%s are as few as its passes', (_, plan, count) => {
    expect([maxima(plan, false).length, maxima(plan, true).length, means(plan).length]).toEqual([
      count,
      count,
      count,
    ])
  })
})

it('norms take passes along axes if these can scale them, each by the window of its axis', () => {
  const plan = planOf(64, [sliding(112, 31, { stride: 1 }), sliding(112, 15, { stride: 1 })])
  const dispatches = (fullWindow: number | null): number => {
    const outline = { reducer: 'lp', pass: 'forward', norm: { p: 2, fullWindow } } as const
    const job = { plan, planes: null, counting: null, dtype: 'float32', scratch, outline } as const
    return forwardSteps({ ...job, magnitude: false, x: place, y: place, indices: null }).length
  }
  expect([null, 1, 31 * 15, 12].map(dispatches)).toEqual([2, 2, 2, 1])
})

it('binds the input and the output once, and tables that are small beside them', () => {
  const plan = planOf(64, [sliding(112, 3, { stride: 2 }), sliding(112, 3, { stride: 2 })])
  const [step] = maxima(plan, false)
  const elements = step!.slices.map(({ part }) => part * plan.outer)
  expect(elements).toEqual([plan.outer * outPlane(plan), plan.outer * inPlane(plan)])
  expect(tableWords(step!.tables as never)).toBeLessThan(elements[0]! / 100)
})

it('writes the taps of outputs, and of inputs for gradients, with the divisors of outputs', () => {
  const axis = sliding(9, 3, { stride: 2, padding: 1 })
  const plan = planOf(4, [axis], 5)
  const tablesFor = (isTransposed: boolean) => [...writeTables({ plan, planes: null, isTransposed })]
  const { first, taps, divisor } = tablesOf(axis)
  const length = first.length * 3
  /** Two axes of one place, the head, and their tables. */
  const [place, at] = [[0, 1, 1], 15]
  const head = (words: number): number[] => [4, 5, words + 6, 1, 1, 1, at, 1, 1, 1, at + 3]
  const tables = [...place, ...place]
  expect(tablesFor(false)).toEqual([
    ...head(length),
    ...[9, 5, 1, at + 6],
    ...tables,
    ...first,
    ...taps,
    ...divisor,
  ])
  const back = transposeAxis(axis)
  const gathered = tablesOf(back)
  const total = gathered.first.length * 2 + divisor.length
  expect(tablesFor(true)).toEqual([
    ...head(total),
    ...[5, 9, back.step, at + 6],
    ...tables,
    ...gathered.first,
    ...gathered.taps,
    ...divisor,
  ])
})
