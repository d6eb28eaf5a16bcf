/**
 * @file The path of lessons: with the keyboard alone from the first step to the last; for lecturers; on paper. Progress is in the address.
 */
import { describe, expect, test } from 'vitest'
import { sceneOf } from '../../src/render/scene.ts'
import { channelsOf, parseState } from '../../src/render/state.ts'
import { en } from '../src/i18n/en.ts'
import { zh } from '../src/i18n/zh.ts'
import { lessonStates } from '../src/model/lessons.ts'
import { eventually, languages, type Playground, usePlayground } from './support/playground.ts'

const open = usePlayground()

test('every step is a state that needs no correction and fits, with words in both languages', () => {
  for (const state of lessonStates) {
    const { state: read, corrections } = parseState(state)
    expect(corrections).toEqual([])
    expect(sceneOf(read.pooling, channelsOf(read.input)).output.length).toBeGreaterThan(0)
  }
  for (const { lessons } of [en, zh]) {
    expect(lessons.steps).toHaveLength(lessonStates.length)
    for (const { options, right } of lessons.steps) expect(options[right]).toBeDefined()
  }
  expect(zh.lessons.steps.map(({ right }) => right)).toEqual(en.lessons.steps.map(({ right }) => right))
})

test('the first question is answered by thinking: the board shows another number, and the answer once the cell is changed', () => {
  const { pooling, input } = parseState(lessonStates[0]).state
  const [plane] = channelsOf(input)
  const kept = (values: readonly number[]) => sceneOf(pooling, [{ ...plane!, values }]).output[0]!.values[0]
  const { options, right } = en.lessons.steps[0]!
  const [first, second] = [plane!.values.slice(0, 2), plane!.values.slice(plane!.columns, plane!.columns + 2)]
  expect(Math.max(...first, ...second)).toBe(6)
  expect(kept(plane!.values)).toBe(6)
  expect(kept(plane!.values.with(plane!.values.indexOf(6), 2))).toBe(Number(options[right]))
})

/** The text of what has the focus, or of its label. */
function focused({ page }: Playground): Promise<string> {
  return page.evaluate(() => {
    const element = document.querySelector('pool2d-explorer')!.shadowRoot!.activeElement
    return (element?.closest('label') ?? element)?.textContent?.trim() ?? ''
  })
}

/** Presses Tab until the focus is on this text, which may take `most` presses. */
async function tabTo(it: Playground, text: string, most: number): Promise<void> {
  const passed: string[] = []
  while (passed.at(-1) !== text && passed.length < most) {
    await it.page.keyboard.press('Tab')
    passed.push(await focused(it))
  }
  expect(passed.at(-1), passed.join(' → ')).toBe(text)
}

describe.each(languages)('%s', (language) => {
  test('a newcomer gets through the path with Tab, Space, arrows and Enter alone', async () => {
    const it = await open(language)
    const { lessons } = it.words
    const { keyboard } = it.page
    await tabTo(it, it.words.panels.lessons, 4)
    await keyboard.press('Enter')
    for (const [i, { title, right, why, options }] of lessons.steps.entries()) {
      await eventually(() => focused(it), title)
      await tabTo(it, options[0]!, 1)
      await keyboard.press('Space')
      for (let at = 0; at < right; at++) await keyboard.press('ArrowDown')
      await it.page.getByText(why).waitFor()
      if (i === lessons.steps.length - 1) break
      await tabTo(it, lessons.next, 2)
      await keyboard.press('Enter')
    }
    await it.page.getByText(lessons.score(lessons.steps.length, lessons.steps.length)).waitFor()
    const answers = lessons.steps.map(({ right }) => right).join('.')
    await eventually(async () => (await it.state).get('learnt'), answers)
    await it.page.reload()
    await it.page.getByText(lessons.steps.at(-1)!.why).waitFor()
    expect(await it.page.evaluate(() => Object.keys(localStorage))).not.toContain('pool2d.lesson')
  })

  test('a clicker turns the pages of a lecture', async () => {
    const it = await open(language, 'view=lessons')
    const { lessons, settings } = it.words
    await it.button(lessons.lecture).click()
    await it.page.getByRole('heading', { name: lessons.steps[0]!.title, exact: true }).waitFor()
    expect(await it.page.getByRole('heading', { name: settings.title }).count()).toBe(0)
    expect(await it.page.getByRole('banner').count()).toBe(0)
    await it.cell(it.words.grid.input, 0).focus()
    await it.page.keyboard.press('PageDown')
    await it.page.getByRole('heading', { name: lessons.steps[1]!.title, exact: true }).waitFor()
    await it.page.keyboard.press('PageUp')
    await it.page.getByRole('heading', { name: lessons.steps[0]!.title, exact: true }).waitFor()
    const size = await it.page
      .locator('#stage .cell')
      .first()
      .evaluate((cell) => cell.getBoundingClientRect().width)
    expect(size).toBeGreaterThan(60)
    await it.page.keyboard.press('Escape')
    await it.page.getByRole('heading', { name: settings.title }).waitFor()
  })

  test('the sheet has every exercise and every answer, and is printed by itself', async () => {
    const it = await open(language, 'view=lessons&sheet=1')
    const sheet = it.page.getByRole('article')
    await eventually(() => sheet.locator('.sheet-picture svg').count(), lessonStates.length)
    for (const { question, why } of it.words.lessons.steps) {
      await sheet.getByText(question).waitFor()
      await sheet.getByText(why).waitFor()
    }
    await it.page.emulateMedia({ media: 'print' })
    expect(await sheet.isVisible()).toBe(true)
    expect(await it.page.locator('#stage').isVisible()).toBe(false)
  })
})
