import { afterAll, beforeAll, expect, it } from 'vitest'
import { blocksOf } from '../../src/adapters/webgpu/blocks.ts'
import { Context } from '../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../src/adapters/webgpu/device.ts'
import type { PoolPlan } from '../../src/plan/pool-plan.ts'
import { roundings } from '../../src/reducers/rounding.ts'
import { adaptive, planOf, sliding } from '../kernels/jobs.ts'
import './adapter.ts'
import type { Trial } from './steps-of.ts'
import { tryOnGpu } from './trial.ts'

type Named = readonly [name: string, plan: PoolPlan]

/** Rows of results that are whole words, and others. */
const whole: readonly Named[] = [
  ['2x2 s2', planOf(3, [sliding(6, 2), sliding(16, 2)])],
  ['5x2, padded above', planOf(2, [sliding(9, 5, { stride: 1, padding: 2 }), sliding(8, 2)])],
  [
    '3x3 s2 p1',
    planOf(3, [sliding(9, 3, { stride: 2, padding: 1 }), sliding(16, 3, { stride: 2, padding: 1 })]),
  ],
  [
    '3x3 s1 p1, padding not counted',
    planOf(2, [
      sliding(7, 3, { stride: 1, padding: 1, countPadding: false }),
      sliding(8, 3, { stride: 1, padding: 1, countPadding: false }),
    ]),
  ],
  ['volumes', planOf(2, [sliding(4, 2), sliding(5, 3, { stride: 2 }), sliding(24, 2)])],
]
const rest: readonly Named[] = [
  ['2x2 s2', planOf(5, [sliding(5, 2), sliding(12, 2)])],
  ['3x3 s2', planOf(3, [sliding(9, 3, { stride: 2, padding: 1 }), sliding(24, 3, { stride: 2 })])],
  ['3x3 s1', planOf(3, [sliding(7, 3, { stride: 1, ceilMode: true }), sliding(12, 3, { stride: 1 })])],
  ['a row', planOf(2, [sliding(4, 3, { stride: 1 })])],
  [
    '3x3 s2, overhanging',
    planOf(3, [sliding(8, 3, { stride: 2, ceilMode: true }), sliding(8, 3, { stride: 2, ceilMode: true })]),
  ],
  [
    '3x3 s2 p1 before, 2 after',
    planOf(3, [sliding(8, 3, { stride: 2 }), sliding(20, 3, { stride: 2, padding: 1, padAfter: 2 })]),
  ],
  ['2x2 s2 p1', planOf(2, [sliding(6, 2, { padding: 1 }), sliding(12, 2, { padding: 1, ceilMode: true })])],
  ['2 s2 p1', planOf(5, [sliding(4, 2, { padding: 1 })])],
]

/** Rows that begin anywhere. */
const unaligned: readonly Named[] = [
  ['2x2 s2, rows of 7', planOf(5, [sliding(5, 2), sliding(7, 2, { ceilMode: true })])],
  [
    '3x3 s2 p1, rows of 13',
    planOf(3, [sliding(9, 3, { stride: 2, padding: 1 }), sliding(13, 3, { stride: 2, padding: 1 })]),
  ],
  [
    '5x5 s1 p2, rows of 11',
    planOf(2, [sliding(7, 5, { stride: 1, padding: 2 }), sliding(11, 5, { stride: 1, padding: 2 })]),
  ],
  ['3x3 s1, rows of 9', planOf(3, [sliding(4, 3, { stride: 1 }), sliding(9, 3, { stride: 1 })])],
]

/** Other windows, in blocks. */
const more: readonly Named[] = [
  [
    '5x5 s1 p2',
    planOf(2, [sliding(6, 5, { stride: 1, padding: 2 }), sliding(12, 5, { stride: 1, padding: 2 })]),
  ],
]

/** Four channels in a thread. */
const channels: readonly Named[] = [
  [
    '3x3 s2 p1',
    planOf(2, [sliding(7, 3, { stride: 2, padding: 1 }), sliding(5, 3, { stride: 2, padding: 1 })], 8),
  ],
  ['adaptive', planOf(2, [adaptive(7, 3), adaptive(5, 4)], 4)],
  ['dilated', planOf(3, [sliding(9, 2, { stride: 1, dilation: 3, padding: 1 })], 12)],
  ['volumes', planOf(1, [sliding(4, 2), sliding(5, 3, { stride: 2, ceilMode: true }), sliding(3, 2)], 4)],
]

const forward = { pass: 'forward', isAligned: true } as const
const trials: readonly Trial[] = [
  ...(['special', 'ties'] as const).flatMap((values): Trial[] => [
    { ...forward, reducer: 'max', dtype: 'float32', values, withIndices: true },
    { ...forward, reducer: 'min', dtype: 'float32', values },
    { ...forward, reducer: 'max', dtype: 'float16', values, withIndices: true },
  ]),
  { ...forward, reducer: 'min', dtype: 'uint8', values: 'ties', withIndices: true },
  { ...forward, reducer: 'max', dtype: 'int32', values: 'ties' },
  { ...forward, reducer: 'average', dtype: 'float32', values: 'wide', division: 'product' },
  { ...forward, reducer: 'average', dtype: 'float32', values: 'special', division: 'each' },
  { ...forward, reducer: 'average', dtype: 'float32', values: 'special', division: -3 },
  { ...forward, reducer: 'average', dtype: 'bfloat16', values: 'plain', division: 'product' },
  ...roundings.map((rounding): Trial => ({ ...forward, reducer: 'average', dtype: 'int8', rounding })),
  { ...forward, reducer: 'average', dtype: 'uint32', division: -3, rounding: 'half-even' },
]

let context: Context
beforeAll(async () => {
  context = new Context(await requestDevice(), true)
})
afterAll(() => context.dispose())

/** Each trial on every third plan. */
it.each(trials.map((trial, i) => ({ ...trial, i })))(
  'four results in a thread: $reducer of $dtype, $values $rounding',
  async ({ i, ...trial }) => {
    const isWord = trial.dtype.endsWith('32')
    const plans = [...whole, ...(isWord ? [...rest, ...unaligned, ...more] : []), ...channels].filter(
      (_, j) => (i + j) % 3 === 0,
    )
    const place = { buffer: {} as GPUBuffer, offset: 32, dtype: trial.dtype }
    for (const [name, plan] of plans)
      expect(
        blocksOf({ plan, planes: null, counting: null, x: place, y: place } as never),
        name,
      ).not.toBeNull()
    const { wrong, compared } = await tryOnGpu(context, trial, plans)
    expect(wrong.join('\n')).toBe('')
    expect(compared).toBe(plans.length)
  },
)
