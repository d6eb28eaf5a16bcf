import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import {
  formatNpy,
  formatNpz,
  type NpzLimits,
  type NpzOptions,
  parseNpz,
} from '../../../src/adapters/npy/index.ts'
import { isPoolError, type PoolError, type PoolErrorCode } from '../../../src/errors.ts'
import { rand, tensor, zeros } from '../../../src/tensor/create.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { described, numpyFiles, readFixture } from './fixtures.ts'

describe('parseNpz reads what numpy writes', () => {
  test.each(numpyFiles('npz'))('$name', ({ name, expected }) => {
    const tensors = [...parseNpz(readFixture(name))].map(([key, x]) => [key, described(x)])
    expect(Object.fromEntries(tensors)).toEqual(expected)
  })
})

describe('formatNpz', () => {
  const tensors = new Map<string, Tensor>([
    ['weights', rand([3, 4], { seed: 0 })],
    ['10', tensor(BigInt64Array.of(1n, -2n), [2])],
    ['2', zeros([100, 100])],
  ])

  test.each([false, true])('keeps names, order and elements (compress: %s)', (compress) => {
    const read = parseNpz(formatNpz(tensors, { compress }))
    expect([...read.keys()]).toEqual([...tensors.keys()])
    for (const [name, x] of tensors) expect(described(read.get(name)!)).toEqual(described(x))
  })

  test('gives the same bytes every time, fewer when compressed', () => {
    expect(formatNpz(tensors)).toEqual(formatNpz(tensors))
    expect(formatNpz(tensors, { compress: true }).length).toBeLessThan(formatNpz(tensors).length / 10)
  })
})

describe('formatNpz refuses what parseNpz would', () => {
  const x = zeros([1])

  test.each<[string, PoolErrorCode, unknown]>([
    ['an object', 'BAD_PARAM', { a: x }],
    ['nothing', 'BAD_PARAM', undefined],
    ['a tensor', 'BAD_PARAM', x],
    ['tensors without names', 'BAD_PARAM', [x]],
    ['a name alone', 'BAD_PARAM', [['a']]],
    ['a number for a name', 'BAD_PARAM', [[1, x]]],
    ['text', 'BAD_PARAM', 'a'],
    ['a name twice', 'BAD_PARAM', [['a', x], ['a', x]]], // biome-ignore format: pairs
    ['half a character', 'BAD_PARAM', [['\ud800', x]]],
    ['a name of 70,000 bytes', 'BAD_PARAM', [['a'.repeat(70_000), x]]],
    ['a name that leads out', 'BAD_PATH', [['../x', x]]],
    ['an absolute name', 'BAD_PATH', [['/x', x]]],
    ['no tensor', 'BAD_DTYPE', [['a', undefined]]],
    ['65 axes', 'BAD_SHAPE', [['a', { data: new Float32Array(1), shape: new Array(65).fill(1) }]]],
    ['65,535 arrays', 'LIMIT', Array.from({ length: 65_535 }, (_, i) => [`${i}`, x])],
  ])('%s', (_, code, tensors) => {
    expect(caught(() => formatNpz(tensors as never))).toMatchObject({ code })
  })

  test.each([{ compressed: true }, { compress: 'yes' }, { compress: 1 }, null, []])(
    'options %j',
    (options) => {
      expect(caught(() => formatNpz([['a', x]], options as never))).toMatchObject({ code: 'BAD_PARAM' })
    },
  )

  test.each(['', 'é', '日本', '__proto__', 'a/b', '\ufeffa', 'a.npy', ' '])('the name %j is kept', (name) => {
    expect([...parseNpz(formatNpz([[name, x]])).keys()]).toEqual([name])
  })

  test('as many arrays as a record without zip64 counts', () => {
    const bytes = formatNpz(Array.from({ length: 65_534 }, (_, i) => [`${i}`, x] as const))
    expect(parseNpz(bytes, { maxMembers: 65_534 }).size).toBe(65_534)
  })

  test('what deflates as tightly as a bomb is stored, and read back', () => {
    const bytes = formatNpz([['a', zeros([65 << 20], { dtype: 'uint8' })]], { compress: true })
    expect(parseNpz(bytes).get('a')!.size).toBe(65 << 20)
  })
})

describe('members by name', () => {
  const bytes = zipSync({
    'a.npy': formatNpy(tensor([1])),
    'b.npy': Uint8Array.of(1),
    'c.txt': Uint8Array.of(2),
  })

  test('only those are looked at', () => {
    expect([...parseNpz(bytes, { members: ['a'] }).keys()]).toEqual(['a'])
    expect(parseNpz(bytes, { members: ['a'], maxBytes: 200 }).size).toBe(1)
    expect(parseNpz(bytes, { members: [] }).size).toBe(0)
  })

  test.each<[NpzOptions, PoolErrorCode]>([
    [{ members: ['d'] }, 'BAD_PARAM'],
    [{ members: 'a' as never }, 'BAD_PARAM'],
    [{ members: ['b'] }, 'BAD_FORMAT'],
    [{ members: ['c.txt'] }, 'BAD_FORMAT'],
    [{ maxMember: 1 } as never, 'BAD_PARAM'],
    [{}, 'BAD_FORMAT'],
  ])('%j', (options, code) => {
    expect(caught(() => parseNpz(bytes, options))).toMatchObject({ code })
  })
})

describe('archives that are hostile or damaged', () => {
  const one = formatNpy(tensor([1, 2, 3]))
  const archive = (...names: string[]) => zipSync(Object.fromEntries(names.map((name) => [name, one])))

  function expectRefused(bytes: Uint8Array, code: PoolErrorCode, message: string, limits?: NpzLimits): void {
    const error = caught(() => parseNpz(bytes, limits, 'x.npz'))
    expect(isPoolError(error) ? error.code : error).toBe(code)
    expect((error as PoolError).message).toMatch(message)
    expect(parseNpz(archive('a.npy')).size).toBe(1)
  }

  test('a member that inflates to more than it declares', () => {
    const bomb = zipSync({ 'a.npy': formatNpy(zeros([1 << 22])) })
    declare(bomb, 1024)
    expectRefused(bomb, 'BAD_FORMAT', 'declares 1024 bytes and it inflates to more')
  })

  test('a member that declares 4 GiB', () => {
    const bytes = archive('a.npy')
    declare(bytes, 0xfffffffe)
    expectRefused(bytes, 'LIMIT', 'unpacked bytes = 4294967294')
    expectRefused(bytes, 'BAD_FORMAT', 'cannot hold as many', { maxBytes: 2 ** 40, maxRatio: 1e9 })
  })

  test('a member packed more tightly than the limit', () => {
    const bytes = zipSync({ 'a.npy': formatNpy(zeros([65 << 20], { dtype: 'uint8' })) }, { level: 1 })
    expectRefused(bytes, 'LIMIT', 'more than 1000 for one')
    expect(parseNpz(bytes, { maxRatio: 2000 }).get('a')!.size).toBe(65 << 20)
  })

  test.each(['maxMembers', 'maxBytes', 'maxRatio'])('a limit that is none: %s', (limit) => {
    for (const value of [Number.NaN, -1, '5' as never]) {
      expectRefused(archive('a.npy'), 'BAD_PARAM', 'must be a number', { [limit]: value })
    }
  })

  test('100,000 members', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `${i}.npy`)
    const bytes = zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array(1)])), { level: 0 })
    expectRefused(bytes, 'LIMIT', 'at most 10000 are read')
  })

  test.each([
    '../x.npy',
    'a/../../x.npy',
    '/etc/x.npy',
    'a\\..\\x.npy',
    'C:x.npy',
    './x.npy',
    'a//x.npy',
    'x\0.npy',
  ])('the name %j', (name) => {
    expectRefused(archive('a.npy', name), 'BAD_PATH', 'names are relative')
  })

  test('duplicate names', () => {
    const bytes = archive('a.npy', 'b.npy')
    for (let at = 0; at + 5 <= bytes.length; at++) {
      if (Buffer.from(bytes.subarray(at, at + 5)).toString() === 'b.npy') bytes[at] = 0x61
    }
    expectRefused(bytes, 'BAD_FORMAT', 'names are unique')
  })

  test('members that are no .npy, by name or by content', () => {
    expectRefused(archive('a.npy', 'readme.txt'), 'BAD_FORMAT', 'every member of a .npz is a .npy')
    expectRefused(zipSync({ 'a.npy': Uint8Array.of(1, 2, 3) }), 'BAD_FORMAT', 'x.npz: a: first bytes')
  })

  test('a directory that does not end where its record says', () => {
    const many = zipSync(
      Object.fromEntries(Array.from({ length: 65_536 }, (_, i) => [`${i}.npy`, new Uint8Array(0)])),
      { level: 0 },
    )
    expectRefused(many, 'BAD_FORMAT', 'the directory of as many ends at byte')
    const fewer = archive('a.npy', 'b.npy')
    fewer[fewer.length - 12] = 1
    expectRefused(fewer, 'BAD_FORMAT', 'its record says')
    const shorter = archive('a.npy', 'b.npy')
    shorter[shorter.length - 10]! -= 1
    expectRefused(shorter, 'BAD_FORMAT', 'no entry starts where the zip directory points')
  })

  test('an encrypted member, and one packed by another method', () => {
    const locked = archive('a.npy')
    locked[central(locked) + 8]! |= 1
    expectRefused(locked, 'BAD_FORMAT', 'encrypted')
    const other = archive('a.npy')
    other[central(other) + 10] = 14
    expectRefused(other, 'BAD_FORMAT', 'packed by method 14')
  })

  test('a flipped bit in any byte of the packed data', () => {
    const bytes = formatNpz([['a', tensor([1, 2, 3])]])
    for (let at = 35; at < central(bytes); at += 7) {
      bytes[at]! ^= 4
      expect(caught(() => parseNpz(bytes))).toMatchObject({ code: 'BAD_FORMAT' })
      bytes[at]! ^= 4
    }
  })

  test('an archive cut short anywhere', () => {
    const bytes = archive('a.npy', 'b.npy')
    for (let length = 0; length < bytes.length; length++) {
      expect(caught(() => parseNpz(bytes.subarray(0, length)))).toMatchObject({ code: 'BAD_FORMAT' })
    }
  })

  test('damage anywhere in the directory never escapes as another error', () => {
    const bytes = archive('a.npy', 'b.npy')
    for (let at = central(bytes); at < bytes.length; at++) {
      for (const value of [0, 0xff]) {
        const damaged = bytes.slice()
        damaged[at] = value
        const error = caught(() => parseNpz(damaged))
        expect(error === undefined || isPoolError(error)).toBe(true)
      }
    }
  })
})

function caught(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

/** Where the directory starts, by the record at the end. */
function central(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6, true)
}

/** Overwrites the size that the first member declares, in the directory. */
function declare(bytes: Uint8Array, size: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(central(bytes) + 24, size, true)
}
