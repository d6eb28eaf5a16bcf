/**
 * @file The path of lessons: with the keyboard alone from the first step to the last; for lecturers; on paper. Progress is in the address.
 */
import { describe, expect, test } from 'vitest'
import type { Pooling } from '../../src/render/pooling.ts'
import type { Plane } from '../../src/render/presets.ts'
import { sceneOf } from '../../src/render/scene.ts'
import { channelsOf, parseState, type State } from '../../src/render/state.ts'
import { en } from '../src/i18n/en.ts'
import { zh } from '../src/i18n/zh.ts'
import { gradientsOf } from '../src/model/gradients.ts'
import { lessonStates } from '../src/model/lessons.ts'
import { extent } from '../src/network/layers.ts'
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

type Change = (state: State) => { pooling?: Partial<Pooling>; input?: readonly Plane[] }

/** The pooled planes of a step's state after a change. */
function pooled(step: number, change: Change = () => ({})): readonly Plane[] {
  const { state } = parseState(lessonStates[step]!)
  const { pooling, input = channelsOf(state.input) } = change(state)
  return sceneOf({ ...state.pooling, ...pooling }, input).output
}

/** A place of the first channel's input gets another value. */
const put =
  (places: readonly number[], value: number): Change =>
  ({ input }) => {
    const [plane] = channelsOf(input)
    return {
      input: [{ ...plane!, values: plane!.values.map((each, i) => (places.includes(i) ? value : each)) }],
    }
  }

const square = (side: number, value: (row: number, column: number) => number): Plane => ({
  rows: side,
  columns: side,
  values: Array.from({ length: side * side }, (_, i) => value(Math.floor(i / side), i % side)),
})
const withSquare =
  (side: number, pooling: Partial<Pooling> = {}): Change =>
  () => ({ pooling, input: [square(side, () => 1)] })
const sizeOf = ([plane]: readonly Plane[]) => `${plane!.rows} × ${plane!.columns}`
const numberOf = (planes: readonly Plane[], at: number) => `${planes[0]!.values[at]}`

/** What the library answers to each question, after the change that it speaks of; null for words. */
const answers: readonly (() => string | null)[] = [
  () => numberOf(pooled(0, put([5], 2)), 0),
  () => `${pooled(1, () => ({ pooling: { stride: [2, 2] } }))[0]!.values.length}`,
  () => {
    const sizes = en.lessons.steps[2]!.options.map((option) =>
      sizeOf(pooled(2, withSquare(Number.parseInt(option, 10)))),
    )
    return sizes.indexOf('3 × 3') === 0 && sizes.lastIndexOf('3 × 3') === 0 ? null : 'refuted'
  },
  () => (numberOf(pooled(3, put([0], 0)), 0) === '0' ? null : 'refuted'),
  () =>
    numberOf(
      pooled(4, () => ({ pooling: { countPad: false } })),
      0,
    ),
  () => `${pooled(5, () => ({ pooling: { ceil: false } }))[0]!.values.length}`,
  () => {
    const dilated: Partial<Pooling> = { kernel: [3, 3], dilation: [2, 2] }
    const fits = (side: number) => {
      try {
        return pooled(6, withSquare(side, dilated)).length > 0
      } catch {
        return false
      }
    }
    return `${[1, 2, 3, 4, 5, 6, 7].find(fits)}`
  },
  () => {
    const { pooling, input } = parseState(lessonStates[7]!).state
    const [dx] = gradientsOf({ ...pooling, op: 'avg' }, channelsOf(input), null).dx
    return `${dx!.values.filter((value) => value !== 0).length}`
  },
  () => {
    const { pooling, input } = parseState(lessonStates[8]!).state
    const changed = put([0], 3)(parseState(lessonStates[8]!).state).input!
    const [dx] = gradientsOf(pooling, changed, null).dx
    expect(channelsOf(input)[0]!.values.slice(0, 2)).toEqual([4, 4])
    return dx!.values.findIndex((value) => value !== 0) === 1 ? null : 'refuted'
  },
  () =>
    numberOf(
      pooled(9, () => ({ pooling: { op: 'avg', kernel: [4, 4], stride: [4, 4] } })),
      0,
    ),
  () => {
    const moved = (by: number) =>
      pooled(10, () => ({ input: [square(6, (r, c) => (r + c + by) % 2)] }))[0]!.values
    expect(moved(1)).toEqual(moved(0).map((value) => 1 - value))
    return `${moved(2)}` === `${moved(0)}` ? null : 'refuted'
  },
  () => {
    const pixels = new Set([0, 1].flatMap((at) => Array.from({ length: extent }, (_, i) => at + i)))
    return `${pixels.size}`
  },
  () =>
    numberOf(
      pooled(12, () => ({ pooling: { op: 'mode' } })),
      4,
    ) === '1'
      ? null
      : 'refuted',
  () => numberOf(pooled(13, put([2, 3, 8, 9], -9999)), 1).replace('-', '−'),
]

test.each(answers.map((answer, step) => ({ step, answer })))(
  'question $step is answered by thinking: the library gives the answer once the board is changed',
  ({ step, answer }) => {
    const { options, right } = en.lessons.steps[step]!
    const given = answer()
    if (given !== null) expect(options[right]).toBe(given)
  },
)

test('the board does not show the answer to a question', () => {
  for (const step of [0, 4, 5, 9, 13]) {
    const { options, right } = en.lessons.steps[step]!
    const { at } = parseState(lessonStates[step]!).state
    expect(numberOf(pooled(step), at).replace('-', '−'), options[right]!).not.toBe(options[right])
  }
  expect(answers).toHaveLength(lessonStates.length)
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

  test('on a phone a question, its answer and the whole figure are seen at once', async () => {
    const it = await open(language, '', { viewport: { width: 390, height: 800 } })
    const hidden: string[] = []
    for (const [step, { right, why }] of it.words.lessons.steps.entries()) {
      for (const learnt of ['', `&learnt=${'.'.repeat(step)}${right}`]) {
        await it.goto(`${lessonStates[step]}&lesson=${step + 1}${learnt}`)
        if (learnt !== '') await it.page.getByText(why).waitFor()
        await it.page.locator('#stage [data-grid=output] [role=grid]').waitFor({ state: 'attached' })
        const end = await it.page
          .locator('#stage .board')
          .evaluate((board) => [board.getBoundingClientRect().bottom, board.scrollWidth - board.clientWidth])
        if (end[0]! > 800 || end[1]! > 1) hidden.push(`${step + 1}${learnt}: ${end}`)
      }
    }
    expect(hidden).toEqual([])
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
