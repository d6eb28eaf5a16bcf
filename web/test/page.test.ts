/**
 * @file Points 13 and 14: the address, exports, the element; languages, what a screen reader hears, keys.
 */
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, inject, test } from 'vitest'
import { renderState } from '../../src/render/index.ts'
import { languageTags, messages } from '../src/i18n/index.ts'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()
describe.each(languages)('%s', (language) => {
  test('the state survives a reload, and Back undoes a step', async () => {
    const it = await open(language, 'op=max&k=3&s=2&x=d2l4&view=compare')
    await it.choice(it.words.settings.operation).selectOption('min')
    await it.cell(it.words.grid.input, 3).focus()
    await it.page.keyboard.type('7')
    await it.page.keyboard.press('Enter')
    await eventually(async () => (await it.state).get('x'), '0,1,2,7;4,5,6,7;8,9,10,11;12,13,14,15')
    const before = [
      await it.page.url(),
      await it.numbers(it.words.grid.input),
      await it.formula.textContent(),
    ]
    await it.page.reload()
    await it.formula.getByText('min').waitFor()
    expect([
      await it.page.url(),
      await it.numbers(it.words.grid.input),
      await it.formula.textContent(),
    ]).toEqual(before)
    expect(await it.page.getByRole('tab', { selected: true }).textContent()).toContain(
      it.words.panels.compare,
    )
    await it.page.goBack()
    await eventually(async () => (await it.state).get('x'), 'd2l4')
    await it.page.goBack()
    await eventually(() => it.formula.textContent(), 'max(0, 1, 2, 4, 5, 6, 8, 9, 10) = 10')
  })

  test('a bad link is clamped, said, and unknown keys are kept', async () => {
    const it = await open(language, 'op=convolution&k=99&future=1&x=1,2;3')
    const { corrections } = it.words
    await it.page.getByText(corrections.dropped('op', 'convolution')).waitFor()
    await it.page.getByText(corrections.cut('k', '99', '16')).waitFor()
    await it.page.getByText(corrections.dropped('x', '1,2;3')).waitFor()
    await it.button(corrections.dismiss).click()
    await it.choice(it.words.settings.operation).selectOption('global-max')
    await it.formula.getByText('max(1').waitFor()
    expect((await it.state).get('future')).toBe('1')
  })

  test('the picture is the command line’s, and is saved as SVG, PNG and GIF', async () => {
    const state = 'op=avg&k=3&s=2&p=1&ceil=1&x=d2l4&at=8'
    const it = await open(language, `${state}&view=share`)
    const { share } = it.words
    const save = async (name: string): Promise<Buffer> => {
      const [download] = await Promise.all([it.page.waitForEvent('download'), it.button(name).click()])
      return readFile(await download.path())
    }
    const svg = renderState(`${state}&lang=${language}`)
    expect((await save(share.svg)).toString()).toBe(svg)
    const png = await save(share.png)
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const [, width] = svg.match(/width="(\d+)"/)!
    expect(png.readUInt32BE(16)).toBe(2 * Number(width))
    const gif = await save(share.gif)
    expect(gif.subarray(0, 6).toString()).toBe('GIF89a')
    expect(gif.toString('latin1').split('\x21\xf9\x04').length - 1).toBe(9)
    expect(await rightEdges(gif)).toEqual(['#fffefb'])
    await it.panel.getByText(`pool2d render '${state}&lang=${language}&v=1' -o pooling.svg`).waitFor()
    const link = await it.page.getByRole('textbox', { name: share.link }).inputValue()
    expect(link).toBe(`${inject('address')}#${state}&lang=${language}&v=1`)
  })

  test('the element is embedded in another page, and tells of changes', async () => {
    const state = `op=min&k=2&s=2&lang=${language}`
    const it = await open(language, 'op=min&k=2&s=2&view=share')
    const element = await it.panel.locator('pre').first().textContent()
    expect(element).not.toContain('://')
    await it.page.route('**/lecture.html', (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: `<!doctype html><html lang="en"><title>Lecture</title><h1>Lecture</h1>
          ${element}`,
      }),
    )
    await it.page.goto(`${inject('address')}lecture.html`)
    await eventually(() => it.formula.textContent(), 'min(1, 3, 5, 6) = 1')
    expect(await it.page.getByRole('tablist').count()).toBe(0)
    const changed = it.page.evaluate(
      () =>
        new Promise((resolve) => {
          document
            .querySelector('pool2d-explorer')!
            .addEventListener('change', (event) => event instanceof CustomEvent && resolve(event.detail), {
              once: false,
            })
        }),
    )
    await it.choice(it.words.settings.operation).selectOption('max')
    expect(await changed).toBe(`op=max&k=2&s=2&lang=${language}&v=1`)
    expect(await it.page.evaluate(() => location.hash)).toBe('')
    await it.page.evaluate(() =>
      document.querySelector('pool2d-explorer')!.setAttribute('state', 'op=avg&k=2&s=2'),
    )
    await eventually(() => it.formula.textContent(), '(1 + 3 + 5 + 6) / 4 = 3.75')
    await it.page.goto(`${inject('address')}?embed#${state}`)
    await eventually(() => it.formula.textContent(), 'min(1, 3, 5, 6) = 1')
    expect(await it.page.getByRole('tablist').count()).toBe(0)
  })

  test('the page speaks its language, and the choice is remembered', async () => {
    const it = await open(language)
    expect(await it.page.evaluate(() => document.documentElement.lang)).toBe(languageTags[language])
    expect(await it.page.title()).toContain(it.words.title)
    const other = language === 'en' ? 'zh' : 'en'
    await it.page.getByRole('radio', { name: language === 'en' ? '中文' : 'English' }).check()
    await it.page.getByRole('heading', { name: messages[other].title }).waitFor()
    await eventually(async () => (await it.state).get('lang'), other)
    await it.page.goto('about:blank')
    await it.page.goto(inject('address'))
    await it.page.getByRole('heading', { name: messages[other].title }).waitFor()
  })

  test('both Chinese words for pooling are explained', async () => {
    const it = await open(language, 'view=terms')
    await it.panel.getByText('池化（汇聚）').waitFor()
    expect(await it.panel.getByRole('row').count()).toBe(13)
  })

  test('a screen reader hears a sentence of the output', async () => {
    const it = await open(language, 'op=max&k=2&s=2')
    await it.cell(it.words.grid.output, 1).focus()
    const sentence = `${it.words.sentence.max(1, 2, '2, 1, 1, 2', '2')} ${it.words.sentence.from(1, 3)}`
    await eventually(() => it.page.locator('#stage').getByRole('status').first().textContent(), sentence)
    expect(await it.cell(it.words.grid.input, 2).getAttribute('aria-label')).toBe(
      `${it.words.grid.cell(1, 3, '2')}, ${it.words.grid.inWindow}, ${it.words.grid.picked}`,
    )
  })

  test('a grid has one place in the tab order and is walked with arrows; Space plays', async () => {
    const it = await open(language, 'op=max&k=2&s=1&x=d2l4&view=shape')
    const focused = () =>
      it.page.evaluate(
        () =>
          (document.querySelector('pool2d-explorer')!.shadowRoot!.activeElement as HTMLElement).dataset.place,
      )
    expect(await it.grid(it.words.grid.output).locator('[tabindex="0"]').count()).toBe(1)
    await it.cell(it.words.grid.output, 0).focus()
    for (const [key, place] of [
      ['ArrowDown', '3'],
      ['End', '5'],
      ['PageDown', '8'],
      ['Home', '6'],
      ['ArrowUp', '3'],
    ] as const) {
      await it.page.keyboard.press(key)
      expect(await focused()).toBe(place)
    }
    await it.page.keyboard.press('Space')
    await it.button(it.words.player.pause).waitFor()
    await it.page.keyboard.press('Escape')
    await it.page.getByRole('tab', { selected: true }).focus()
    await it.page.keyboard.press('ArrowRight')
    expect(await it.page.getByRole('tab', { selected: true }).textContent()).toContain(
      it.words.panels.backward,
    )
  })

  test('the theme can be chosen, and is remembered', async () => {
    const it = await open(language, '', { colorScheme: 'light' })
    const ground = () =>
      it.page.locator('pool2d-explorer').evaluate((element) => getComputedStyle(element).backgroundColor)
    const light = await ground()
    await it.choice(it.words.themeSwitch).selectOption('dark')
    expect(await ground()).not.toBe(light)
    await it.page.reload()
    await it.formula.waitFor()
    expect(await ground()).not.toBe(light)
  })
})

/** The colours of the last column of all frames; GIF keeps five bits or more of each part. */
async function rightEdges(gif: Buffer): Promise<string[]> {
  const { data, info } = await sharp(gif, { pages: -1 }).raw().toBuffer({ resolveWithObject: true })
  const colours = new Set<string>()
  for (let row = 0; row < info.height; row++) {
    const at = (row * info.width + info.width - 1) * info.channels
    colours.add(`#${data.subarray(at, at + 3).toString('hex')}`)
  }
  return [...colours]
}
