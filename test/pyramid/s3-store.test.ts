/**
 * @file The store on S3: keys with odd characters, faults of the service and of the network, and a pyramid from a bucket to a bucket.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Tensor } from '../../src/index.ts'
import {
  downsample,
  finishPyramid,
  planPyramid,
  runPyramid,
  s3Store,
  verifyPyramid,
} from '../../src/pyramid/index.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { makeArray } from './make-zarr.ts'
import { S3Server } from './s3-server.ts'

let server: S3Server
beforeEach(async () => {
  server = await new S3Server().start()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server.stop()
})
const store = (place = 's3://bucket/some/prefix') => s3Store(place, server.options)
const bytes = (text: string) => new TextEncoder().encode(text)

describe('s3Store', () => {
  it('keeps keys of all characters, below its prefix, and lists them over pages', async () => {
    const names = ['a b', 'ü&<x>', "it's(1)!*", 'a+b=c%20', '0/c/1/2', '0/c/1/3', '.pool2d/plan.json']
    for (const name of names) expect(await store().set(name, bytes(name))).toBe(true)
    const listed = new Map<string, number>()
    for await (const { key, size, stamp } of store().list('')) {
      listed.set(key, size)
      expect(stamp).toMatch(/^"[0-9a-f]{32}"$/)
    }
    expect(new Map(names.map((name) => [name, bytes(name).length]))).toEqual(
      new Map([...listed].sort(byNames(names))),
    )
    for (const name of names) expect(await store().get(name)).toEqual(bytes(name))
    expect([...server.objects.keys()].every((key) => key.startsWith('some/prefix/'))).toBe(true)
    expect(server.refused).toEqual([])
  })

  it.each([
    ['the service', [503, 500, 429]],
    ['the connection', [0, 0, 0]],
    ['the connection amid an answer', [-1, -1]],
  ])('tries again after faults of %s', async (_, faults) => {
    server.objects.set('some/prefix/a', Buffer.from('hello'))
    const listed = async () => {
      for await (const { key } of store().list('')) return key
      return undefined
    }
    const acts = [
      async () => expect(await store().get('a')).toEqual(bytes('hello')),
      async () => expect(await store().getRange('a', -3, 3)).toEqual(bytes('llo')),
      async () => expect(await listed()).toBe('a'),
      async () => expect(await store().set('a', bytes('hello'))).toBe(true),
      async () => expect(await store().delete('a')).toBeUndefined(),
    ]
    for (const act of acts) {
      server.requests = 0
      server.faults.push(...faults)
      await act()
      expect(server.requests).toBe(faults.length + 1)
    }
  })

  it('gives up after seven attempts', async () => {
    server.faults.push(...Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 503 : 0)))
    await expect(store().get('a')).rejects.toMatchObject({
      code: 'BAD_PATH',
      details: { act: 'read', errno: 'SlowDown' },
    })
    expect(server.requests).toBe(7)
  })

  it('claims a key by one attempt, unless the service says that it did nothing', async () => {
    server.faults.push(503, 429)
    expect(await store().set('a', bytes('x'), { ifAbsent: true })).toBe(true)
    for (const fault of [0, 500]) {
      server.requests = 0
      server.faults.push(fault)
      await expect(store().set('b', bytes('x'), { ifAbsent: true })).rejects.toMatchObject({
        code: 'BAD_PATH',
        details: { act: 'written' },
      })
      expect(server.requests).toBe(1)
    }
  })

  it('asks no more once its signal has come, also amid the wait', async () => {
    const failed = { code: 'BAD_PATH', details: { act: 'read' } }
    server.faults.push(...new Array<number>(20).fill(0))
    const ended = s3Store('s3://bucket', { ...server.options, signal: AbortSignal.abort() })
    await expect(ended.get('a')).rejects.toMatchObject(failed)
    expect(server.requests).toBe(1)
    const control = new AbortController()
    const ending = s3Store('s3://bucket', { ...server.options, signal: control.signal })
    const answer = ending.get('a')
    await vi.waitUntil(() => server.requests === 4)
    control.abort()
    await expect(answer).rejects.toMatchObject(failed)
    expect(server.requests).toBeLessThan(7)
  })

  it.each([
    [{ secretAccessKey: 'other' }, { errno: 'SignatureDoesNotMatch', act: 'read' }],
    [{ accessKeyId: 'other' }, { errno: 'SignatureDoesNotMatch', act: 'read' }],
    [{ endpoint: 'http://127.0.0.1:1' }, { act: 'read' }],
  ])('says what is refused with %o', async (options, details) => {
    const signal = AbortSignal.abort()
    const other = s3Store('s3://bucket', { ...server.options, ...options, signal })
    await expect(other.get('a')).rejects.toMatchObject({ code: 'BAD_PATH', details })
  })

  it.each(['s3://', 'bucket/x', 's3:/bucket', 's3://bucket/a/../b'])('refuses %s', (place) => {
    expect(() => store(place)).toThrow(/s3|key/)
  })

  it('needs keys', () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    expect(() => s3Store('s3://bucket')).toThrow(/AWS_ACCESS_KEY_ID/)
  })
})

function byNames(names: readonly string[]) {
  return ([a]: [string, number], [b]: [string, number]) => names.indexOf(a) - names.indexOf(b)
}

it('a pyramid from a bucket to a bucket, by places alone', async () => {
  const { accessKeyId, secretAccessKey, region, endpoint } = server.options
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  for (const [name, value] of Object.entries({ ...env, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint }))
    vi.stubEnv(name, value)
  const x = new Tensor(
    Uint32Array.from({ length: 40 * 30 }, (_, i) => 302011022 + (i % 7)),
    [40, 30],
  )
  await makeArray(s3Store('s3://bucket/in'), 'labels/cells', x, { chunks: [16, 16] })
  const plan = await planPyramid('s3://bucket/in/labels/cells', 's3://bucket/out', { shards: 2, minSize: 8 })
  expect(plan.method).toBe('mode')
  for await (const { event } of runPyramid(plan)) expect(event).not.toBe('failed')
  for await (const { event } of finishPyramid(plan)) expect(event).not.toBe('failed')
  const level = await (await ZarrArray.open(s3Store('s3://bucket/out'), '1')).read({
    from: [0, 0],
    to: [20, 15],
  })
  expect(level.data).toEqual(downsample(x, { factor: 2, method: 'mode' }).data)
  for await (const fault of verifyPyramid('s3://bucket/out')) expect(fault).toBeUndefined()
  await expect(async () => {
    for await (const _ of runPyramid(plan));
  }).rejects.toMatchObject({ details: { exists: true } })
  expect(server.refused).toEqual([])
})
