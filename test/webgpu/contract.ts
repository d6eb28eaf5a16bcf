/**
 * @file The contract of pooling on a GPU, as trials on random plans.
 */
import type { Context } from '../../src/adapters/webgpu/context.ts'
import type { GpuDType } from '../../src/adapters/webgpu/wgsl/elements.ts'
import { roundings } from '../../src/reducers/rounding.ts'
import type { Values } from '../kernels/jobs.ts'
import type { Outcome } from '../kernels/outcome.ts'
import { layouts, randomPlan } from '../kernels/plans.ts'
import type { Trial } from './steps-of.ts'
import { tryOnGpu } from './trial.ts'

const integers: readonly GpuDType[] = ['uint8', 'int8', 'uint16', 'int16', 'int32', 'uint32']
const floats: readonly GpuDType[] = ['float32', 'float16', 'bfloat16']

const extrema: readonly Trial[] = (['max', 'min'] as const).flatMap((reducer) => [
  ...floats.flatMap((dtype) =>
    (['special', 'ties'] as const).map(
      (values): Trial => ({ reducer, pass: 'forward', dtype, values, withIndices: true }),
    ),
  ),
  ...integers.map((dtype): Trial => ({ reducer, pass: 'forward', dtype, values: 'ties', withIndices: true })),
  { reducer, pass: 'forward', dtype: 'float32', values: 'special' },
  { reducer, pass: 'forward', dtype: 'uint8', values: 'plain' },
  { reducer, pass: 'backward', dtype: 'float32', values: 'wide' },
  { reducer, pass: 'backward', dtype: 'float32', values: 'ties', isForeign: true },
  { reducer, pass: 'backward', dtype: 'float16', values: 'plain' },
  ...(['float16', 'bfloat16'] as const).map(
    (dtype): Trial => ({ reducer, pass: 'backward', dtype, values: 'plain', isForeign: true }),
  ),
])

const divisions = ['product', 'each', -3] as const

const means: readonly Trial[] = [
  ...floats.flatMap((dtype) =>
    (dtype === 'float32' ? divisions : divisions.slice(0, 1)).flatMap((division) =>
      (['forward', 'backward'] as const).flatMap((pass) =>
        [true, false].flatMap((exact) =>
          (dtype === 'float32' ? (['special', 'wide'] as const) : (['plain'] as const)).map(
            (values: Values): Trial => ({ reducer: 'average', pass, dtype, division, exact, values }),
          ),
        ),
      ),
    ),
  ),
  ...integers.flatMap((dtype, i) =>
    roundings.map(
      (rounding, j): Trial => ({
        reducer: 'average',
        pass: 'forward',
        dtype,
        rounding,
        division: divisions[(i + j) % 3]!,
      }),
    ),
  ),
]

const norms: readonly Trial[] = (['forward', 'backward'] as const).flatMap((pass) =>
  [1, 2, 3, 2.5].flatMap((p) =>
    (['wide', 'special'] as const).map(
      (values): Trial => ({
        reducer: 'lp',
        pass,
        dtype: 'float32',
        values,
        norm: { p, fullWindow: p === 2 ? 12 : null },
      }),
    ),
  ),
)

const folds: readonly Trial[] = (['forward', 'backward'] as const).flatMap((pass) =>
  (
    [
      ['variance', { correction: 1, root: false }],
      ['variance', { correction: 0, root: true }],
      ['soft', {}],
      ['lse', { r: 2 }],
      ['lse', { r: -0.5 }],
      ['gem', { p: 3, eps: 1e-6 }],
    ] as const
  ).flatMap(([reducer, spec]) =>
    /** The gradient of a variance beside an infinity is NaN here, and an infinity in the root. */
    (pass === 'backward' && reducer === 'variance'
      ? ['plain' as const]
      : (['plain', 'special'] as const)
    ).map((values): Trial => ({ reducer, pass, dtype: 'float32', values, spec })),
  ),
)

export const trials: Readonly<Record<string, readonly Trial[]>> = { extrema, means, norms, folds }

/** Windows so large that each axis has a pass. */
export const longWindows = layouts.filter(([name]) => /(long|wide|one way), inner [13]$/.test(name))

/**
 * Every trial of a group, each on `count` random plans of its own, and every trial, or every few of them, on one with large windows: where
 * workgroup memory is cleared, SwiftShader takes seconds to compile a shader that has much of it.
 */
export async function tryContract(
  context: Context,
  group: keyof typeof trials,
  count: number,
  { seed = 1, largeEvery = 1 }: { readonly seed?: number; readonly largeEvery?: number } = {},
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const [i, trial] of trials[group]!.entries()) {
    const first = seed + i * count
    const random = Array.from(
      { length: count },
      (_, j) => [`seed ${first + j}`, randomPlan(first + j)] as const,
    )
    const large = i % largeEvery === 0 ? [longWindows[(i + seed) % longWindows.length]!] : []
    outcomes.push(await tryOnGpu(context, trial, [...random, ...large]))
  }
  return {
    wrong: outcomes.flatMap(({ wrong }) => wrong),
    compared: outcomes.reduce((sum, { compared }) => sum + compared, 0),
    skipped: [],
  }
}
