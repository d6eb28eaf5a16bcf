/**
 * @file Threads in a browser: where the page is cross-origin isolated and where it is not, from the package as it is and from a bundle.
 */
import type { Server } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as pool2d from '../../src/index.ts'
import { launchBrowser } from './support/browser.ts'
import { buildLibrary, removeLibrary, serveLibrary } from './support/library.ts'

let browser: Browser
let isolated: { server: Server; address: string }
let open: { server: Server; address: string }

beforeAll(async () => {
  await buildLibrary()
  ;[isolated, open, browser] = await Promise.all([serveLibrary(true), serveLibrary(false), launchBrowser()])
})

afterAll(async () => {
  await browser?.close()
  isolated?.server.close()
  open?.server.close()
  removeLibrary()
})

async function visit(address: string, form: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`${address}/${form}/index.html`)
  await page.waitForFunction(() => 'pool2d' in globalThis)
  return page
}

type Global = { pool2d: typeof pool2d }

/** Pools shared tensors by so many threads; says how many there were, why not more, and whether the bits are those of one. */
function pooled(page: Page, count: number, options: { script?: string; startTimeout?: number } = {}) {
  return page.evaluate(
    async ([n, { script, startTimeout }]) => {
      const { maxPool2d, maxPool2dBackward, rand, threads, zeros } = (globalThis as unknown as Global).pool2d
      const worker = script === undefined ? undefined : () => new Worker(script, { type: 'module' })
      const group = await threads(n, { worker, startTimeout })
      const { threads: running, reason } = group.info()
      const shape = [8, 16, 64, 64]
      const x = rand(shape, { seed: 1 })
      const dy = rand([8, 16, 32, 32], { seed: 2 })
      const shared = (like: pool2d.Tensor, of: readonly number[]): pool2d.Tensor => {
        const copy = zeros(of, { shared: true })
        copy.data.set(like.data as never)
        return copy
      }
      const [input, gradient] = [shared(x, shape), shared(dy, [8, 16, 32, 32])]
      const [y, dx] = [zeros([8, 16, 32, 32], { shared: true }).data, zeros(shape, { shared: true }).data]
      const same = (a: pool2d.TypedArray, b: pool2d.TypedArray): boolean =>
        a.every((value, i) => Object.is(value, b[i]))
      const right = Array.from({ length: 20 }, () => {
        y.fill(0 as never)
        maxPool2d(input, { kernelSize: 2, out: y })
        maxPool2dBackward(gradient, input, { kernelSize: 2, out: dx })
        return (
          same(y, maxPool2d(x, { kernelSize: 2 }).data) &&
          same(dx, maxPool2dBackward(dy, x, { kernelSize: 2 }).data)
        )
      })
      const after = group.info()
      await group.dispose()
      return { running, reason, right: right.every(Boolean), restarts: after.restarts }
    },
    [count, options] as const,
  )
}

describe.each(['plain', 'bundled'])('the %s library', (form) => {
  test('runs threads where the page is isolated', async () => {
    const page = await visit(isolated.address, form)
    expect(await pooled(page, 3)).toEqual({ running: 3, reason: null, right: true, restarts: 0 })
    expect(await pooled(page, 2)).toEqual({ running: 2, reason: null, right: true, restarts: 0 })
    await page.close()
  })

  test('runs one where it is not, and says why', async () => {
    const page = await visit(open.address, form)
    expect(await pooled(page, 3)).toEqual({
      running: 1,
      reason: 'this page is not cross-origin isolated, so it has no SharedArrayBuffer',
      right: true,
      restarts: 0,
    })
    await page.close()
  })
})

test("a worker's script that is not there costs the threads, not the result", async () => {
  const page = await visit(isolated.address, 'plain')
  const { running, reason, right } = await pooled(page, 2, {
    script: '/plain/missing.js',
    startTimeout: 5000,
  })
  expect([running, right]).toEqual([1, true])
  expect(reason).toMatch(/^a worker failed/)
  await page.close()
})
