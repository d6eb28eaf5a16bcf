/**
 * @file Spatial pyramids in the picture: a grid for each level, whose outputs show their windows; levels are typed.
 */
import { describe, expect, test } from 'vitest'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()

describe.each(languages)('%s', (language) => {
  test('an output of each level shows its window, and an input its readers in all levels', async () => {
    const it = await open(language, 'op=spatial-pyramid-max')
    const { grid } = it.words
    await eventually(() => it.formula.textContent(), 'max(1, 3, 5, 6) = 6')
    expect(await it.page.locator('#stage .bracket.down').count()).toBe(3)
    const second = `${grid.output} ${grid.size(2, 2)}`
    await it.cell(second, 3).click()
    await eventually(() => it.formula.textContent(), 'max(8, 4, 0, 5) = 8')
    expect((await it.state).get('at')).toBe('12')
    expect(await it.page.locator('#stage .bracket.down').count()).toBe(2)
    expect(await it.page.locator('#stage .cell.current').count()).toBe(1)
    await it.cell(grid.input, 0).hover()
    await eventually(() => it.page.locator('#stage .cell.marked').count(), 3)
    await it.cell(`${grid.output} ${grid.size(1, 1)}`, 0).focus()
    await eventually(async () => (await it.formula.textContent())?.endsWith('= 8'), true)
    expect(await it.page.locator('#stage .cell.covered').count()).toBe(16)
  })

  test('levels are typed; the gradient of the row of outputs can be set, and is checked', async () => {
    const it = await open(language, 'op=spatial-pyramid-avg&levels=4,2,1&view=backward')
    const { settings, backward, shape } = it.words
    const levels = it.page.getByRole('textbox', { name: settings.levels, exact: true })
    await it.button(backward.one).click()
    await eventually(async () => (await it.state).get('dy')?.split(',').length, 21)
    await eventually(async () => (await it.numbers(backward.dx)).slice(0, 2), ['+1', '0'])
    await it.button(backward.check).click()
    await it.panel.locator('p.good').waitFor()
    await levels.fill('2x1, 1')
    await levels.blur()
    await eventually(async () => (await it.state).get('levels'), '2x1,1')
    await eventually(() => it.formula.textContent(), '(1 + 3 + 2 + 1 + 5 + 6 + 1 + 2) / 8 = 2.625')
    await levels.fill('0')
    await levels.blur()
    await eventually(async () => (await it.state).get('levels'), '1')
    await levels.fill('a few')
    await levels.blur()
    expect(await levels.inputValue()).toBe('1')
    await it.openPanel('shape')
    await it.panel.getByText(shape.levels('1', 1, 1)).waitFor()
    await it.panel.getByText('[1, 1]').waitFor()
  })

  test('a photograph has no picture of it', async () => {
    const it = await open(language, 'op=spatial-pyramid-max&view=photo')
    const said = language === 'zh' ? '给出的是一列数，不是图片' : 'give a list of numbers, not a picture'
    await it.panel.getByText(said).first().waitFor()
  })
})
