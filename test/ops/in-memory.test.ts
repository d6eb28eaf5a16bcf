/**
 * @file Gradients of tensors in WebAssembly memory: indices are found and checked there, with the answers and refusals of elsewhere.
 */
import { describe, expect, test } from 'vitest'
import {
  maxPool2d,
  maxPool2dBackward,
  rand,
  Tensor,
  type TypedArray,
  WasmMemory,
  zeros,
} from '../../src/index.ts'

const shape = [6, 8, 50, 60]
const out = [6, 8, 25, 30]
const x = rand(shape, { seed: 1 })
const dy = rand(out, { seed: 2 })
const options = { kernelSize: 2 }
const expected = maxPool2dBackward(dy, x, options).data

function moved<A extends TypedArray>({ data, shape, dtype }: Tensor<A>, memory: WasmMemory): Tensor<A> {
  const inside = zeros(shape, { dtype, memory }).data as unknown as A
  inside.set(data as never)
  return new Tensor(inside, shape, dtype)
}

/** The indices of the forward pass, in the memory. */
function indicesIn(memory: WasmMemory): Tensor<Int32Array> {
  const { indices } = maxPool2d(x, { ...options, returnIndices: true })
  return moved(indices as Tensor<Int32Array>, memory)
}

describe('maxPool2dBackward in a WasmMemory', () => {
  test.each([
    ['roomy', 2 ** 22],
    ['that has no room for more', 600_000 + 600_000 + 160_000],
  ])('finds the elements again: %s', (_, bytes) => {
    const memory = new WasmMemory({ bytes })
    const [input, gradient] = [moved(x, memory), moved(dy, memory)]
    const dx = memory.allocate(Float32Array, x.data.length).fill(5)
    expect(maxPool2dBackward(gradient, input, { ...options, out: dx }).data).toEqual(expected)
  })

  test('gives what it took for a while back', () => {
    const memory = new WasmMemory({ bytes: 2 ** 22 })
    const [input, gradient, indices] = [moved(x, memory), moved(dy, memory), indicesIn(memory)]
    const dx = memory.allocate(Float32Array, x.data.length)
    for (let i = 0; i < 20; i++) {
      maxPool2dBackward(gradient, input, { ...options, out: dx })
      maxPool2dBackward(gradient, input, { ...options, indices, out: dx })
    }
    expect(dx).toEqual(expected)
  })

  test.each([0, 1, 16_383, 16_384, 32_767, 32_768, 35_999])('refuses a bad index at %i', (at) => {
    const memory = new WasmMemory({ bytes: 2 ** 22 })
    const indices = indicesIn(memory)
    const dx = new Float32Array(x.data.length).fill(5)
    for (const index of [-1, 3000, 2 ** 31 - 1, -(2 ** 31)]) {
      const kept = indices.data[at]!
      indices.data[at] = index
      expect(() => maxPool2dBackward(dy, x, { ...options, indices, out: dx })).toThrow(
        `maxPool2dBackward: indices[${at}] = ${index}; must be a whole number from 0 to 2999`,
      )
      indices.data[at] = kept
    }
    expect(dx.every((value) => value === 5)).toBe(true)
    expect(maxPool2dBackward(dy, x, { ...options, indices, out: dx }).data).toEqual(expected)
  })
})
