import { describe, expect, test } from 'vitest'
import { formatNpy, parseNpy } from '../../../src/adapters/npy/index.ts'
import { PoolError } from '../../../src/errors.ts'
import { tensor } from '../../../src/tensor/create.ts'
import { headerText, npyFile, readFixture } from './fixtures.ts'

function refusalOf(bytes: Uint8Array): PoolError {
  try {
    parseNpy(bytes, 'x.npy')
  } catch (error) {
    if (error instanceof PoolError) return error
    throw error
  }
  throw new Error('was not refused')
}

function expectRefused(bytes: Uint8Array, message: string | RegExp): void {
  const error = refusalOf(bytes)
  expect(error.code).toBe('BAD_FORMAT')
  expect(error.message).toMatch(message)
  expect(error.message).toMatch(/^x\.npy: .+ = .+; .+\. .+\.$/s)
  expect(parseNpy(readFixture('f4-le-c-v1.npy')).shape).toEqual([2, 3, 2])
}

test('a shape that the file is too short for, before anything is allocated', () => {
  const bytes = npyFile(headerText({ shape: '(1099511627776,)' }), { data: 120 })
  expectRefused(bytes, 'take 4398046511104 bytes and 120 follow')
})

test('a header length of 2^32 - 1 in 12 bytes', () => {
  const bytes = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255)
  expectRefused(bytes, 'header length = 4294967295; must be at most 10000')
})

describe('shapes beyond exact arithmetic', () => {
  test.each([
    '(65536, 65536, 65536)',
    '(65536, 65536, 65536, 65536)',
    `(${'4294967296, '.repeat(64)})`,
    '(0, 9007199254740992)',
  ])('%s', (shape) => {
    expectRefused(npyFile(headerText({ shape }), { data: shape.startsWith('(0') ? 0 : 16 }), 'shape')
  })
})

test('object arrays', () => {
  expectRefused(npyFile(headerText({ descr: "'|O'" }), { data: 48 }), 'object arrays are not supported')
})

describe('dtypes that the library does not have', () => {
  test.each([
    [`"__import__('os').system('true')"`, 'not a dtype of pool2d'],
    ["__import__('os')", 'expected a dtype in quotes'],
    ["[('a', '<f4'), ('b', '<i2')]", 'structured arrays are not supported'],
    ["'<f16'", 'not a dtype'],
    ["'<c8'", 'complex'],
    ["'?'", 'numpy writes booleans as "|b1"'],
    ["'<b1'", 'not a dtype'],
    ["'<U5'", 'text'],
    ["'|S5'", 'text'],
    ["'<M8[ns]'", 'dates'],
    ["'|V2'", 'not a dtype'],
    ["'=f4'", 'not a dtype'],
    ["'|f4'", 'not a dtype'],
    ["'f4'", 'not a dtype'],
    ["''", 'not a dtype'],
  ])('%s', (descr, message) => {
    expectRefused(npyFile(headerText({ descr }), { data: 24 }), message)
  })
})

describe('shapes other than tuples of whole numbers', () => {
  test.each([
    ['(-1, 4)', 'a whole number >= 0'],
    ['(2)', 'a comma before it, as in (2,)'],
    ['(np.int64(1),)', 'a whole number'],
    ['"3"', 'expected "("'],
    ['3', 'expected "("'],
    ['((2, 3))', 'a whole number'],
    ['(2, (3,))', 'a whole number'],
    ['(2.0, 3)', 'expected "," or ")"'],
    ['(2,, 3)', 'a whole number'],
    ['(,)', 'a whole number'],
    ['(02, 3)', 'expected "," or ")"'],
    ['(1e3,)', 'expected "," or ")"'],
    ['(2, 3', 'a whole number'],
    ['[2, 3]', 'expected "("'],
    ['None', 'expected "("'],
    [`(${'1, '.repeat(65)})`, 'at most 64 dimensions'],
    ['(99999999999999999999999,)', 'expected "," or ")"'],
  ])('%s', (shape, message) => {
    expectRefused(npyFile(headerText({ shape }), { data: 24 }), message)
  })

  test('10,000 nested parentheses', () => {
    const deep = headerText({ shape: `${'('.repeat(4900)}${')'.repeat(4900)}` })
    expectRefused(npyFile(deep), 'a whole number')
    expectRefused(npyFile(headerText({ shape: '('.repeat(20_000) })), 'header length')
  })

  test('the L of Python 2 in version 3, which Python 2 never wrote', () => {
    expectRefused(
      npyFile(headerText({ shape: '(2L, 3L)' }), { version: [3, 0], data: 24 }),
      'expected "," or ")"',
    )
  })
})

describe('heads of another form', () => {
  test.each([
    ["{'descr': '<f4', 'fortran_order': False}", 'the key shape'],
    ['{}', 'the key descr'],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'extra': 1}", 'one of the keys'],
    ["{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (6,)}", 'only once'],
    [headerText({ fortran_order: "'True'" }), 'True or False'],
    [headerText({ fortran_order: '1' }), 'True or False'],
    [headerText({ fortran_order: 'Falsey' }), 'expected "}"'],
    [`${headerText()}; import os`, 'only spaces after the dict'],
    ["('descr', '<f4')", 'expected "{"'],
    ['', 'expected "{"'],
    ["{'descr': '<f4\u00e9', 'fortran_order': False, 'shape': (6,)}", 'a dtype in quotes'],
  ])('%s', (header, message) => {
    expectRefused(npyFile(header, { data: 24 }), message)
  })

  test.each([
    [9, 9],
    [0, 0],
    [4, 0],
    [1, 1],
  ] as const)('version %i.%i', (...version) => {
    expectRefused(npyFile(headerText(), { version, data: 24 }), 'must be 1.0, 2.0 or 3.0')
  })

  test('another magic, and files that end within the head', () => {
    const whole = npyFile(headerText(), { data: 24 })
    expectRefused(
      Uint8Array.from(whole, (byte, i) => (i === 1 ? 0x6e : byte)),
      'a .npy file starts with',
    )
    for (let length = 0; length < whole.length; length++) {
      expect(refusalOf(whole.subarray(0, length)).code).toBe('BAD_FORMAT')
    }
  })
})

describe('data that is not what the header says; trailing bytes are refused', () => {
  test.each([
    [23, 'the file was cut short'],
    [0, 'the file was cut short'],
    [25, 'trailing bytes are refused'],
    [48, 'trailing bytes are refused'],
  ])('%i of 24 bytes', (data, message) => {
    expectRefused(npyFile(headerText(), { data }), message)
  })
})

test('what numpy writes is read again whatever was refused before', () => {
  const x = tensor([[1, 2, 3]], [1, 3])
  expect(parseNpy(formatNpy(x))).toEqual(x)
})
