/**
 * @file Runs the `js` blocks of the documents that import pool2d/webgpu, as written; a line `console.log(...) // → text` must print that text.
 * web/test/gpu/onnxruntime.test.ts runs the block with ONNX Runtime web, which needs a browser.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it, vi } from 'vitest'
import { documents, root } from '../support/documents.ts'
import './adapter.ts'

const blocks = documents.flatMap((name) => {
  const text = readFileSync(join(root, name), 'utf8')
  return [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)]
    .map((match, i) => [name, i + 1, match[1]!] as const)
    .filter(([, , code]) => code.includes("'pool2d/webgpu'") && !code.includes("'onnxruntime-web/webgpu'"))
})

it.each(blocks)('%s, block %i', async (_, i, code) => {
  const folder = mkdtempSync(join(root, 'test/.docs-'))
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
    printed.push(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '))
  })
  try {
    const file = join(folder, `webgpu-${i}.ts`)
    writeFileSync(file, code)
    await import(/* @vite-ignore */ pathToFileURL(file).href)
  } finally {
    log.mockRestore()
    rmSync(folder, { recursive: true })
  }
  const promised = [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]!)
  expect(printed).toEqual(promised)
})
