/**
 * @file Matrices as people paste them: CSV, JSON, and what NumPy and PyTorch print.
 */
import { expect, test } from 'vitest'
import { readText } from '../src/model/read-matrix.ts'

test.each([
  ['1, 2\n3, 4'],
  ['1 2\n3 4'],
  ['1，2\n3，4'],
  ['1、2\n3、4'],
  ['[[1, 2], [3, 4]]'],
  ['[[1. 2.]\n [3. 4.]]'],
  ['[[1.e+00 2.e+00]\n [3.e+00 4.e+00]]'],
  ['array([[1., 2.],\n       [3., 4.]])'],
  ['array([[1, 2], [3, 4]], dtype=int32)'],
  ['tensor([[1., 2.], [3., 4.]])'],
  ["tensor([[1., 2.], [3., 4.]], device='cuda:0', grad_fn=<MaxPool2DWithIndicesBackward0>)"],
  ['[[1，2]，[3，4]]'],
])('%j is two rows of two', (text) => {
  const { planes, shape } = readText(text)
  expect(shape).toEqual([2, 2])
  expect(planes).toEqual([{ rows: 2, columns: 2, values: [1, 2, 3, 4] }])
})

test('NaN and infinities are read in the spellings of Python and JavaScript', () => {
  expect(readText('[[nan, -inf], [NaN, Infinity]]').planes[0]!.values).toEqual([
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])
})

test('a number that is cut is said', () => {
  expect(readText('1e35 1').hasCutNumber).toBe(true)
  expect(readText('1e35 1').planes[0]!.values).toEqual([1e30, 1])
  expect(readText('1e30 1').hasCutNumber).toBe(false)
})

test.each(['[[1, 2], [3]]', '[1, [2]]', '[[1, 2]', '[1]]', '[1] [2]', 'tensor(', '[[[[[[1]]]]]]'])(
  '%j is refused',
  (text) => {
    expect(() => readText(text)).toThrow()
  },
)
