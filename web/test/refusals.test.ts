/**
 * @file Refusals that the page can meet read as Chinese in Chinese, with the same numbers.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderState } from '../../src/render/index.ts'
import { refusalIn } from '../src/i18n/refusals.ts'
import { readNpy, readText } from '../src/model/read-matrix.ts'

function refusalOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** English words that are no names of arguments, dtypes or formats. */
const names =
  /"[^"]*"|tensor\(.*?\)\.?|x\.dtype|padMode|minCount|fill|nodata|NaN|int32|undefined|pooled axis|pool2d\/onnx|\w*[Pp]ool2?d?\w*|x\.shape|outputSize|kernelSize|padding|stride|numpy\.save|\.?npy|JSON|CSV|first bytes|header length|shape|float\d+|\b[\da-f]{2}\b|[HWCN]\b/g

function assertChinese(message: string): void {
  const said = refusalIn('zh', message)
  expect(said, message).toMatch(/\p{Script=Han}/u)
  expect(said.replace(names, ''), message).not.toMatch(/[A-Za-z]{2,}/)
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).toSorted()
  expect(numbers(said), said).toEqual(numbers(message))
  expect(refusalIn('en', message)).toBe(message)
}

const side = fc.integer({ min: 1, max: 16 })
const pad = fc.integer({ min: 0, max: 16 })
const op = fc.constantFrom('max', 'min', 'avg', 'lp', 'fractional', 'unpool', 'adaptive-max', 'global-avg')

test('settings that do not fit', () => {
  let refused = 0
  fc.assert(
    fc.property(op, side, side, pad, pad, side, fc.boolean(), (name, k, s, before, after, out, isEven) => {
      const p = isEven ? `${before}` : `${before}-${after}`
      const state = `op=${name}&k=${k}&s=${s}&p=${p}&out=${out}&d=${(k % 3) + 1}&x=digit`
      const message = refusalOf(() => renderState(state))
      if (message === null) return
      refused++
      assertChinese(message)
    }),
    { numRuns: 400 },
  )
  expect(refused).toBeGreaterThan(50)
})

test.each([
  'op=blur&f=7&x=1,2;3,4',
  'op=max-blur&k=2&f=5&x=1,2;3,4',
  'op=mode&x=nan',
  'op=mode&x=labels&nodata=1.5',
  'op=mode&min=3&k=2&s=2&p=1',
  'op=ps-roi-pool&out=2&x=channels',
])('%s', (state) => {
  assertChinese(refusalOf(() => renderState(state))!)
})

test.each(['[[1, 2', '', '1, 2\n3', '1, two', '[[[[[1]]]]]', '[]'])('numbers pasted as %j', (text) => {
  assertChinese(refusalOf(() => readText(text))!)
})

test('a file that is no .npy file', () => {
  assertChinese(refusalOf(() => readNpy(Uint8Array.of(1, 2, 3)))!)
})
