/**
 * @file Codecs: damaged bytes are errors or other bytes of that size, and what is decoded after them is right.
 */
import { describe, expect, it } from 'vitest'
import { type CodecSpec, openCodec } from '../../src/pyramid/zarr/codecs.ts'

const specs: CodecSpec[] = [
  { name: 'lz4', acceleration: 1 },
  { name: 'blosc', cname: 'lz4', clevel: 5, shuffle: 1, blocksize: 0 },
  { name: 'blosc', cname: 'zstd', clevel: 3, shuffle: 1, blocksize: 0 },
  { name: 'zstd', level: 1 },
  { name: 'gzip', level: 1 },
]

describe('damaged bytes', () => {
  it.each(specs)('do not spoil what is decoded after them: $name $cname', async (spec) => {
    const codec = await openCodec(spec)
    const plain = Uint8Array.from({ length: 8192 }, (_, i) => (i * i) >> (i % 7))
    const whole = await codec.encode(plain)
    let state = 7
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    for (let i = 0; i < 200; i++) {
      const damaged = Uint8Array.from(whole)
      const near = i % 2 === 0 ? Math.min(8, damaged.length) : damaged.length
      for (let change = 0; change <= i % 3; change++) damaged[random(near)] = random(256)
      const cut = i % 5 === 0 ? damaged.slice(0, random(damaged.length)) : damaged
      await codec.decode(cut, plain.length).catch(() => undefined)
      expect(Buffer.compare(await codec.decode(whole, plain.length), plain), `after ${i}`).toBe(0)
    }
  })
})
