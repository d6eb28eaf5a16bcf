/**
 * @file Every strategy of the WebAssembly kernels, made to run whatever it fits, whether others are preferred or not.
 */
import { describe, expect, test } from 'vitest'
import type { Job } from '../../../src/kernels/job.ts'
import { axisStrategies } from '../../../src/kernels/wasm/folds/separable.ts'
import { backendOf } from '../../../src/kernels/wasm/load.ts'
import { type Row, rows } from '../../../src/kernels/wasm/rows.ts'
import { type Method, nameOfStrategy, runBy } from '../../../src/kernels/wasm/strategy.ts'
import { type WasmInstance, wasmInstanceOf } from '../../../src/kernels/wasm/wasm-instance.ts'
import type { PoolPlan } from '../../../src/plan/pool-plan.ts'
import { isDefined } from '../../../src/reducers/table.ts'
import type { DType } from '../../../src/tensor/dtype.ts'
import { faultOf } from '../fault.ts'
import { adaptive, jobOf, planOf, sliding, type Wanted } from '../jobs.ts'
import { shapes } from '../plans.ts'

const dtypes: readonly DType[] = ['float32', 'float64', 'uint8', 'int16', 'int32', 'int64']

const plans: readonly [string, PoolPlan][] = [
  ...Object.entries(shapes).flatMap(([name, shape]): [string, PoolPlan][] =>
    [32, 37].map((size) => [`${name}, ${size}`, planOf(9, [shape(12), shape(size)])]),
  ),
  ['adaptive', planOf(9, [adaptive(7, 3), adaptive(10, 4)])],
  ['whole planes', planOf(3, [adaptive(30, 1), adaptive(47, 1)], 2)],
  ['a long row', planOf(3, [adaptive(700, 2)])],
  ['a long row, pixels', planOf(2, [adaptive(400, 3)], 3)],
  ['long windows, pixels', planOf(2, [sliding(60, 13, { stride: 1, padding: 6 })], 3)],
  ['more than 2^16 elements', planOf(1, [adaptive(256, 1), adaptive(257, 1)])],
  [
    'layers of short rows',
    planOf(
      5,
      [2, 1, 1].map((stride) => sliding(10, 3, { stride, padding: 1 })),
    ),
  ],
  [
    'layers',
    planOf(
      1,
      [6, 9, 40].map((size) => sliding(size, 3, { stride: 1, padding: 1 })),
      3,
    ),
  ],
  ['colours, halved', planOf(2, [sliding(7, 2), sliding(11, 2)], 3)],
  ['channels', planOf(2, [sliding(12, 9, { stride: 1, padding: 4 }), sliding(9, 3, { stride: 2 })], 20)],
  ['pixels', planOf(2, [sliding(12, 3, { stride: 1, padding: 1 }), sliding(9, 2, { stride: 2 })], 20)],
]

function waysOf({ reducer, pass }: Row): readonly Partial<Wanted>[] {
  if (reducer === 'lp') return [3, 2, 4].map((p) => ({ norm: { p, fullWindow: p === 2 ? 12 : null } }))
  if (reducer === 'average') {
    const ways = [{}, { division: 'each' as const }, { division: 5 }, { exact: true }]
    return pass === 'forward' ? [...ways, { rounding: 'half-even' as const }, { division: -3 }] : ways
  }
  if (pass === 'backward') return [true, false].map((withIndices) => ({ values: 'ties', withIndices }))
  return [
    { values: 'special' },
    { values: 'ties', withIndices: true },
    { values: 'special', withIndices: true },
  ]
}

type AnyMethod = Method<Job, unknown>

/** Runs the job by each strategy that fits it. @returns what is wrong; counts what ran in `runs` */
function tryAll(
  method: AnyMethod,
  instance: WasmInstance,
  wanted: Wanted,
  runs: Map<string, number>,
): string[] {
  const wrong: string[] = []
  const attempt = (name: string, fits: (job: Job) => boolean, run: (job: Job) => void): void => {
    const { job, outputs } = jobOf(wanted)
    if (!fits(job)) return
    run(job)
    runs.set(name, runs.get(name)! + 1)
    const fault = faultOf(job, wanted)
    if (fault !== null) wrong.push(`${name}: ${fault}`)
    if (!outputs.y.intact || outputs.indices?.intact === false)
      wrong.push(`${name}: wrote outside its outputs`)
  }
  for (const { name, fits, run } of method.jobStrategies) attempt(name, fits, (job) => run(job, instance))
  for (const strategy of method.strategies)
    attempt(
      strategy.name,
      (job) => strategy.fits(method.setup(job, instance), method.lower(job)),
      (job) => runBy({ ...method, jobStrategies: [], strategies: [strategy] }, job, instance),
    )
  return wrong
}

/** Strategies that need vectors. */
const vectorsOnly =
  /^(globalPool|pool3x3|layers3x3|longWindows|argSteps|foldPixels|globalAverage|average3x3|mean2x2s2|pixels2x2s2|wholeMeans|downAcross|spread)$/

describe.each(['simd', 'scalar'] as const)('%s', (build) => {
  const instance = wasmInstanceOf(build) as WasmInstance

  test.each(rows.map((row) => [`${row.reducer} ${row.pass}`, row] as const))('%s', (_, row) => {
    const wrong: string[] = []
    const runs = new Map<string, number>()
    for (const dtype of dtypes.filter((type) => isDefined(row.reducer, row.pass, type)))
      for (const [name, plan] of plans)
        for (const way of waysOf(row)) {
          const wanted: Wanted = { ...way, reducer: row.reducer, pass: row.pass, dtype, plan }
          const { job } = jobOf(wanted)
          if (row.fits(job) !== true) continue
          const method = row.methodOf(job)
          for (const strategy of [...method.jobStrategies, ...method.strategies])
            runs.set(strategy.name, runs.get(strategy.name) ?? 0)
          for (const fault of tryAll(method, instance, wanted, runs))
            wrong.push(`${dtype} ${name} ${JSON.stringify(way)}: ${fault}`)
        }
    expect(wrong).toEqual([])
    const idle = [...runs].filter(([, count]) => count === 0).map(([name]) => name)
    expect(idle.filter((name) => build === 'simd' || !vectorsOnly.test(name))).toEqual([])
  })
})

test('every way along an axis is the preferred one of some windows', () => {
  const seen = new Set<string>()
  const row = rows[0]!
  for (const build of Object.keys(backendOf) as (keyof typeof backendOf)[])
    for (const dtype of dtypes)
      for (const [, plan] of plans) {
        const { job } = jobOf({ reducer: 'max', pass: 'forward', dtype, plan })
        const name = nameOfStrategy(row.methodOf(job), job, wasmInstanceOf(build) as WasmInstance)!
        for (const part of name.match(/(?<=[:,] )\w+/g) ?? []) seen.add(part)
      }
  expect([...seen].sort()).toEqual(axisStrategies.map(({ name }) => name).sort())
})
