/**
 * @file Without a network: the page that was opened once, and the page in one file.
 */
import { fileURLToPath, pathToFileURL } from 'node:url'
import { preview } from 'vite'
import { expect, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { eventually, usePlayground } from './support/playground.ts'

const open = usePlayground()
const state = 'op=max&k=2&s=2'
const formula = 'max(1, 3, 5, 6) = 6'

/** Its server goes: what is called offline in a browser does not reach a service worker's own requests. */
test('a page that was opened once opens again when its server is gone', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' } })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    const address = `${server.resolvedUrls!.local[0]!}#${state}`
    await page.goto(address)
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await server.close()
    await page.goto('about:blank')
    await page.goto(address)
    await eventually(() => page.getByTestId('formula').textContent(), formula)
  } finally {
    await browser.close()
  }
})

test('the page in one file opens from a disk', async () => {
  const it = await open('en', state)
  const file = new URL('../dist/pool2d-playground.html', import.meta.url)
  await it.page.goto(`${pathToFileURL(file.pathname)}#${state}&view=share&lang=zh`)
  await eventually(() => it.formula.textContent(), formula)
  expect(await it.page.locator('a[download]').count()).toBe(0)
})
