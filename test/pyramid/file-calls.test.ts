/**
 * @file Calls of the file system, at once and handed over: the same files, and turns for others.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileCalls } from '../../src/pyramid/store/file-calls.ts'
import { ReusedMemory } from '../../src/pyramid/store/reused-memory.ts'

const folder = mkdtempSync(join(tmpdir(), 'pool2d-calls-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each([
  ['at once', Number.POSITIVE_INFINITY],
  ['handed over', 0],
])('%s', (name, slowTime) => {
  const at = (file: string): string => join(folder, `${name} ${file}`)

  it('writes, moves, links and reads whole files', async () => {
    const calls = new FileCalls(slowTime)
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i * 7)
    await calls.writeWhole(at('a'), bytes, false)
    await expect(calls.writeWhole(at('a'), bytes, false)).rejects.toThrow('EEXIST')
    await calls.rename(at('a'), at('b'))
    await calls.link(at('b'), at('c'))
    await expect(calls.link(at('b'), at('c'))).rejects.toThrow('EEXIST')
    const memory = new ReusedMemory()
    expect(await calls.readWhole(at('c'), memory)).toEqual(bytes)
    expect(await calls.readWhole(at('b'), undefined)).toEqual(bytes)
    await expect(calls.readWhole(at('a'), memory)).rejects.toThrow('ENOENT')
    await expect(calls.readWhole(folder, memory)).rejects.toThrow('EISDIR')
    writeFileSync(at('long'), bytes)
    writeFileSync(at('longer'), new Uint8Array(80_000).fill(3))
    for (const name of ['long', 'longer', 'c', 'longer'])
      expect(await calls.readWhole(at(name), memory)).toEqual(new Uint8Array(readFileSync(at(name))))
    await calls.writeWhole(at('empty'), new Uint8Array(), true)
    expect(readFileSync(at('empty'))).toHaveLength(0)
  })

  it('gives others a turn', async () => {
    const calls = new FileCalls(slowTime)
    writeFileSync(at('x'), 'x')
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const reads = async (): Promise<number> => {
      for (let i = 0; turns === 0 && i < 1e6; i++) await calls.readWhole(at('x'), undefined)
      return turns
    }
    expect(await reads().finally(() => clearInterval(timer))).toBeGreaterThan(0)
  })
})
