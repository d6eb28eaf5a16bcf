/**
 * @file Pooling on a GPU in a browser, on its driver in software: the contract that Dawn passes in Node.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { differencesFrom } from '../../../test/webgpu/hazards/table.ts'
import { everyShader } from '../../../test/webgpu/shaders.ts'
import { launchBrowser, softwareCanvas, softwareGpu } from '../support/browser.ts'
import { bundled } from '../support/bundle.ts'
import type * as trials from '../support/webgpu-trials.ts'

type Global = { trials: typeof trials }

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../../..', name), 'utf8')

/** Random plans of each trial, of which there are about a hundred. */
const count = Number(process.env.POOL2D_RANDOM_PLANS ?? 1)
const seed = Number(process.env.POOL2D_SEED ?? 1)

let script: string
let browser: Browser
let page: Page
beforeAll(async () => {
  script = await bundled(join(import.meta.dirname, '../support/webgpu-trials.ts'), 'trials')
  browser = await launchBrowser(softwareGpu)
  page = await pageOf(browser)
})
afterAll(() => browser?.close())

async function pageOf(opened: Browser): Promise<Page> {
  const made = await opened.newPage()
  /** An address of this machine: pages of others have no GPU. */
  await made.goto(inject('address'))
  await made.addScriptTag({ content: script })
  return made
}

test('finds an adapter', async () => {
  const name = await page.evaluate(() => (globalThis as unknown as Global).trials.adapterName())
  process.stdout.write(`adapter: ${name}\n`)
  expect(name).not.toBeNull()
})

test('has the hazards that docs/webgpu.md lists for its compiler and driver', async () => {
  const found = await page.evaluate(() => (globalThis as unknown as Global).trials.hazards())
  expect(differencesFrom(read('docs/webgpu.md'), 'Tint, SwiftShader', found)).toEqual([])
})

test.each(['extrema', 'means', 'norms', 'folds'])(
  '%s keep the contract',
  { timeout: 240_000 },
  async (group) => {
    const { wrong, compared } = await page.evaluate(
      ([name, count, seed]) => (globalThis as unknown as Global).trials.tryGroup(name, count, seed),
      [group, count, seed] as const,
    )
    process.stdout.write(`${group}: ${compared} jobs\n`)
    expect(wrong.slice(0, 8).join('\n'), `POOL2D_SEED=${seed} repeats this`).toBe('')
    expect(compared).toBeGreaterThan(0)
  },
)

test('compiles every shader', { timeout: 240_000 }, async () => {
  const shaders = await everyShader()
  const refused = await page.evaluate(
    (given) => (globalThis as unknown as Global).trials.refusedHere(given),
    shaders,
  )
  process.stdout.write(`${shaders.length - refused.length} shaders compile\n`)
  expect(refused.slice(0, 2).join('\n')).toBe('')
})

test('a read amid the loss of the device is refused, and the next device works', async () => {
  const outcome = await page.evaluate(() => (globalThis as unknown as Global).trials.lossAmidRead())
  expect(outcome).toEqual({ code: 'UNAVAILABLE', sums: [3] })
})

test('pools pictures where they lie', async () => {
  const differences = await page.evaluate(() => (globalThis as unknown as Global).trials.pooledPictures())
  const none = [0, 0]
  expect(differences).toEqual({ canvas: none, element: none, bitmap: none, frame: none })
})

test('refuses what is no picture', async () => {
  const says = await page.evaluate(() => (globalThis as unknown as Global).trials.refusedPicture())
  expect(says).toMatch(/^BAD_PARAM gpu\.image: source .*cannot be copied/)
})

/** Without a GPU that draws, this Chromium loses its device over the frames of a video. */
test('pools the frame that a video shows', { timeout: 60_000 }, async () => {
  const drawing = await launchBrowser([...softwareGpu, ...softwareCanvas])
  try {
    const shown = await pageOf(drawing)
    const differences = await shown.evaluate(() => (globalThis as unknown as Global).trials.pooledVideo())
    expect(differences).toEqual([0, 0])
  } finally {
    await drawing.close()
  }
})

test('runs the example of README.md from a bundle', async () => {
  const [, code] = /^```js\n([^`]*'pool2d\/webgpu'[^`]*)^```$/m.exec(read('README.md'))!
  const lines = code!.split('\n')
  const isImport = (line: string): boolean => line.startsWith('import ')
  const body = lines.filter((line) => !isImport(line)).join('\n')
  const folder = mkdtempSync(join(import.meta.dirname, '.readme-'))
  const file = join(folder, 'readme.ts')
  writeFileSync(file, `${lines.filter(isImport).join('\n')}\nexport async function run() {\n${body}\n}\n`)
  try {
    await page.addScriptTag({ content: await bundled(file, 'readme') })
  } finally {
    rmSync(folder, { recursive: true })
  }
  const printed: string[] = []
  page.on('console', async (message) => {
    for (const value of message.args()) printed.push(JSON.stringify(await value.jsonValue()))
  })
  await page.evaluate(() => (globalThis as unknown as { readme: { run(): Promise<void> } }).readme.run())
  const promised = [...code!.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1])
  await expect.poll(() => printed).toEqual(promised)
})
