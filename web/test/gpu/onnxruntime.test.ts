/**
 * @file The recipe of docs/onnx.md, as written, in a browser on its driver in software: pooling between two sessions of ONNX Runtime web.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { maxPool2d, tensor } from '../../../src/index.ts'
import { modelBytes } from '../../../test/support/onnx-model.ts'
import { launchBrowser } from '../support/browser.ts'
import { bundled } from '../support/bundle.ts'

interface Piped {
  /** Buffers mapped, which is how anything is read from a GPU, before the result was asked for. */
  readonly maps: number
  readonly locations: readonly string[]
  readonly scores: readonly number[]
}

const dist = join(import.meta.dirname, '../../../test/webgpu/node_modules/onnxruntime-web/dist')

/** A module whose `run` has the block of the document as its body. */
function moduleOfRecipe(): string {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/onnx.md'), 'utf8')
  const [, code] = /^```js\n(import \* as ort from 'onnxruntime-web\/webgpu'\n[\s\S]*?)^```$/m.exec(text)!
  const lines = code!.split('\n')
  const isImport = (line: string): boolean => line.startsWith('import ')
  return `${lines.filter((line) => isImport(line) && !line.includes('onnxruntime-web')).join('\n')}
export async function run(address, models, values, shape) {
  const ort = await import(/* @vite-ignore */ new URL(address, location.href).href)
  const [bodyModel, headModel] = models.map((model) => Uint8Array.from(model))
  const image = new ort.Tensor('float32', Float32Array.from(values), shape)
  let maps = 0
  const { mapAsync } = GPUBuffer.prototype
  GPUBuffer.prototype.mapAsync = function (...args) {
    maps++
    return mapAsync.apply(this, args)
  }
${lines.filter((line) => !isImport(line)).join('\n')}
  const locations = [features.location, pooled.location, scores.location]
  const mapped = maps
  return { maps: mapped, locations, scores: Array.from(await scores.getData()) }
}
`
}

let browser: Browser
let page: Page
beforeAll(async () => {
  const folder = mkdtempSync(join(import.meta.dirname, '.onnx-'))
  const file = join(folder, 'recipe.js')
  writeFileSync(file, moduleOfRecipe())
  const script = await bundled(file, 'recipe').finally(() => rmSync(folder, { recursive: true }))
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
      (globalThis as unknown as { recipe: { run(...args: unknown[]): Promise<Piped> } }).recipe.run(
        'ort/ort.webgpu.min.mjs',
        ...given,
      ),
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
