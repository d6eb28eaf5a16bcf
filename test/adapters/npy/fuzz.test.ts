/**
 * Files that numpy wrote, damaged at random, and headers put together at random: an error of ours, or what the file then says,
 * within bounded memory.
 */
import fc from 'fast-check'
import { beforeEach, expect, test, vi } from 'vitest'
import { formatNpy, parseNpy, parseNpz } from '../../../src/adapters/npy/index.ts'
import { isPoolError } from '../../../src/errors.ts'
import type * as Storage from '../../../src/tensor/allocate.ts'
import { sizeOf } from '../../../src/tensor/shape.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { damaged, fuzz } from '../../support/damage.ts'
import { described, npyFile, numpyFiles, readFixture } from './fixtures.ts'

const memory = vi.hoisted(() => ({ allocated: 0 }))

vi.mock('../../../src/tensor/allocate.ts', async (real) => {
  const storage = await real<typeof Storage>()
  const allocateArray: typeof Storage.allocateArray = (op, Class, length) => {
    memory.allocated += length
    return storage.allocateArray(op, Class, length)
  }
  return { ...storage, allocateArray }
})

beforeEach(() => {
  memory.allocated = 0
})

/** The result, or null for a refusal; anything else that is thrown goes through. A second is plenty for a few kilobytes. */
function readOrRefused<T>(read: () => T): T | null {
  const start = performance.now()
  try {
    return read()
  } catch (error) {
    if (!isPoolError(error, 'BAD_FORMAT', 'BAD_PATH', 'LIMIT')) throw error
    expect(error.message).toMatch(/^x\.np[yz]: .+ = .+[;:] .+\.$/s)
    return null
  } finally {
    expect(performance.now() - start).toBeLessThan(1000)
  }
}

function expectSound(tensor: Tensor, fileLength: number): void {
  expect(tensor.data.length).toBe(sizeOf(tensor.shape))
  expect(tensor.data.byteLength).toBeLessThan(fileLength)
  expect(described(parseNpy(formatNpy(tensor)))).toEqual(described(tensor))
}

test('damaged .npy files', async () => {
  const files = numpyFiles('npy').map(({ name }) => readFixture(name))
  await fuzz(damaged(files), (bytes) => {
    const tensor = readOrRefused(() => parseNpy(bytes, 'x.npy'))
    if (tensor !== null) expectSound(tensor, bytes.length)
  })
})

const tokens = fc.constantFrom(
  ...[
    "'descr'",
    "'fortran_order'",
    "'shape'",
    "'<f4'",
    "'|u1'",
    "'>i8'",
    "'|O'",
    'True',
    'False',
    '(2, 3)',
    '(6,)',
    '()',
  ],
  ...[
    '{',
    '}',
    '(',
    ')',
    ',',
    ':',
    ' ',
    "'",
    '"',
    '\\',
    '\n',
    '-',
    '0',
    '1',
    '2L',
    '99999999999999999999',
    '1e9',
    'None',
    '[',
    ']',
  ],
)

test('headers of random words', async () => {
  const header = fc.oneof(
    fc.array(tokens, { maxLength: 30 }).map((words) => words.join('')),
    fc
      .tuple(tokens, tokens, tokens)
      .map(([a, b, c]) => `{'descr': ${a}, 'fortran_order': ${b}, 'shape': ${c}}`),
    fc
      .tuple(fc.nat(9), fc.nat(9))
      .map(([a, b]) => `{'shape':(${a}, ${b}), 'descr':'<i2','fortran_order':True,}`),
    fc.string({ maxLength: 60 }),
  )
  const version = fc.constantFrom([1, 0], [2, 0], [3, 0]) as fc.Arbitrary<[number, number]>
  await fuzz(fc.tuple(header, version, fc.constantFrom(0, 1, 24, 48, 162)), ([text, version, data]) => {
    const bytes = npyFile(text, { version, data })
    const tensor = readOrRefused(() => parseNpy(bytes, 'x.npy'))
    if (tensor !== null) expectSound(tensor, bytes.length)
  })
})

test('damaged .npz archives, within the limits given', async () => {
  const files = numpyFiles('npz').map(({ name }) => readFixture(name))
  const maxBytes = 2 ** 20
  await fuzz(damaged(files), (bytes) => {
    memory.allocated = 0
    const tensors = readOrRefused(() => parseNpz(bytes, { maxBytes, maxMembers: 20 }, 'x.npz'))
    expect(memory.allocated).toBeLessThanOrEqual(maxBytes)
    for (const tensor of tensors?.values() ?? []) expectSound(tensor, maxBytes)
  })
})

test('random bytes after the right beginning', async () => {
  const beginnings = [
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0),
    Uint8Array.of(0x50, 0x4b, 3, 4),
  ]
  await fuzz(fc.tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 })), ([head, rest]) => {
    const bytes = new Uint8Array([...head, ...rest])
    expect(readOrRefused(() => parseNpz(bytes, {}, 'x.npz'))).toBe(null)
    const tensor = readOrRefused(() => parseNpy(bytes, 'x.npy'))
    if (tensor !== null) expectSound(tensor, bytes.length)
  })
})
