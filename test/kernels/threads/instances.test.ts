/**
 * @file Instances of the library side by side, and places where threads cannot be had, each with an instance of its own.
 */
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type * as pool2d from '../../../src/index.ts'
import { watchdog } from '../../support/watchdog.ts'
import { workerScript } from '../../support/worker-script.ts'
import { isRight, pooled } from './pooled.ts'

watchdog(120)
const script = workerScript()
const worker = (): Worker => new Worker(script())

async function fresh(): Promise<typeof pool2d> {
  vi.resetModules()
  return (await import('../../../src/index.ts')) as typeof pool2d
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('two instances of the library do not disturb each other', async () => {
  const one = await fresh()
  const two = await one.threads(2, { worker })
  const other = await fresh()
  const three = await other.threads(3, { worker })
  expect(other.threads).not.toBe(one.threads)
  expect([two.info().threads, three.info().threads]).toEqual([2, 3])
  for (let i = 0; i < 20; i++) expect([isRight(pooled(one)), isRight(pooled(other))]).toEqual([true, true])
  const foreign = one.zeros([2, 64, 64], { shared: true })
  const data = foreign.data.fill(3 as never)
  expect(other.maxPool2d(foreign, { kernelSize: 2 }).data.every((value) => value === data[0])).toBe(true)
  await two.dispose()
  expect(isRight(pooled(other))).toBe(true)
  await three.dispose()
})

/** Here no script lies beside the sources, as in the output of most bundlers. */
describe('a script that is not where it should be', () => {
  test('is carried along as text', async () => {
    const instance = await fresh()
    for (let start = 0; start < 2; start++) {
      const group = await instance.threads(3)
      expect(group.info()).toMatchObject({ threads: 3, reason: null, restarts: 0 })
      for (let i = 0; i < 20; i++) expect(isRight(pooled(instance))).toBe(true)
      await group.dispose()
    }
  })

  test('is named, with the repair, where the text is not allowed either', async () => {
    vi.stubGlobal(
      'Worker',
      class extends EventTarget {
        postMessage(): void {
          setTimeout(() => this.dispatchEvent(new Event('error')))
        }
        terminate(): void {}
      },
    )
    const instance = await fresh()
    const group = await instance.threads(2)
    expect(group.info().threads).toBe(1)
    expect(group.info().reason).toMatch(
      /^a worker failed: its script cannot be loaded \(file:.*\/pool2d-worker\.js\); nor from its text: .* Pass \{ worker \}, which makes a worker of pool2d\/worker\.js\.$/,
    )
    expect(isRight(pooled(instance))).toBe(true)
    await group.dispose()
  })
})

describe('where threads cannot be had', () => {
  const expectOne = async (reason: string | RegExp): Promise<void> => {
    const instance = await fresh()
    const group = await instance.threads(2, { worker })
    expect(group.info()).toMatchObject({
      threads: 1,
      requested: 2,
      bytes: 0,
      reason: expect.stringMatching(reason),
    })
    expect(isRight(pooled(instance))).toBe(true)
    const array = group.allocate(Float32Array, 4)
    expect(array).toEqual(new Float32Array(4))
    group.free(array)
    await group.dispose()
  }

  test('no SharedArrayBuffer', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined)
    await expectOne('this environment has no SharedArrayBuffer')
  })

  test('a page that is not isolated', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined)
    vi.stubGlobal('crossOriginIsolated', false)
    await expectOne('this page is not cross-origin isolated, so it has no SharedArrayBuffer')
  })

  test('no shared memory of any size', async () => {
    refuseMemoryOver(0)
    await expectOne(/^no shared memory of \d+ bytes: so much cannot be had$/)
  })

  test('less shared memory than asked for', async () => {
    refuseMemoryOver(256 * 2 ** 20)
    const instance = await fresh()
    const group = await instance.threads(2, { worker })
    expect(group.info()).toMatchObject({ threads: 2, reason: null })
    expect(group.info().bytes).toBeGreaterThan(100 * 2 ** 20)
    expect(group.info().bytes).toBeLessThan(256 * 2 ** 20)
    expect(isRight(pooled(instance))).toBe(true)
    await group.dispose()
  })

  test('an engine without SIMD', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    await expectOne('this engine has no WebAssembly SIMD')
  })

  test('an engine without shared memory in modules', async () => {
    const { Module } = WebAssembly
    vi.spyOn(WebAssembly, 'Module').mockImplementation(
      class {
        constructor(bytes: Uint8Array<ArrayBuffer>) {
          const module = new Module(bytes)
          if (Module.imports(module).length > 0)
            throw new WebAssembly.CompileError('shared memory is disabled')
          // biome-ignore lint/correctness/noConstructorReturn: a module as the engine makes it
          return module
        }
      } as never,
    )
    await expectOne('this engine takes no WebAssembly with shared memory: shared memory is disabled')
  })

  function refuseMemoryOver(most: number): void {
    const { Memory } = WebAssembly
    vi.stubGlobal('WebAssembly', {
      ...Object.fromEntries(
        Object.getOwnPropertyNames(WebAssembly).map((name) => [
          name,
          WebAssembly[name as keyof typeof WebAssembly],
        ]),
      ),
      Memory: class {
        constructor(descriptor: WebAssembly.MemoryDescriptor) {
          if (descriptor.initial * 65536 > most) throw new RangeError('so much cannot be had')
          // biome-ignore lint/correctness/noConstructorReturn: a memory as the engine makes it
          return new Memory(descriptor)
        }
      },
    })
  }
})
