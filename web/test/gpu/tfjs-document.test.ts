/**
 * @file The blocks of docs/tfjs.md, as written, on the backends of TensorFlow.js that have a GPU, in a browser on its driver in software.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { launchBrowser, softwareGl, softwareGpu } from '../support/browser.ts'
import { bundled } from '../support/bundle.ts'

const switches = { webgl: softwareGl, webgpu: softwareGpu }

/** A line that a block prints, and the reads from the GPU until then. */
interface Printed {
  readonly line: string
  readonly reads: number
}

const text = readFileSync(join(import.meta.dirname, '../../../docs/tfjs.md'), 'utf8')
const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!)

/** A module that runs the blocks on a backend. */
function moduleOfBlocks(): string {
  const run = blocks.map((code) => `() => {\n${code.replace(/^import .*$/gm, '')}\n}`)
  return `import { poolFunctions, poolLayers } from 'pool2d/tfjs'
import { tf } from '../../../../test/adapters/tfjs/tf.ts'
import { useBackend } from '../../../../test/webgpu/pages/tfjs-backend.ts'
export async function run(backend) {
  await useBackend(backend)
  const { readSync } = tf.backend()
  let reads = 0
  tf.backend().readSync = function (id) {
    reads++
    return readSync.call(this, id)
  }
  let printed = []
  const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value))
  const console = { log: (...values) => printed.push({ line: values.map(text).join(' '), reads }) }
  return [${run.join(', ')}].map((block) => {
    reads = 0
    printed = []
    block()
    return [...printed, { line: 'the end', reads }]
  })
}
`
}

let script: string
beforeAll(async () => {
  const folder = mkdtempSync(join(import.meta.dirname, '.tfjs-'))
  const file = join(folder, 'blocks.ts')
  writeFileSync(file, moduleOfBlocks())
  script = await bundled(file, 'blocks').finally(() => rmSync(folder, { recursive: true }))
})

describe.each(['webgl', 'webgpu'] as const)('on %s', (backend) => {
  test('the blocks of docs/tfjs.md print what they promise, and read for a second derivative alone', {
    timeout: 240_000,
  }, async () => {
    const browser = await launchBrowser(switches[backend])
    try {
      const page = await browser.newPage()
      await page.goto(inject('address'))
      await page.addScriptTag({ content: script })
      const all = await page.evaluate(
        (name) =>
          (globalThis as unknown as { blocks: { run(backend: string): Promise<Printed[][]> } }).blocks.run(
            name,
          ),
        backend,
      )
      const promised = blocks.map((code) =>
        [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]!),
      )
      expect(all.map((lines) => lines.map(({ line }) => line))).toEqual(
        promised.map((lines) => [...lines, 'the end']),
      )
      /** The second line of the first block is of a gradient of a gradient, which the document says is downloaded. */
      const [[forward, second, model, end], [unpooled]] = all as [Printed[], Printed[]]
      expect([forward!.reads, model!.reads - second!.reads, end!.reads - second!.reads]).toEqual([0, 0, 0])
      expect(unpooled!.reads).toBe(0)
    } finally {
      await browser.close()
    }
  })
})
