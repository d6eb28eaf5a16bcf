/**
 * @file Tensors inside the memory of the kernels: same answers in place, flush at its end, and the allocator's refusals.
 */
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { WasmMemory } from '../../../src/kernels/memory/wasm-memory.ts'
import { withTuning } from '../../../src/kernels/tuning.ts'
import { info, init } from '../../../src/kernels/wasm/load.ts'
import { avgPool2d } from '../../../src/ops/functions/average.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { rand, zeros } from '../../../src/tensor/create.ts'
import { tryFlush } from './flush.ts'

describe('WasmMemory', () => {
  test.each([
    ['input last', true],
    ['output last', false],
  ])('kernels run in place, flush with the end: %s', (_, inputLast) => {
    const { wrong, compared } = withTuning({ placedTileBytes: 600 * 1024 }, () => tryFlush(inputLast))
    expect(wrong.slice(0, 8).join('\n')).toBe('')
    expect(compared).toBeGreaterThan(100)
  })

  test.each([
    ['planes of a tile and more', avgPool2d, [64, 96, 96], 3, 1],
    ['planes of a tile that takes no scratch and more', maxPool2d, [96, 112, 112], 2, 2],
    ['such planes that overlap', maxPool2d, [512, 28, 56], 3, 1],
    ['a plane of several bands, whose sums slide', avgPool2d, [1, 700, 700], 16, 1],
  ])('has the bits of plain arrays: %s', (_, pool, shape, kernelSize, stride) => {
    const memory = new WasmMemory({ bytes: 2 ** 24 })
    const plain = rand(shape, { seed: 5 })
    plain.data[plain.data.length - 9] = Number.NaN
    const inside = zeros(shape, { memory })
    inside.data.set(plain.data as never)
    const options = { kernelSize, stride, padding: stride === 1 ? kernelSize >> 1 : 0 }
    const want = pool(plain, options)
    const out = memory.allocate(Float32Array, want.data.length)
    const { data } = pool(inside, { ...options, out })
    expect(data).toBe(out)
    expect(new Int32Array(out.buffer, out.byteOffset, out.length)).toEqual(new Int32Array(want.data.buffer))
  })

  test('gives bytes back, and joins free neighbours', () => {
    const memory = new WasmMemory({ bytes: 1024 })
    const [a, b, c] = [0, 1, 2].map(() => memory.allocate(Float32Array, 64)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    a.fill(1)
    memory.free(a)
    memory.free(c)
    memory.free(b)
    const all = memory.allocate(Float64Array, 128)
    expect(all.every((value) => value === 0)).toBe(true)
    expect(() => memory.allocate(Uint8Array, 1)).toThrow(
      'WasmMemory: length = 1; needs 64 bytes in a row; the largest of 0 free stretches has 0. Free arrays, or make the memory larger.',
    )
  })

  test.each([
    ['an array of elsewhere', () => new Float32Array(4)],
    ['a part of an array', (memory: WasmMemory) => memory.allocate(Float32Array, 64).subarray(32)],
  ])('refuses to free %s', (_, make) => {
    const memory = new WasmMemory({ bytes: 1024 })
    expect(() => memory.free(make(memory))).toThrow('must be an array of this memory that is not free')
  })

  test.each([0, -1, 1.5, Number.NaN, '64'])('refuses %s bytes', (bytes) => {
    expect(() => new WasmMemory({ bytes: bytes as number })).toThrow(
      /WasmMemory: bytes = .*; must be a whole number above 0/,
    )
  })
})

describe('loading', () => {
  test('the SIMD build serves here', () => {
    expect(info()).toEqual({ backend: 'simd', reasons: [] })
  })

  test('init takes the module, and its bytes', async () => {
    const bytes = await readFile(new URL('../../../src/kernels/wasm/generated/simd.wasm', import.meta.url))
    init({ wasm: bytes })
    init({ wasm: new WebAssembly.Module(bytes) })
    expect(info().backend).toBe('simd')
  })

  test('init refuses what is not the module', () => {
    expect(() => init({ wasm: new Uint8Array([1, 2, 3]) })).toThrow(/init: wasm cannot be compiled/)
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
    expect(() => init({ wasm: empty })).toThrow('init: wasm is not the module of this version of pool2d')
  })
})
