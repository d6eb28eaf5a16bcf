/**
 * @file The stores: one contract for each, and what a folder must bear: names that lead out, writers that are killed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'tsdown'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fileStore } from '../../src/pyramid/store/file-store.ts'
import { memoryStore } from '../../src/pyramid/store/memory-store.ts'
import { s3Store } from '../../src/pyramid/store/s3-store.ts'
import { S3Server } from './s3-server.ts'

let folder: string
let bucket: S3Server
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pool2d-store-'))
  bucket = await new S3Server().start()
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await bucket.stop()
})

const bytes = (text: string) => new TextEncoder().encode(text)

describe.each([
  ['memory', () => memoryStore()],
  ['folder', () => fileStore(folder)],
  ['folder, synced', () => fileStore(folder, { sync: true })],
  ['bucket', () => s3Store('s3://bucket/prefix', bucket.options)],
])('%s', (_, make) => {
  it('keeps whole objects', async () => {
    const store = make()
    expect(await store.get('a/b')).toBeUndefined()
    expect(await store.set('a/b', bytes('hello world'))).toBe(true)
    expect(await store.set('a/b', bytes('other'), { ifAbsent: true })).toBe(false)
    expect(await store.set('a/c', bytes('new'), { ifAbsent: true })).toBe(true)
    expect(await store.get('a/b')).toEqual(bytes('hello world'))
    expect(await store.getRange('a/b', 2, 3)).toEqual(bytes('llo'))
    expect(await store.getRange('a/b', -5, 5)).toEqual(bytes('world'))
    expect(await store.getRange('a/b', 9, 5)).toEqual(bytes('ld'))
    expect(await store.getRange('a/x', 0, 5)).toBeUndefined()
    expect(await store.get('a')).toBeUndefined()
    const listed = []
    for await (const { key, size } of store.list('a/')) listed.push(`${key} ${size}`)
    expect(listed.sort()).toEqual(['a/b 11', 'a/c 3'])
    await store.delete('a/b')
    await store.delete('a/b')
    expect(await store.get('a/b')).toBeUndefined()
  })

  it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'a/./b', 'a\\b', 'a\0'])(
    'refuses the key %j',
    async (key) => {
      await expect(make().get(key)).rejects.toMatchObject({ code: 'BAD_PATH' })
      await expect(make().set(key, bytes('x'))).rejects.toMatchObject({ code: 'BAD_PATH' })
    },
  )
})

it('says what the system refuses', async () => {
  writeFileSync(join(folder, 'a'), 'a file')
  const failure = { code: 'BAD_PATH', details: { errno: 'ENOTDIR' } }
  await expect(fileStore(folder).set('a/b', bytes('x'))).rejects.toMatchObject(failure)
  expect(readdirSync(join(folder, '.pool2d/tmp'))).toEqual([])
})

/** The store of the sources under test, for processes that are killed. */
let built: string
beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'pool2d-built-'))
  const entry = { store: 'src/pyramid/store/file-store.ts' }
  await build({
    entry,
    format: 'esm',
    platform: 'node',
    dts: false,
    config: false,
    outDir: built,
    logLevel: 'silent',
  })
}, 60_000)
afterAll(() => rmSync(built, { recursive: true, force: true }))

const kills = Number(process.env.POOL2D_KILLS ?? 3)

it('a reader sees whole objects while writers are killed, and what they leave is swept', {
  timeout: 60_000 + 5000 * kills,
}, async () => {
  const store = fileStore(folder)
  const size = 1 << 20
  const script = `
    import { fileStore } from ${JSON.stringify(pathToFileURL(join(built, 'store.mjs')).href)}
    const store = fileStore(${JSON.stringify(folder)})
    for (let i = 0; ; i++) await store.set('a/object', new Uint8Array(${size}).fill(i))`
  for (let kill = 0; kill < kills; kill++) {
    await store.delete('a/object')
    const child = spawn(process.execPath, ['--input-type=module', '-e', script])
    const exit = once(child, 'exit')
    let end = Number.POSITIVE_INFINITY
    while (performance.now() < end) {
      const read = await store.get('a/object')
      if (read === undefined) continue
      end = Math.min(end, performance.now() + 100 * Math.random())
      expect(read.length).toBe(size)
      expect(read.every((byte) => byte === read[0])).toBe(true)
    }
    child.kill('SIGKILL')
    await exit
  }
  await store.sweep!()
  expect(readdirSync(join(folder, '.pool2d/tmp'))).toEqual([])
})
