/**
 * @file The text of a state: what is written is read back, what is wrong is clamped or dropped and reported, never thrown.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tieRules } from '../../src/reducers/mode.ts'
import { operations, type Pooling, padModes, reads } from '../../src/render/pooling.ts'
import { presetNames } from '../../src/render/presets.ts'
import { channelsOf, formatPooling, formatState, parsePooling, parseState } from '../../src/render/state.ts'

test('the issue’s example reads as it looks', () => {
  const { state, corrections } = parseState('#op=max&k=3&s=2&lang=zh')
  expect(state.pooling).toMatchObject({ op: 'max', kernel: [3, 3], stride: [2, 2] })
  expect(state.language).toBe('zh')
  expect(corrections).toEqual([])
})

test('a stride that is not given is the window, as in PyTorch', () => {
  expect(parseState('op=avg&k=3x2').state.pooling.stride).toEqual([3, 2])
})

const side = fc.integer({ min: 1, max: 16 })
const pairs = fc.tuple(side, side)
const pads = fc.tuple(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 16 }))
const corner = fc.constantFrom(-99, -0.5, 0, 1.25, 7, 99)
const pooling: fc.Arbitrary<Pooling> = fc.record({
  op: fc.constantFrom(...operations),
  kernel: pairs,
  stride: pairs,
  padding: fc.oneof(fc.constantFrom('same' as const, 'same-lower' as const), fc.tuple(pads, pads)),
  dilation: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })),
  ceil: fc.boolean(),
  countPad: fc.boolean(),
  divisor: fc.option(fc.integer({ min: 1, max: 999 })),
  norm: fc.constantFrom(1, 1.5, 2, 3, 64, Number.POSITIVE_INFINITY),
  out: pairs,
  seed: fc.nat({ max: 2 ** 32 - 1 }),
  q: fc.constantFrom(0, 0.25, 0.5, 1),
  correction: fc.constantFrom(0, 1, 1.5),
  exponent: fc.constantFrom(0.5, 1, 3, 99),
  sharpness: fc.constantFrom(-2, 0.5, 1, 8),
  filter: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
  padMode: fc.constantFrom(...padModes),
  levels: fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })), {
    minLength: 1,
    maxLength: 4,
  }),
  box: fc.tuple(corner, corner, corner, corner),
  ratio: fc.integer({ min: 0, max: 16 }),
  aligned: fc.boolean(),
  ties: fc.constantFrom(...tieRules),
  nodata: fc.option(fc.constantFrom(0, -9999, Number.NaN)),
  minCount: fc.integer({ min: 1, max: 256 }),
})
const number = fc.oneof(
  fc.integer({ min: -999, max: 999 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.25, -1e-7),
)
const planes = fc.tuple(side, side, fc.integer({ min: 1, max: 4 })).chain(([rows, columns, count]) =>
  fc.array(
    fc.array(number, { minLength: rows * columns, maxLength: rows * columns }).map((values) => ({
      rows,
      columns,
      values,
    })),
    { minLength: count, maxLength: count },
  ),
)

test('what is written is read back', () => {
  fc.assert(
    fc.property(pooling, fc.oneof(fc.constantFrom(...presetNames), planes), (given, input) => {
      const state = {
        pooling: given,
        input,
        channel: channelsOf(input).length - 1,
        at: 5,
        language: 'zh' as const,
        rest: new Map([['view', 'compare']]),
      }
      const text = formatState(state)
      expect(text).not.toMatch(/[\s%"<>]/)
      const { state: read, corrections } = parseState(text)
      expect(corrections).toEqual([])
      expect(channelsOf(read.input)).toEqual(channelsOf(input))
      for (const field of ['op', ...reads[given.op]] as (keyof Pooling)[]) {
        expect(read.pooling[field]).toEqual(given[field])
      }
      expect(formatState(read)).toBe(text)
    }),
    { seed: Number(process.env.POOL2D_SEED ?? 1) },
  )
})

test('a plane of a single NaN is not the preset of that name', () => {
  const { state } = parseState('x=NaN')
  expect(channelsOf(state.input)).toEqual([{ rows: 1, columns: 1, values: [Number.NaN] }])
  expect(channelsOf(parseState(formatState(state)).state.input)).toEqual(channelsOf(state.input))
})

test('a second pooling lives under its own prefix among the keys that are kept', () => {
  const rest = new Map(formatPooling(parseState('op=avg&k=3&s=1').state.pooling, 'b.'))
  expect(parsePooling('b.', rest)).toMatchObject({ op: 'avg', kernel: [3, 3], stride: [1, 1] })
  expect(parsePooling('b.', new Map())).toBeNull()
})

test.each([
  ['q=2', { key: 'q', given: '2', used: '1' }],
  ['r=0', { key: 'r', given: '0', used: null }],
  ['nodata=none', { key: 'nodata', given: 'none', used: null }],
  ['pm=mirror', { key: 'pm', given: 'mirror', used: null }],
  ['k=99', { key: 'k', given: '99', used: '16' }],
  ['s=0', { key: 's', given: '0', used: '1' }],
  ['op=convolution', { key: 'op', given: 'convolution', used: null }],
  ['k=3.5', { key: 'k', given: '3.5', used: null }],
  ['x=1,2;3', { key: 'x', given: '1,2;3', used: null }],
  ['norm=1e40', { key: 'norm', given: '1e40', used: '1e+30' }],
  ['x=1,-1e400;2,3', { key: 'x', given: '1,-1e400;2,3', used: '1,-1e+30;2,3' }],
  ['norm=-1', { key: 'norm', given: '-1', used: null }],
  ['c=7', { key: 'c', given: '7', used: '0' }],
  ['v=2', { key: 'v', given: '2', used: null }],
  ['p=1-2-3', { key: 'p', given: '1-2-3', used: null }],
])('%s is corrected, and said', (text, correction) => {
  expect(parseState(text).corrections).toEqual([correction])
})

test('unknown keys are kept as they came', () => {
  const { state } = parseState('future=a%20b&op=min')
  expect(formatState(state)).toContain('future=a%20b')
})

test('no text throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('', 'op=', 'x=', 'k=', 'p=', '%'), (text, start) => {
      const { state } = parseState(`${start}${text}`)
      expect(parseState(formatState(state)).corrections).toEqual([])
    }),
  )
})
