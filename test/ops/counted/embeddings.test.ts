/**
 * The mean of token embeddings with an attention mask, against the formula of sentence-transformers:
 * sum(embeddings * mask) / clamp(sum(mask), min = 1e-9).
 */
import { expect, it } from 'vitest'
import { globalAvgPool, globalAvgPoolBackward, globalMaxPool, rand, tensor } from '../../../src/index.ts'

const [batch, length, width] = [5, 300, 24]
const embeddings = rand([batch, length, width], { seed: 4 })
/** Sentences of several lengths; the last has no token. */
const lengths = [300, 1, 17, 299, 0]
const mask = tensor(
  BigInt64Array.from({ length: batch * length }, (_, i) =>
    BigInt(i % length < lengths[Math.floor(i / length)]!),
  ),
  [batch, length],
)
const options = { layout: 'NHWC', mask, keepDims: false } as const

function formula(n: number, c: number): number {
  let [sum, count] = [0, 0]
  for (let l = 0; l < length; l++) {
    const bit = Number(mask.data[n * length + l])
    sum += embeddings.data[(n * length + l) * width + c]! * bit
    count += bit
  }
  return sum / Math.max(count, 1e-9)
}

it('gives the mean of the tokens that count, [N, C]', () => {
  const y = globalAvgPool(embeddings, { ...options, fill: 0 })
  expect(y.shape).toEqual([batch, width])
  y.data.forEach((mean, i) => {
    const expected = formula(Math.floor(i / width), i % width)
    expect(Math.abs(mean - expected)).toBeLessThanOrEqual(2 ** -23 * expected)
  })
})

it('gives fill for a sentence without tokens, NaN unless given', () => {
  expect(
    globalAvgPool(embeddings, options)
      .data.subarray(4 * width)
      .every(Number.isNaN),
  ).toBe(true)
  const last = (fill: number) => [...globalAvgPool(embeddings, { ...options, fill }).data.subarray(4 * width)]
  expect(last(0)).toEqual(new Array(width).fill(0))
  expect(last(-1)).toEqual(new Array(width).fill(-1))
})

it('sends gradients of [N, C] to the tokens that count', () => {
  const dy = tensor(new Float32Array(batch * width).fill(1), [batch, width])
  const dx = globalAvgPoolBackward(dy, embeddings, options)
  dx.data.forEach((share, i) => {
    const token = Math.floor(i / width)
    const expected = mask.data[token] === 1n ? Math.fround(1 / lengths[Math.floor(token / length)]!) : 0
    expect(share).toBe(expected)
  })
})

it('keeps no axes of indices and counts either', () => {
  const { output, indices, counts } = globalMaxPool(embeddings, {
    ...options,
    returnIndices: true,
    returnCounts: true,
  })
  for (const { shape } of [output, indices, counts]) expect(shape).toEqual([batch, width])
  expect(counts.data[0]).toBe(300)
  expect(counts.data[2 * width]).toBe(17)
})
