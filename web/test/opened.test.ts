/**
 * @file The pixel of the network that is opened: its address, what it reads, and the mark of its window.
 */
import { expect, test } from 'vitest'
import { sceneOf } from '../../src/render/scene.ts'
import { termsOf } from '../../src/render/term.ts'
import { families, poolingOf, windows } from '../src/network/families.ts'
import { extentOf, formatOpened, markOn, openedAt, parseOpened, readBy } from '../src/network/opened.ts'

test.each(families.flatMap((family) => windows.map((window) => [family, window] as const)))(
  'the mark of %s %i is where the library reads',
  (family, window) => {
    const side = 24
    const scene = sceneOf(poolingOf(family, window), [
      { rows: side, columns: side, values: Array.from({ length: side * side }, (_, i) => i) },
    ])
    for (const place of [0, 11, 65, 143]) {
      const opened = { stage: 'pool1', map: 2, place } as const
      const terms = termsOf(scene, 0, place)
      const rows = terms.map(({ row }) => row)
      const columns = terms.map(({ column }) => column)
      const mark = markOn(opened, [family, window], 'relu1', 2)!
      expect(mark.top * side).toBeCloseTo(Math.min(...rows), 9)
      expect(mark.left * side).toBeCloseTo(Math.min(...columns), 9)
      expect(mark.height * side).toBeCloseTo(Math.max(...rows) - Math.min(...rows) + 1, 9)
      expect(mark.width).toBe(mark.height)
      expect(markOn(opened, [family, window], 'relu1', 1)).toBe(null)
      expect(markOn(opened, [family, window], 'pool1', 2)!.height).toBe(1 / 12)
    }
  },
)

test('a pixel of the image opens the convolution around it, one of a ReLU its pooling, others themselves', () => {
  expect(openedAt('input', 0, 0)).toEqual({ stage: 'conv1', map: 0, place: 0 })
  expect(openedAt('input', 0, 28 * 10 + 14)).toEqual({ stage: 'conv1', map: 0, place: 24 * 8 + 12 })
  expect(openedAt('input', 0, 28 * 28 - 1)).toEqual({ stage: 'conv1', map: 0, place: 24 * 24 - 1 })
  expect(openedAt('relu1', 4, 24 * 5 + 7)).toEqual({ stage: 'pool1', map: 4, place: 12 * 2 + 3 })
  expect(openedAt('relu2', 9, 8 * 7 + 7)).toEqual({ stage: 'pool2', map: 9, place: 15 })
  expect(openedAt('conv2', 3, 20)).toEqual({ stage: 'conv2', map: 3, place: 20 })
})

test('what a number reads ends with its map', () => {
  const rim = { stage: 'pool1', map: 2, place: 0 } as const
  const read = readBy(rim, ['avg', 4])!
  expect([read.stage, read.map, read.top, read.rows]).toEqual(['relu1', 2, -1, 4])
  expect(extentOf(read)).toEqual({ rows: [0, 2], columns: [0, 2] })
  expect(extentOf(readBy({ stage: 'pool2', map: 0, place: 15 }, ['avg', 4])!)).toEqual({
    rows: [5, 7],
    columns: [5, 7],
  })
  expect(readBy({ stage: 'input', map: 0, place: 3 }, ['max', 2])).toBe(null)
  expect(readBy({ stage: 'relu1', map: 4, place: 25 }, ['max', 2])).toEqual({
    stage: 'conv1',
    map: 4,
    top: 1,
    left: 1,
    rows: 1,
    columns: 1,
  })
  expect(readBy({ stage: 'conv2', map: 4, place: 9 }, ['max', 2])!.map).toBe(null)
})

test('a hidden unit reads every pooled map, a score every hidden unit', () => {
  const unit = { stage: 'hidden', map: 0, place: 34 } as const
  const whole = { top: 0, left: 0, height: 1, width: 1 }
  expect(markOn(unit, ['max', 2], 'hidden', 0)).toEqual({
    top: 3 / 12,
    left: 0.4,
    height: 1 / 12,
    width: 0.1,
  })
  for (const map of [0, 15]) expect(markOn(unit, ['max', 2], 'pool2', map)).toEqual(whole)
  expect(markOn(unit, ['max', 2], 'relu2', 0)).toBe(null)
  expect(markOn({ stage: 'scores', map: 0, place: 3 }, ['max', 2], 'hidden', 0)).toEqual(whole)
  expect(parseOpened(formatOpened(unit))).toEqual(unit)
})

test('an address names a pixel that there is, or none', () => {
  const opened = { stage: 'conv2', map: 15, place: 63 } as const
  expect(parseOpened(formatOpened(opened))).toEqual(opened)
  for (const text of [
    null,
    '',
    'conv2',
    'conv2,1',
    'conv2,16,0',
    'pool2,0,16',
    'relu1,0,0',
    'conv1,-1,0',
    'hidden,0,120',
    'scores,1,0',
    'scores,0,10',
    'constructor,0,0',
  ])
    expect(parseOpened(text), `${text}`).toBe(null)
})
