/**
 * @file The page on a slow phone: it prints the time to the first picture, the bytes, and the longest task, with the processor slowed down
 * four times. Times hold on a quiet machine, and are asserted where POOL2D_TIMES is set.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'

const isQuiet = process.env.POOL2D_TIMES !== undefined

/** Notes every task of 50 milliseconds or more. */
async function noteLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { longTasks: tasks })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration)
    }).observe({ type: 'longtask', buffered: true })
  })
}

const longTasks = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0))

test('a phone: first picture, bytes, long tasks', async () => {
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      serviceWorkers: 'block',
    })
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await noteLongTasks(page)
    const fetched = new Set<string>()
    page.on('request', (request) => fetched.add(request.url()))
    await page.goto(`${inject('address')}#lang=en`)
    await page.getByTestId('formula').getByText('max(1, 3, 5, 6) = 6').waitFor()
    const first = await page.evaluate(() => performance.now())
    await longTasks(page)
    await page.getByRole('button', { name: 'Next output' }).click()
    await page.getByTestId('formula').getByText('max(2, 1, 1, 2) = 2').waitFor()
    await page.getByRole('tabpanel').scrollIntoViewIfNeeded()
    await page.getByTestId('guess').waitFor({ timeout: 30_000 })
    await page.waitForTimeout(1000)
    const longest = Math.max(0, ...(await longTasks(page)))
    const bytes = [...fetched]
      .filter((url) => url.startsWith(inject('address')))
      .map((url) => new URL(url).pathname.slice(1) || 'index.html')
      .reduce(
        (sum, path) => sum + gzipSync(readFileSync(join(import.meta.dirname, '../dist', path))).length,
        0,
      )
    console.log(
      `first picture ${Math.round(first)} ms, ${Math.round(bytes / 1000)} kB gzipped, longest task after it ${Math.round(longest)} ms`,
    )
    expect(bytes).toBeLessThan(600_000)
    if (isQuiet) expect(first).toBeLessThan(2000)
    if (isQuiet) expect(longest).toBeLessThan(100)
  } finally {
    await browser.close()
  }
})
