/**
 * Inputs in every form: nested arrays take the dtype that is expected of them, outputs share memory with no input.
 */
import { expect, it } from 'vitest'
import {
  explain,
  fractionalMaxPool2d,
  maxPool2d,
  maxPool2dBackward,
  maxUnpool2d,
  rand,
  tensor,
} from '../../src/index.ts'
import { codeOf } from '../support/refusals.ts'

it('reads nested gradients, indices and samples in the dtype that belongs there', () => {
  const x = tensor(
    [
      [
        [1, 4],
        [3, 2],
      ],
    ],
    undefined,
    'float64',
  )
  expect(maxPool2dBackward([[[5]]] as never, x, { kernelSize: 2 }).toArray()).toEqual([
    [
      [0, 5],
      [0, 0],
    ],
  ])
  expect(maxPool2dBackward([[[5]]] as never, x, { kernelSize: 2, indices: [[[2]]] }).toArray()).toEqual([
    [
      [0, 0],
      [5, 0],
    ],
  ])
  expect(maxUnpool2d([[[7]]], [[[3]]], { kernelSize: 2 }).toArray()).toEqual([
    [
      [0, 0],
      [0, 7],
    ],
  ])
  const wide = rand([1, 6, 6], { dtype: 'float64' })
  expect(
    fractionalMaxPool2d(wide, { kernelSize: 2, outputSize: 3, randomSamples: [[[0.1, 0.2]]] }).shape,
  ).toEqual([1, 3, 3])
})

it('refuses an output in the memory of the indices', () => {
  const buffer = new ArrayBuffer(256)
  const indices = { data: new Int32Array(buffer, 0, 4), shape: [1, 2, 2] }
  const options = { kernelSize: 2, out: new Float32Array(buffer, 0, 16) }
  expect(codeOf(() => maxUnpool2d(rand([1, 2, 2]), indices, options))).toBe('BAD_PARAM')
  expect(codeOf(() => maxPool2dBackward(rand([1, 2, 2]), rand([1, 4, 4]), { ...options, indices }))).toBe(
    'BAD_PARAM',
  )
})

it('refuses a broadcast view too large for memory, and an axis past 2^31', () => {
  const view = { data: new Float32Array(1), shape: [1, 2 ** 20, 2 ** 20], stride: [0, 0, 0] }
  expect(codeOf(() => maxPool2d(view, { kernelSize: 2 }))).toBe('LIMIT')
  expect(codeOf(() => explain('maxPool1d', [1, 2 ** 31], { kernelSize: 2 ** 30 }))).toBe('LIMIT')
})

it('pools a large plane into few outputs without a copy of it', () => {
  const x = { data: new Uint8Array(4096 * 4096).fill(3), shape: [1, 4096, 4096] }
  expect(explain('maxPool2d', x.shape, { kernelSize: 2, stride: 2048 }, 'uint8').kernel).not.toContain(
    'scalar',
  )
  expect([...maxPool2d(x, { kernelSize: 2, stride: 2048 }).data]).toEqual([3, 3, 3, 3])
})
