/**
 * @file Indices in an array of the caller's own.
 */
import { expect, test } from 'vitest'
import {
  adaptiveMaxPool2d,
  fractionalMaxPool2d,
  MaxPool2d,
  maxPool2d,
  rand,
  Tensor,
  WasmMemory,
  zeros,
} from '../../src/index.ts'
import { refusalOf } from '../support/refusals.ts'

type MaxOptions = Parameters<typeof maxPool2d>[1] & { returnIndices: true }

const x = rand([2, 3, 8, 8], { seed: 1 })
const options = { kernelSize: 2, returnIndices: true } as const

test('indices go into the array of the caller', () => {
  const indicesOut = new Int32Array(2 * 3 * 4 * 4)
  const { indices } = maxPool2d(x, { ...options, indicesOut })
  expect(indices.data).toBe(indicesOut)
  expect(indicesOut).toEqual(maxPool2d(x, options).indices.data)
})

test('adaptive and fractional pooling take it too', () => {
  const indicesOut = new Int32Array(2 * 3 * 4 * 4)
  adaptiveMaxPool2d(x, { outputSize: 4, returnIndices: true, indicesOut })
  expect(indicesOut).toEqual(adaptiveMaxPool2d(x, { outputSize: 4, returnIndices: true }).indices.data)
  const fractional = {
    kernelSize: 2,
    outputSize: 4,
    randomSamples: zeros([2, 3, 2]),
    returnIndices: true,
  } as const
  fractionalMaxPool2d(x, { ...fractional, indicesOut })
  expect(indicesOut).toEqual(fractionalMaxPool2d(x, fractional).indices.data)
})

test('an array in a WasmMemory is written in place', () => {
  const memory = new WasmMemory({ bytes: 2 ** 16 })
  const inside = new Tensor(memory.allocate(Float32Array, x.data.length), x.shape)
  inside.data.set(x.data)
  const indicesOut = memory.allocate(Int32Array, 96)
  const out = memory.allocate(Float32Array, 96)
  maxPool2d(inside, { ...options, out, indicesOut })
  expect(indicesOut).toEqual(maxPool2d(x, options).indices.data)
})

test.each([
  ['BAD_PARAM', 'indicesOut', { returnIndices: false, indicesOut: new Int32Array(96) }],
  ['BAD_DTYPE', 'indicesOut', { indicesOut: new Uint32Array(96) }],
  ['BAD_SHAPE', 'indicesOut.data.length', { indicesOut: new Int32Array(95) }],
  ['BAD_PARAM', 'indicesOut', { indicesOut: new Int32Array(x.data.buffer, 0, 96) }],
])('%s for %s', (code, argument, given) => {
  expect(refusalOf(() => maxPool2d(x, { ...options, ...given } as MaxOptions))).toMatchObject({
    code,
    details: { argument },
  })
})

test('a layer makes its own', () => {
  const given = { ...options, indicesOut: new Int32Array(96) }
  expect(refusalOf(() => new MaxPool2d(given))).toMatchObject({
    code: 'BAD_PARAM',
    details: { argument: 'indicesOut' },
  })
})
