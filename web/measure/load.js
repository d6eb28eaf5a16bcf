/**
 * @file Prints how long a slow phone waits for the first picture, and the longest task after it, in several rounds:
 *
 *     npm --prefix web run measure
 *
 * The processor is slowed down four times by the browser. Aims: the first picture within 2 s, no task above 100 ms after it. Programs
 * beside it lengthen both, so the least of the rounds tells.
 */
import { fileURLToPath } from 'node:url'
import { preview, runnerImport } from 'vite'

const [slowdown, rounds] = [4, 5]
const root = fileURLToPath(new URL('..', import.meta.url))
const { launchBrowser } = (await runnerImport(`${root}test/support/browser.ts`)).module

/** Runs in the page before its scripts. */
function watch() {
  globalThis.tasks = []
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.tasks.push({ startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    const formula = document
      .querySelector('pool2d-explorer')
      ?.shadowRoot?.querySelector('[data-testid=formula]')
    if (formula?.textContent?.includes('='))
      requestAnimationFrame(() => (globalThis.first = performance.now()))
    else requestAnimationFrame(look)
  }
  look()
}

async function measure(browser, address) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    serviceWorkers: 'block',
  })
  const page = await context.newPage()
  const client = await context.newCDPSession(page)
  await client.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.addInitScript(watch)
  await page.goto(`${address}#lang=en`)
  await page.waitForFunction(() => globalThis.first !== undefined)
  await page.getByRole('button', { name: 'Next output' }).click()
  await page.getByRole('tabpanel').scrollIntoViewIfNeeded()
  await page.getByTestId('guess').waitFor({ timeout: 60_000 })
  await page.waitForTimeout(2000)
  const result = await page.evaluate(() => ({
    first: globalThis.first,
    longest: Math.max(
      0,
      ...globalThis.tasks
        .filter(({ startTime }) => startTime > globalThis.first)
        .map(({ duration }) => duration),
    ),
  }))
  await context.close()
  return result
}

const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' } })
const browser = await launchBrowser()
const results = []
for (let round = 1; round <= rounds; round++) {
  const { first, longest } = await measure(browser, server.resolvedUrls.local[0])
  results.push({ first, longest })
  console.log(
    `round ${round}: ${Math.round(first)} ms to the first picture, longest task after it ${longest === 0 ? 'below 50' : Math.round(longest)} ms`,
  )
}
const least = (of) => Math.round(Math.min(...results.map(of)))
console.log(
  `at a processor ${slowdown} times slower: ${least(({ first }) => first)} ms to the first picture, longest task after it ${least(({ longest }) => longest) || 'below 50'} ms`,
)
await browser.close()
await server.close()
