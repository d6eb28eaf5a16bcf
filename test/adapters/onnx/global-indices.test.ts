import { expect, test } from 'vitest'
import { globalIndices } from '../../../src/adapters/onnx/global-indices.ts'
import { Tensor } from '../../../src/index.ts'

test('planes past 2^32: every offset is exact', () => {
  const plane = [2 ** 20, 2 ** 12 + 1]
  const size = plane[0]! * plane[1]!
  const indices = Float64Array.of(0, size - 1, 2 ** 32, -1)
  const { data } = globalIndices('MaxPool', new Tensor(indices, [1, 4, 1, 1], 'float64'), plane, 0)
  expect(Array.from(data)).toEqual([0, size - 1 + size, 2 ** 32 + 2 * size].map(BigInt).concat(-1n))
})

test('column by column, any rank', () => {
  const indices = Int32Array.from({ length: 24 }, (_, i) => i)
  const { data } = globalIndices('MaxPool', new Tensor(indices, [1, 1, 2, 3, 4], 'int32'), [2, 3, 4], 1)
  const expected = indices.map(
    (flat) => Math.floor(flat / 12) + (Math.floor(flat / 4) % 3) * 2 + (flat % 4) * 6,
  )
  expect(Array.from(data, Number)).toEqual(Array.from(expected))
})
