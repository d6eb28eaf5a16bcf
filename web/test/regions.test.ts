/**
 * @file Regions in the picture: their box can be edited, the outline follows, and each form says what it reads.
 */
import { describe, expect, test } from 'vitest'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()

describe.each(languages)('%s', (language) => {
  test('the corners of the box move the region, and its gradient is checked', async () => {
    const it = await open(language, 'op=roi-pool&view=backward')
    const { settings, backward } = it.words
    await eventually(() => it.formula.textContent(), 'max(1, 3, 5, 6) = 6')
    expect(await it.page.locator('#stage .region').getAttribute('style')).toContain('--width: 4')
    const right = it.page.getByRole('textbox', { name: settings.corners[2]!, exact: true })
    await right.fill('1')
    await right.blur()
    await eventually(() => it.formula.textContent(), 'max(1, 5) = 5')
    await eventually(async () => (await it.state).get('box'), '0,0,1,3')
    expect(await it.page.locator('#stage .region').getAttribute('style')).toContain('--width: 2')
    await right.fill('far')
    await right.blur()
    expect(await right.inputValue()).toBe('1')
    await it.button(backward.check).click()
    await it.panel.locator('p.good').waitFor()
  })

  test('samples between elements, aligned or not', async () => {
    const it = await open(language, 'op=roi-align&box=0,0,2,2&out=1&ratio=1')
    const { settings } = it.words
    await eventually(() => it.formula.textContent(), '(1 × 6) / 1 = 6')
    await it.page.getByRole('checkbox', { name: settings.aligned }).check()
    await eventually(() => it.formula.textContent(), '(0.25 × 1 + 0.25 × 3 + 0.25 × 5 + 0.25 × 6) / 1 = 3.75')
    await it.button(settings.more(settings.ratio)).click()
    await eventually(async () => (await it.state).get('ratio'), '2')
    expect(await it.page.locator('math.definition').count()).toBe(1)
  })

  test('parts with channels of their own get an input that has them, and say which they read', async () => {
    const it = await open(language, 'op=max&x=classic')
    const { settings, remarks, backward, grid } = it.words
    await it.choice(settings.operation).selectOption('ps-roi-pool')
    await eventually(async () => (await it.state).get('x'), 'parts')
    await eventually(() => it.formula.textContent(), '(10 + 11 + 14 + 15) / 4 = 12.5')
    await it.cell(grid.output, 3).click()
    await it.page.locator('#stage').getByText(remarks.ownChannel(4)).waitFor()
    await eventually(() => it.formula.textContent(), '(45 + 46 + 49 + 50) / 4 = 47.5')
    await it.openPanel('backward')
    await it.button(backward.check).click()
    await it.panel.locator('p.good').waitFor()
    await it.choice(settings.operation).selectOption('ps-roi-align')
    await it.button(backward.check).click()
    await it.panel.locator('p.good').waitFor()
    await it.openPanel('shape')
    await it.panel.getByText(it.words.shape.region(2)).first().waitFor()
  })
})
