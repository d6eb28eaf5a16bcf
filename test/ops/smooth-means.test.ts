/**
 * Generalized means, softmax-weighted means and log-mean-exps against their definitions.
 */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  adaptiveGemPool1d,
  gemExponentGradient,
  gemPool1d,
  gemPool1dBackward,
  gemPool2d,
  globalLsePool,
  globalSoftPool,
  lsePool1d,
  lsePool1dBackward,
  lsePool2d,
  rand,
  softPool1d,
  softPool1dBackward,
  softPool2d,
  type Tensor,
  tensor,
} from '../../src/index.ts'
import { check, filled, map, type Plane, type Windows } from '../support/configurations.ts'
import { codeOf } from '../support/refusals.ts'
import { everyWindow } from '../support/windows.ts'

const [low, high, nan] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN]
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

const gemOf = (values: readonly number[], p: number, eps: number) =>
  mean(values.map((value) => Math.max(value, eps) ** p)) ** (1 / p)
const softOf = (values: readonly number[]) =>
  mean(values.map((value) => value * Math.exp(value))) / mean(values.map((value) => Math.exp(value)))
const lseOf = (values: readonly number[], r: number) => Math.log(mean(values.map((v) => Math.exp(r * v)))) / r

/** Results are rounded to float32; sums of both signs lose a few units of the largest element, at most 5, in float64. */
function expectDefinition(x: Plane, options: Windows, y: Tensor, of: (values: readonly number[]) => number) {
  everyWindow(x, options, y.shape, (values, _, at) => {
    const want = of(values)
    if (Math.abs(Number(y.data[at]) - want) > 1e-7 * Math.abs(want) + 1e-13)
      throw new Error(`[${at}] is ${y.data[at]}, not ${want}`)
  })
}

/** Whole numbers as fractions within 5 of 0, whose exponentials do not overflow. */
const small = (x: Plane): Plane => map(x, (value) => value / 128)

it('generalized means', () =>
  check(fc.tuple(filled, fc.constantFrom(1, 2, 3, 0.5), fc.constantFrom(1e-6, 0.25)), ([drawn, p, eps]) => {
    const x = small(drawn.x)
    expectDefinition(x, drawn.options, gemPool2d(x, { ...drawn.options, p, eps }), (v) => gemOf(v, p, eps))
  }))

it('softmax-weighted means', () =>
  check(filled, (drawn) => {
    const x = small(drawn.x)
    expectDefinition(x, drawn.options, softPool2d(x, drawn.options), softOf)
  }))

it('log-mean-exps', () =>
  check(fc.tuple(filled, fc.constantFrom(1, -1, 2, 0.1)), ([drawn, r]) => {
    const x = small(drawn.x)
    expectDefinition(x, drawn.options, lsePool2d(x, { ...drawn.options, r }), (v) => lseOf(v, r))
  }))

describe('infinities', () => {
  const window = { kernelSize: 3 }
  test.each([
    ['no overflow at 1e4', [1e4, 1e4 - 1, 0], 1e4 - 1 / (1 + Math.E), 1e4 + Math.log((1 + 1 / Math.E) / 3)],
    ['none at -1e4', [-1e4, -1e4, -1e4], -1e4, -1e4],
    ['-inf has no weight, and counts', [low, 0, 0], 0, Math.log(2 / 3)],
    ['+inf wins', [high, 0, low], high, high],
    ['a window of -inf', [low, low, low], low, low],
    ['NaN', [nan, high, 0], nan, nan],
  ])('%s', (_, values, soft, lse) => {
    for (const order of [values, values.toReversed()]) {
      const x = tensor(Float64Array.from(order), [1, 1, 3])
      const near = (got: number, want: number) =>
        Number.isFinite(want) ? expect(got).toBeCloseTo(want, 9) : expect(got).toBe(want)
      near(softPool1d(x, window).data[0]!, soft)
      near(globalSoftPool(x).data[0]!, soft)
      near(lsePool1d(x, window).data[0]!, lse)
      near(globalLsePool(x).data[0]!, lse)
    }
  })

  it('gradients of equal infinities are shared', () => {
    const x = tensor(Float64Array.of(high, 0, high), [1, 1, 3])
    const dy = tensor(Float64Array.of(1), [1, 1, 1])
    expect([...softPool1dBackward(dy, x, window).data]).toEqual([0.5, 0, 0.5])
    expect([...lsePool1dBackward(dy, x, window).data]).toEqual([0.5, 0, 0.5])
  })

  it('a NaN reaches the gradients of elements without weight too, as in PyTorch', () => {
    const x = tensor(Float64Array.of(nan, low, -1e4, 1e4), [1, 1, 4])
    const dy = tensor(Float64Array.of(1), [1, 1, 1])
    expect([...softPool1dBackward(dy, x, { kernelSize: 4 }).data]).toEqual([nan, nan, nan, nan])
    expect([...lsePool1dBackward(dy, x, { kernelSize: 4 }).data]).toEqual([nan, nan, nan, nan])
  })
})

it('sharpness goes from the minimum to the maximum', () => {
  const x = tensor(Float64Array.of(1, 2, 4), [1, 1, 3])
  const at = (r: number) => lsePool1d(x, { kernelSize: 3, r }).data[0]!
  expect(at(-1000)).toBeCloseTo(1, 2)
  expect(at(1e-6)).toBeCloseTo(7 / 3, 5)
  expect(at(1000)).toBeCloseTo(4, 2)
})

describe('a generalized mean', () => {
  const x = tensor(Float64Array.of(-3, 0.5, 2, 4, 0, 0), [1, 1, 6])
  it('of elements below eps has no gradient, and that of zeros is 0', () => {
    const dy = tensor(Float64Array.of(1, 1), [1, 1, 2])
    const dx = gemPool1dBackward(dy, x, { kernelSize: 3, eps: 0.25 }).data
    expect([dx[0], dx[4], dx[5]]).toEqual([0, 0, 0])
    const zeros = tensor(new Float64Array(6), [1, 1, 6])
    expect([...gemPool1dBackward(dy, zeros, { kernelSize: 3, eps: 0 }).data]).toEqual([0, 0, 0, 0, 0, 0])
  })

  it.each([1, 2, 3.5])('has the gradient of p = %d of finite differences', (p) => {
    const y = (p: number) => gemPool1d(x, { kernelSize: 3, p, eps: 1e-3 }).data
    const dy = Float64Array.of(2, -3)
    const step = 1e-5
    const slope = y(p + step).reduce((sum, up, i) => sum + (dy[i]! * (up - y(p - step)[i]!)) / (2 * step), 0)
    const given = gemExponentGradient('gemPool1d', tensor(dy, [1, 1, 2]), x, { kernelSize: 3, p, eps: 1e-3 })
    expect(Math.abs(given - slope)).toBeLessThan(1e-8)
  })

  it('has it in adaptive windows too', () => {
    const dy = tensor(Float64Array.of(1, 1), [1, 1, 2])
    const y = (p: number) => adaptiveGemPool1d(x, { outputSize: 2, p }).data.reduce((a, b) => a + b)
    const given = gemExponentGradient('adaptiveGemPool1d', dy, x, { outputSize: 2 })
    expect(given).toBeCloseTo((y(3 + 1e-5) - y(3 - 1e-5)) / 2e-5, 7)
    expect(codeOf(() => gemExponentGradient('maxPool1d' as never, dy, x, {} as never))).toBe('BAD_PARAM')
  })

  it.each<[string, { mask?: number[]; nodata?: number; minCount?: number }]>([
    ['a mask', { mask: [1, 0, 1, 1, 0, 1] }],
    ['nodata', { nodata: 5 }],
    ['NaN', { nodata: nan }],
    ['a mask and nodata, with a minimum', { mask: [1, 0, 1, 1, 0, 1], nodata: 5, minCount: 2 }],
    ['windows without elements', { mask: [0, 0, 0, 1, 1, 1] }],
  ])('has it where elements are left out: %s', (_, { mask, ...left }) => {
    const values = Float64Array.of(1, 5, 0, left.nodata !== left.nodata ? nan : 2, 0.5, 7)
    const own = { ...left, ...(mask && { mask: tensor(Uint8Array.from(mask), [6]) }) }
    const line = tensor(values, [1, 1, 6])
    const dy = Float64Array.of(2, -3)
    const y = (p: number) => gemPool1d(line, { kernelSize: 3, p, eps: 1e-3, fill: 4, ...own }).data
    const step = 1e-5
    const slope = dy.reduce(
      (sum, given, i) => sum + (given * (y(2.5 + step)[i]! - y(2.5 - step)[i]!)) / (2 * step),
      0,
    )
    const options = { kernelSize: 3, p: 2.5, eps: 1e-3, ...own }
    expect(gemExponentGradient('gemPool1d', tensor(dy, [1, 1, 2]), line, options)).toBeCloseTo(slope, 7)
  })

  it('refuses a mask of another shape, and options of results', () => {
    const dy = tensor(Float64Array.of(1), [1, 1, 1])
    const options = (own: object) => () => gemExponentGradient('globalGemPool', dy, x, own)
    expect(codeOf(options({ mask: tensor(new Uint8Array(5), [5]) }))).toBe('BAD_SHAPE')
    expect(codeOf(options({ mask: tensor(new Uint8Array(6).fill(2), [6]) }))).toBe('BAD_PARAM')
    expect(codeOf(options({ returnCounts: true }))).toBe('BAD_PARAM')
    expect(codeOf(options({ minCount: 0 }))).toBe('BAD_PARAM')
  })
})

test.each([
  ['p', 0],
  ['p', high],
  ['p', nan],
  ['eps', -1],
  ['eps', '0'],
])('refuses %s = %s', (name, value) => {
  expect(codeOf(() => gemPool2d(rand([1, 4, 4]), { kernelSize: 2, [name]: value }))).toBe('BAD_PARAM')
})

test.each([0, nan, high])('refuses r = %d', (r) => {
  expect(codeOf(() => lsePool2d(rand([1, 4, 4]), { kernelSize: 2, r }))).toBe('BAD_PARAM')
})
