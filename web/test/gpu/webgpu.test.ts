/**
 * @file Pooling on a GPU in a browser, on its driver in software: the contract that Dawn passes in Node.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { differencesFrom } from '../../../test/webgpu/hazards/table.ts'
import { launchBrowser } from '../support/browser.ts'
import { bundled } from '../support/bundle.ts'
import type * as trials from '../support/webgpu-trials.ts'

type Global = { trials: typeof trials }

/** Random plans of each trial. */
const plans = 1

let browser: Browser
let page: Page
beforeAll(async () => {
  const script = await bundled(join(import.meta.dirname, '../support/webgpu-trials.ts'), 'trials')
  browser = await launchBrowser(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'])
  page = await browser.newPage()
  /** An address of this machine: pages of others have no GPU. */
  await page.goto(inject('address'))
  await page.addScriptTag({ content: script })
})
afterAll(() => browser?.close())

test('finds an adapter', async () => {
  const name = await page.evaluate(() => (globalThis as unknown as Global).trials.adapterName())
  process.stdout.write(`adapter: ${name}\n`)
  expect(name).not.toBeNull()
})

test('has the hazards that docs/webgpu.md lists for its compiler and driver', async () => {
  const found = await page.evaluate(() => (globalThis as unknown as Global).trials.hazards())
  const document = readFileSync(join(import.meta.dirname, '../../../docs/webgpu.md'), 'utf8')
  expect(differencesFrom(document, 'Tint, SwiftShader', found)).toEqual([])
})

test.each(['extrema', 'means', 'norms'])('%s keep the contract', { timeout: 240_000 }, async (group) => {
  const { wrong, compared } = await page.evaluate(
    ([name, count]) => (globalThis as unknown as Global).trials.tryGroup(name, count),
    [group, plans] as const,
  )
  expect(wrong.slice(0, 8).join('\n')).toBe('')
  expect(compared).toBeGreaterThan(0)
})

test('runs from a bundle', async () => {
  const shape = await page.evaluate(() => (globalThis as unknown as Global).trials.poolTwice())
  expect(shape).toEqual([1, 3, 2, 2])
})
