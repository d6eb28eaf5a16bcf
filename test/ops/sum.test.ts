import { expect, it, test } from 'vitest'
import { avgPool2d, rand, sumPool1d, sumPool2d, sumPool2dBackward, tensor } from '../../src/index.ts'

it('adds up each window, without its padding', () => {
  expect([...sumPool1d(tensor([[1, 2, 3, 4, 5]]), { kernelSize: 2 }).data]).toEqual([3, 7])
  const ones = tensor(new Float32Array(9).fill(1), [1, 3, 3])
  expect([...sumPool2d(ones, { kernelSize: 3, stride: 2, padding: 1 }).data]).toEqual([4, 4, 4, 4])
})

test.each([{}, { padding: 1, ceilMode: true }, { layout: 'NHWC' as const, exact: true }])(
  'has the bits of an average divided by 1, its gradient too: %j',
  (extra) => {
    const x = rand([2, 7, 8, 3], { seed: 1 })
    const options = { kernelSize: 3, stride: 2, ...extra }
    const y = sumPool2d(x, options)
    expect(y.data).toEqual(avgPool2d(x, { ...options, divisorOverride: 1 }).data)
    const ones = tensor(new Float32Array(y.size).fill(1), y.shape)
    const total = sumPool2dBackward(ones, x, options).data.reduce((sum, share) => sum + share, 0)
    expect(total).toBe(
      sumPool2d(tensor(new Float32Array(x.size).fill(1), x.shape), options).data.reduce((a, b) => a + b),
    )
  },
)

it('sums integers exactly, up to the ends of their range', () => {
  const bytes = tensor(Uint8Array.of(100, 100, 200, 200), [1, 4])
  expect([...sumPool1d(bytes, { kernelSize: 2 }).data]).toEqual([200, 255])
  const long = tensor(BigInt64Array.of(2n ** 53n, 1n, -(2n ** 63n), -1n), [1, 4])
  expect([...sumPool1d(long, { kernelSize: 2 }).data]).toEqual([2n ** 53n + 1n, -(2n ** 63n)])
})
