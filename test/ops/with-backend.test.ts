import { describe, expect, it, test } from 'vitest'
import {
  avgPool2d,
  explain,
  lpPool2d,
  maxPool2d,
  rand,
  stochasticMeanPool2d,
  withBackend,
} from '../../src/index.ts'
import { backends } from '../../src/kernels/backend.ts'
import { codeOf, refusalOf } from '../support/refusals.ts'

const x = rand([2, 3, 12, 12])
const options = { kernelSize: 3, stride: 2, padding: 1 }

test.each(backends)('%s runs what it takes, to the same bits', (backend) => {
  for (const call of [() => maxPool2d(x, options), () => avgPool2d(x, options)]) {
    expect(withBackend(backend, call).data).toEqual(call().data)
    expect(withBackend(backend, () => explain('maxPool2d', x.shape, options).kernel)).toBe(
      `max.f32.forward.${backend}`,
    )
  }
})

it('is left again, after an error too', () => {
  const usual = explain('maxPool2d', x.shape, options).kernel
  expect(() => withBackend('reference', () => maxPool2d(x, { kernelSize: 0 }))).toThrow('kernelSize')
  expect(explain('maxPool2d', x.shape, options).kernel).toBe(usual)
  const inner = withBackend('scalar', () => [
    withBackend('reference', () => explain('maxPool2d', x.shape, options).kernel),
    explain('maxPool2d', x.shape, options).kernel,
  ])
  expect(inner).toEqual(['max.f32.forward.reference', 'max.f32.forward.scalar'])
})

describe('refuses', () => {
  it('a call that the backend has no kernel for, and writes nothing', () => {
    const out = new Float32Array(2 * 3 * 6 * 6).fill(7)
    const call = () => withBackend('scalar', () => lpPool2d(x, { ...options, normType: 2, out }))
    expect(refusalOf(call)?.message).toMatch(
      /^withBackend: backend = "scalar"; has no kernel for this lp forward of float32\. Call it outside/,
    )
    expect(codeOf(call)).toBe('UNAVAILABLE')
    expect(new Set(out)).toEqual(new Set([7]))
    const runs: (() => unknown)[] = [
      () => stochasticMeanPool2d(x, { kernelSize: 2 }),
      () => explain('stochasticMeanPool2d', [1, 4, 4], { kernelSize: 2 }),
    ]
    for (const run of runs)
      expect(refusalOf(() => withBackend('simd', run))?.message).toContain(
        'stochastic-mean forward of float32',
      )
  })

  it('other names, what is not a function, and promises', () => {
    expect(codeOf(() => withBackend('gpu' as never, () => 1))).toBe('BAD_PARAM')
    expect(codeOf(() => withBackend('simd', 1 as never))).toBe('BAD_PARAM')
    expect(codeOf(() => withBackend('simd', async () => maxPool2d(x, options)))).toBe('BAD_PARAM')
  })
})
