import { expect, it } from 'vitest'
import { maxPool2d, rand, Tensor } from '../../src/index.ts'
import { maxPool } from '../../src/ops/catalogue.ts'
import type { AnyOperation } from '../../src/ops/operation.ts'
import { memoizeByValue } from '../../src/ops/options/memoize-by-value.ts'
import { codeOf } from '../support/refusals.ts'

function counted() {
  const asked: object[] = []
  const answer = memoizeByValue(['kernelSize', 'padding', 'i'], (options: Record<string, unknown>) =>
    asked.push({ ...options }),
  )
  return { asked, answer }
}

it('answers equal options once, arrays by their values, whatever other names hold', () => {
  const { asked, answer } = counted()
  answer({ kernelSize: [2, 3], padding: [[1, 0]], out: 1 })
  answer({ kernelSize: [2, 3], padding: [[1, 0]] })
  answer({ padding: [[1, 0]], out: 2, kernelSize: [2, 3] })
  expect(asked).toHaveLength(1)
})

it('sees options that were changed in place, and those behind getters', () => {
  const { asked, answer } = counted()
  const options: Record<string, unknown> = { kernelSize: [2, 2] }
  answer(options)
  ;(options.kernelSize as number[])[1] = 3
  answer(options)
  answer(Object.create({ kernelSize: 5 }))
  answer({})
  answer({ kernelSize: undefined })
  expect(asked).toHaveLength(4)
})

it('keeps the last eight, and asks again for older ones', () => {
  const { asked, answer } = counted()
  for (let i = 0; i < 9; i++) answer({ i })
  answer({ i: 8 })
  answer({ i: 1 })
  expect(asked).toHaveLength(9)
  answer({ i: 0 })
  expect(asked).toHaveLength(10)
})

it('keeps the plans of the last eight shapes', () => {
  const { definition } = maxPool[2] as unknown as AnyOperation
  const { at } = definition.read({ kernelSize: 2 } as never)
  const first = at([1, 4, 4])
  expect(at([1, 6, 6])).not.toBe(first)
  expect(at([1, 4, 4])).toBe(first)
  for (let size = 8; size < 16; size++) at([1, size, size])
  expect(at([1, 4, 4])).not.toBe(first)
})

it('does not let a wrong option through because a right call came before', () => {
  const x = rand([1, 4, 4])
  expect(maxPool2d(x, { kernelSize: 2 }).shape).toEqual([1, 2, 2])
  expect(codeOf(() => maxPool2d(x, { kernelSize: 2, indices: x } as never))).toBe('BAD_PARAM')
  expect(codeOf(() => maxPool2d(x, { kernelSize: 2, strides: 1 } as never))).toBe('BAD_PARAM')
  expect(codeOf(() => maxPool2d(rand([1, 1, 1]), { kernelSize: 2 }))).toBe('BAD_SHAPE')
  expect(maxPool2d(rand([1, 6, 4]), { kernelSize: 2 }).shape).toEqual([1, 3, 2])
})

it('does not keep a shape that its owner changes', () => {
  const shape = [1, 1, 64, 64]
  const window = { kernelSize: 3, stride: 1 }
  maxPool2d({ data: new Float32Array(4096), shape }, window)
  shape[2] = 2
  shape[3] = 2
  const small = { data: Float32Array.of(1, 2, 3, 4), shape }
  expect(codeOf(() => maxPool2d(small, window))).toBe('BAD_SHAPE')
  expect(codeOf(() => new Tensor(new Float32Array(4), [1, 1, 2.5, 1.6], 'float32'))).toBe('BAD_SHAPE')
  expect(codeOf(() => new Tensor(new Float32Array(4), [4], 'float16'))).toBe('BAD_DTYPE')
})
