/**
 * Booleans of NumPy, end to end: pooled as truth values, written back as such.
 */
import { expect, test } from 'vitest'
import { tensor } from '../../src/index.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const x = tensor(Uint8Array.of(1, 0, 0, 0, 1, 1, 1, 0), [2, 4], 'bool')

test.each([
  ['max', [1, 1]],
  ['min', [0, 0]],
  ['mode', [1, 0]],
])('--mode %s', async (mode, expected) => {
  folder().writeArrays({ 'x.npy': x })
  const { code, stderr } = await folder().run(`x.npy -o y.npy --size 2 --mode ${mode}`)
  expect([code, stderr]).toEqual([0, 'x.npy 2x4 bool -> y.npy 1x2\n'])
  expect(folder().readArray('y.npy')).toEqual(tensor(Uint8Array.from(expected), [1, 2], 'bool'))
  expect(Buffer.from(folder().read('y.npy')).toString('latin1')).toContain("'|b1'")
})

test.each(['average', 'sum', 'median', 'lp', 'blur'])(
  '--mode %s is refused with the repair',
  async (mode) => {
    folder().writeArrays({ 'x.npy': x })
    for (const flag of ['', '--dry-run']) {
      const { code, stderr } = await folder().run(`x.npy -o y.npy --mode ${mode} ${flag}`)
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('max is "any" and min is "all". For numbers save the array as float32'),
      ])
    }
    expect(folder().list()).toEqual(['x.npy'])
  },
)
