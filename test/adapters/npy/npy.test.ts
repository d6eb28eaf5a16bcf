import { describe, expect, test } from 'vitest'
import { formatNpy, parseNpy } from '../../../src/adapters/npy/index.ts'
import { tensor } from '../../../src/tensor/create.ts'
import { dtypeNames } from '../../../src/tensor/dtype.ts'
import { described, headerText, npyFile, numpyFiles, readFixture } from './fixtures.ts'

const files = numpyFiles('npy')

describe('parseNpy reads what numpy writes', () => {
  test.each(files)('$name', ({ name, expected }) => {
    expect(described(parseNpy(readFixture(name)))).toEqual(expected)
  })

  test('the fixtures hold every dtype', () => {
    expect(new Set(files.map(({ expected }) => expected.dtype))).toEqual(new Set(dtypeNames))
  })

  test.each([0, 1, 3])('wherever the bytes lie in their buffer: offset %i', (offset) => {
    const bytes = readFixture('f8-le-c-v1.npy')
    const shifted = new Uint8Array(bytes.length + offset)
    shifted.set(bytes, offset)
    expect(described(parseNpy(shifted.subarray(offset)))).toEqual(described(parseNpy(bytes)))
  })

  test('and leaves the bytes as they are', () => {
    const bytes = readFixture('i4-be-f-v1.npy')
    parseNpy(bytes)
    expect(bytes).toEqual(readFixture('i4-be-f-v1.npy'))
  })
})

describe('formatNpy writes the bytes that numpy writes', () => {
  const plain = files.filter(({ name }) => /-le-c-v1\.npy$|^shape-/.test(name))
  test.each(plain)('$name', ({ name }) => {
    const bytes = readFixture(name)
    expect(formatNpy(parseNpy(bytes))).toEqual(bytes)
  })

  test('of strided views, nested arrays and clamped bytes', () => {
    const column = { data: Float32Array.of(1, 2, 3, 4), shape: [2], stride: [2], offset: 1 }
    expect(parseNpy(formatNpy(column)).toArray()).toEqual([2, 4])
    expect(parseNpy(formatNpy([[1], [2]])).shape).toEqual([2, 1])
    expect(parseNpy(formatNpy(tensor(Uint8ClampedArray.of(7), [1]))).dtype).toBe('uint8')
  })
})

describe('headers that others write', () => {
  test.each([
    ['keys in another order', `{"shape": (2,3), "fortran_order": False, "descr": "<f4"}`],
    ['spaces and no trailing comma', "{ 'descr' : '<f4' , 'fortran_order':False,\t'shape':( 2 , 3 ) }   "],
    ['the long integers of Python 2', headerText({ shape: '(2L, 3L)' })],
  ])('%s', (_, header) => {
    expect(parseNpy(npyFile(header, { data: 24 })).shape).toEqual([2, 3])
  })

  test.each([1, 2, 3] as const)('booleans, as 0 and 1: version %i', (version) => {
    const file = npyFile(headerText({ descr: "'|b1'", shape: '(2, 2)' }), { version: [version, 0], data: 4 })
    file.set([0, 1, 2, 255], file.length - 4)
    expect(described(parseNpy(file))).toEqual({ dtype: 'uint8', shape: [2, 2], bytes: '00010101' })
  })

  test('booleans by columns', () => {
    const file = npyFile(headerText({ descr: "'|b1'", fortran_order: 'True', shape: '(2, 2)' }), { data: 4 })
    file.set([1, 0, 1, 1], file.length - 4)
    expect(parseNpy(file).toArray()).toEqual([
      [1, 1],
      [0, 1],
    ])
  })

  test('bytes with a byte order', () => {
    expect(parseNpy(npyFile(headerText({ descr: "'<u1'" }), { data: 6 })).dtype).toBe('uint8')
  })

  test('an empty axis beside a huge one', () => {
    const bytes = npyFile(headerText({ shape: '(0, 9007199254740991)' }))
    expect(parseNpy(bytes).shape).toEqual([0, 2 ** 53 - 1])
  })
})
