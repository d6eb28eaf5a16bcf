/**
 * @file What stays in memory after calls, and what calls say where memory is short.
 */
import { expect, test } from 'vitest'
import { boundsAddresses, children } from '../support/child.ts'

const child = children()
const megabyte = 2 ** 20

test('a call leaves nothing that grows with its input', async () => {
  const kept = (await child(new URL('kept.js', import.meta.url), { flags: ['--expose-gc'] })) as Record<
    string,
    number
  >
  expect(Object.keys(kept)).toHaveLength(15)
  // All in all: code, tables of short axes, and a WebAssembly memory of at most 64 MiB that serves the next call.
  let stays = 0
  for (const [name, bytes] of Object.entries(kept)) {
    stays += bytes
    expect(stays, `after ${name}`).toBeLessThan(68 * megabyte)
  }
}, 120_000)

const kilobytes = 1_450_000

test('where memory is short, calls are refused with LIMIT, and the next one works', async ({ skip }) => {
  if (!(await boundsAddresses(kilobytes))) {
    console.log('skipped: ulimit -v does not bound the address space of a process here')
    skip()
  }
  const { answers, small } = (await child(new URL('short.js', import.meta.url), {
    flags: ['--max-old-space-size=64'],
    kilobytes,
  })) as { answers: Record<string, string>; small: number }
  expect(small).toBe(4)
  expect(Object.entries(answers).filter(([, answer]) => !/^PoolError LIMIT: .+ .+\.$/s.test(answer))).toEqual(
    [],
  )
  expect(answers['a WasmMemory']).toContain('Ask for fewer bytes')
  expect(answers.zeros).toContain('Ask for a smaller tensor')
  expect(answers['an output']).toContain('Free memory')
}, 120_000)
