/**
 * @file The page on a slow phone. Prints the processor time up to the first picture (aim: 2 s) and that of the longest task after it
 * (aim: 100 ms), four times those of this machine's processor, so that other programs hardly count. The bytes have a limit.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, inject, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { tasksDuring } from './support/tasks.ts'

const slowdown = 4

test('a phone: time to the first picture, bytes, longest task', async () => {
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      serviceWorkers: 'block',
    })
    const page = await context.newPage()
    const fetched = new Set<string>()
    page.on('request', (request) => fetched.add(request.url()))
    const before = await tasksDuring(browser, page, async () => {
      await page.goto(`${inject('address')}#lang=en`)
      await page.getByTestId('formula').getByText('max(1, 3, 5, 6) = 6').waitFor()
    })
    const after = await tasksDuring(browser, page, async () => {
      await page.locator('.player button:nth-child(4)').click()
      await page.getByTestId('formula').getByText('max(2, 1, 1, 2) = 2').waitFor()
      await page.locator('[role=tabpanel]').scrollIntoViewIfNeeded()
      await page.getByTestId('guess').waitFor({ timeout: 30_000 })
      await page.waitForTimeout(500)
    })
    const spent = [...(before.get('CrRendererMain') ?? []), ...(before.get('DedicatedWorker thread') ?? [])]
    const first = slowdown * spent.reduce((sum, time) => sum + time, 0)
    const longest = slowdown * Math.max(0, ...(after.get('CrRendererMain') ?? []))
    const bytes = [...fetched]
      .filter((url) => url.startsWith(inject('address')))
      .map((url) => new URL(url).pathname.slice(1) || 'index.html')
      .reduce(
        (sum, path) => sum + gzipSync(readFileSync(join(import.meta.dirname, '../dist', path))).length,
        0,
      )
    console.log(
      `${Math.round(first)} ms to the first picture, ${Math.round(bytes / 1000)} kB, longest task after it ${Math.round(longest)} ms`,
    )
    expect(spent.length).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(590_000)
  } finally {
    await browser.close()
  }
})
