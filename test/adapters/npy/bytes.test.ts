/**
 * Every form in which platforms hand out a file's bytes, for every reader; anything else is refused by name.
 */
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { imageFormatOf } from '../../../src/adapters/image/index.ts'
import {
  type Bytes,
  formatNpy,
  formatNpz,
  isNpy,
  isZip,
  parseNpy,
  parseNpz,
  readNpyHeader,
} from '../../../src/adapters/npy/index.ts'
import { tensor } from '../../../src/tensor/create.ts'

const x = tensor(Float32Array.of(1, 2, 3), [3])

const forms: Record<string, (bytes: Uint8Array) => Bytes> = {
  'an ArrayBuffer': (bytes) => Uint8Array.from(bytes).buffer,
  'a SharedArrayBuffer': (bytes) => {
    const shared = new SharedArrayBuffer(bytes.length)
    new Uint8Array(shared).set(bytes)
    return shared
  },
  'a view of a SharedArrayBuffer': (bytes) => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 1), 1)
    shared.set(bytes)
    return shared
  },
  'a DataView': (bytes) => new DataView(Uint8Array.from(bytes).buffer),
  'a Uint8ClampedArray': (bytes) => Uint8ClampedArray.from(bytes),
  'a Buffer': (bytes) => Buffer.from(bytes),
  'an array of another realm': (bytes) =>
    runInNewContext('Uint8Array.from(bytes)', { bytes: Array.from(bytes) }) as Uint8Array,
  'a buffer of another realm': (bytes) =>
    runInNewContext('Uint8Array.from(bytes).buffer', { bytes: Array.from(bytes) }) as ArrayBuffer,
}

test.each(Object.entries(forms))('%s', (_, form) => {
  const [npy, npz] = [formatNpy(x), formatNpz([['a', x]])]
  expect(isNpy(form(npy))).toBe(true)
  expect(isNpy(form(npz))).toBe(false)
  expect(isZip(form(npz))).toBe(true)
  expect(readNpyHeader(form(npy)).shape).toEqual([3])
  expect(parseNpy(form(npy)).toArray()).toEqual([1, 2, 3])
  expect(parseNpz(form(npz)).get('a')!.toArray()).toEqual([1, 2, 3])
  expect(imageFormatOf(form(Uint8Array.of(0xff, 0xd8, 0xff, 0)))).toBe('jpeg')
})

describe('what is no bytes', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'Pass await readFile(path)'],
    ['null', null, 'Pass await readFile(path)'],
    ['a path', 'x.npy', 'Read the file first'],
    ['numbers', [1, 2, 3], 'Pass await readFile(path)'],
    ['a promise', Promise.resolve(new ArrayBuffer(4)), 'Await it'],
    ['a response', new Response('x'), 'Pass await it.arrayBuffer()'],
    ['a blob', new Blob(['x']), 'Pass await it.arrayBuffer()'],
  ])('%s', (_, bytes, repair) => {
    for (const read of [isNpy, isZip, readNpyHeader, parseNpy, parseNpz, imageFormatOf]) {
      expect(() => read(bytes as Bytes), read.name).toThrow(
        expect.objectContaining({ code: 'BAD_PARAM', message: expect.stringContaining(repair) }),
      )
    }
  })
})
