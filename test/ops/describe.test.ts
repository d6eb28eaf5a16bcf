import { describe, expect, it } from 'vitest'
import type { PoolError } from '../../src/index.ts'
import { catalogue as operations } from '../../src/ops/catalogue.ts'
import {
  callOf,
  catalogue,
  differentiable,
  dtypeOf,
  type Entry,
  functions,
  runForward,
  sampleInput,
} from '../support/catalogue.ts'

const messageOf = (run: () => unknown): string => {
  try {
    run()
    return 'no error'
  } catch (error) {
    return (error as PoolError).message
  }
}

describe('a call without data', () => {
  it.each(catalogue)('of $name has the shape that the call has', (entry) => {
    const given = dtypeOf(entry)
    const { inputs, options } = callOf(entry, given, {})
    const { shape, dtype, outline } = operations[entry.name].describe('forward', inputs[0]!, options)
    expect([shape, dtype]).toEqual([runForward(entry, given).shape, given])
    expect(outline?.pass).toBe(/maxUnpool|blur|area|stochasticPool/i.test(entry.name) ? undefined : 'forward')
  })

  it.each(differentiable)('of the gradient of $name is refused as the gradient is', (entry) => {
    for (const extra of [{ kernelSize: 0, outputSize: -1, normType: 0 }, { layout: 'CHWN' }, { strid: 1 }]) {
      const wrong = onlyKnown(entry, extra)
      const x = sampleInput(entry, 'float32')
      const places = entry.name.startsWith('maxUnpool') ? [x] : []
      const asCall = messageOf(() => functions[`${entry.name}Backward`]!(x, x, ...places, wrong))
      expect(messageOf(() => operations[entry.name].describe('backward', x, wrong))).toBe(asCall)
      expect(asCall).not.toBe('no error')
    }
  })

  it('has no gradient for integers', () => {
    const refusal = (name: 'maxPool2d' | 'avgPool2d' | 'lpPool2d') =>
      messageOf(() =>
        operations[name].describe(
          'backward',
          { shape: [1, 4, 4], dtype: 'int8' },
          name === 'lpPool2d' ? { kernelSize: 2, normType: 2 } : { kernelSize: 2 },
        ),
      )
    expect(refusal('maxPool2d')).toMatch(/gradients are of float32/)
    expect(refusal('avgPool2d')).toMatch(/gradients are of float32/)
    expect(refusal('lpPool2d')).toMatch(/norms are of float32/)
  })

  it('passes the caller’s arrays on, unread', () => {
    const out = new Proxy(new Float32Array(1), { get: () => expect.unreachable() })
    const call = operations.maxPool2d.describe(
      'forward',
      { shape: [1, 4, 4], dtype: 'float32' },
      { kernelSize: 2, out },
    )
    expect(call.given.out).toBe(out)
  })
})

/** Required options, with those of `extra` that the operation has, or that none has. */
function onlyKnown({ name, required }: Entry, extra: Record<string, unknown>): Record<string, unknown> {
  const names = operations[name].names
  const kept = Object.entries(extra).filter(([option]) => names.includes(option) || option === 'strid')
  const isEmpty = kept.length === 0
  return { ...required, ...Object.fromEntries(kept), ...(isEmpty && { strid: 1 }) }
}
