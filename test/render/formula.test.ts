/**
 * @file Formulas of single outputs, by hand; and against the library over many settings.
 */
import { expect, test } from 'vitest'
import { avgPool2d } from '../../src/index.ts'
import { divisorOf } from '../../src/render/expression.ts'
import { type Formula, formulaOf } from '../../src/render/formula.ts'
import { formatNumber } from '../../src/render/number.ts'
import { isPositionSensitive, type Operation, operations } from '../../src/render/pooling.ts'
import { planesTensor, sceneOf, sceneShape } from '../../src/render/scene.ts'
import { channelsOf, parseState } from '../../src/render/state.ts'

function formula(text: string, at = 0) {
  const { state } = parseState(text)
  return formulaOf(sceneOf(state.pooling, channelsOf(state.input)), state.channel, at)
}

test.each([
  ['op=max', 0, 'max(1, 3, 5, 6) = 6'],
  ['op=min&x=signs', 0, 'min(−3, 1, 5, −9) = −9'],
  ['op=avg&k=2&s=1&x=d2l3', 0, '(0 + 1 + 3 + 4) / 4 = 2'],
  ['op=avg&k=3&s=1&p=1&x=d2l3', 0, '(0 + 0 + 0 + 0 + 0 + 1 + 0 + 3 + 4) / 9 ≈ 0.8889'],
  ['op=avg&k=3&s=1&p=1&cip=0&x=d2l3', 0, '(0 + 1 + 3 + 4) / 4 = 2'],
  ['op=avg&k=2&div=3&x=d2l3', 0, '(0 + 1 + 3 + 4) / 3 ≈ 2.6667'],
  ['op=lp&k=1x2&norm=2&x=3,4;0,0', 0, '(|3|^2 + |4|^2)^(1/2) = 5'],
  ['op=lp&k=1x2&norm=inf&x=3,-4;0,0', 0, 'max(|3|, |−4|) = 4'],
  ['op=lp&k=1x2&ceil=1&norm=2&x=1,1,3', 1, '((|3|^2) × 2 / 1)^(1/2) ≈ 4.2426'],
  ['op=global-max&x=d2l4', 0, 'max(0, 1, 2, 3, 4, …, 11, 12, 13, 14, 15) = 15'],
  ['op=max&k=2&d=2&s=1&p=1&x=5', 0, 'max() = −∞'],
  ['op=sum', 0, '1 + 3 + 5 + 6 = 15'],
  ['op=rms&k=1x2&x=3,-4;0,0', 0, '((|3|^2 + |−4|^2) / 2)^(1/2) ≈ 3.5355'],
  ['op=median', 0, 'median(1, 3, 5, 6) = 4'],
  ['op=quantile&q=0.25', 0, 'quantile 0.25 of (1, 3, 5, 6) = 2.5'],
  ['op=mode&x=labels', 1, 'mode(1, 3, 3, 3) = 3'],
  ['op=var&x=d2l3', 0, '((0 − 2)^2 + (1 − 2)^2 + (3 − 2)^2 + (4 − 2)^2) / (4 − 1) ≈ 3.3333'],
  ['op=std&corr=0&k=1x2&x=1,3', 0, '(((1 − 2)^2 + (3 − 2)^2) / 2)^(1/2) = 1'],
  ['op=gem&e=2&k=1x2&x=-3,4', 0, '((1.00e−6^2 + 4^2) / 2)^(1/2) ≈ 2.8284'],
  ['op=soft&k=1x2&x=0,1', 0, '(0 × e^0 + 1 × e^1) / (e^0 + e^1) ≈ 0.7311'],
  ['op=stochastic', 0, 'pick 0.4963 of (1/15, 3/15, 5/15, 6/15) = 5'],
  ['op=stochastic&seed=1', 0, 'pick 0.7576 of (1/15, 3/15, 5/15, 6/15) = 6'],
  ['op=stochastic&k=1x2&x=-1,3', 0, 'pick 0.4963 of (0/3, 3/3) = 3'],
  ['op=stochastic&k=1x2&x=-1,0', 0, '0 = 0'],
  ['op=stochastic&k=1x2&x=inf,9', 0, 'pick 0.4963 of (1/1, 0/1) = ∞'],
  ['op=stochastic&k=1x2&x=nan,inf', 0, 'pick 0.4963 of (NaN/NaN, ∞/NaN) = NaN'],
  ['op=stochastic-mean&k=1x2&x=1,3', 0, '(1^2 + 3^2) / (1 + 3) = 2.5'],
  ['op=stochastic-mean&k=1x2&x=-1,3', 0, '(0^2 + 3^2) / (0 + 3) = 3'],
  ['op=stochastic-mean&k=1x2&x=-1,0', 0, '0 = 0'],
  ['op=lse&r=-2&k=1x2&x=0,1', 0, 'ln((e^((−2) × 0) + e^((−2) × 1)) / 2) / (−2) ≈ 0.2831'],
  ['op=blur&s=2&f=1x3&x=1,3,5', 0, '(1 × 3 + 2 × 1 + 1 × 3) / 4 = 2'],
  ['op=blur&s=2&f=1x3&pm=zero&x=1,3,5', 0, '(1 × 0 + 2 × 1 + 1 × 3) / 4 = 1.25'],
  ['op=max-blur&k=1x2&s=2&f=1x3&x=1,3,5,2', 0, '(1 × 5 + 2 × 3 + 1 × 5) / 4 = 4'],
  ['op=area&out=1x2&x=1,2,4', 1, '(0.5 × 2 + 1 × 4) / 1.5 ≈ 3.3333'],
  ['op=spatial-pyramid-max', 8, 'max(8, 4, 0, 5) = 8'],
  ['op=spatial-pyramid-max', 10, 'max(2, 1, 1, 2) = 2'],
  ['op=spatial-pyramid-avg&levels=1,1x2&x=1,2;3,6', 0, '(1 + 2 + 3 + 6) / 4 = 3'],
  ['op=spatial-pyramid-avg&levels=1,1x2&x=1,2;3,6', 2, '(2 + 6) / 2 = 4'],
  ['op=roi-pool', 2, 'max(7, 2, 3, 1) = 7'],
  ['op=roi-pool&box=9,9,12,12', 0, 'max() = 0'],
  ['op=roi-align&box=0,0,2,2', 0, '(0.25 × 1 + 0.25 × 3 + 0.25 × 5 + 0.25 × 6) / 1 = 3.75'],
  ['op=roi-align&box=1,0,2,2&out=1&ratio=1&aligned=1', 0, '(0.5 × 3 + 0.5 × 6) / 1 = 4.5'],
  ['op=ps-roi-pool&x=parts', 3, '(45 + 46 + 49 + 50) / 4 = 47.5'],
  ['op=ps-roi-align&x=parts&ratio=1&box=0,0,2,2', 1, '(1 × 21) / 1 = 21'],
  ['op=avg&x=nodata&nodata=-9999', 1, '(15 + 16 + 16) / 3 ≈ 15.6667'],
  ['op=avg&x=nodata&nodata=-9999', 5, 'avg() = −9999'],
  ['op=max&x=nodata&nodata=-9999&min=4', 1, 'max() = −9999'],
  ['op=median&x=nan&nodata=nan', 0, 'median(1, 4, 5) = 4'],
])('%s at %i', (text, at, expected) => {
  expect(formula(text, at).text).toBe(expected)
})

test('operations without nodata count every element', () => {
  expect(formula('op=roi-pool&x=-9999,1&box=0,0,1,0&out=1&nodata=1').text).toBe('max(−9999, 1) = 1')
  expect(formula('op=ps-roi-pool&x=2,4,0;0,0,0&box=0,0,2,0&out=1&nodata=4').text).toBe('(2 + 4) / 2 = 3')
})

test('a part of a region says which channel it reads', () => {
  expect(formula('op=ps-roi-pool&x=parts', 2).remarks).toContainEqual({ kind: 'channel', channel: 2 })
  expect(formula('op=roi-pool&x=parts', 2).remarks).not.toContainEqual({ kind: 'channel', channel: 2 })
})

test('ties, NaN and empty windows are remarked on', () => {
  expect(formula('x=ties').remarks).toContainEqual({ kind: 'tie', count: 4 })
  expect(formula('x=ties').picked).toMatchObject({ row: 0, column: 0 })
  expect(formula('x=nan').remarks).toContainEqual({ kind: 'nan', picks: true })
  expect(formula('op=avg&k=2&s=2&x=nan').remarks).toContainEqual({ kind: 'nan', picks: false })
  expect(formula('k=2&d=4&s=1&p=2&x=1,2').remarks).toContainEqual({
    kind: 'empty',
    value: Number.NEGATIVE_INFINITY,
    picks: true,
  })
})

test('the divisor’s reason counts what was inside, in the padding and beyond', () => {
  const { remarks } = formula('op=avg&k=3&s=2&p=1&ceil=1&x=d2l4', 8)
  expect(remarks).toContainEqual({
    kind: 'divisor',
    divisor: 4,
    why: 'padding-counted',
    inside: 1,
    padding: 3,
    beyond: 5,
  })
})

test('a global average divides by its plane, an adaptive one by its bin', () => {
  const whyOf = (text: string) =>
    formula(text).remarks.flatMap((remark) => (remark.kind === 'divisor' ? [remark.why] : []))
  expect(whyOf('op=global-avg&x=d2l4')).toEqual(['plane'])
  expect(whyOf('op=adaptive-avg&out=2&x=d2l4')).toEqual(['bin'])
})

test('sum of the terms over the divisor is the library’s average, whatever the settings', () => {
  for (const kernel of [1, 2, 3]) {
    for (const stride of [1, 2, 3]) {
      for (const padding of [0, 1]) {
        for (const ceil of [0, 1]) {
          for (const cip of [0, 1]) {
            if (padding > kernel / 2) continue
            const { state } = parseState(
              `op=avg&k=${kernel}&s=${stride}&p=${padding}&ceil=${ceil}&cip=${cip}&x=digit`,
            )
            const planes = channelsOf(state.input)
            const scene = sceneOf(state.pooling, planes)
            const y = avgPool2d(planesTensor(planes), {
              kernelSize: kernel,
              stride,
              padding,
              ceilMode: ceil === 1,
              countIncludePad: cip === 1,
            })
            y.data.forEach((value, at) => {
              const { terms } = formulaOf(scene, 0, at)
              const sum = terms.reduce((total, term) => total + term.value, 0)
              expect(Math.fround(sum / divisorOf({ scene, channel: 0, at, terms }))).toBe(value)
            })
          }
        }
      }
    }
  }
})

test('elements that are left out, and windows with too few, are remarked on', () => {
  const remarks = (text: string, at: number) => formula(`op=avg&x=nodata&nodata=-9999&${text}`, at).remarks
  expect(remarks('', 1)).toContainEqual({ kind: 'left-out', counted: 3, all: 4 })
  expect(remarks('', 1)).toContainEqual(
    expect.objectContaining({ kind: 'divisor', divisor: 3, why: 'counted' }),
  )
  expect(remarks('', 5)).toContainEqual({ kind: 'few', counted: 0, least: 1, value: -9999 })
  expect(remarks('min=4', 1)).toContainEqual({ kind: 'few', counted: 3, least: 4, value: -9999 })
  expect(remarks('', 0)).toHaveLength(1)
  expect(formula('op=mode&x=labels', 4).remarks).toEqual([{ kind: 'labels', count: 2, ties: 'first' }])
  expect(formula('op=var&k=1&s=1').remarks).toEqual([{ kind: 'correction', counted: 1, correction: 1 }])
  expect(formula('op=blur&f=3&s=2').remarks).toEqual([{ kind: 'repeated', count: 5, padMode: 'reflect' }])
})

test('a random pick says its probability, and where its random number lies', () => {
  expect(formula('op=stochastic').remarks).toEqual([
    {
      kind: 'chance',
      value: 5,
      weight: 5,
      sum: 15,
      sample: expect.closeTo(0.4963),
      from: 4 / 15,
      to: 9 / 15,
    },
  ])
  expect(formula('op=stochastic').picked).toMatchObject({ row: 1, column: 0 })
  expect(formula('op=stochastic&k=1x2&x=-1,0').remarks).toEqual([{ kind: 'unpicked' }])
  expect(formula('op=stochastic&x=nan').remarks).toEqual([{ kind: 'nan', picks: true }])
  expect(formula('op=stochastic&x=nodata&nodata=-9999&min=4', 1).remarks).toEqual([
    { kind: 'few', counted: 3, least: 4, value: -9999 },
  ])
})

test('the random number of a pick lies in its part of 0 to 1', () => {
  for (let seed = 0; seed < 20; seed++)
    for (let at = 0; at < 9; at++) {
      const [chance] = formula(`op=stochastic&k=2&s=1&seed=${seed}`, at).remarks
      if (chance?.kind !== 'chance') throw new Error(`seed ${seed} at ${at} has no chance`)
      expect(chance.sample).toBeGreaterThanOrEqual(chance.from)
      expect(chance.sample).toBeLessThan(chance.to)
    }
})

const formulaSettings = [
  'k=2&s=1',
  'k=3&s=2&p=1',
  'k=2&s=2&ceil=1&out=2x3&f=2',
  'k=3x2&s=2&out=3&corr=0&q=0.7&e=2&r=-0.5&pm=zero',
  'k=2&s=2&out=4x1&box=-1,0.5,3,4.5&ratio=2&aligned=1',
  'k=2&s=2&out=1x2&box=1,1,9,2',
]
const inputs = ['signs', 'labels', 'nodata&nodata=-9999', 'nodata&nodata=-9999&min=3', 'd2l3', 'parts']

/** Every output of every setting that fits. */
function formulasOf(op: Operation): { state: string; formula: Formula }[] {
  const states = inputs.flatMap((x) => formulaSettings.map((rest) => `op=${op}&${rest}&x=${x}`))
  return states.flatMap((state) => {
    const { pooling, input } = parseState(state).state
    const planes = channelsOf(input)
    try {
      sceneShape(pooling, planesTensor(planes).shape)
    } catch {
      return []
    }
    const scene = sceneOf(pooling, planes)
    return scene.output[0]!.values.map((_, at) => ({ state, formula: formulaOf(scene, 0, at) }))
  })
}

test.each(operations.filter((op) => op !== 'unpool'))('%s: the formula as printed gives the value', (op) => {
  const formulas = formulasOf(op).filter(({ formula: { text } }) => !/…|\(\)/.test(text))
  if (!op.startsWith('global')) expect(formulas.length).toBeGreaterThan(isPositionSensitive({ op }) ? 8 : 40)
  for (const { state, formula } of formulas) {
    const [left, right] = formula.text.split(/ [=≈] (?=[−\d.∞Na-z]+$)/)
    expect(right, state).toBe(formatNumber(formula.value))
    const error = Math.abs(evaluate(left!) - formula.value)
    if (Number.isNaN(formula.value)) expect(error, `${state}: ${formula.text}`).toBeNaN()
    else
      expect(error, `${state}: ${formula.text}`).toBeLessThanOrEqual(
        2e-4 * Math.max(4, Math.abs(formula.value)),
      )
  }
})

/** The printed expression as JavaScript. */
function evaluate(expression: string): number {
  const code = expression
    .replaceAll('−', '-')
    .replaceAll('×', '*')
    .replace(/pick .*/, (pick) => pick.replace(/([^(, ]+)\/([^), ]+)/g, '[$1, $2]'))
    .replace(/(quantile|pick) ([\d.]+) of \(/, '$1($2, ')
    .replace(/\|([^|]*)\|/g, 'Math.abs($1)')
    .replaceAll('e^', 'Math.E^')
    .replaceAll('^', '**')
    .replace(/\bln\b/g, 'Math.log')
    .replace(/\b(max|min)\b/g, 'Math.$1')
  const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b)
  const quantile = (q: number, ...values: readonly number[]): number => {
    const [ranked, at] = [sorted(values), (values.length - 1) * q]
    const [low, high] = [ranked[Math.floor(at)]!, ranked[Math.ceil(at)]!]
    return low + (high - low) * (at - Math.floor(at))
  }
  const mode = (...values: readonly number[]): number => {
    const times = (value: number) => values.filter((each) => each === value).length
    return values.reduce((best, value) => (times(value) > times(best) ? value : best))
  }
  const median = (...values: readonly number[]) => quantile(0.5, ...values)
  const pick = (sample: number, ...chances: readonly (readonly [weight: number, sum: number])[]): number => {
    const partUpTo = (place: number) =>
      chances.slice(0, place + 1).reduce((part, [weight, sum]) => part + weight / sum, 0)
    return chances.find((_, place) => partUpTo(place) > sample)![0]
  }
  const names = { quantile, median, mode, pick }
  return new Function(...Object.keys(names), `return ${code}`)(...Object.values(names))
}
