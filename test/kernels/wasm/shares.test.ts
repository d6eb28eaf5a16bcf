/**
 * Gradients of windows in vectors beside the reference, to the bit, where factors of windows leave the range of the sums: gradients of
 * any magnitude, powers that are tiny, and windows of zeros whose slopes are infinite.
 */
import { expect, it } from 'vitest'
import type { Job, Kernel } from '../../../src/kernels/job.ts'
import { referenceKernels } from '../../../src/kernels/reference/index.ts'
import { foldKernels } from '../../../src/kernels/wasm/order/fold-windows.ts'
import { planOf, randomOf, sliding } from '../jobs.ts'

const plan = planOf(2, [sliding(5, 3, { stride: 1, padding: 1 }), sliding(9, 3, { stride: 1, padding: 1 })])
const random = randomOf(5)
const numbers = (of: (i: number) => number) => Float64Array.from({ length: 90 }, (_, i) => of(i))
const large = numbers((i) => (i % 3 === 0 ? 1e300 : -1e-300) * (0.5 + random()))
const plain = numbers(() => random() - 0.5)

function gradient(kernels: readonly Kernel[], spec: object, x: Float64Array, dy: Float64Array): Float64Array {
  const dx = new Float64Array(90).fill(7)
  const job = { ...spec, pass: 'backward', dtype: 'float64', plan, x, dy, dx } as unknown as Job
  kernels
    .find(
      ({ reducer, dtype, pass }) => reducer === job.reducer && dtype === 'float64' && pass === 'backward',
    )!
    .run(job)
  return dx
}

it.each<[string, object, Float64Array, Float64Array]>([
  [
    'softmax-weighted means, gradients of any magnitude',
    { reducer: 'soft' },
    plain.map((v) => 400 * v),
    large,
  ],
  ['log-mean-exps, gradients of any magnitude', { reducer: 'lse', r: 600 }, plain, large],
  [
    'standard deviations, infinite gradients',
    { reducer: 'variance', correction: 1, root: true },
    plain,
    large,
  ],
  ['generalized means of tiny powers', { reducer: 'gem', p: 105, eps: 0 }, plain.map(() => 1e-3), plain],
  ['generalized means of zeros', { reducer: 'gem', p: 0.5, eps: 0 }, plain.map((v) => Math.max(0, v)), plain],
  [
    'generalized means of zeros, cubed',
    { reducer: 'gem', p: 3, eps: 0 },
    plain.map((v) => Math.max(0, v)),
    plain,
  ],
  ['generalized means, NaN', { reducer: 'gem', p: 3, eps: 1e-6 }, plain.with(20, Number.NaN), plain],
])('%s', (_, spec, x, dy) => {
  const expected = gradient(referenceKernels, spec, x, dy)
  expect(expected.some((value) => value !== 0)).toBe(true)
  expect(gradient(foldKernels, spec, x, dy)).toEqual(expected)
})
