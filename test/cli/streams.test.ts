/**
 * Streams that fail: a full disk is said, in words; whoever stops reading is not bothered.
 */
import { Readable, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'

async function ran(argv: readonly string[], code: string) {
  const failing = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })),
  })
  failing.on('error', () => undefined)
  let stderr = ''
  const heard = new Writable({
    write: (chunk, _encoding, done) => {
      stderr += chunk
      done()
    },
  })
  const io = { cwd: process.cwd(), stdin: Readable.from([]), stdout: failing, stderr: heard }
  return { code: await run(argv, io), stderr }
}

test.each([
  [['shape', '4x4']],
  [['shape', '4x4', '--json']],
  [['render', 'op=max']],
  [['--help']],
  [['nope', '--json']],
])('%j reports a full disk, and is silent if its reader has left', async (argv) => {
  const full = await ran(argv, 'ENOSPC')
  expect(full.code).toBe(1)
  expect(full.stderr).toMatch(/pool2d: standard output: cannot be written: no space left\n$/)
  const left = await ran(argv, 'EPIPE')
  expect([left.code, left.stderr]).toEqual([1, argv[0] === 'nope' ? 'pool2d: nope: no such file\n' : ''])
})

test('if reports cannot be printed, the exit code stays the same', async () => {
  const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('ENOSPC')) })
  failing.on('error', () => undefined)
  const io = { cwd: process.cwd(), stdin: Readable.from([]), stdout: failing, stderr: failing }
  expect(await run(['nope.npy'], io)).toBe(1)
})
