/**
 * @file The contract of the kernels in a browser's engine: the same plans, jobs and comparisons as in Node.
 */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boundKernels } from '../../test/kernels/contract.ts'
import { placedKernels } from '../../test/kernels/wasm/overrun.ts'
import { launchBrowser } from './support/browser.ts'
import { bundled } from './support/bundle.ts'
import type * as trials from './support/kernel-trials.ts'

let browser: Browser
let script: string
let page: Page | null = null
let compared = 0

beforeAll(async () => {
  script = await bundled(join(import.meta.dirname, 'support/kernel-trials.ts'), 'trials')
  browser = await launchBrowser()
})

afterAll(() => browser?.close())

/** The page of all trials; after a kernel that crashed it, which some browsers do where WebAssembly traps, a new one. */
async function livePage(): Promise<Page> {
  if (page !== null) return page
  page = await browser.newPage()
  page.on('crash', () => {
    page = null
  })
  await page.addScriptTag({ content: script })
  return page
}

type Global = { trials: typeof trials }
type Trial = 'tryContract' | 'tryAmidCanaries' | 'tryAtTheEnd'

async function expectRight(trial: Trial, argument: string | boolean): Promise<void> {
  const live = await livePage()
  const tried = await live.evaluate(
    ([name, given]) => (globalThis as unknown as Global).trials[name](given as never),
    [trial, argument] as const,
  )
  for (const { name, wrong, compared: count, skipped } of tried) {
    for (const reason of skipped) process.stdout.write(`skipped: ${reason}\n`)
    expect(wrong.slice(0, 8).join('\n'), name).toBe('')
    expect(count, name).toBeGreaterThan(0)
    compared += count
  }
}

/** A kernel that is right at the second try is wrong. */
describe('in a browser', { retry: 0 }, () => {
  test('the SIMD build serves', async () => {
    const live = await livePage()
    expect(await live.evaluate(() => (globalThis as unknown as Global).trials.backend())).toBe('simd')
  })

  test.each(boundKernels.map(({ id }) => id))('%s keeps the contract', (id) => expectRight('tryContract', id))

  test.each(placedKernels.map(({ id }) => id))('%s writes its outputs alone', (id) =>
    expectRight('tryAmidCanaries', id),
  )

  test.each([true, false])('kernels run flush with the end of memory, input last: %s', (inputLast) =>
    expectRight('tryAtTheEnd', inputLast),
  )

  test('all that was compared', () => {
    process.stdout.write(`compared: ${compared} jobs in a browser\n`)
    expect(compared).toBeGreaterThan(20_000)
  })
})
