/**
 * @file The SVG: well formed, every number in it, the same text every time; both languages and themes.
 */
import { expect, test } from 'vitest'
import { renderState } from '../../src/render/index.ts'
import { fonts } from '../../src/render/palette.ts'
import { isPositionSensitive, operations } from '../../src/render/pooling.ts'
import { presetNames } from '../../src/render/presets.ts'

test.each(operations)('%s draws the whole of every preset it fits', (op) => {
  const fitting = isPositionSensitive({ op }) ? ['parts'] : presetNames
  for (const preset of fitting.filter((name) => op !== 'mode' || name !== 'nan')) {
    const svg = renderState(`op=${op}&k=2&s=2&out=2&x=${preset}&lang=zh`, 'dark')
    expect(unclosed(svg)).toEqual([])
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+"/)
    expect(svg).toContain('lang="zh-Hans"')
    expect(svg).not.toMatch(/undefined|\[object|url\(http/)
  }
})

test('the window, the star and the formula are there', () => {
  const svg = renderState('op=max')
  expect(svg).toContain('max(1, 3, 5, 6) = 6')
  expect(svg).toContain('★')
  expect(svg).toContain('Input, 4 × 4')
})

test('the region is drawn where it lies over the input, and no window outside', () => {
  const region = 'stroke-dasharray="5 4"'
  expect(renderState('op=roi-pool&box=0,0,1,2')).toContain(
    `width="88" height="132" fill="none" stroke="#a13e06" stroke-width="2" ${region}`,
  )
  const outside = renderState('op=roi-align&box=20,20,99,99')
  expect(outside).toContain('width="0" height="0"')
  expect(outside).not.toMatch(/NaN|Infinity/)
  const parts = renderState('op=ps-roi-pool&x=parts&at=3')
  expect(parts).toContain('channel 4 of 4')
  expect(parts).toContain('>50<')
})

test('padding is hatched, overhang dotted, gaps of dilation hatched too', () => {
  const svg = renderState('op=max&k=2&d=2&s=2&p=1&ceil=1&x=d2l4')
  expect(svg).toContain('url(#hatch)')
  expect(svg).toContain('url(#gap)')
  expect(renderState('op=max&k=2&s=2&ceil=1&x=d2l3')).toContain('url(#dots)')
})

test('arrows of unpooling pass behind the numbers', () => {
  const svg = renderState('op=unpool&k=2')
  const numbers = svg.slice(svg.lastIndexOf('marker-end='))
  expect(numbers.match(/paint-order="stroke"/g)).toHaveLength(4 + 16)
  expect(svg.match(/paint-order/g)).toHaveLength(4 + 16)
})

test('Chinese text has no serifs, so that Latin words in it have none either', () => {
  expect(fonts.zh.text.replace('sans-serif', '')).not.toMatch(/serif|Songti|SimSun/i)
})

test.each(Object.values(fonts.en))('English takes its apostrophes from a Latin face: %s', (faces) => {
  const generic = faces.search(/, (serif|sans-serif|monospace)\b/)
  expect(generic).toBeGreaterThan(0)
  expect(generic).toBeLessThan(faces.search(/Songti|PingFang|CJK/))
})

test('elements that are left out are hatched, and tint nothing', () => {
  const svg = (nodata: string) => renderState(`op=avg&x=nodata${nodata}`)
  expect(svg('').match(/url\(#gap\)/g)).toBeNull()
  expect(svg('&nodata=-9999').match(/url\(#gap\)/g)).toHaveLength(9 + 1)
})

test('labels that are no whole numbers are refused in the library’s words', () => {
  expect(() => renderState('op=mode&x=nan')).toThrow(
    /modePool2d: x\.dtype = "float32"; labels must be integers/,
  )
})

test('a window that does not fit is refused in the library’s words', () => {
  expect(() => renderState('op=max&k=9&x=d2l3')).toThrow(/maxPool2d: x\.shape\[2\] = 3/)
})

/** Names of elements that are opened and not closed, or the other way round. */
function unclosed(svg: string): string[] {
  const open: string[] = []
  for (const [, slash, name, self] of svg.matchAll(/<(\/?)([a-z]+)(?:[^<>"]|"[^"<]*")*?(\/?)>/g)) {
    if (self === '/') continue
    if (slash === '') open.push(name!)
    else if (open.pop() !== name) return [`${name} closes nothing`]
  }
  return open
}
