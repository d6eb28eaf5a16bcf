/**
 * @file What belongs to one scene, or to one setting, goes when it goes; what was asked for last is what is shown.
 */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()

describe.each(languages)('%s', (language) => {
  test('an exercise that was checked ends with its settings', async () => {
    const it = await open(language, 'op=max&k=2&s=1&view=predict')
    const { predict, settings, grid } = it.words
    await it.button(predict.check).click()
    await it.panel.getByText(predict.score(0, 9)).waitFor()
    await it.page
      .getByRole('group', { name: settings.stride, exact: true })
      .first()
      .getByRole('button', { name: settings.more(settings.stride) })
      .click()
    await eventually(() => it.numbers(grid.output), ['?', '?', '?', '?'])
    expect(await it.panel.getByText(predict.score(0, 9)).count()).toBe(0)
    await it.panel.getByLabel(predict.cell(1, 1)).fill('6')
    await it.button(predict.check).click()
    await it.panel.getByText(predict.score(1, 4)).waitFor()
  })

  test('showing an answer of the quiz opens it in view, and loses no answer', async () => {
    const it = await open(language, 'op=avg&k=3&s=2&p=1&ceil=1&x=d2l4&view=predict')
    const { predict, grid } = it.words
    await it.panel.getByLabel(predict.cell(1, 1)).fill('1')
    await it.button(predict.check).click()
    const choose = async (number: number) => {
      const { text, right } = predict.questions[number]!
      await it.panel.getByRole('group', { name: text }).getByRole('radio').nth(right).check()
    }
    for (let number = 0; number < predict.questions.length; number++) await choose(number)
    const shown = [['6', '8', '16', '18'], ['−1'], ['0.44'], null, ['2.5', '4.5', '10.5', '12.5']]
    for (const [number, numbers] of shown.entries()) {
      if (numbers === null) continue
      await it.button(predict.show).nth(number).click()
      await eventually(async () => (await it.numbers(grid.output)).slice(0, numbers.length), numbers)
      expect(await it.panel.getByText(predict.correct).count()).toBe(predict.questions.length)
      await eventually(() => it.page.locator('#stage').evaluate((stage) => stage.matches(':focus')), true)
      await eventually(
        () => it.page.locator('#stage').evaluate((stage) => Math.abs(stage.getBoundingClientRect().top) < 60),
        true,
      )
    }
  })

  test('Space plays from the output in focus, and window and formula follow', async () => {
    const it = await open(language, 'op=max&k=2&s=1&x=d2l3')
    await it.choice(it.words.player.speed).selectOption(it.words.player.speeds.fast)
    await it.cell(it.words.grid.output, 1).hover()
    await it.cell(it.words.grid.output, 1).focus()
    await it.page.keyboard.press('Space')
    await it.button(it.words.player.pause).waitFor()
    await eventually(() => it.formula.textContent(), 'max(3, 4, 6, 7) = 7')
    await it.button(it.words.player.play).waitFor()
    expect(await it.formula.textContent()).toBe('max(4, 5, 7, 8) = 8')
    expect(await it.page.getByRole('slider', { name: it.words.player.scrub }).inputValue()).toBe('3')
  })

  test('an edit ends with its matrix', async () => {
    const it = await open(language, 'op=max&k=2&s=2&x=d2l4')
    await it.cell(it.words.grid.input, 15).focus()
    await it.page.keyboard.type('7')
    await it.page.evaluate((lang) => {
      location.hash = `#op=max&k=2&s=1&x=d2l3&lang=${lang}`
    }, language)
    await eventually(async () => (await it.numbers(it.words.grid.input)).length, 9)
    expect(await it.grid(it.words.grid.input).locator('input').count()).toBe(0)
    await it.cell(it.words.grid.input, 0).focus()
    await it.page.keyboard.press('ArrowRight')
    await it.page.keyboard.type('40')
    await it.page.keyboard.press('Enter')
    await eventually(async () => (await it.numbers(it.words.grid.input))[1], '40')
  })

  test('times and what was read go with their settings and numbers', async () => {
    const it = await open(language, 'view=timing')
    const { timing, input } = it.words
    await it.panel.getByLabel(timing.side, { exact: true }).fill('32')
    await it.panel.getByLabel(timing.side, { exact: true }).blur()
    await it.button(timing.run).click()
    const timed = it.panel.locator('table.race tr.timed')
    await eventually(() => timed.count(), 5)
    await it.choice(it.words.settings.operation).selectOption('min')
    await eventually(() => timed.count(), 0)
    await it.page.getByText(input.import).click()
    await it.page.getByLabel(input.paste).fill('1 2\n3 4')
    await it.button(input.use).click()
    await it.page.getByText(input.read('2, 2')).waitFor()
    await it.choice(input.preset).selectOption('ties')
    await it.page.getByText(input.read('2, 2')).waitFor({ state: 'detached' })
  })

  test('the grid does not wait for a photograph, and a pooling no longer wanted is dropped', {
    timeout: 120_000,
  }, async () => {
    const it = await open(language, 'op=soft&k=16&s=1&view=photo')
    const { photo, settings } = it.words
    const jpeg = await sharp({
      create: {
        width: 4000,
        height: 3000,
        channels: 3,
        background: '#777',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    })
      .jpeg()
      .toBuffer()
    await it.page
      .locator('input[type=file][accept="image/*"]')
      .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: jpeg })
    await it.button(photo.stop).waitFor({ timeout: 30_000 })
    await it.page.evaluate(() => {
      const { terminate } = Worker.prototype
      const ended: Worker[] = []
      Worker.prototype.terminate = function () {
        ended.push(this)
        terminate.call(this)
      }
      Object.assign(globalThis, { ended })
    })
    const ended = () => it.page.evaluate(() => (globalThis as unknown as { ended: Worker[] }).ended.length)
    await it.choice(settings.operation).selectOption('global-max')
    await eventually(ended, 1)
    await eventually(() => it.formula.textContent().then((text) => text?.startsWith('max(1')), true)
    await it.panel.getByText('1 × 1').waitFor({ timeout: 30_000 })
    await it.button(photo.stop).waitFor({ state: 'detached' })
    await it.choice(settings.operation).selectOption('soft')
    await it.button(photo.stop).waitFor()
    await it.button(photo.stop).click()
    await it.button(photo.stop).waitFor({ state: 'detached' })
    expect(await ended()).toBe(2)
  })
})
