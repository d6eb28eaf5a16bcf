/**
 * @file Formulas of single outputs, by hand; and against the library over many settings.
 */
import { expect, test } from 'vitest'
import { avgPool2d } from '../../src/index.ts'
import { divisorOf, formulaOf } from '../../src/render/formula.ts'
import { planesTensor, sceneOf } from '../../src/render/scene.ts'
import { channelsOf, parseState } from '../../src/render/state.ts'

function formula(text: string, at = 0) {
  const { state } = parseState(text)
  return formulaOf(sceneOf(state.pooling, channelsOf(state.input)), state.channel, at)
}

test.each([
  ['op=max', 0, 'max(1, 3, 5, 6) = 6'],
  ['op=min&x=signs', 0, 'min(−3, 1, 5, −9) = −9'],
  ['op=avg&k=2&s=1&x=d2l3', 0, '(0 + 1 + 3 + 4) / 4 = 2'],
  ['op=avg&k=3&s=1&p=1&x=d2l3', 0, '(0 + 0 + 0 + 0 + 0 + 1 + 0 + 3 + 4) / 9 ≈ 0.8889'],
  ['op=avg&k=3&s=1&p=1&cip=0&x=d2l3', 0, '(0 + 1 + 3 + 4) / 4 = 2'],
  ['op=avg&k=2&div=3&x=d2l3', 0, '(0 + 1 + 3 + 4) / 3 ≈ 2.6667'],
  ['op=lp&k=1x2&norm=2&x=3,4;0,0', 0, '(|3|^2 + |4|^2)^(1/2) = 5'],
  ['op=lp&k=1x2&norm=inf&x=3,-4;0,0', 0, 'max(|3|, |−4|) = 4'],
  ['op=lp&k=1x2&ceil=1&norm=2&x=1,1,3', 1, '((|3|^2) × 2 / 1)^(1/2) ≈ 4.2426'],
  ['op=global-max&x=d2l4', 0, 'max(0, 1, 2, 3, 4, …, 11, 12, 13, 14, 15) = 15'],
  ['op=max&k=2&d=2&s=1&p=1&x=5', 0, 'max() = −∞'],
])('%s at %i', (text, at, expected) => {
  expect(formula(text, at).text).toBe(expected)
})

test('ties, NaN and empty windows are remarked on', () => {
  expect(formula('x=ties').remarks).toContainEqual({ kind: 'tie', count: 4 })
  expect(formula('x=ties').picked).toMatchObject({ row: 0, column: 0 })
  expect(formula('x=nan').remarks).toContainEqual({ kind: 'nan', picks: true })
  expect(formula('op=avg&k=2&s=2&x=nan').remarks).toContainEqual({ kind: 'nan', picks: false })
  expect(formula('k=2&d=4&s=1&p=2&x=1,2').remarks).toContainEqual({ kind: 'empty' })
})

test('the divisor’s reason counts what was inside, in the padding and beyond', () => {
  const { remarks } = formula('op=avg&k=3&s=2&p=1&ceil=1&x=d2l4', 8)
  expect(remarks).toContainEqual({
    kind: 'divisor',
    divisor: 4,
    why: 'padding-counted',
    inside: 1,
    padding: 3,
    beyond: 5,
  })
})

test('sum of the terms over the divisor is the library’s average, whatever the settings', () => {
  for (const kernel of [1, 2, 3]) {
    for (const stride of [1, 2, 3]) {
      for (const padding of [0, 1]) {
        for (const ceil of [0, 1]) {
          for (const cip of [0, 1]) {
            if (padding > kernel / 2) continue
            const { state } = parseState(
              `op=avg&k=${kernel}&s=${stride}&p=${padding}&ceil=${ceil}&cip=${cip}&x=digit`,
            )
            const planes = channelsOf(state.input)
            const scene = sceneOf(state.pooling, planes)
            const y = avgPool2d(planesTensor(planes), {
              kernelSize: kernel,
              stride,
              padding,
              ceilMode: ceil === 1,
              countIncludePad: cip === 1,
            })
            y.data.forEach((value, at) => {
              const sum = formulaOf(scene, 0, at).terms.reduce((total, term) => total + term.value, 0)
              expect(Math.fround(sum / divisorOf(scene, 0, at))).toBe(value)
            })
          }
        }
      }
    }
  }
})
