/**
 * @file Points 4, 5 and 8 to 12: gradients, shapes, predicting, comparing, the tutorial's bugs, code, and timing.
 */
import { describe, expect, test } from 'vitest'
import { maxPool2d } from '../../src/index.ts'
import { zeros } from '../../src/tensor/create.ts'
import { en } from '../src/i18n/en.ts'
import { refusalIn } from '../src/i18n/refusals.ts'
import { bugs } from '../src/model/tutorial.ts'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()

describe.each(languages)('%s', (language) => {
  test('backward: edit dY and see dX; overlaps add up', async () => {
    const it = await open(language, 'op=max&k=2&s=1&x=d2l3&view=backward')
    const { backward } = it.words
    await eventually(() => it.numbers(backward.dx), ['0', '0', '0', '0', '+1', '+1', '0', '+1', '+1'])
    await it.cell(backward.dy, 3).focus()
    await it.page.keyboard.type('5')
    await it.page.keyboard.press('Enter')
    await eventually(async () => (await it.numbers(backward.dx)).at(-1), '+5')
    await it.choice(it.words.settings.operation).selectOption('avg')
    await it.button(backward.ones).click()
    await it.cell(backward.dx, 4).hover()
    await eventually(
      () => it.page.getByTestId('dx-formula').textContent(),
      '1 × 0.25 + 1 × 0.25 + 1 × 0.25 + 1 × 0.25 = 1',
    )
    await it.page.getByText(backward.formula(2, 2)).waitFor()
    await eventually(() => it.grid(backward.dy).locator('.marked').count(), 4)
  })

  test('backward: finite differences agree, and at ties say why not', async () => {
    const it = await open(language, 'op=lp&k=2&s=1&norm=3&x=signs&view=backward')
    const { backward } = it.words
    await it.button(backward.check).click()
    const [before, after] = backward.agrees('|').split('|')
    await it.panel.getByRole('status').getByText(before!).waitFor()
    expect(await it.panel.getByRole('status').textContent()).toContain(after!)
    await it.goto('op=max&k=2&s=2&x=ties&view=backward')
    await it.button(backward.check).click()
    await it.panel.getByText(backward.misses(10)).waitFor()
  })

  test('shapes: formula, numbers, both roundings, the last-window rule', async () => {
    const it = await open(
      language,
      'op=max&k=1&s=2&x=0,1,2,3,4,5,6;0,1,2,3,4,5,6;0,1,2,3,4,5,6;0,1,2,3,4,5,6;0,1,2,3,4,5,6;0,1,2,3,4,5,6&view=shape',
    )
    const { shape } = it.words
    const { panel } = it
    await panel.getByText('[1, 1, 3, 4]').waitFor()
    await panel.getByText('⌊(6 + 0 + 0 − 1·(1 − 1) − 1) / 2⌋ + 1 = 3').waitFor()
    await panel.getByText('⌈(6 + 0 + 0 − 1·(1 − 1) − 1) / 2⌉ + 1 = 4').waitFor()
    await panel.getByText(shape.rule(6, 6, true)).waitFor()
    await panel.getByText(shape.rule(6, 7, false)).waitFor()
    await panel
      .getByText('out = ⌊(in + pad before + pad after − dilation·(window − 1) − 1) / stride⌋ + 1')
      .waitFor()
  })

  test('shapes: any input size, SAME and auto_pad', async () => {
    const it = await open(language, 'op=avg&k=3&s=2&p=same&view=shape')
    const { shape } = it.words
    await it.panel.getByLabel(shape.axes[0]!, { exact: true }).fill('224')
    await it.panel.getByLabel(shape.axes[0]!, { exact: true }).blur()
    await it.panel.getByText('[1, 1, 112, 2]').waitFor()
    await it.panel.getByText(shape.same(112, 1, 0, 1)).waitFor()
    const row = it.panel.getByRole('row', { name: 'SAME_LOWER' }).first()
    expect((await row.getByRole('cell').allTextContents()).map((cell) => cell.trim())).toEqual([
      '1, 0',
      '112',
    ])
    expect((await it.state).get('size')).toBe('1x1x224x4')
  })

  test('shapes: what is invalid is refused in the library’s own words', async () => {
    const it = await open(language, 'op=max&k=5&s=1&view=shape')
    const refused = (() => {
      try {
        maxPool2d(zeros([1, 1, 4, 4]), { kernelSize: 5, stride: 1 })
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    })()
    const said = refusalIn(language, refused)
    expect(said === refused).toBe(language === 'en')
    expect(await it.page.locator('#refusal').textContent()).toBe(said)
    await it.panel.getByText(said).waitFor()
    await it.page.getByText(it.words.grid.invalid).waitFor()
  })

  test('predict: the output is hidden, each cell is judged and explained', async () => {
    const it = await open(language, 'op=avg&k=2&s=2&x=d2l4&view=predict')
    const { predict, grid } = it.words
    await eventually(() => it.numbers(grid.output), ['?', '?', '?', '?'])
    expect(await it.formula.textContent()).toBe('?')
    const answer = (row: number, column: number) => it.panel.getByLabel(predict.cell(row, column))
    await answer(1, 1).fill('2.5')
    await answer(1, 2).fill('7')
    await answer(2, 1).fill('many')
    await it.button(predict.check).click()
    await it.panel.getByText(predict.score(1, 4)).waitFor()
    await it.panel.getByText(`${predict.wrong('7', '4.5')} ${predict.asOther.max}`).waitFor()
    await it.panel.getByText(`“many” ${predict.unreadable}`).waitFor()
    await it.panel.getByText(predict.missing('12.5')).waitFor()
    await it.panel.getByText('(2 + 3 + 6 + 7) / 4 = 4.5').waitFor()
    await eventually(() => it.numbers(grid.output), ['2.5', '?', '?', '?'])
    await it.button(predict.reveal).click()
    await eventually(() => it.numbers(grid.output), ['2.5', '4.5', '10.5', '12.5'])
  })

  test('predict: the quiz answers, and shows', async () => {
    const it = await open(language, 'view=predict')
    const { predict } = it.words
    expect(predict.questions).toHaveLength(en.predict.questions.length)
    for (const { text, options, right, why } of predict.questions) {
      const question = it.panel.getByRole('group', { name: text })
      await question
        .getByRole('radio')
        .nth((right + 1) % options.length)
        .check()
      await it.panel.getByText(why).waitFor()
      await question.getByRole('radio').nth(right).check()
    }
    expect(await it.panel.getByText(predict.correct).count()).toBe(predict.questions.length)
    await it.button(predict.show).nth(2).click()
    await eventually(() => it.formula.textContent(), '(0 + 0 + 0 + 0 + 1 + 1 + 0 + 1 + 1) / 9 ≈ 0.4444')
  })

  test('compare: two settings, their difference, and the shift test', async () => {
    const it = await open(language, 'op=max&k=2&s=2&x=dot&view=compare')
    const { compare, settings } = it.words
    await it.panel.getByText(compare.differs(1, 9)).waitFor()
    await eventually(async () => (await it.numbers(compare.difference))[0], '+6.75')
    await it.panel.getByLabel(settings.operation).selectOption('global-max')
    await it.panel.getByText(compare.shapes('3 × 3', '1 × 1')).waitFor()
    expect((await it.state).get('b.op')).toBe('global-max')
    await it.button(compare.copy).click()
    await it.panel.getByText(compare.equal).waitFor()
    await it.panel
      .getByTestId('shift')
      .getByText(compare.changed(2, 9, '2'))
      .waitFor()
    await it.panel.getByRole('button', { name: settings.less(compare.right) }).click()
    await it.panel.getByTestId('shift').getByText(compare.unchanged).waitFor()
  })

  test('compare: stacked matrices begin at one edge', async () => {
    const it = await open(language, 'op=max&k=2&s=2&x=digit&b.op=avg&b.k=4&view=compare', {
      viewport: { width: 360, height: 800 },
    })
    await eventually(() => it.panel.getByRole('grid').count(), 6)
    const edges = await it.panel
      .locator('.results .board > figure')
      .evaluateAll((figures) => figures.map((figure) => Math.round(figure.getBoundingClientRect().left)))
    expect(new Set(edges).size).toBe(1)
  })

  test('three of the tutorial’s bugs, step by step, beside the right result', async () => {
    const it = await open(language, 'view=tutorial')
    const { tutorial, player } = it.words
    await it.panel.getByText(tutorial.reads('50, 50')).waitFor()
    await it.panel.getByText(tutorial.should('5, 50')).waitFor()
    const said = {
      channels: tutorial.should('6, 60'),
      size: tutorial.makesNone,
      swapped: tutorial.should('3'),
    }
    for (const [i, bug] of bugs.entries()) {
      await it.panel.getByRole('radio', { name: `${i + 1}. ${tutorial.bugs[bug]}` }).check()
      await it.panel.getByText(tutorial.explain[bug]).waitFor()
      await it.panel.getByRole('button', { name: player.next }).click()
      await it.panel.getByText(said[bug]).waitFor()
    }
    expect((await it.numbers(tutorial.theirs)).slice(0, 3)).toEqual(['10', '11', '12'])
    expect((await it.numbers(tutorial.right)).slice(0, 3)).toEqual(['2', '3', '4'])
  })

  test('code for four frameworks, copied, with warnings where they differ', async () => {
    const it = await open(language, 'op=avg&k=3&s=2&p=1&ceil=1&x=d2l4&view=code')
    const { code } = it.words
    const snippet = (name: string) => it.panel.getByRole('region', { name })
    await snippet('PyTorch').getByRole('button', { name: code.copy }).click()
    await snippet('PyTorch').getByRole('button', { name: code.copied }).waitFor()
    const copied = await it.page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toMatch(
      /torch\.nn\.AvgPool2d\(\s*3,\s+stride=2,\s+padding=1,\s+ceil_mode=True,\s+count_include_pad=True/,
    )
    await snippet('TensorFlow.js').getByText(code.notes.noCeilRule).waitFor()
    await snippet('TensorFlow.js').getByText(code.notes.excludesPadding).waitFor()
    await snippet('ONNX').getByText('count_include_pad=1').waitFor()
    await snippet('pool2d')
      .getByText('avgPool2d(x, { kernelSize: 3, stride: 2, padding: 1, ceilMode: true })')
      .waitFor()
    await it.choice(it.words.settings.operation).selectOption('fractional')
    await snippet('ONNX').getByText(code.unavailable).waitFor()
  })

  test('time on this machine: plain loops, WebAssembly, threads, all with the same bits', async () => {
    const it = await open(language, 'op=max&k=3&s=2&view=timing')
    const { timing } = it.words
    await it.panel.getByLabel(timing.side, { exact: true }).fill('64')
    await it.panel.getByLabel(timing.side, { exact: true }).blur()
    await it.panel.getByText(timing.ways.simd).waitFor()
    await it.button(timing.run).click()
    const rows = it.panel.locator('table.race tr.timed')
    await eventually(() => rows.count(), 5)
    await it.button(timing.run).waitFor()
    expect(await rows.getByText(`✓ ${timing.yes}`).count()).toBe(4)
    expect(await rows.nth(3).getByRole('rowheader').textContent()).toMatch(/\d/)
    expect(await rows.nth(4).textContent()).toContain(timing.unavailable(timing.reasons.noGpu))
    const seen = await rows.allTextContents()
    await it.openPanel('terms')
    await it.openPanel('timing')
    expect(await rows.count()).toBe(0)
    await it.panel.getByLabel(timing.side, { exact: true }).fill('64')
    await it.panel.getByLabel(timing.side, { exact: true }).blur()
    await eventually(() => rows.allTextContents(), seen)
  })

  test.each(['max-blur', 'unpool', 'fractional', 'median', 'stochastic'])('times %s', async (op) => {
    const it = await open(language, `op=${op}&view=timing`)
    const { timing } = it.words
    await it.panel.getByLabel(timing.side, { exact: true }).fill('32')
    await it.panel.getByLabel(timing.side, { exact: true }).blur()
    await it.button(timing.run).click()
    const rows = it.panel.locator('table.race tr.timed')
    await eventually(() => rows.count(), 5)
    expect(await rows.first().getByText(`✓ ${timing.yes}`).count()).toBe(1)
    expect(await rows.getByText(`✗ ${timing.no}`).count()).toBe(0)
  })
})
