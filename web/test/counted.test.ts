/**
 * @file Labels and missing values in the picture: the mean that invents names, the mode that does not, and what counts.
 */
import { describe, expect, test } from 'vitest'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()

const numbers = [
  ['quantile', 'q', '0.25', 'quantile 0.25 of (1, 3, 5, 6) = 2.5'],
  [
    'std',
    'correction',
    '2',
    '(((1 − 3.75)^2 + (3 − 3.75)^2 + (5 − 3.75)^2 + (6 − 3.75)^2) / (4 − 2))^(1/2) ≈ 2.7157',
  ],
  ['gem', 'exponent', '1', '((1^1 + 3^1 + 5^1 + 6^1) / 4)^(1/1) = 3.75'],
  ['lse', 'sharpness', '2', 'ln((e^(2 × 1) + e^(2 × 3) + e^(2 × 5) + e^(2 × 6)) / 4) / 2 ≈ 5.3714'],
] as const

describe.each(languages)('%s', (language) => {
  test('a mean of labels invents names, which are marked and said; the mode does not', async () => {
    const it = await open(language, 'op=avg&k=2&s=2&x=labels&at=4')
    const { remarks, grid, input, settings } = it.words
    const stage = it.page.locator('#stage')
    await stage.getByText(remarks.otherLabel('2', input.labels[2])).waitFor()
    await it.page.getByText(input.presetHints.labels).waitFor()
    expect(await stage.locator('.stranger').count()).toBe(4)
    expect(await it.cell(grid.output, 4).getAttribute('aria-label')).toContain(grid.legendStranger)
    await it.cell(grid.output, 1).click()
    await stage.getByText(remarks.noLabel('2.5')).waitFor()
    await it.choice(settings.operation).selectOption('mode')
    await eventually(() => it.formula.textContent(), 'mode(1, 3, 3, 3) = 3')
    expect(await stage.locator('.stranger').count()).toBe(0)
    await it.cell(grid.output, 4).click()
    await stage.getByText(remarks.labels(2, settings.tieRules.first)).waitFor()
    await it.choice(settings.ties).selectOption('highest')
    await eventually(() => it.formula.textContent(), 'mode(1, 3, 3, 1) = 3')
    await it.openPanel('backward')
    await it.panel.getByText(it.words.backward.labels).waitFor()
  })

  test('missing values are left out, and how many count is said', async () => {
    const it = await open(language, 'op=avg&k=2&s=2&x=digit')
    const { remarks, grid, input, settings } = it.words
    const stage = it.page.locator('#stage')
    await it.choice(input.preset).selectOption('nodata')
    await eventually(async () => (await it.state).get('nodata'), '-9999')
    expect(await it.grid(grid.input).locator('.left-out').count()).toBe(9)
    await it.cell(grid.output, 1).click()
    await eventually(() => it.formula.textContent(), '(15 + 16 + 16) / 3 ≈ 15.6667')
    await stage.getByText(remarks.leftOut(3, 4)).waitFor()
    await stage.getByText(remarks.counted(3)).waitFor()
    expect(await it.cell(grid.input, 8).getAttribute('aria-label')).toContain(grid.leftOut)
    await it.page.getByRole('button', { name: settings.more(settings.minCount) }).click()
    await it.page.getByRole('button', { name: settings.more(settings.minCount) }).click()
    await it.page.getByRole('button', { name: settings.more(settings.minCount) }).click()
    await stage.getByText(remarks.few(3, 4, '−9999')).waitFor()
    await eventually(() => it.formula.textContent(), 'avg() = −9999')
    await it.page.getByRole('textbox', { name: settings.nodata }).fill('')
    await it.page.getByRole('textbox', { name: settings.nodata }).blur()
    await eventually(async () => (await it.state).get('nodata'), null)
    await eventually(() => it.formula.textContent(), '(15 + 16 + −9999 + 16) / 4 = −2488')
    await it.choice(input.preset).selectOption('nodata')
    await it.choice(input.preset).selectOption('signs')
    await eventually(async () => (await it.state).get('nodata'), null)
  })

  test('quantiles, spreads and means take their number, and keep it where another is unreadable', async () => {
    const it = await open(language, 'op=quantile&k=2&s=2')
    const { settings } = it.words
    for (const [op, field, value, formula] of numbers) {
      await it.choice(settings.operation).selectOption(op)
      const box = it.page.getByRole('textbox', { name: settings[field], exact: true })
      await box.fill(value)
      await box.blur()
      await eventually(() => it.formula.textContent(), formula)
      await box.fill('many')
      await box.blur()
      expect(await box.inputValue()).toBe(value)
      expect(await it.page.locator('math.definition').count()).toBe(1)
    }
  })

  test('a blur says what stands outside, and its gradient is checked', async () => {
    const it = await open(language, 'op=blur&k=2&s=2&x=checker&view=backward')
    const { remarks, backward, settings } = it.words
    await it.page.locator('#stage').getByText(remarks.repeated(5, remarks.padModes.reflect)).waitFor()
    await it.choice(settings.padMode).selectOption('zero')
    await it.page.locator('#stage').getByText(remarks.repeated(5, remarks.padModes.zero)).waitFor()
    await it.button(backward.check).click()
    await it.panel.locator('p.good').waitFor()
    await it.choice(settings.operation).selectOption('max-blur')
    await it.page.locator('#stage').getByText(remarks.maxima('2 × 2')).waitFor()
    await it.choice(settings.operation).selectOption('soft')
    await it.button(backward.check).click()
    await it.panel.locator('p.good').waitFor()
    await it.openPanel('shape')
    expect(await it.panel.getByText(it.words.shape.unpool).count()).toBe(0)
    await it.choice(settings.operation).selectOption('blur')
    await eventually(() => it.panel.getByText(it.words.shape.blur(6, 2, 3)).count(), 2)
  })
})
