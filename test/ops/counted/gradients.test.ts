/**
 * Gradients go to the elements that count and to no other: differences of values in float64, away from ties.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { tensor } from '../../../src/index.ts'
import { dot, functions, type Options, separated } from '../../support/gradient-cases.ts'
import { codeOf } from '../../support/refusals.ts'

const layouts = ['NCHW', 'NHWC'] as const
const shapes = { NCHW: [2, 2, 6, 5], NHWC: [2, 6, 5, 2] }
const bits = Uint8Array.from({ length: 30 }, (_, i) => Number((i * 7) % 10 > 4))
const window = { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }

const cases: [name: string, options: Options][] = [
  ['maxPool2d', window],
  ['minPool2d', { ...window, minCount: 2 }],
  ['avgPool2d', window],
  ['avgPool2d', { ...window, countIncludePad: true, minCount: 3 }],
  ['avgPool2d', { ...window, divisorOverride: 5 }],
  ['avgPool2d', { kernelSize: [6, 5], stride: 1, padding: [3, 2], exact: false }],
  ['sumPool2d', { ...window, minCount: 4 }],
  ['lpPool2d', { ...window, normType: 3 }],
  ['lpPool2d', { ...window, normType: Number.POSITIVE_INFINITY }],
  ['adaptiveMaxPool2d', { outputSize: 2 }],
  ['adaptiveAvgPool2d', { outputSize: [4, 2] }],
  ['globalMaxPool', {}],
  ['globalAvgPool', {}],
  ['globalLpPool', { normType: 2 }],
]

describe.each(layouts)('%s', (layout) => {
  it.each(cases)('%s %j', (name, given) => {
    const x = separated(shapes[layout])
    const hidden = x.data[3]!
    const options = { ...given, layout, mask: tensor(bits, [6, 5]), nodata: hidden, fill: 0 }
    const counts = (i: number) => {
      const place = layout === 'NCHW' ? i % 30 : Math.floor(i / 2) % 30
      return bits[place] === 1 && x.data[i] !== hidden
    }
    const y = functions[name]!(x, options)
    const dy = pool.rand(y.shape, { seed: 2, dtype: 'float64' })
    const dx = functions[`${name}Backward`]!(dy, x, options)
    for (let i = 0; i < x.data.length; i++) {
      if (!counts(i)) {
        expect((dx.data[i] as number) + 0, `element ${i}`).toBe(0)
        continue
      }
      const step = 1e-6
      const [above, below] = [step, -step].map((change) => {
        const moved = tensor(x.data.with(i, x.data[i]! + change), x.shape)
        return dot(functions[name]!(moved, options).data as Float64Array, dy.data)
      })
      expect(Math.abs((above! - below!) / (2 * step) - (dx.data[i] as number)), `element ${i}`).toBeLessThan(
        1e-5,
      )
    }
  })
})

describe('the gradient of a maximum', () => {
  const x = tensor([[[3, 1, 2, 5]]])
  const dy = tensor([[[1, 1]]])
  const options = { kernelSize: 2, mask: [0, 1, 0, 0], fill: 0 }

  it('takes the indices of the forward call', () => {
    const { indices } = pool.maxPool1d(x, { ...options, returnIndices: true })
    expect([...indices.data]).toEqual([1, -1])
    expect([...pool.maxPool1dBackward(dy, x, { ...options, indices }).data]).toEqual([0, 1, 0, 0])
  })

  it('refuses the index of an element that is left out, and of a window without elements', () => {
    for (const wrong of [
      [0, -1],
      [1, 3],
      [-1, -1],
    ]) {
      const indices = tensor(Int32Array.from(wrong), [1, 1, 2])
      expect(codeOf(() => pool.maxPool1dBackward(dy, x, { ...options, indices }))).toBe('BAD_INDEX')
    }
  })
})
