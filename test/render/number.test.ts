/**
 * @file Numbers in cells: all digits while they fit, else the whole exponent; the exact value for those who listen.
 */
import { expect, test } from 'vitest'
import { renderState } from '../../src/render/index.ts'
import { formatCell, formatExact } from '../../src/render/number.ts'

test.each([
  [12345, '12345'],
  [1234567, '1234567'],
  [12345678, '1.23e7'],
  [-1.5e12, '−1.5e12'],
  [-2e10, '−2e10'],
  [-3.4e38, '−3.4e38'],
  [-1.25e-12, '−1e−12'],
  [Math.fround(0.1), '0.1'],
  [1234.5, '1234.5'],
  [1 / 3, '0.33'],
  [-0, '−0'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('%d fits a cell as %s', (value, text) => {
  expect(formatCell(value)).toBe(text)
})

test('no cell is wider than seven characters, and none loses an exponent', () => {
  for (let exponent = -45; exponent <= 38; exponent++) {
    for (const sign of [1, -1]) {
      const value = Math.fround(sign * 1.2345678 * 10 ** exponent)
      const text = formatCell(value)
      expect(text.length).toBeLessThanOrEqual(7)
      const read = Number(text.replaceAll('−', '-'))
      expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 0.5)
    }
  }
})

test('the exact text reads back as the same float32', () => {
  for (let i = 0; i < 2000; i++) {
    const value = Math.fround((Math.sin(i * 12.9898) * 43758.5453) ** 3)
    expect(Math.fround(Number(formatExact(value).replaceAll('−', '-')))).toBe(value)
  }
})

test('a picture carries the exact value where its cell is rounded', () => {
  const svg = renderState('op=max&k=1&s=1&x=12345678,2;3,4')
  expect(svg).toContain('>1.23e7<')
  expect(svg).toContain('aria-label="12345678"')
  expect(renderState('op=max&k=1&s=1&x=-1.5e12,-2e10;3,4')).toContain('>−1.5e12<')
})
