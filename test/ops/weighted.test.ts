/**
 * Blur, max blur and area pooling against their definitions, and norms of windows that ceil mode cuts short.
 */
import { describe, expect, it, test } from 'vitest'
import {
  areaPool1d,
  areaPool1dBackward,
  areaPool2d,
  blurPool1d,
  blurPool2d,
  blurPool3d,
  lpPool1d,
  lpPool1dBackward,
  maxBlurPool2d,
  maxPool2d,
  type PadMode,
  rand,
  tensor,
} from '../../src/index.ts'
import { codeOf } from '../support/refusals.ts'

const filters = [
  [1],
  [1, 1],
  [1, 2, 1],
  [1, 3, 3, 1],
  [1, 4, 6, 4, 1],
  [1, 5, 10, 10, 5, 1],
  [1, 6, 15, 20, 15, 6, 1],
]

/** The elements with `before` and `after` more at the ends. */
function padded(row: readonly number[], before: number, after: number, mode: PadMode): number[] {
  const n = row.length
  const at = (i: number): number => {
    if (i >= 0 && i < n) return row[i]!
    if (mode === 'zero') return 0
    if (mode === 'replicate') return row[Math.min(Math.max(i, 0), n - 1)]!
    return row[mode === 'circular' ? (i + n) % n : i < 0 ? -i : 2 * (n - 1) - i]!
  }
  return Array.from({ length: before + n + after }, (_, i) => at(i - before))
}

function blurred(row: readonly number[], size: number, stride: number, mode: PadMode): number[] {
  const filter = filters[size - 1]!
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)]
  const wide = padded(row, before, after, mode)
  const all = row.map(
    (_, i) => filter.reduce((sum, weight, k) => sum + weight * wide[i + k]!, 0) / 2 ** (size - 1),
  )
  return all.filter((_, i) => i % stride === 0)
}

/** Each element `out` times, then means of blocks of as many as there were elements. */
function boxed(row: readonly number[], out: number): number[] {
  const fine = row.flatMap((value) => new Array<number>(out).fill(value))
  return Array.from({ length: out }, (_, i) => {
    const block = fine.slice(i * row.length, (i + 1) * row.length)
    return block.reduce((a, b) => a + b) / row.length
  })
}

const random = (length: number) => [...rand([length], { seed: length, dtype: 'float64' }).data]
const near = (got: ArrayLike<number>, want: readonly number[]) => {
  expect(got.length).toBe(want.length)
  want.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 14)
  })
}
const rowOf = (row: readonly number[]) => tensor(Float64Array.from(row), [1, 1, row.length])

const modes = ['reflect', 'replicate', 'zero', 'circular'] as const

describe.each(modes)('a blur, %s', (padMode) => {
  it.each([1, 2, 3, 4, 5, 6, 7])('filter of %i, every length and stride', (filterSize) => {
    for (const length of [4, 5, 8, 13]) {
      for (const stride of [1, 2, 3]) {
        const row = random(length)
        const y = blurPool1d(rowOf(row), { filterSize, stride, padMode })
        near(y.data, blurred(row, filterSize, stride, padMode))
      }
    }
  })

  it('of a plane is that of its rows, then of its columns', () => {
    const x = rand([2, 3, 6, 7], { seed: 3, dtype: 'float64' })
    const rows = blurPool2d(x, { filterSize: [1, 4], stride: [1, 2], padMode })
    const both = blurPool2d(rows, { filterSize: [3, 1], stride: [2, 1], padMode })
    near(blurPool2d(x, { filterSize: [3, 4], padMode }).data, [...both.data])
  })
})

it('maxima at stride 1, then a blur', () => {
  const x = rand([2, 3, 8, 9], { seed: 4 })
  const blur = { filterSize: 4, stride: 2, padMode: 'circular' } as const
  const want = blurPool2d(maxPool2d(x, { kernelSize: [2, 3], stride: 1 }), blur)
  expect(maxBlurPool2d(x, { kernelSize: [2, 3], ...blur }).toArray()).toEqual(want.toArray())
})

describe('an area', () => {
  it('counts an element by its overlap', () => {
    near(areaPool1d(rowOf([1, 2, 1]), { outputSize: 2 }).data, [4 / 3, 4 / 3])
    near(areaPool1dBackward(rowOf([1, 10]), rowOf([1, 2, 1]), { outputSize: 2 }).data, [
      2 / 3,
      11 / 3,
      20 / 3,
    ])
  })

  it('of every length into every number of parts', () => {
    for (let length = 1; length <= 12; length++)
      for (let parts = 1; parts <= 14; parts++)
        near(areaPool1d(rowOf(random(length)), { outputSize: parts }).data, boxed(random(length), parts))
  })

  it('of a plane, and of no parts', () => {
    const x = rand([1, 2, 5, 7], { seed: 3, dtype: 'float64' })
    const columns = areaPool2d(x, { outputSize: [null, 3] })
    near(areaPool2d(x, { outputSize: [2, 3] }).data, [...areaPool2d(columns, { outputSize: [2, null] }).data])
    expect(areaPool2d(x, { outputSize: [0, 3] }).shape).toEqual([1, 2, 0, 3])
  })
})

test.each([0.1, 1 / 3, -1e300, 5e-324, Number.POSITIVE_INFINITY])(
  'a constant %d stays, to the bit',
  (value) => {
    const x = tensor(new Float64Array(5 * 7 * 6).fill(value), [1, 5, 7, 6])
    for (const outputSize of [1, 2, 3, 4, 5, 11])
      expect(new Set(areaPool2d(x, { outputSize }).data)).toEqual(new Set([value]))
    for (const padMode of ['reflect', 'replicate', 'circular'] as const)
      for (const filterSize of [2, 3, 4, 5])
        expect(new Set(blurPool3d(x, { filterSize, stride: 1, padMode }).data)).toEqual(new Set([value]))
  },
)

it('NaN and infinities reach the outputs that read them, and no others', () => {
  const x = rowOf([1, Number.NaN, 2, 3, Number.POSITIVE_INFINITY, 4, 5, 6])
  const y = blurPool1d(x, { filterSize: 3, stride: 1 }).data
  expect([...y].map(Number.isNaN)).toEqual([true, true, true, false, false, false, false, false])
  expect([y[3], y[4], y[5]]).toEqual([Infinity, Infinity, Infinity])
  expect([...areaPool1d(x, { outputSize: 4 }).data]).toEqual([Number.NaN, 2.5, Infinity, 5.5])
})

it('the norm of a window that ceil mode cuts short is scaled, or not', () => {
  const x = rowOf([3, 4, 2])
  const options = { kernelSize: 2, ceilMode: true, normType: 2 } as const
  near(lpPool1d(x, options).data, [5, Math.sqrt(8)])
  near(lpPool1d(x, { ...options, partialNorm: 'scaled' }).data, [5, Math.sqrt(8)])
  near(lpPool1d(x, { ...options, partialNorm: 'norm' }).data, [5, 2])
  near(lpPool1dBackward(rowOf([1, 1]), x, { ...options, partialNorm: 'norm' }).data, [0.6, 0.8, 1])
})

test.each([
  ['a filter of 8', () => blurPool2d(rand([1, 9, 9]), { filterSize: 8 }), 'BAD_PARAM'],
  ['a filter of 0', () => blurPool2d(rand([1, 9, 9]), { filterSize: [3, 0] }), 'BAD_PARAM'],
  ['another padMode', () => blurPool1d(rand([1, 9]), { padMode: 'wrap' as never }), 'BAD_PARAM'],
  ['a mirror longer than the input', () => blurPool1d(rand([1, 3]), { filterSize: 7 }), 'BAD_SHAPE'],
  [
    'a circle longer than the input',
    () => blurPool1d(rand([1, 2]), { filterSize: 7, padMode: 'circular' }),
    'BAD_SHAPE',
  ],
  ['integers', () => areaPool1d(tensor(new Int8Array(4), [1, 4]), { outputSize: 2 }), 'BAD_DTYPE'],
  ['a huge area', () => areaPool1d(rand([1, 4]), { outputSize: 2 ** 31 }), 'LIMIT'],
  ['a mask', () => areaPool1d(rand([1, 4]), { outputSize: 2, nodata: 0 } as never), 'BAD_PARAM'],
  ['no maximum', () => maxBlurPool2d(rand([1, 4, 4]), {} as never), 'BAD_PARAM'],
  [
    'another norm',
    () => lpPool1d(rand([1, 4]), { kernelSize: 2, normType: 2, partialNorm: 'torch' as never }),
    'BAD_PARAM',
  ],
])('refuses %s', (_, call, code) => {
  expect(codeOf(call)).toBe(code)
})
