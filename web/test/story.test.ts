/**
 * @file The text between the figures: its links are states, the same in both languages, and lead to the figure that they set.
 */
import { describe, expect, test } from 'vitest'
import { sceneOf } from '../../src/render/scene.ts'
import { channelsOf, parseState } from '../../src/render/state.ts'
import { en } from '../src/i18n/en.ts'
import { zh } from '../src/i18n/zh.ts'
import { references } from '../src/model/references.ts'
import { piecesOf } from '../src/model/story.ts'
import { parseOpened } from '../src/network/opened.ts'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()
const statesOf = ({ story }: typeof en) =>
  [story.before, story.after].map(({ text }) =>
    text.map((paragraph) => piecesOf(paragraph).flatMap(({ state }) => state ?? [])),
  )

test('every link is a state that needs no correction and fits, the same in both languages', () => {
  expect(statesOf(zh)).toEqual(statesOf(en))
  const states = statesOf(en).flat(2)
  expect(states.length).toBeGreaterThan(20)
  for (const text of states) {
    const { state, corrections } = parseState(text)
    expect(corrections, text).toEqual([])
    expect(sceneOf(state.pooling, channelsOf(state.input)).output[0]!.values.length, text).toBeGreaterThan(0)
    const zoom = state.rest.get('zoom')
    if (zoom !== undefined) expect(parseOpened(zoom), text).not.toBe(null)
  }
})

test('words without links stay as they are', () => {
  expect(piecesOf('a [b c](op=max&k=2), d')).toEqual([
    { text: 'a ', state: null },
    { text: 'b c', state: 'op=max&k=2' },
    { text: ', d', state: null },
  ])
})

test('papers are cited in the order of their list, the same in both languages', () => {
  const cited = ({ story }: typeof en) =>
    [story.before, story.after].flatMap(({ text }) =>
      text.flatMap((paragraph) => piecesOf(paragraph).flatMap(({ paper }) => paper ?? [])),
    )
  expect(cited(en)).toEqual([1, 2, 3, 4, 5, 6])
  expect(cited(zh)).toEqual(cited(en))
  for (const { text, address } of references) {
    expect(text).toMatch(/(19|20)\d\d\.$/)
    expect(new URL(address).protocol).toBe('https:')
  }
})

describe.each(languages)('%s', (language) => {
  test('links set the figure that they speak of, and lead to it; what else is in the address stays', async () => {
    const it = await open(language, 'op=max&k=2&s=2&learnt=1&digit=6')
    const chapter = (name: string) => it.page.getByRole('region', { name, exact: true })
    const links = (name: 'before' | 'after') => chapter(it.words.story[name].title).getByRole('link')
    await links('before').and(it.page.locator('[href^="#"]')).nth(3).press('Enter')
    await eventually(() => it.formula.textContent(), '(1 + 3 + 5 + 6) / 4 = 3.75')
    expect(await it.page.locator('#stage').evaluate((stage) => stage.matches(':focus'))).toBe(true)
    await links('after').and(it.page.locator('[href^="#"]')).first().click()
    await eventually(
      () =>
        it.page
          .getByRole('tab', { selected: true })
          .textContent()
          .then((text) => text!.trim()),
      it.words.panels.backward,
    )
    const top = () =>
      it.page.locator('.panels').evaluate((panels) => Math.abs(panels.getBoundingClientRect().top))
    await eventually(async () => (await top()) < 60, true)
    await links('before').and(it.page.locator('[href*="move=0,2"]')).click()
    await eventually(async () => (await it.state).get('move'), '0,2')
    const state = await it.state
    expect([state.get('view'), state.get('learnt'), state.get('digit')]).toEqual([null, '1', '6'])
    expect(state.get('op')).toBe('max')
    const papers = chapter(it.words.story.references)
    expect(await papers.getByRole('link').count()).toBe(references.length)
    await it.goto('op=max&lesson=1')
    await papers.waitFor({ state: 'detached' })
    expect(await chapter(it.words.story.before.title).count()).toBe(0)
  })

  test('the figure beside a chapter follows what is read; a phone has none', async () => {
    const it = await open(language, 'view=terms', { viewport: { width: 1440, height: 900 } })
    const figures = it.page.getByTestId('story-figure')
    for (const name of ['before', 'after'] as const) {
      const chapter = it.page.getByRole('region', { name: it.words.story[name].title, exact: true })
      const seen = await chapter.evaluate(async (section) => {
        const links = [...section.querySelectorAll<HTMLElement>('a[data-picture]')]
        const states: string[] = []
        const { top } = section.getBoundingClientRect()
        scrollTo(0, scrollY + top - innerHeight / 2)
        while (links.at(-1)!.getBoundingClientRect().bottom > innerHeight / 2 - 40) {
          scrollBy(0, 2)
          await new Promise(requestAnimationFrame)
          const read = section.querySelector<HTMLElement>('a.read')!.dataset.picture!
          if (states.at(-1) !== read) states.push(read)
        }
        return { states, all: links.map((link) => link.dataset.picture) }
      })
      expect(seen.states).toEqual(seen.all)
      const figure = chapter.getByTestId('story-figure')
      await eventually(() => figure.getAttribute('data-state'), seen.all.at(-1))
      const outputs = figure.getByRole('grid').last().getByRole('gridcell')
      const formula = figure.getByTestId('story-formula')
      const texts = [await formula.textContent()]
      for (const cell of await outputs.all()) {
        await cell.hover()
        const place = await cell.getAttribute('data-place')
        await eventually(() => figure.locator('.cell.current').getAttribute('data-place'), place)
        texts.push(await formula.textContent())
      }
      expect(new Set(texts).size).toBeGreaterThan(1)
      const box = (await figure.boundingBox())!
      expect(box.y).toBeGreaterThan(0)
      expect(box.y + box.height).toBeLessThan(900)
    }
    await it.page.setViewportSize({ width: 390, height: 800 })
    await eventually(() => figures.count(), 0)
  })
})
