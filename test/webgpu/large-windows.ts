/**
 * @file Large windows, which many threads fold together: the trials of the contract for them. Uses no test framework.
 */
import type { Context } from '../../src/adapters/webgpu/context.ts'
import { partialPassesOf } from '../../src/adapters/webgpu/passes.ts'
import type { PoolPlan } from '../../src/plan/pool-plan.ts'
import { roundings } from '../../src/reducers/rounding.ts'
import { adaptive, fractional, planOf, sliding } from '../kernels/jobs.ts'
import type { Outcome } from '../kernels/outcome.ts'
import { trials as everyWindow } from './contract.ts'
import type { Trial } from './steps-of.ts'
import { tryOnGpu } from './trial.ts'

type Named = readonly [name: string, plan: PoolPlan]

/** Each axis by doubling: windows around powers of two, clipped, strided, dilated, in several tiles, of channels. */
const doubled: readonly Named[] = [
  ['8 s1', planOf(3, [sliding(40, 8, { stride: 1 })])],
  [
    '9 s1 p4',
    planOf(2, [sliding(23, 9, { stride: 1, padding: 4 }), sliding(29, 16, { stride: 1, padding: 8 })]),
  ],
  [
    '31 s1',
    planOf(
      2,
      [sliding(40, 31, { stride: 1, padding: 15, countPadding: false }), sliding(37, 17, { stride: 1 })],
      3,
    ),
  ],
  [
    '15 s2',
    planOf(1, [sliding(41, 15, { stride: 2, padding: 7 }), sliding(70, 33, { stride: 3, padding: 16 })], 8),
  ],
  [
    'dilated',
    planOf(2, [
      sliding(60, 10, { stride: 1, dilation: 3 }),
      sliding(33, 9, { stride: 1, dilation: 2, padding: 4 }),
    ]),
  ],
  ['tiles of a row', planOf(1, [sliding(3000, 63, { stride: 1, padding: 31 })])],
  ['tiles of channels', planOf(1, [sliding(300, 40, { stride: 1, padding: 3 })], 17)],
  ['long windows of channels', planOf(2, [sliding(700, 300, { stride: 2 })], 5)],
  ['one axis of three', planOf(2, [sliding(3, 1), sliding(50, 12, { stride: 1 }), sliding(5, 1)])],
  ['runs', planOf(2, [fractional(80, 50, 20, 0.3)], 4)],
]

/** A workgroup for some results. */
const trees: readonly Named[] = [
  ['global', planOf(3, [adaptive(30, 1), adaptive(41, 1)])],
  ['global, channels', planOf(2, [adaptive(19, 1), adaptive(23, 1)], 17)],
  ['adaptive', planOf(5, [adaptive(50, 3), adaptive(67, 2)])],
  ['adaptive, channels', planOf(1, [adaptive(50, 2), adaptive(67, 3)], 10)],
  ['16 s16', planOf(3, [sliding(50, 17, { stride: 16 }), sliding(48, 16)])],
  ['volumes', planOf(2, [adaptive(9, 1), adaptive(10, 2), adaptive(11, 1)], 3)],
  ['a long row', planOf(1, [adaptive(70_003, 1)])],
  ['a few large planes', planOf(1, [adaptive(290, 1), adaptive(271, 1)])],
]

/** Poolings that loop over their windows, which a workgroup shares. */
const shared = trees.filter(([name]) => name !== 'a long row')

/** Those whose axes hand on partial results of more than a word. */
const partial = [...doubled, ...trees].filter(([, plan]) => partialPassesOf(plan) !== null)

export const largeWindows = { doubled, trees, shared, partial } as const

const trials: readonly Trial[] = [
  { reducer: 'max', pass: 'forward', dtype: 'float32', values: 'special', withIndices: true },
  { reducer: 'max', pass: 'forward', dtype: 'float32', values: 'ties', withIndices: true },
  { reducer: 'min', pass: 'forward', dtype: 'float32', values: 'special', withIndices: true },
  { reducer: 'min', pass: 'forward', dtype: 'uint8', values: 'ties', withIndices: true },
  { reducer: 'max', pass: 'forward', dtype: 'float16', values: 'special' },
  { reducer: 'max', pass: 'forward', dtype: 'int32', values: 'ties', withIndices: true },
  { reducer: 'average', pass: 'forward', dtype: 'float32', values: 'wide', division: 'product' },
  { reducer: 'average', pass: 'forward', dtype: 'float32', values: 'special', division: -3 },
  { reducer: 'average', pass: 'forward', dtype: 'bfloat16', values: 'plain', division: 'each' },
  { reducer: 'average', pass: 'forward', dtype: 'uint8', rounding: roundings[0]!, division: 'product' },
  { reducer: 'average', pass: 'forward', dtype: 'int8', rounding: roundings[3]!, division: -3 },
  { reducer: 'average', pass: 'forward', dtype: 'int32', rounding: roundings[1]!, division: 'product' },
  { reducer: 'average', pass: 'backward', dtype: 'float32', values: 'wide', division: 'product' },
  { reducer: 'average', pass: 'backward', dtype: 'float32', values: 'special', division: -3 },
  { reducer: 'average', pass: 'backward', dtype: 'float16', values: 'plain', division: 'each' },
  ...(['special', 'ties', 'wide'] as const).map(
    (values): Trial => ({ reducer: 'max', pass: 'backward', dtype: 'float32', values }),
  ),
  { reducer: 'min', pass: 'backward', dtype: 'float16', values: 'ties' },
  ...[1, 2, 3, 2.5].flatMap((p) =>
    (['wide', 'special'] as const).map(
      (values): Trial => ({
        reducer: 'lp',
        pass: 'forward',
        dtype: 'float32',
        values,
        norm: { p, fullWindow: { 2: 1, 3: 12 }[p] ?? null },
      }),
    ),
  ),
  { reducer: 'gem', pass: 'forward', dtype: 'float32', values: 'special', spec: { p: 3, eps: 1e-6 } },
]

/** Poolings whose passes hand on partial results of more than a word. */
const partialTrials: readonly Trial[] = [
  { reducer: 'lp', pass: 'backward', dtype: 'float32', values: 'special', norm: { p: 2, fullWindow: 12 } },
  { reducer: 'lp', pass: 'backward', dtype: 'float32', values: 'wide', norm: { p: 2.5, fullWindow: null } },
  ...everyWindow.folds!.filter(
    ({ pass, reducer, values }) => (pass === 'forward' || reducer === 'soft') === (values === 'special'),
  ),
]

/** The trials of a kind, each on one of so many plans. */
const kinds = {
  doubled: { own: trials, every: 2 },
  trees: { own: trials, every: 2 },
  shared: { own: everyWindow.folds!, every: 2 },
  partial: { own: partialTrials, every: 4 },
} as const

export async function tryLargeWindows(context: Context, kind: keyof typeof largeWindows): Promise<Outcome> {
  const outcomes: Outcome[] = []
  const { own, every } = kinds[kind]
  for (const [i, trial] of own.entries()) {
    const plans = largeWindows[kind].filter((_, j) => (i + j) % every === 0)
    outcomes.push(await tryOnGpu(context, trial, plans))
  }
  return {
    wrong: outcomes.flatMap(({ wrong }) => wrong),
    compared: outcomes.reduce((sum, { compared }) => sum + compared, 0),
    skipped: [],
  }
}
