/**
 * @file The playground in a page of its own for each test: opened at a state, read by roles and names as people do. Pages with the same
 * options share a context, which keeps the compiled scripts; what they stored is removed after each test.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import type { Language } from '../../../src/render/state.ts'
import { type Messages, messages } from '../../src/i18n/index.ts'
import { launchBrowser } from './browser.ts'

export const languages: readonly Language[] = ['en', 'zh']

export class Playground {
  readonly page: Page
  readonly words: Messages
  readonly language: Language
  readonly #problems: string[]

  constructor(page: Page, language: Language, problems: string[]) {
    this.page = page
    this.language = language
    this.words = messages[language]
    this.#problems = problems
  }

  /** Errors of the page, and requests to anywhere else. */
  get problems(): readonly string[] {
    return this.#problems
  }

  get formula(): Locator {
    return this.page.getByTestId('formula')
  }

  get state(): Promise<URLSearchParams> {
    return this.page.evaluate(() => location.hash.slice(1)).then((text) => new URLSearchParams(text))
  }

  /** A grid by its exact name; the first of that name is the stage's. */
  grid(name: string): Locator {
    return this.page.getByRole('grid', { name, exact: true }).first()
  }

  cell(grid: string, place: number): Locator {
    return this.grid(grid).locator(`[data-place="${place}"]`)
  }

  /** What a grid prints, row by row. */
  async numbers(grid: string): Promise<string[]> {
    return this.grid(grid).locator('.number').allTextContents()
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  /** A drop-down list. */
  choice(name: string): Locator {
    return this.page.getByRole('combobox', { name, exact: true }).first()
  }

  /** Opens what is folded under this name, as "More settings". */
  async unfold(name: string): Promise<void> {
    await this.page.locator('summary', { hasText: name }).first().click()
  }

  async openPanel(name: keyof Messages['panels']): Promise<void> {
    await this.page.getByRole('tab', { name: this.words.panels[name], exact: true }).click()
    await this.page.locator(`[role=tabpanel][aria-labelledby$="-${name}"]`).waitFor()
  }

  /** From here on notes how long each number flies, in milliseconds, for `flights`. */
  async watchFlights(): Promise<void> {
    await this.page.evaluate(() => {
      const { animate } = Element.prototype
      const flights: number[] = []
      Element.prototype.animate = function (frames, timing) {
        const { duration, delay } = timing as { duration: number; delay: number }
        if (this.className === 'ghost') flights.push(duration + delay)
        return animate.call(this, frames, timing)
      }
      Object.assign(globalThis, { flights })
    })
  }

  flights(): Promise<number[]> {
    return this.page.evaluate(() => (globalThis as unknown as { flights: number[] }).flights)
  }

  get panel(): Locator {
    return this.page.getByRole('tabpanel')
  }

  /** Opens the page anew: after a change of the hash alone, the state before would for a while count as this one. */
  async goto(state: string): Promise<void> {
    const hash = `#${state === '' ? '' : `${state}&`}lang=${this.language}`
    if (this.page.url() !== 'about:blank') await this.page.goto('about:blank')
    await this.page.goto(`${inject('address')}${hash}`)
    await this.page.locator('[data-testid="formula"]:not(:text-is("…")), #refusal').first().waitFor()
  }
}

/** Hands out playgrounds; each is closed after its test, and must have had no error and no request elsewhere. */
export function usePlayground(): (
  language: Language,
  state?: string,
  options?: BrowserContextOptions,
) => Promise<Playground> {
  let browser: Browser
  const opened: Playground[] = []
  const contexts = new Map<string, Promise<BrowserContext>>()
  const contextFor = (options: BrowserContextOptions): Promise<BrowserContext> => {
    const key = JSON.stringify(options)
    const known = contexts.get(key) ?? newContext(browser, options)
    contexts.set(key, known)
    return known
  }
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(async () => {
    const problems = opened.flatMap((playground) => playground.problems)
    for (const { page } of opened.splice(0)) {
      await page.context().setOffline(false)
      await page.goto(`${inject('address')}sw.js`)
      await page.evaluate(() => localStorage.clear())
      await page.close()
    }
    expect(problems).toEqual([])
  })
  afterAll(() => browser.close())
  return async (language, state = '', options = {}) => {
    const context = await contextFor(options)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const problems: string[] = []
    page.on('pageerror', ({ message }) => problems.push(message))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('request', (request) => {
      const isOwn = /^(data|blob|file):/.test(request.url()) || request.url().startsWith(inject('address'))
      if (!isOwn) problems.push(`request to ${request.url()}`)
    })
    const playground = new Playground(page, language, problems)
    opened.push(playground)
    await playground.goto(state)
    return playground
  }
}

async function newContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    serviceWorkers: 'block',
    ...options,
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  return context
}

/** Waits until a reading is as expected, and says what it was if it never is. */
export async function eventually<T>(read: () => Promise<T>, expected: unknown): Promise<void> {
  await expect.poll(read, { timeout: 10_000 }).toEqual(expected)
}
