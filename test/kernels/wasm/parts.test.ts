import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decoderBytes } from '../../../src/kernels/wasm/generated/decoder.ts'

const { Module } = WebAssembly
/** Sizes of the modules that were compiled, but for the decoder of the others. */
let compiled: number[] = []

beforeEach(() => {
  compiled = []
  vi.resetModules()
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [bytes]: [Uint8Array<ArrayBuffer>]) {
      if (bytes.byteLength > decoderBytes.length) compiled.push(bytes.byteLength)
      return new target(bytes)
    },
  })
})

afterEach(() => {
  WebAssembly.Module = Module
})

const size = 256
const values = (fill: number): Float32Array => new Float32Array(size * size).fill(fill)

async function poolings() {
  const { maxPool2d, avgPool2d, tensor } = await import('../../../src/index.ts')
  const x = (fill: number) => tensor(values(fill), [1, size, size])
  return { max: maxPool2d, average: avgPool2d, x }
}

test.each([2, 3, 5])(
  'maxima and averages of float32 by windows of %i compile one part',
  async (kernelSize) => {
    const { max, average, x } = await poolings()
    max(x(1), { kernelSize, stride: 2 })
    max(x(1), { kernelSize, stride: 1 })
    average(x(1), { kernelSize, stride: 2 })
    expect(compiled).toHaveLength(1)
  },
)

test('a NaN compiles the other part, once, for the same memory', async () => {
  const { max, x } = await poolings()
  for (let turn = 0; turn < 2; turn++) {
    const { data } = max(x(Number.NaN), { kernelSize: 5, stride: 1 })
    expect(data).toEqual(new Float32Array(data.length).fill(Number.NaN))
  }
  expect(compiled).toHaveLength(2)
  expect(Math.max(...compiled)).toBe(compiled[1])
})

test('the module that init takes has all kernels', async () => {
  const { init, tensor, avgPool2d } = await import('../../../src/index.ts')
  init({ wasm: await readFile(new URL('../../../src/kernels/wasm/generated/simd.wasm', import.meta.url)) })
  const { data } = avgPool2d(tensor(new Float64Array(size * size).fill(2), [1, size, size]), {
    kernelSize: 3,
  })
  expect(data).toEqual(new Float64Array(data.length).fill(2))
  expect(compiled).toHaveLength(1)
})
