/**
 * @file Zarr arrays: what is written is read back here and by zarrita; what zarrita and hand-made metadata hold is read; what is torn is an error.
 */
import { describe, expect, it } from 'vitest'
import * as zarrita from 'zarrita'
import { memoryStore } from '../../src/pyramid/store/memory-store.ts'
import {
  type ArrayMetadata,
  dtypeOfElements,
  type ElementType,
  elementTypes,
} from '../../src/pyramid/zarr/array-metadata.ts'
import { type CodecSpec, openCodec } from '../../src/pyramid/zarr/codecs.ts'
import { crc32c } from '../../src/pyramid/zarr/crc32c.ts'
import { formatArray } from '../../src/pyramid/zarr/format-array.ts'
import { readArrayMetadata, ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { dtypes, type TypedArray } from '../../src/tensor/dtype.ts'

const shape = [5, 7]
const whole = { from: [0, 0], to: shape }

function metadataOf(
  type: ElementType,
  codecs: readonly CodecSpec[],
  form: 'v2' | 'v3' | 'sharded',
): ArrayMetadata {
  const encoding = { littleEndian: true, codecs }
  const isWide = type === 'int64' || type === 'uint64'
  return {
    zarrFormat: form === 'v2' ? 2 : 3,
    shape,
    type,
    grid: form === 'sharded' ? [4, 4] : [2, 4],
    encoding,
    ...(form === 'sharded' && {
      sharding: {
        chunks: [2, 2],
        encoding,
        index: { atStart: false, littleEndian: true, hasChecksum: true },
      },
    }),
    fill: isWide ? 0n : 0,
    keys: { separator: '/', prefix: form !== 'v2' },
    attributes: { colour: 'blue' },
  }
}

function valuesOf(type: ElementType): TypedArray {
  const data = new dtypes[dtypeOfElements(type)].storage(35)
  for (let i = 0; i < 35; i++)
    data[i] = (typeof data[0] === 'bigint' ? BigInt(i * 3) : type === 'bool' ? i % 2 : i * 3) as never
  if (type === 'uint64') data[3] = (2n ** 64n - 1n) as never
  return data
}

async function stored(metadata: ArrayMetadata, data: TypedArray) {
  const objects = new Map<string, Uint8Array>()
  const store = memoryStore(objects)
  for (const [name, bytes] of Object.entries(formatArray(metadata))) await store.set(`a/${name}`, bytes)
  await (await ZarrArray.of(store, 'a', metadata)).write({ data, box: whole }, (key) => key)
  return { objects, store, read: async () => (await ZarrArray.open(store, 'a')).read(whole) }
}

const forZarrita = (objects: Map<string, Uint8Array>) => ({
  get: async (key: string) => objects.get(key.slice(1)),
  getRange: async (key: string, range: { offset: number; length: number } | { suffixLength: number }) => {
    const bytes = objects.get(key.slice(1))
    return 'suffixLength' in range
      ? bytes?.slice(-range.suffixLength)
      : bytes?.slice(range.offset, range.offset + range.length)
  },
})

const codecs: readonly CodecSpec[][] = [
  [],
  [{ name: 'gzip', level: 1 }],
  [{ name: 'zstd', level: 1 }],
  [{ name: 'blosc', cname: 'lz4', clevel: 5, shuffle: 1, blocksize: 0 }],
]

describe.each(['v2', 'v3', 'sharded'] as const)('%s', (form) => {
  it.each(elementTypes)('%s comes back', async (type) => {
    for (const [i, chain] of codecs.entries()) {
      const data = valuesOf(type)
      const { read, objects } = await stored(metadataOf(type, chain, form), data)
      expect((await read()).data).toEqual(data)
      if (type === 'float16' || (i === 1 && form === 'v2')) continue
      const root = zarrita.root(forZarrita(objects) as never)
      const array = await zarrita.open(root.resolve('a'), { kind: 'array' })
      const theirs = (await zarrita.get(array as never)) as { data: ArrayLike<number | bigint | boolean> }
      expect(
        Array.from(theirs.data, (value) => (typeof value === 'boolean' ? Number(value) : value)),
      ).toEqual([...data])
    }
  })

  it('boxes are parts of the whole', async () => {
    const { store } = await stored(metadataOf('uint16', [], form), valuesOf('uint16'))
    const array = await ZarrArray.open(store, 'a')
    const { data } = await array.read({ from: [1, 3], to: [4, 5] })
    expect([...data]).toEqual([10, 11, 17, 18, 24, 25].map((i) => 3 * i))
  })

  it.each([
    ['cut in half', (bytes: Uint8Array) => bytes.slice(0, bytes.length >> 1)],
    ['emptied', () => new Uint8Array(0)],
  ])('an object that is %s is an error that names its key', async (_, damage) => {
    for (const chain of codecs) {
      const { objects, read } = await stored(metadataOf('uint16', chain, form), valuesOf('uint16'))
      const key = [...objects.keys()].find((name) => /\d$/.test(name))!
      objects.set(key, damage(objects.get(key)!))
      await expect(read()).rejects.toMatchObject({
        code: 'BAD_FORMAT',
        message: expect.stringContaining(key),
      })
    }
  })
})

describe('zstd of any encoder', async () => {
  const codec = await openCodec({ name: 'zstd', level: 1 })
  const content = Uint8Array.from({ length: 90 }, (_, i) => i)
  /** One block as it is, without the length of the content; a checksum where given. */
  const frame = (...checksum: number[]) => {
    const block = (content.length << 3) | 1
    const head = [0x28, 0xb5, 0x2f, 0xfd, checksum.length, 0x58, block & 255, block >> 8, 0]
    return Uint8Array.of(...head, ...content, ...checksum)
  }

  it('decodes a frame that does not say how long it is, and several frames', async () => {
    expect(new Uint8Array(await codec.decode(frame(), 4096))).toEqual(content)
    const both = new Uint8Array(await codec.decode(Uint8Array.of(...frame(), ...frame()), 4096))
    expect(both).toEqual(Uint8Array.of(...content, ...content))
  })

  it.each([
    ['a checksum that does not fit', frame(1, 2, 3, 4), 4096],
    ['a frame that is cut', frame().slice(0, -1), 4096],
    ['more than there is room for', frame(), 80],
    ['nothing', new Uint8Array(), 4096],
    ['other bytes', content, 4096],
  ])('refuses %s', async (_, bytes, room) => {
    await expect(codec.decode(bytes, room)).rejects.toThrow()
  })
})

it('a checksum that does not fit is an error', async () => {
  const { objects, read } = await stored(metadataOf('uint16', [{ name: 'crc32c' }], 'v3'), valuesOf('uint16'))
  objects.get('a/c/0/0')![3]! ^= 1
  await expect(read()).rejects.toMatchObject({
    code: 'BAD_FORMAT',
    message: expect.stringContaining('checksum'),
  })
})

it('chunks that are not there are the fill value, and are counted, or an error', async () => {
  const { store, objects } = await stored({ ...metadataOf('uint16', [], 'v3'), fill: 9 }, valuesOf('uint16'))
  objects.delete('a/c/0/0')
  const array = await ZarrArray.open(store, 'a')
  const { data, missing } = await array.read(whole)
  expect([missing, data[0], data[7]]).toEqual([1, 9, 9])
  await expect(array.read(whole, { missing: 'error' })).rejects.toMatchObject({
    code: 'BAD_PATH',
    message: expect.stringContaining('a/c/0/0'),
  })
})

it('reads big-endian and column-major chunks of version 2, and edges that were clipped', async () => {
  const objects = new Map<string, Uint8Array>()
  const json = {
    zarr_format: 2,
    shape: [2, 3],
    chunks: [2, 2],
    dtype: '>u2',
    order: 'F',
    compressor: null,
    filters: null,
  }
  objects.set('a/.zarray', new TextEncoder().encode(JSON.stringify({ ...json, fill_value: 0 })))
  objects.set('a/0.0', Uint8Array.of(0, 1, 0, 2, 0, 3, 0, 4))
  objects.set('a/0.1', Uint8Array.of(0, 5, 0, 6))
  const array = await ZarrArray.open(memoryStore(objects), 'a')
  expect([...(await array.read({ from: [0, 0], to: [2, 3] })).data]).toEqual([1, 3, 5, 2, 4, 6])
})

it.each([
  [{ codecs: [{ name: 'bytes' }, { name: 'pcodec' }] }, /codec "pcodec" is not read/],
  [{ data_type: 'complex64' }, /data_type "complex64" is not read/],
  [{ shape: [-1] }, /shape/],
  [{ chunk_grid: { name: 'regular', configuration: { chunk_shape: [0] } } }, /one length >= 1/],
  [{ chunk_grid: { name: 'rectangular' } }, /chunk_grid rectangular/],
])('refuses %o', async (change, message) => {
  const metadata = { ...metadataOf('uint8', [], 'v3'), shape: [4], grid: [2] }
  const json = JSON.parse(new TextDecoder().decode(formatArray(metadata)['zarr.json']))
  const bytes = new TextEncoder().encode(JSON.stringify({ ...json, ...change }))
  await expect(readArrayMetadata(memoryStore(new Map([['a/zarr.json', bytes]])), 'a')).rejects.toThrow(
    message,
  )
})

it('fill values keep all their digits', async () => {
  const metadata = { ...metadataOf('uint64', [], 'v3'), fill: 2n ** 64n - 1n }
  const { store } = await stored(metadata, valuesOf('uint64'))
  expect((await readArrayMetadata(store, 'a'))?.fill).toBe(2n ** 64n - 1n)
})

it('CRC-32C', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
})
