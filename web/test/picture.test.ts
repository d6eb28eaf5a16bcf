/**
 * @file Points 1 to 3: the window and its readers, what was picked and why, stepping and playing.
 */
import { describe, expect, test } from 'vitest'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()

describe.each(languages)('%s', (language) => {
  test('pointing at an output outlines its window in the input, by mouse, keyboard and touch', async () => {
    const it = await open(language, 'op=max&k=2&s=2&x=d2l4', { hasTouch: true })
    const { input, output } = it.words.grid
    const covered = () =>
      it
        .grid(input)
        .locator('.covered')
        .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.place)))
    await eventually(covered, [0, 1, 4, 5])
    await it.cell(output, 3).hover()
    await eventually(covered, [10, 11, 14, 15])
    await it.page.mouse.move(0, 0)
    await it.cell(output, 0).focus()
    await it.page.keyboard.press('ArrowRight')
    await eventually(covered, [2, 3, 6, 7])
    await it.page.keyboard.press('Enter')
    expect((await it.state).get('at')).toBe('1')
    await it.cell(output, 2).tap()
    await eventually(covered, [8, 9, 12, 13])
  })

  test('gaps of dilation and padding are hatched, overhang is dotted', async () => {
    const it = await open(language, 'op=max&k=2&d=2&s=3&p=1&ceil=1&x=d2l4&at=0')
    expect(await it.page.locator('#stage .gap').count()).toBe(5)
    expect(await it.page.locator('#stage .around.padding').count()).toBe(20)
    const hatched = (selector: string) =>
      it.page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundImage)
    expect(await hatched('#stage .gap')).toContain('repeating-linear-gradient')
    expect(await hatched('#stage .around.padding')).toContain('repeating-linear-gradient')
    await it.goto('op=max&k=2&s=2&ceil=1&x=d2l3')
    expect(await it.page.locator('#stage .around.beyond').count()).toBe(7)
    expect(await hatched('#stage .around.beyond')).toContain('radial-gradient')
  })

  test('pointing at an input marks every output that reads it, and says how many', async () => {
    const it = await open(language, 'op=max&k=3&s=1&x=d2l4')
    await it.cell(it.words.grid.input, 5).hover()
    const marked = it.grid(it.words.grid.output).locator('.marked')
    await eventually(() => marked.count(), 4)
    expect(await marked.first().getAttribute('aria-label')).toContain(it.words.grid.readsIt)
    await it.page
      .getByText(it.words.sentence.readers(2, 2, 4))
      .first()
      .waitFor()
    await it.cell(it.words.grid.input, 0).hover()
    await eventually(() => marked.count(), 1)
  })

  test('the picked element has a star; ties and NaN are explained', async () => {
    const it = await open(language, 'op=max')
    const starred = () => it.grid(it.words.grid.input).locator('.starred').getAttribute('data-place')
    expect(await it.formula.textContent()).toBe('max(1, 3, 5, 6) = 6')
    expect(await starred()).toBe('5')
    await it.goto('op=max&x=ties')
    await it.page.getByText(it.words.remarks.tie(4)).waitFor()
    expect(await starred()).toBe('0')
    await it.goto('op=max&x=nan')
    await it.page.getByText(it.words.remarks.nanPicked).waitFor()
    expect(await it.formula.textContent()).toBe('max(1, NaN, 4, 5) = NaN')
  })

  test.each([
    ['op=avg&k=2&x=d2l4', '(0 + 1 + 4 + 5) / 4 = 2.5', (words) => words.full(4)],
    [
      'op=avg&k=3&s=2&p=1&x=d2l4',
      '(0 + 0 + 0 + 0 + 0 + 1 + 0 + 4 + 5) / 9 ≈ 1.1111',
      (words) => words.paddingCounted(9, 4, 5),
    ],
    ['op=avg&k=3&s=2&p=1&cip=0&x=d2l4', '(0 + 1 + 4 + 5) / 4 = 2.5', (words) => words.paddingLeftOut(4, 5)],
    ['op=avg&k=2&s=2&ceil=1&x=d2l3&at=3', '(8) / 1 = 8', (words) => words.overhang(1, 3)],
    ['op=avg&k=2&div=3&x=d2l4', '(0 + 1 + 4 + 5) / 3 ≈ 3.3333', (words) => words.override(3)],
    ['op=adaptive-avg&out=3&x=d2l4', '(0 + 1 + 4 + 5) / 4 = 2.5', (words) => words.bin(4)],
  ] as const satisfies readonly (readonly [string, string, (words: Words) => string])[])(
    'an average shows its divisor and why: %s',
    async (state, formula, why) => {
      const it = await open(language, state)
      expect(await it.formula.textContent()).toBe(formula)
      await it.page.getByText(why(it.words.remarks), { exact: true }).waitFor()
    },
  )

  test('step, play, scrub and speed', async () => {
    const it = await open(language, 'op=max&k=2&s=1&x=d2l3')
    const { player } = it.words
    const position = it.page.getByRole('slider', { name: player.scrub })
    const at = () => position.inputValue()
    await it.button(player.next).click()
    expect(await at()).toBe('1')
    await it.button(player.last).click()
    expect(await at()).toBe('3')
    await it.button(player.previous).click()
    expect(await at()).toBe('2')
    await it.button(player.first).click()
    await position.fill('2')
    expect(await it.formula.textContent()).toBe('max(3, 4, 6, 7) = 7')
    expect(await position.getAttribute('aria-valuetext')).toBe(player.position(3, 4))
    await it.button(player.first).click()
    await it.choice(player.speed).selectOption(player.speeds.fast)
    await it.button(player.play).click()
    await it.button(player.pause).waitFor()
    await eventually(at, '3')
    await it.button(player.play).waitFor()
  })

  test('numbers fly into the formula for less than 400 ms, and not at all where less motion is preferred', async () => {
    for (const reducedMotion of ['no-preference', 'reduce'] as const) {
      const it = await open(language, 'op=max&k=2&s=2', { reducedMotion })
      await it.watchFlights()
      await it.button(it.words.player.next).click()
      await eventually(() => it.formula.textContent(), 'max(2, 1, 1, 2) = 2')
      await eventually(async () => (await it.flights()).length, reducedMotion === 'reduce' ? 0 : 5)
      expect(Math.max(0, ...(await it.flights()))).toBeLessThan(400)
      await eventually(() => it.page.locator('.ghost').count(), 0)
    }
  })

  test('the board and its output are seen on a phone without scrolling', async () => {
    const it = await open(language, 'op=max&k=2&s=2', { viewport: { width: 360, height: 740 } })
    for (const grid of [it.words.grid.input, it.words.grid.output]) {
      const box = (await it.grid(grid).locator('..').boundingBox())!
      expect(box.y + box.height).toBeLessThan(740)
      expect(box.x + box.width).toBeLessThan(360)
    }
  })

  test('what the operation computes is typeset', async () => {
    const it = await open(language, 'op=lp&k=2&s=2')
    expect(await it.page.locator('#stage math').textContent()).toMatch(/y\s*=\s*\(\s*∑/)
  })

  test.each(['op=avg&k=3&s=2&p=1&ceil=1&x=d2l4', 'op=max&k=2&s=2&x=1,1,2,3;1,1,4,5;6,7,8,8;9,6,8,8'])(
    'stepping moves no control: %s',
    async (state) => {
      const it = await open(language, state)
      const places = new Set<string>()
      const [next, below] = [it.button(it.words.player.next), it.choice(it.words.settings.operation)]
      for (let at = 0; at < 9; at++) {
        places.add(`${(await next.boundingBox())!.y} ${(await below.boundingBox())!.y}`)
        await next.click()
      }
      expect([...places]).toHaveLength(1)
    },
  )

  test('padding is told to those who listen', async () => {
    const it = await open(language, 'op=avg&k=3&s=2&p=1&ceil=1&x=d2l4')
    const { grid } = it.words
    const input = it.grid(grid.input)
    expect(await input.getByRole('row').count()).toBe(7)
    await input.getByRole('gridcell', { name: grid.around(0, 1, 'padding'), exact: true }).waitFor()
    await input.getByRole('gridcell', { name: grid.around(6, 2, 'beyond'), exact: true }).waitFor()
  })

  test('in forced colours padding and overhang differ, what is chosen shows, and one tab is underlined', async () => {
    const it = await open(language, 'op=avg&k=3&s=2&p=1&ceil=1&x=d2l4', { forcedColors: 'active' })
    const styleOf = (
      selector: string,
      name: 'backgroundImage' | 'borderStyle' | 'borderTopWidth' | 'borderBottomColor',
    ) =>
      it.page
        .locator(selector)
        .first()
        .evaluate((element, property) => getComputedStyle(element)[property], name)
    expect(await styleOf('.around.padding', 'backgroundImage')).toContain('linear')
    expect(await styleOf('.around.beyond', 'backgroundImage')).toContain('radial')
    expect(await styleOf('.around.beyond', 'borderStyle')).toBe('dashed')
    expect(await styleOf('.segmented label:has(:checked)', 'borderTopWidth')).not.toBe(
      await styleOf('.segmented label:not(:has(:checked))', 'borderTopWidth'),
    )
    const line = 'borderBottomColor'
    expect(await styleOf('[role=tab][aria-selected=false]', line)).not.toBe(
      await styleOf('[role=tab][aria-selected=true]', line),
    )
  })

  test('arrows of unpooling pass behind the numbers', async () => {
    const it = await open(language, 'op=unpool&k=2')
    const layerOf = (selector: string) =>
      it.page
        .locator(selector)
        .first()
        .evaluate((element) => Number(getComputedStyle(element).zIndex))
    expect(await layerOf('#stage .number')).toBeGreaterThan(await layerOf('#stage svg.arrows'))
  })

  test.each(['op=max&x=-1.5e12,-2e10;3,12345', 'op=avg&k=2&x=1234.5,-0.25;-3.25,1e-12'])(
    'no number touches the rim of its cell: %s',
    async (state) => {
      const it = await open(language, state, { viewport: { width: 360, height: 800 } })
      const rooms = await it.page.locator('#stage .cell').evaluateAll((cells) =>
        cells.map((cell) => {
          const range = document.createRange()
          range.selectNodeContents(cell.querySelector('.number')!)
          return cell.getBoundingClientRect().width - range.getBoundingClientRect().width
        }),
      )
      expect(Math.min(...rooms)).toBeGreaterThan(2)
    },
  )

  test('reduced motion is respected: nothing slides, and nothing plays by itself', async () => {
    const it = await open(language, 'op=max&k=2&s=1&x=d2l3', { reducedMotion: 'reduce' })
    const duration = await it.page
      .locator('#stage .window')
      .evaluate((element) => getComputedStyle(element).transitionDuration)
    expect(duration).toBe('0s')
    await it.page.waitForTimeout(1200)
    expect(await it.formula.textContent()).toBe('max(0, 1, 3, 4) = 4')
  })
})

type Words = import('../src/i18n/en.ts').Messages['remarks']
