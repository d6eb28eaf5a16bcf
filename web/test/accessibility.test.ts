/**
 * @file Every panel for axe, in both schemes and on small and large screens; nothing overflows, and targets are large enough.
 */
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { describe, expect, test } from 'vitest'
import { messages } from '../src/i18n/index.ts'
import { layoutFaults } from './support/layout-faults.ts'
import { eventually, languages, type Playground, usePlayground } from './support/playground.ts'

const open = usePlayground()
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const panels = Object.keys(messages.en.panels).filter((name) => name !== 'title') as Exclude<
  keyof (typeof messages)['en']['panels'],
  'title'
>[]

/** Languages differ in their words alone, so the second is tried at two corners of what the first is tried at. */
const looks = {
  en: [
    ['light', 360],
    ['dark', 360],
    ['light', 1440],
    ['dark', 1440],
  ],
  zh: [
    ['dark', 360],
    ['light', 1440],
  ],
} as const

/** Of a part of the page, or of all of it, once nothing moves: colours of what fades in are those of no state. */
async function violations({ page }: Playground, part?: string): Promise<string[]> {
  await eventually(() => page.evaluate(() => document.getAnimations().length), 0)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axePath })
  const found = await page.evaluate((selector) => {
    const { axe } = globalThis as unknown as { axe: { run(...args: unknown[]): Promise<AxeResults> } }
    const context = selector === undefined ? document : { fromShadowDom: ['pool2d-explorer', selector] }
    return axe.run(context, { resultTypes: ['violations'] })
  }, part)
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

describe.each(languages)('%s', (language) => {
  test.each(looks[language])(
    'axe finds nothing in any view, %s, at %i pixels',
    async (colorScheme, width) => {
      const it = await open(language, 'op=avg&k=3&s=2&p=1&ceil=1&x=channels', {
        colorScheme,
        viewport: { width, height: 900 },
      })
      for (const panel of panels) {
        await it.openPanel(panel)
        await it.panel.locator('p').first().waitFor()
        if (panel === 'network') {
          await it.panel.scrollIntoViewIfNeeded()
          await it.panel.getByTestId('guess').waitFor({ timeout: 30_000 })
        }
        if (panel === 'backward') await it.button(it.words.backward.check).click()
        if (panel === 'predict') await it.button(it.words.predict.check).click()
        expect(await violations(it, '[role=tabpanel]'), panel).toEqual([])
      }
      for (const state of [
        'op=max&k=9&view=shape',
        'op=unpool&k=2&lesson=1',
        'op=fractional&k=2&out=3&x=digit',
        'digit=6&zoom=conv2,2,20',
        'digit=6&net=avg&netk=3&zoom=pool1,2,51',
        'digit=6&zoom=scores,0,3',
      ]) {
        await it.goto(state)
        if (state.includes('zoom')) {
          await it.panel.scrollIntoViewIfNeeded()
          await it.panel.locator('.zoom .formula').first().waitFor({ timeout: 30_000 })
        }
        expect(await violations(it), state).toEqual([])
      }
    },
    300_000,
  )

  test.each([360, 390, 768, 1440])(
    'at %i pixels no view scrolls sideways, no text is cut off or lies over other text, and targets are large enough',
    async (width) => {
      const it = await open(language, 'op=avg&k=3&s=2&p=1&x=digit', {
        viewport: { width, height: 800 },
        hasTouch: true,
      })
      for (const panel of panels) {
        await it.openPanel(panel)
        if (panel === 'network') {
          await it.panel.scrollIntoViewIfNeeded()
          await it.panel.getByTestId('guess').waitFor({ timeout: 30_000 })
        }
        await eventually(() => layoutFaults(it.page).then((faults) => [panel, ...faults]), [panel])
        expect(await smallTargets(it), panel).toEqual([])
      }
      for (const state of [
        'op=unpool&k=2&lesson=1',
        'op=avg&k=3&s=2&p=1&ceil=1&x=d2l4&lesson=5',
        'op=max&k=2&s=2&lesson=1&lecture=1',
        'view=lessons&sheet=1',
        'op=mode&k=2&s=2&x=labels',
        'op=max&k=9&x=d2l3',
        'op=fractional&k=2&out=3&x=d2l4',
        'digit=6&zoom=conv2,2,20',
        'digit=6&net=avg&netk=3&zoom=pool1,2,51',
        'digit=6&zoom=hidden,0,20',
        'digit=6&zoom=scores,0,3',
      ]) {
        await it.goto(state)
        if (state.includes('zoom')) {
          await it.panel.scrollIntoViewIfNeeded()
          await it.panel.locator('.zoom .formula').first().waitFor({ timeout: 30_000 })
        }
        await eventually(() => layoutFaults(it.page).then((faults) => [state, ...faults]), [state])
      }
    },
    300_000,
  )
})

/** Buttons, fields and cells below 44 pixels; check boxes and radios count with their labels. */
async function smallTargets({ page }: Playground): Promise<string[]> {
  return page.locator('button, select, input, textarea, summary, [role=gridcell]').evaluateAll((targets) =>
    targets
      .map((target) => target.closest('label') ?? target)
      .filter((target) => (target as HTMLElement).checkVisibility())
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 43.5 || box.height < 43.5))
      .map(({ target, box }) => `${target.outerHTML.slice(0, 80)} ${box.width} × ${box.height}`),
  )
}
