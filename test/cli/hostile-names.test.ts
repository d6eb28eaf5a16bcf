/**
 * Names of files, folders and members that would move the cursor, forge a line or hide their end: nothing of it is printed.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { formatNpy } from '../../src/adapters/npy/index.ts'
import { zeros } from '../../src/tensor/create.ts'
import { fuzz, fuzzRuns } from '../support/damage.ts'
import { type Folder, useFolder } from './run-cli.ts'

const folder = useFolder()
const x = formatNpy(zeros([1, 4, 4]))

/** Everything below is one line of print, and a line ends it. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

const hostile = fc.constantFrom(
  '\x1b[2J',
  '\x1b]0;t\x07',
  '\r',
  '\n',
  '\t',
  '\x7f',
  '\x9b31m',
  '\u2028',
  '\u202e',
  '\u200f',
  '\u2066',
  '\0',
)
const harmless = fc.constantFrom(
  'a',
  'B',
  '7',
  '.',
  ' ',
  'é',
  '汉',
  '😀',
  '%',
  '*',
  '[',
  ']',
  '{',
  '}',
  '$',
  "'",
  '"',
  '\\',
  '-',
)
const text = fc
  .array(fc.oneof({ weight: 2, arbitrary: hostile }, { weight: 3, arbitrary: harmless }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''))

async function expectSafe(folder: Folder, argv: readonly string[]): Promise<number> {
  const { code, stdout, stderr } = await folder.run(argv)
  const printed = `${stdout}${stderr}`.split('\n')
  expect(printed.filter((line) => unsafe.test(line))).toEqual([])
  expect([0, 1, 2, 3, 4]).toContain(code)
  return code
}

const runs = Math.ceil(fuzzRuns / 6)

test('existing files', { timeout: 600_000 }, async () => {
  let count = 0
  await fuzz(
    text,
    async (name) => {
      const own = `${count++}`
      const file = `x${name.replaceAll('\0', '')}.npy`
      mkdirSync(join(folder().path, own))
      folder().write(join(own, file), x)
      expect(await expectSafe(folder(), [join(own, file)])).toBe(0)
      expect(await expectSafe(folder(), [join(own, file)])).toBe(4)
      expect(await expectSafe(folder(), ['shape', join(own, file)])).toBeLessThanOrEqual(2)
    },
    runs,
  )
})

test('missing files, unknown options, outputs in missing folders', { timeout: 600_000 }, async () => {
  folder().write('x.npy', x)
  await fuzz(
    text,
    async (name) => {
      expect(await expectSafe(folder(), [`missing-${name}.npy`])).toBeGreaterThan(0)
      expect(await expectSafe(folder(), [`--no-such-${name}`, 'x.npy'])).toBe(2)
      expect(await expectSafe(folder(), ['x.npy', '--kernel-size', name])).toBe(2)
      await expectSafe(folder(), ['x.npy', '-o', `nowhere/${name}/y.npy`])
    },
    runs,
  )
})

test('members of archives', { timeout: 600_000 }, async () => {
  await fuzz(
    text,
    async (name) => {
      folder().write('x.npz', zipSync({ [`${name}.npy`]: x, 'b.npy': x }))
      expect(await expectSafe(folder(), ['x.npz', '--force'])).toBeLessThanOrEqual(1)
      folder().write('y.npz', zipSync({ [name]: x }))
      await expectSafe(folder(), ['y.npz', '--force', '--json'])
    },
    runs,
  )
})
