/**
 * @file pool2d/tfjs on the backends of TensorFlow.js that have a GPU, in a browser on its driver in software.
 */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { launchBrowser, softwareGl, softwareGpu } from '../support/browser.ts'
import { bundled } from '../support/bundle.ts'

/** What test/webgpu/pages/tfjs.ts exports; its own packages need not be installed to check these types. */
interface Trials {
  compareCalls(backend: string): Promise<readonly Compared[]>
  programsOfLargeWindow(name: string): Promise<number>
  specialValues(backend: string): Promise<readonly { readonly got: string; readonly want: string }[]>
  leakOf(backend: string, count: number): Promise<object>
  differenceOfDownloads(backend: string, count: number): Promise<number>
  trainBoth(backend: string, steps: number): Promise<Record<'ours' | 'theirs', Trained>>
}
interface Compared {
  readonly title: string
  readonly name: string
  readonly value: number
  readonly gradient: number
  readonly reads: number
}

interface Trained {
  readonly reads: number
  readonly milliseconds: number
  readonly weights: readonly number[]
}

let script: string
beforeAll(async () => {
  script = await bundled(join(import.meta.dirname, '../../../test/webgpu/pages/tfjs.ts'), 'trials')
})

const switches = { webgl: softwareGl, webgpu: softwareGpu }

/** The functions of a page with a backend. */
function trialsOn(backend: keyof typeof switches) {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await launchBrowser(switches[backend])
    page = await browser.newPage()
    await page.goto(inject('address'))
    await page.addScriptTag({ content: script })
  })
  afterAll(() => browser?.close())

  return <K extends keyof Trials>(name: K, ...args: unknown[]): Promise<Awaited<ReturnType<Trials[K]>>> =>
    page.evaluate(
      ([key, given]) =>
        (globalThis as unknown as { trials: Record<string, (...args: unknown[]) => never> }).trials[key]!(
          ...given,
        ),
      [name, args] as const,
    )
}

/** Values along each axis; for maxima and their gradient their places too, which the windows that read an element gather at once. */
describe('on webgl, a large window', () => {
  const trials = trialsOn('webgl')
  test.each([
    ['avgPool2d', 2 + 2],
    ['maxPool2d', 2 + 3 + 1],
  ])('of %s runs along one axis after another', async (name, count) => {
    expect(await trials('programsOfLargeWindow', name)).toBe(count)
  })
})

describe.each(['webgl', 'webgpu'] as const)('on %s', (backend) => {
  const trials = trialsOn(backend)

  /** Units of the last place of float32, of values up to 4: averages round as the library does here, norms by the device's powers. */
  const bounds = [
    [/lp/i, 4 * 2 ** -22],
    [/avg|sum/i, 2 ** -22],
    [/./, 0],
  ] as const

  test('values and gradients are those of the cpu backend, and nothing is read', {
    timeout: 240_000,
  }, async () => {
    const all = await trials('compareCalls', backend)
    expect(all.length).toBeGreaterThan(20)
    const wrong = all.filter(({ name, value, gradient, reads }) => {
      const bound = bounds.find(([pattern]) => pattern.test(name))![1]
      return reads > 0 || !(value <= bound) || !(gradient <= bound)
    })
    expect(wrong).toEqual([])
  })

  test('NaN, infinities, ties and padding are those of the cpu backend', async () => {
    for (const { got, want } of await trials('specialValues', backend)) expect(got).toBe(want)
  })

  test('a thousand calls leave nothing behind', { timeout: 240_000 }, async () => {
    expect(await trials('leakOf', backend, Math.ceil(1000 / 6))).toEqual({ tensors: 0, buffers: 0, bytes: 0 })
  })

  test('poolings that the backend has not are downloaded, a hundred times', {
    timeout: 240_000,
  }, async () => {
    expect(await trials('differenceOfDownloads', backend, 100)).toBe(0)
  })

  test('a training step reads nothing, and learns as with tf.layers', { timeout: 240_000 }, async () => {
    const { ours, theirs } = await trials('trainBoth', backend, 2)
    process.stdout.write(
      `${backend}, a step of LeNet with 8 digits in software: ${ours.milliseconds.toFixed(1)} ms with pool2d/tfjs, ` +
        `${theirs.milliseconds.toFixed(1)} ms with tf.layers\n`,
    )
    expect(ours.reads).toBe(0)
    const difference = ours.weights.reduce(
      (most, w, i) => Math.max(most, Math.abs(w - theirs.weights[i]!)),
      0,
    )
    expect(difference).toBeLessThan(1e-5)
  })
})
