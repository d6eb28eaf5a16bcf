/**
 * @file Prints how long a slow phone waits for the first picture, and the longest task after it, in several rounds:
 *
 *     npm --prefix web run measure
 *
 * The processor is slowed down four times by the browser. Aims: the first picture within 2 s, no task above 100 ms after it, in
 * processor time. Programs beside it lengthen the wait, so the least of the rounds tells.
 */
import { fileURLToPath } from 'node:url'
import { createServer, preview } from 'vite'

const [slowdown, rounds] = [4, 5]
const root = fileURLToPath(new URL('..', import.meta.url))
const modules = await createServer({
  root,
  configFile: false,
  server: { middlewareMode: true, hmr: false, watch: null },
})
const { launchBrowser } = await modules.ssrLoadModule('/test/support/browser.ts')
const { tasksDuring } = await modules.ssrLoadModule('/test/support/tasks.ts')

/** Runs in the page before its scripts. */
function watch() {
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

/**
 * Runs in the page: a step, the network with each pooling, a pixel of each kind, every panel. By itself, for what looks for roles from
 * outside takes longer than what it looks for.
 */
async function walk() {
  const root = document.querySelector('pool2d-explorer').shadowRoot
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time))
  const press = async (selector) => {
    root.querySelector(selector).click()
    await pause(500)
  }
  await press('.player button:nth-child(4)')
  root.querySelector('[role=tabpanel]').scrollIntoView()
  while (root.querySelector('[data-testid=guess]') === null) await pause(100)
  await pause(2000)
  for (const family of root.querySelectorAll('[name=family]')) {
    family.click()
    await pause(500)
  }
  for (const stage of ['conv1', 'pool1', 'conv2', 'pool2'])
    await press(`[data-stage=${stage}] [data-map="3"]`)
  for (const tab of root.querySelectorAll('[role=tab]')) {
    tab.click()
    await pause(700)
  }
}

/** Milliseconds: of the clock to the first picture, of the processor in the longest task after it. */
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
  const first = await page.evaluate(() => globalThis.first)
  const tasks = await tasksDuring(browser, page, () => page.evaluate(walk))
  await context.close()
  return { first, longest: Math.max(...tasks.get('CrRendererMain')) }
}

const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' } })
const browser = await launchBrowser()
const results = []
for (let round = 1; round <= rounds; round++) {
  const { first, longest } = await measure(browser, server.resolvedUrls.local[0])
  results.push({ first, longest })
  console.log(
    `round ${round}: ${Math.round(first)} ms to the first picture, longest task after it ${Math.round(longest)} ms`,
  )
}
const least = (of) => Math.round(Math.min(...results.map(of)))
console.log(
  `at a processor ${slowdown} times slower: ${least(({ first }) => first)} ms to the first picture, longest task after it ${least(({ longest }) => longest)} ms`,
)
await browser.close()
await server.close()
await modules.close()
