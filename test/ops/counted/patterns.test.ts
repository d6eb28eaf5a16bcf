/**
 * Poolings over the elements that count agree with their definition: every mask of a 2 x 2 window, and random masks, windows and
 * layouts, in every dtype.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { type DType, dtypeNames, dtypes, integerRange } from '../../../src/tensor/dtype.ts'
import { roundHalf } from '../../../src/tensor/half.ts'
import { isHalf, valuesOf } from '../../../src/tensor/storage.ts'
import { firstDifference } from '../../kernels/jobs.ts'
import { functions } from '../../support/catalogue.ts'
import { type Answer, answerOf, type Question } from './oracle.ts'

const names = {
  max: 'maxPool2d',
  min: 'minPool2d',
  average: 'avgPool2d',
  sum: 'sumPool2d',
  lp: 'lpPool2d',
} as const
const modes = Object.keys(names) as Question['mode'][]

/** Rounds toward zero, into the range of a dtype. */
function clampTo(dtype: DType): (value: number) => number {
  const [least, largest] = integerRange(dtype).map(Number) as [number, number]
  return (value) => Math.min(Math.max(Math.trunc(value), least), largest)
}

type Pooled = { output: pool.Tensor; indices?: pool.Tensor; counts: pool.Tensor }
type Asked = Omit<Question, 'counts' | 'outSizes' | 'fill' | 'round' | 'whole'> & {
  readonly dtype: DType
  readonly mask: pool.Tensor
  readonly counts: Question['counts']
  readonly extra?: Record<string, unknown>
}

function shapeOf({ layout, sizes: [n, c, h, w] }: Pick<Asked, 'layout' | 'sizes'>): number[] {
  return layout === 'NCHW' ? [n, c, h, w] : [n, h, w, c]
}

function inputOf({ x, dtype, ...asked }: Asked): pool.Tensor {
  const { data } = pool.tensor(Array.from(x), undefined, dtype)
  return pool.tensor(data, shapeOf(asked), dtype)
}

function roundOf(dtype: DType): (value: number) => number {
  if (isHalf(dtype)) return Math.fround
  return dtype === 'float32' ? Math.fround : (value) => value
}

/** What the library gives, and what the definition says. */
function bothOf(asked: Asked): { given: Pooled; expected: Answer } {
  const { mode, dtype, layout, window, stride, padding, dilation, minCount, mask, extra } = asked
  const { float } = dtypes[dtype]
  const fill = float ? Number.NaN : 7
  const given = functions[names[mode]]!(inputOf(asked), {
    kernelSize: window,
    stride,
    padding,
    dilation,
    layout,
    mask,
    minCount,
    fill: float ? undefined : fill,
    returnCounts: true,
    ...(mode === 'lp' && { normType: 2 }),
    ...((mode === 'max' || mode === 'min') && { returnIndices: true }),
    ...extra,
  }) as unknown as Pooled
  const { shape } = given.output
  const outSizes = (layout === 'NCHW' ? shape.slice(2) : shape.slice(1, 3)) as unknown as [number, number]
  const round = roundOf(dtype)
  const whole = float ? (value: number) => value : clampTo(dtype)
  return { given, expected: answerOf({ ...asked, outSizes, fill, round, whole }) }
}

function check(asked: Asked): void {
  const { given, expected } = bothOf(asked)
  const { dtype } = asked
  const wanted = isHalf(dtype) ? expected.output.map(roundHalf(dtype)) : expected.output
  const output = Array.from(valuesOf(given.output), Number)
  const compare = (name: string, values: ArrayLike<number>, definition: readonly number[]): void => {
    if (firstDifference(values, definition) < 0) return
    const { mode, layout } = asked
    expect.fail(`${name} of ${mode} ${dtype} ${layout}: ${Array.from(values)}, must be ${definition}`)
  }
  compare('output', output, wanted)
  compare('counts', given.counts.data as Int32Array, expected.counts)
  if (given.indices !== undefined) compare('indices', given.indices.data as Int32Array, expected.indices)
}

const isDefined = (mode: Question['mode'], dtype: DType) => mode !== 'lp' || dtypes[dtype].float

describe.each(dtypeNames)('every mask of a 2 x 2 window of %s', (dtype) => {
  const { float } = dtypes[dtype]
  const least = float ? Number.NEGATIVE_INFINITY : dtype.startsWith('u') ? 0 : -128
  const planes = [
    [1, 2, 3, 4],
    [5, 5, 5, 5],
    [least, 1, least, least],
    float ? [Number.NaN, 1, Number.NaN, -1] : [9, 8, 7, 6],
  ]
  it.each(modes.filter((mode) => isDefined(mode, dtype)))('%s', (mode) => {
    for (let pattern = 0; pattern < 16; pattern++)
      for (const [i, x] of planes.entries()) {
        const minCount = [1, 3, 5, 1][(pattern + i) % 4]!
        const bit = (h: number, w: number) => (pattern >> (2 * h + w)) & 1
        const mask = pool.tensor(Uint8Array.of(bit(0, 0), bit(0, 1), bit(1, 0), bit(1, 1)), [2, 2])
        check({
          ...{ mode, dtype, x, mask, minCount, layout: 'NCHW', sizes: [1, 1, 2, 2] },
          ...{ window: 2, stride: 2, padding: 0, dilation: 1 },
          counts: (_n, _c, h, w) => bit(h, w) === 1,
        })
      }
  })
})

const cases = fc.record({
  mode: fc.constantFrom(...modes),
  dtype: fc.constantFrom(...dtypeNames),
  layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
  sizes: fc.tuple(fc.integer({ min: 0, max: 3 }), ...[1, 3, 3].map((min) => fc.integer({ min, max: 9 }))),
  window: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  isPadded: fc.boolean(),
  isDilated: fc.boolean(),
  ceilMode: fc.boolean(),
  minCount: fc.integer({ min: 1, max: 10 }),
  form: fc.constantFrom('whole', 'one channel', 'no channel', 'plane', 'one sample'),
  share: fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
  nodata: fc.option(fc.constantFrom(0, 1, 2), { nil: undefined }),
  seed: fc.nat(1000),
})

it('agrees with the definition for random masks, windows and layouts', () => {
  fc.assert(
    fc.property(cases, ({ sizes, form, share, nodata, seed, ...asked }) => {
      const { mode, dtype, layout, ceilMode } = asked
      fc.pre(isDefined(mode, dtype))
      const dilation = asked.isDilated && asked.window > 1 && asked.window * 2 - 1 <= 3 ? 2 : 1
      const padding = asked.isPadded ? Math.floor(((asked.window - 1) * dilation + 1) / 2) : 0
      const [n, c, h, w] = sizes as [number, number, number, number]
      const size = n * c * h * w
      const draws = pool.rand([2 * size + 1], { seed, dtype: 'float64' }).data
      const x = Array.from({ length: size }, (_, i) => Math.floor(draws[i]! * 5))
      const [samples, planes] = {
        whole: [n, c],
        'one channel': [n, 1],
        'no channel': [n, 1],
        plane: [1, 1],
        'one sample': [1, c],
      }[form] as [number, number]
      const at = (i: number, j: number, k: number, l: number, s: number, p: number): number =>
        layout === 'NCHW'
          ? (((s === 1 ? 0 : i) * p + (p === 1 ? 0 : j)) * h + k) * w + l
          : (((s === 1 ? 0 : i) * h + k) * w + l) * p + (p === 1 ? 0 : j)
      const bits = Uint8Array.from({ length: samples * planes * h * w }, (_, i) =>
        Number(draws[size + i]! < share),
      )
      const shape =
        {
          plane: [h, w],
          'no channel': [n, h, w],
        }[form as string] ?? shapeOf({ layout, sizes: [samples, planes, h, w] })
      check({
        ...asked,
        ...{ x, dilation, padding, sizes: [n, c, h, w], mask: pool.tensor(bits, shape) },
        counts: (i, j, k, l) =>
          bits[at(i, j, k, l, samples, planes)] === 1 && x[at(i, j, k, l, n, c)] !== nodata,
        extra: {
          ceilMode: mode === 'lp' ? false : ceilMode,
          nodata,
          fill: dtypes[dtype].float ? Number.NaN : 7,
        },
      })
    }),
    { numRuns: Number(process.env.POOL2D_RUNS ?? 200) },
  )
})
