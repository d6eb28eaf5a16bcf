/**
 * @file Allocation in WasmMemory and shared memory; a refused request allocates nothing.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { WasmMemory } from '../../../src/kernels/memory/wasm-memory.ts'
import { threads } from '../../../src/kernels/threads/index.ts'
import { zeros } from '../../../src/tensor/create.ts'
import { dtypeNames, type TypedArray } from '../../../src/tensor/dtype.ts'
import type { ArrayMemory } from '../../../src/tensor/memory.ts'

type Memory = ArrayMemory & { free(array: TypedArray): void }

const one = await threads(1, { bytes: 2 ** 22 })
afterAll(() => one.dispose())

describe.each<[string, () => Memory]>([
  ['WasmMemory', () => new WasmMemory({ bytes: 2 ** 16 })],
  ['the memory of threads', () => one],
])('%s', (name, make) => {
  const memory = make()

  test.each(dtypeNames)('has arrays of %s, zeroed', (dtype) => {
    const tensor = zeros([3, 5], { dtype, memory })
    expect(tensor.data).toHaveLength(15)
    expect(Array.from(tensor.data as ArrayLike<number>, Number)).toEqual(new Array(15).fill(0))
    ;(tensor.data as Int8Array).fill((typeof tensor.data[0] === 'bigint' ? 7n : 7) as never)
    memory.free(tensor.data)
    const again = memory.allocate(tensor.data.constructor as never, 15) as TypedArray
    expect(Number(again[14])).toBe(0)
    memory.free(again)
  })

  test.each([
    ['a length below 0', Float32Array, -1, 'BAD_PARAM'],
    ['a fraction', Float32Array, 1.5, 'BAD_PARAM'],
    ['text', Float32Array, '8', 'BAD_PARAM'],
    ['no length', Float32Array, undefined, 'BAD_PARAM'],
    ['NaN', Float32Array, Number.NaN, 'BAD_PARAM'],
    ['more than there is', Float32Array, 2 ** 40, 'LIMIT'],
    ['more than can be counted', Float64Array, 2 ** 53, 'BAD_PARAM'],
    ['another class', Array, 4, 'BAD_DTYPE'],
    ['a DataView', DataView, 4, 'BAD_DTYPE'],
    ['an array', new Float32Array(4), 4, 'BAD_DTYPE'],
    ['a derived class', Buffer, 4, 'BAD_DTYPE'],
    ['nothing', null, 4, 'BAD_DTYPE'],
  ])('refuses %s, and takes nothing', (_, storage, length, code) => {
    const op = name === 'WasmMemory' ? name : 'threads'
    let refused: unknown = null
    try {
      memory.allocate(storage as never, length as never)
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({ name: 'PoolError', code })
    expect((refused as Error).message).toMatch(new RegExp(`^${op}: (storage|length) = .+; .+\\. .+\\.$`))
    if (name === 'WasmMemory') memory.free(memory.allocate(Uint8Array, 2 ** 16))
  })

  test.each<[string, (array: Float32Array) => unknown]>([
    ['null', () => null],
    ['undefined', () => undefined],
    ['an object', () => ({})],
    ['its beginning', (array) => array.subarray(0, 1)],
    ['its end', (array) => array.subarray(2)],
    ['another array of its memory', (array) => new Int32Array(array.buffer, array.byteOffset, array.length)],
    ['its memory under another length', (array) => new Uint8Array(array.buffer, array.byteOffset, 3)],
    ['an array of elsewhere', () => new Float32Array(4)],
    ['a DataView of it', (array) => new DataView(array.buffer, array.byteOffset, array.byteLength)],
  ])('does not free %s', (_, part) => {
    const array = memory.allocate(Float32Array, 4)
    expect(() => memory.free(part(array) as never)).toThrow('Pass what allocate returned, once.')
    memory.free(array)
    expect(() => memory.free(array)).toThrow('Pass what allocate returned, once.')
  })
})

test.each([[], [undefined], [null], [8], [{}], [{ bytes: 64, byte: 1 }]])(
  'new WasmMemory(%j) is refused',
  (...given) => {
    expect(() => new WasmMemory(...(given as [never]))).toThrow(
      expect.objectContaining({ name: 'PoolError', code: 'BAD_PARAM' }),
    )
  },
)
