/**
 * @file The definition of poolings over the elements that count, element by element, for [N, C, H, W] and [N, H, W, C].
 */
import type { Layout } from '../../../src/index.ts'

export interface Question {
  readonly mode: 'max' | 'min' | 'average' | 'sum' | 'lp'
  readonly layout: Layout
  /** [N, C, H, W], whatever the layout. */
  readonly sizes: readonly [number, number, number, number]
  readonly x: ArrayLike<number>
  /** Whether element (n, c, h, w) counts. */
  readonly counts: (n: number, c: number, h: number, w: number) => boolean
  readonly window: number
  readonly stride: number
  readonly padding: number
  readonly dilation: number
  readonly outSizes: readonly [number, number]
  readonly minCount: number
  readonly fill: number
  /** Rounds each step to the dtype. */
  readonly round: (value: number) => number
  /** Rounds means of integers, and clamps sums and means of them. */
  readonly whole: (value: number) => number
}

export interface Answer {
  readonly output: number[]
  readonly indices: number[]
  readonly counts: number[]
}

export function answerOf(asked: Question): Answer {
  const { mode, layout, x, window, stride, padding, dilation, minCount, fill, round, whole } = asked
  const [batch, channels, height, width] = asked.sizes
  const [rows, cols] = asked.outSizes
  const at = (n: number, c: number, h: number, w: number, tall: number, wide: number): number =>
    layout === 'NCHW'
      ? ((n * channels + c) * tall + h) * wide + w
      : ((n * tall + h) * wide + w) * channels + c
  const answer: Answer = { output: [], indices: [], counts: [] }
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < cols; j++) {
          const positions: [number, number][] = []
          for (let k = 0; k < window; k++)
            for (let l = 0; l < window; l++) {
              const [h, w] = [i * stride - padding + k * dilation, j * stride - padding + l * dilation]
              const isInside = h >= 0 && h < height && w >= 0 && w < width
              if (isInside && asked.counts(n, c, h, w)) positions.push([h, w])
            }
          const values = positions.map(([h, w]) => x[at(n, c, h, w, height, width)]!)
          const to = at(n, c, i, j, rows, cols)
          answer.counts[to] = positions.length
          const isFew = positions.length < minCount
          const picked = mode === 'max' || mode === 'min' ? pick(mode, values) : 0
          const [h, w] = positions[picked] ?? [0, -1]
          answer.indices[to] = isFew ? -1 : h * width + w
          const sum = values.reduce((total, value) => round(total + value), 0)
          const powers = values.reduce((total, value) => total + value * value, 0)
          const results = {
            ...{ max: values[picked]!, min: values[picked]!, lp: round(Math.sqrt(powers)) },
            ...{ sum: whole(sum + 0), average: whole(round(sum / values.length) + 0) },
          }
          answer.output[to] = isFew ? fill : results[mode]
        }
  return answer
}

/** The first of the largest or smallest, or the last NaN. */
function pick(mode: 'max' | 'min', values: readonly number[]): number {
  const last = values.findLastIndex(Number.isNaN)
  return last >= 0 ? last : values.indexOf(mode === 'max' ? Math.max(...values) : Math.min(...values))
}
