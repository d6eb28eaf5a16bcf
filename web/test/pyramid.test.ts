/**
 * @file Pyramids: levels are the library's, a mean of labels or of gaps is marked, and centres lie half a pixel from a border.
 */
import { describe, expect, test } from 'vitest'
import { formatNumber } from '../../src/render/number.ts'
import { centreOf, coverOf, kindOfPixel, pyramidSide, pyramidsOf } from '../src/model/pyramid.ts'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()

test('the mode invents no label at any level, and the mean does', () => {
  const strangers = pyramidsOf('labels').map(({ levels }) =>
    levels.map(
      ({ columns, values }, level) =>
        values.filter((value, i) => {
          const pixel = { level, row: Math.floor(i / columns), column: i % columns }
          return kindOfPixel('labels', pixel, value) === 'stranger'
        }).length,
    ),
  )
  expect(strangers[1]).toEqual([0, 0, 0, 0, 0])
  expect(strangers[0]![0]).toBe(0)
  for (const count of strangers[0]!.slice(1)) expect(count).toBeGreaterThan(0)
})

test('heights without nodata stay within those measured, and holes stay holes', () => {
  const [mean, nodata] = pyramidsOf('heights')
  const known = nodata.levels[0]!.values.filter((value) => value > 0)
  for (const { values } of nodata.levels)
    for (const value of values) {
      if (value === -9999) continue
      expect(value).toBeGreaterThanOrEqual(Math.min(...known))
      expect(value).toBeLessThanOrEqual(Math.max(...known))
    }
  expect(nodata.levels[1]!.values.filter((value) => value === -9999).length).toBeGreaterThan(5)
  expect(mean.levels[4]!.values[0]).toBeLessThan(0)
})

test('the centre of a pixel is the mean of the centres that it covers', () => {
  for (let level = 0; level < 5; level++)
    for (let i = 0; i < pyramidSide / 2 ** level; i++) {
      const [from, to] = coverOf({ level, row: i, column: 0 }).rows
      expect(centreOf(level, i)).toBe((from + to - 1) / 2)
    }
})

describe.each(languages)('%s', (language) => {
  test('a pixel is chosen by pointer and by keyboard, and says what it is', async () => {
    const it = await open(language, 'view=pyramid')
    const { pyramid, settings, input } = it.words
    await it.panel.getByText(pyramid.covers(4, 4, 7, 8, 11)).waitFor()
    await it.panel.getByText(pyramid.centre('5.5', '9.5')).waitFor()
    const picture = it.button(pyramid.choose(pyramid.rules.mode, 3))
    await picture.press('Enter')
    await eventually(async () => (await it.state).get('pixel'), '3,0,1')
    const box = (await picture.boundingBox())!
    await picture.click({ position: { x: box.width * 0.25, y: box.height * 0.75 } })
    await eventually(async () => (await it.state).get('pixel'), '3,1,0')
    await it.button(settings.more(pyramid.levelField)).click()
    await it.panel.getByText(pyramid.covers(16, 0, 15, 0, 15)).waitFor()
    const top = pyramidsOf('labels').map(({ levels }) => levels[4]!.values[0]!)
    await it.panel.getByText(pyramid.isNoLabel(pyramid.rules.mean, formatNumber(top[0]!, 2))).waitFor()
    await it.panel
      .getByText(pyramid.isLabel(pyramid.rules.mode, `${top[1]}`, input.labels[top[1] as 2]))
      .waitFor()
    await it.panel.getByRole('radio', { name: pyramid.images.heights }).check()
    await eventually(async () => (await it.state).get('pyr'), 'heights')
    await it.panel.getByTestId('pixel-nodata').waitFor()
    expect(await it.panel.locator('.pixel.stranger').count()).toBeGreaterThan(0)
  })
})
