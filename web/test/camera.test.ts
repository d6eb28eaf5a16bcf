/**
 * @file The camera's panel: a camera that Chromium imitates, a drawn film, refusals, and what is let go of.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, describe, expect, inject, test } from 'vitest'
import type { Language } from '../../src/render/state.ts'
import { messages } from '../src/i18n/index.ts'
import { launchBrowser, softwareCanvas, softwareGpu } from './support/browser.ts'
import { languages } from './support/playground.ts'

type Global = { streams: MediaStream[] }

const camera = '--use-fake-device-for-media-stream'
/** Answers the browser's question, which nobody sees. */
const [allowed, denied] = ['--use-fake-ui-for-media-stream', '--use-fake-ui-for-media-stream=deny']
const switches = {
  plain: [camera, allowed],
  gpu: [camera, allowed, ...softwareGpu, ...softwareCanvas],
  /** Its device is lost over the first canvas. */
  losing: [camera, allowed, ...softwareGpu],
  denied: [camera, denied],
  without: [allowed],
}

type Kind = keyof typeof switches

const browsers = new Map<Kind, Promise<Browser>>()
const pages: Page[] = []
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close()
})
afterAll(() => Promise.all([...browsers.values()].map(async (browser) => (await browser).close())))

function browserOf(kind: Kind): Promise<Browser> {
  const known = browsers.get(kind) ?? launchBrowser(switches[kind])
  browsers.set(kind, known)
  return known
}

/** The panel, which remembers every stream that it opened. */
async function open(kind: Kind, language: Language, state = 'view=camera&op=max&k=8&s=8') {
  const context = await (await browserOf(kind)).newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  pages.push(page)
  page.setDefaultTimeout(10_000)
  await page.addInitScript(() => {
    const streams: MediaStream[] = []
    Object.assign(globalThis, { streams })
    const remembered = <A extends unknown[]>(of: object, name: string) => {
      const own = (of as Record<string, (...args: A) => unknown>)[name]!
      Object.assign(of, {
        [name](this: unknown, ...args: A) {
          const given = own.apply(this, args)
          void Promise.resolve(given).then(
            (stream) => streams.push(stream as MediaStream),
            () => {},
          )
          return given
        },
      })
    }
    remembered(MediaDevices.prototype, 'getUserMedia')
    remembered(HTMLCanvasElement.prototype, 'captureStream')
  })
  await page.goto(`${inject('address')}#lang=${language}&${state}`)
  const words = messages[language].camera
  const panel = page.getByRole('tabpanel')
  const click = (name: string) => panel.getByRole('button', { name, exact: true }).click()
  return { page, panel, words, click, frames: panel.getByTestId('frames') }
}

type Opened = Awaited<ReturnType<typeof open>>

async function pooledFrames({ frames }: Opened): Promise<number> {
  return Number(await frames.getAttribute('data-frames'))
}

const tracks = ({ page }: Opened): Promise<string[]> =>
  page.evaluate(() =>
    (globalThis as unknown as Global).streams.flatMap((stream) =>
      stream.getTracks().map(({ readyState }) => readyState),
    ),
  )

/** The colours in the canvas of the result, and its size. */
const picture = ({ page }: Opened) =>
  page.evaluate(() => {
    const root = document.querySelector('pool2d-explorer')?.shadowRoot ?? document
    const canvas = root.querySelector<HTMLCanvasElement>('[role=tabpanel] canvas.pooled')!
    const { width, height } = canvas
    const copy = new OffscreenCanvas(width, height).getContext('2d')!
    copy.drawImage(canvas, 0, 0)
    const pixels = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer)
    return { width, height, colours: new Set(pixels).size }
  })

describe.each(languages)('%s', (language) => {
  test('shows a pooled still before any camera, and again after it', async () => {
    const it = await open('plain', language)
    const still = it.panel.getByRole('img', { name: it.words.still, exact: true })
    const pooled = () => picture(it).then(({ width, height, colours }) => [width, height, colours > 5])
    await expect.poll(pooled, { timeout: 20_000 }).toEqual([40, 30, true])
    expect(await still.isVisible()).toBe(true)
    expect(await tracks(it)).toEqual([])
    await it.click(it.words.draw)
    await expect.poll(() => pooledFrames(it), { timeout: 20_000 }).toBeGreaterThan(0)
    expect(await still.isVisible()).toBe(false)
    await it.click(it.words.stop)
    await still.waitFor()
    await it.page.evaluate((language) => {
      location.hash = `view=camera&lang=${language}&op=max&k=4&s=4`
    }, language)
    await expect.poll(pooled, { timeout: 20_000 }).toEqual([80, 60, true])
  })

  test('pools what the camera sees, and lets go of it', async () => {
    const it = await open('plain', language)
    await it.click(it.words.open)
    await expect.poll(() => pooledFrames(it), { timeout: 20_000 }).toBeGreaterThan(2)
    const { width, height, colours } = await picture(it)
    expect([width, height]).toEqual([80, 60])
    expect(colours).toBeGreaterThan(2)
    expect(await tracks(it)).toEqual(['live'])
    await it.page.getByRole('tab', { name: messages[language].panels.terms, exact: true }).click()
    await expect.poll(() => tracks(it)).toEqual(['ended'])
  })

  test('says that the camera was not allowed, and draws a film instead', async () => {
    const it = await open('denied', language)
    await it.click(it.words.open)
    expect(await it.panel.getByRole('alert').textContent()).toBe(it.words.faults.denied)
    await it.click(it.words.draw)
    await expect.poll(() => pooledFrames(it), { timeout: 20_000 }).toBeGreaterThan(2)
    expect(await it.panel.getByRole('alert').count()).toBe(0)
    expect(await picture(it)).toMatchObject({ width: 40, height: 30 })
    await it.click(it.words.stop)
    expect(await tracks(it)).toEqual(['ended'])
    expect(await it.frames.count()).toBe(0)
  })

  test('says that there is no camera', async () => {
    const it = await open('without', language)
    await it.click(it.words.open)
    expect(await it.panel.getByRole('alert').textContent()).toBe(it.words.faults.missing)
  })
})

test('says that the camera was taken away', async () => {
  const it = await open('plain', 'en')
  await it.click(it.words.open)
  await expect.poll(() => pooledFrames(it), { timeout: 20_000 }).toBeGreaterThan(0)
  await it.page.evaluate(() => {
    for (const track of (globalThis as unknown as Global).streams[0]!.getTracks())
      track.dispatchEvent(new Event('ended'))
  })
  expect(await it.panel.getByRole('alert').textContent()).toBe(it.words.faults.ended)
})

test('follows the settings', async () => {
  const it = await open('plain', 'en')
  await it.click(it.words.draw)
  await expect.poll(() => pooledFrames(it), { timeout: 20_000 }).toBeGreaterThan(0)
  await it.page.evaluate(() => {
    location.hash = 'view=camera&lang=en&op=avg&k=4&s=4'
  })
  await expect.poll(() => picture(it), { timeout: 20_000 }).toMatchObject({ width: 80, height: 60 })
})

test('pools on the GPU of the browser, to the canvas', { timeout: 120_000 }, async () => {
  const it = await open('gpu', 'en', 'view=camera&op=avg&k=8&s=8')
  await it.click(it.words.open)
  await expect.poll(() => pooledFrames(it), { timeout: 60_000 }).toBeGreaterThan(2)
  expect(await it.frames.getAttribute('data-backend')).toBe('webgpu')
  const { width, height, colours } = await picture(it)
  expect([width, height]).toEqual([80, 60])
  expect(colours).toBeGreaterThan(2)
})

test('goes on without a GPU that is lost', { timeout: 120_000 }, async () => {
  const it = await open('losing', 'en', 'view=camera&op=avg&k=8&s=8')
  await it.click(it.words.draw)
  await expect.poll(() => pooledFrames(it), { timeout: 60_000 }).toBeGreaterThan(2)
  expect(await it.frames.getAttribute('data-backend')).not.toBe('webgpu')
})
