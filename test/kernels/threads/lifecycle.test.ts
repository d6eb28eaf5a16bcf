/**
 * @file Threads come and go: refusals, memory, one group after another, the process's end.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { build } from 'tsdown'
import { describe, expect, test } from 'vitest'
import * as pool2d from '../../../src/index.ts'
import configs from '../../../tsdown.config.ts'
import { watchdog } from '../../support/watchdog.ts'
import { workerScript } from '../../support/worker-script.ts'
import { isRight, pooled, shape, x } from './pooled.ts'

watchdog(300)
const { maxPool2d, threads, zeros } = pool2d
const script = workerScript()
const worker = (): Worker => new Worker(script())

describe('threads', () => {
  test.each([0, -1, 1.5, 65, Number.NaN, '2', undefined])('refuses a count of %s', async (count) => {
    await expect(threads(count as number)).rejects.toMatchObject({
      code: 'BAD_PARAM',
      message: expect.stringMatching(
        /^threads: count = .*; must be a whole number from 1 to 64\. Pass such a number\.$/,
      ),
    })
  })

  test('refuses options that mean nothing', async () => {
    await expect(threads(2, { bytes: 0 })).rejects.toMatchObject({ code: 'BAD_PARAM' })
    await expect(threads(2, { jobTimeout: 0.5 })).rejects.toMatchObject({ code: 'BAD_PARAM' })
    await expect(threads(2, { jobTimout: 5 } as never)).rejects.toThrow('threads: jobTimout')
    await expect(threads(2, { worker: 'worker.js' } as never)).rejects.toMatchObject({ code: 'BAD_PARAM' })
  })

  test.each<[string, () => unknown]>([
    ['null', () => null],
    ['a number', () => 3],
    ['an object', () => ({ postMessage() {}, terminate() {} })],
    ['a promise', () => Promise.resolve(null)],
  ])('say so where worker() returns %s, and do without', async (_, make) => {
    const alone = await threads(2, { worker: make as never })
    expect(alone.info()).toMatchObject({ threads: 1, requested: 2 })
    expect(alone.info().reason).toMatch(/^worker\(\) returned .+; must return a worker, with postMessage/)
    await alone.dispose()
  })

  test('outlive a worker that cannot be told anything', async () => {
    const mute = () => ({
      postMessage: () => {
        throw new Error('mute')
      },
      terminate: () => {
        throw new Error('deaf')
      },
      on: () => {},
    })
    const alone = await threads(2, { worker: mute as never })
    expect(alone.info()).toMatchObject({ threads: 1, reason: 'mute' })
    await alone.dispose()
  })

  test.each([null, 5, 'two'])('refuses %s as options', async (options) => {
    await expect(threads(2, options as never)).rejects.toMatchObject({ code: 'BAD_PARAM' })
  })

  test('must have been asked for before a tensor is shared', () => {
    expect(() => zeros([2], { shared: true })).toThrow(
      'zeros: shared = true; there is no shared memory yet. Await threads(n) first.',
    )
    const memory = new pool2d.WasmMemory({ bytes: 64 })
    expect(() => zeros([2], { shared: true, memory })).toThrow(
      'must be true or false, and false with a memory given',
    )
    expect(() => zeros([2], { shared: 1 as never })).toThrow('must be true or false')
  })

  test('of one thread share a memory without workers', async () => {
    const one = await threads(1)
    expect(one.info()).toMatchObject({ threads: 1, requested: 1, reason: null, restarts: 0 })
    expect(isRight(pooled(pool2d))).toBe(true)
    await one.dispose()
  })

  test('replace each other, and keep what lies in their memory', async () => {
    const two = await threads(2, { worker })
    const input = zeros(shape, { shared: true })
    input.data.set(x.data as never)
    const three = await threads(3, { worker })
    expect(two.info()).toMatchObject({ threads: 1, reason: 'these threads were disposed of' })
    expect(three.info()).toMatchObject({ threads: 3, reason: null })
    const out = zeros([8, 16, 32, 32], { shared: true }).data
    expect(out.buffer).toBe(input.data.buffer)
    expect(isRight(maxPool2d(input, { kernelSize: 2, out }).data as Float32Array)).toBe(true)
    await three.dispose()
    out.fill(0 as never)
    expect(isRight(maxPool2d(input, { kernelSize: 2, out }).data as Float32Array)).toBe(true)
  })

  test('asked for at the same time come one after another; the last stay', async () => {
    const [first, second] = await Promise.all([threads(2, { worker }), threads(3, { worker })])
    expect([first.info().threads, second.info().threads]).toEqual([1, 3])
    expect(isRight(pooled(pool2d))).toBe(true)
    await second.dispose()
  })

  test('may be used and asked for again in what follows them', async () => {
    const right = await threads(2, { worker })
      .then(() => isRight(pooled(pool2d)))
      .then(async (first) => [first, (await threads(3, { worker })).info().threads, isRight(pooled(pool2d))])
    expect(right).toEqual([true, 3, true])
    await (await threads(1)).dispose()
  })

  test('are disposed of once, however often they are asked to be', async () => {
    const two = await threads(2, { worker })
    const disposed = two.dispose()
    expect(two.dispose()).toBe(disposed)
    await disposed
    await two.dispose()
    expect(() => zeros([2], { shared: true })).toThrow('Await threads(n) first.')
  })

  test('take arrays back, and refuse those of others', async () => {
    const two = await threads(2, { worker, bytes: 64 * 2 ** 20 })
    const room = two.info().bytes
    const array = two.allocate(Float32Array, 16)
    expect(() => two.free(array.subarray(4))).toThrow('must be an array of this memory that is not free')
    two.free(array)
    expect(() => two.free(array)).toThrow('Pass what allocate returned, once.')
    expect(() => two.allocate(Uint8Array, room + 1)).toThrow(
      /^threads: length = \d+; needs \d+ bytes in a row/,
    )
    await two.dispose()
  })
})

const cycles = process.env.POOL2D_DEEP ? 1000 : 40

test(`${cycles} groups made and disposed of leave nothing behind`, { timeout: 280_000 }, async () => {
  const cycle = async (): Promise<void> => {
    const group = await threads(2, { worker })
    expect(group.info().threads).toBe(2)
    const data = group.allocate(Float32Array, 400_000)
    const out = group.allocate(Float32Array, 100_000)
    maxPool2d({ data, shape: [1, 2, 400, 500] }, { kernelSize: 2, out })
    group.free(data)
    group.free(out)
    await group.dispose()
  }
  const handles = (): number => process.getActiveResourcesInfo().length
  for (let i = 0; i < 10; i++) await cycle()
  const [before, resident] = [handles(), process.memoryUsage().rss]
  for (let i = 0; i < cycles; i++) await cycle()
  expect(handles()).toBeLessThanOrEqual(before)
  expect(process.memoryUsage().rss - resident).toBeLessThan(128 * 2 ** 20)
})

test('the built package starts its own workers, and they keep no process alive', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pool2d-threads-'))
  const [library] = configs
  await build({
    ...library,
    entry: { index: 'src/index.ts', worker: 'src/kernels/threads/worker.ts' },
    dts: false,
    config: false,
    outDir: folder,
    logLevel: 'silent',
  })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(folder, 'main.js'),
    `import { maxPool2d, threads, zeros } from './index.js'
    const group = await threads(3)
    const input = zeros([4, 16, 64, 64], { shared: true })
    const out = zeros([4, 16, 32, 32], { shared: true }).data
    input.data.fill(7)
    maxPool2d(input, { kernelSize: 2, out })
    console.log(JSON.stringify([group.info().threads, group.info().reason, out.every((value) => value === 7)]))`,
  )
  const child = spawn(process.execPath, [join(folder, 'main.js')], { timeout: 20_000 })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const [code, signal] = await once(child, 'close')
  expect([Buffer.concat(output).toString().trim(), code, signal]).toEqual(['[3,null,true]', 0, null])
  rmSync(folder, { recursive: true })
})
