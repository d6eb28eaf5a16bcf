/**
 * @file The recipe of docs/onnx.md in a browser on its driver in software: pooling between two sessions of ONNX Runtime web.
 */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { maxPool2d, tensor } from '../../../src/index.ts'
import { modelBytes } from '../../../test/support/onnx-model.ts'
import { launchBrowser } from '../support/browser.ts'
import { bundled } from '../support/bundle.ts'

interface Piped {
  readonly maps: number
  readonly locations: readonly string[]
  readonly scores: readonly number[]
}

const dist = join(import.meta.dirname, '../../../test/webgpu/node_modules/onnxruntime-web/dist')

let browser: Browser
let page: Page
beforeAll(async () => {
  const script = await bundled(
    join(import.meta.dirname, '../../../test/webgpu/pages/onnxruntime.ts'),
    'trials',
  )
  browser = await launchBrowser(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'])
  /** Requests of a page that a service worker controls reach no route. */
  page = await browser.newPage({ serviceWorkers: 'block' })
  await page.route('**/ort/*', (route) =>
    route.fulfill({ path: join(dist, new URL(route.request().url()).pathname.split('/').at(-1)!) }),
  )
  await page.goto(inject('address'))
  await page.addScriptTag({ content: script })
})
afterAll(() => browser?.close())

const modelOf = (opType: string, input: string, output: string): number[] => [
  ...modelBytes({
    opset: 17,
    nodes: [{ opType, inputs: [input], outputs: [output] }],
    inputs: [{ name: input, dtype: 'float32', shape: ['n', 'c', 'h', 'w'] }],
    outputs: [{ name: output, dtype: 'float32', shape: ['n', 'c', 'h', 'w'] }],
  }),
]

test('pools between two sessions, and reads nothing', { timeout: 240_000 }, async () => {
  const shape = [2, 3, 9, 9]
  const values = Array.from({ length: 2 * 3 * 9 * 9 }, (_, i) => ((i * 37) % 101) - 50)
  const models = [modelOf('Relu', 'image', 'features'), modelOf('Neg', 'pooled', 'scores')]
  const { maps, locations, scores } = await page.evaluate(
    (given) =>
      (
        globalThis as unknown as { trials: { poolBetween(...args: unknown[]): Promise<Piped> } }
      ).trials.poolBetween('ort/ort.webgpu.min.mjs', ...given),
    [models, values, shape] as const,
  )
  expect(locations).toEqual(['gpu-buffer', 'gpu-buffer', 'gpu-buffer'])
  expect(maps).toBe(0)
  const relu = tensor(
    Float32Array.from(values, (value) => Math.max(value, 0)),
    shape,
  )
  const pooled = maxPool2d(relu, { kernelSize: 3, stride: 2 })
  expect(scores.map((value) => 0 - value)).toEqual(Array.from(pooled.data as Float32Array))
})
