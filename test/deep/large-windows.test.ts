/**
 * Windows of more elements than a plain array or a Map can hold.
 */
import { expect, it } from 'vitest'
import { globalMedianPool, globalModePool } from '../../src/index.ts'
import { codeOf } from '../support/refusals.ts'

it('the median of 2^27 elements and one', () => {
  const length = 2 ** 27 + 1
  const x = { data: new Uint8Array(length).fill(7), shape: [1, 1, length] }
  x.data.fill(3, 0, 2 ** 26 - 1)
  expect(globalMedianPool(x).data[0]).toBe(7)
}, 300_000)

it('a mode of 2^24 different labels is refused', () => {
  const length = 2 ** 24
  const x = { data: Uint32Array.from({ length }, (_, i) => i), shape: [1, 1, length] }
  expect(codeOf(() => globalModePool(x))).toBe('LIMIT')
  x.data[length - 1] = 5
  expect(globalModePool(x).data[0]).toBe(5)
}, 300_000)
