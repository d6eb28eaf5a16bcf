import { describe, expect, it } from 'vitest'
import { planAdaptive } from '../../src/plan/adaptive.ts'
import { type AxisPlan, divisorOf, firstOf, planAxis, tapsOf } from '../../src/plan/axis.ts'
import { planFractional } from '../../src/plan/fractional.ts'
import { resolveAxis } from '../../src/plan/padding.ts'
import { planFrom } from '../../src/plan/recipe.ts'
import { inputRange, sliceAxis, slicePlan } from '../../src/plan/slice.ts'
import { statsOf, tablesOf } from '../../src/plan/tables.ts'
import { sourceOutputs, transposeAxis } from '../../src/plan/transpose.ts'
import { range } from '../support/pairs.ts'
import { smallAxes } from './small-axes.ts'

/** What an output reads, in positions of the whole axis, and what it counts. */
const windowAt = (axis: AxisPlan, i: number) => ({
  reads: range(0, tapsOf(axis, i) - 1).map((tap) => axis.origin + firstOf(axis, i) + tap * axis.step),
  divisor: divisorOf(axis, i),
})
const windowsOf = (axis: AxisPlan) => range(0, axis.outSize - 1).map((i) => windowAt(axis, i))

function* axes(): Generator<AxisPlan> {
  for (const { request, padBefore } of smallAxes()) {
    if (padBefore > (request.window - 1) * request.dilation) continue
    const axis = resolveAxis(request)
    if (axis.outSize >= 1) yield planAxis(axis, request.ceilMode)
  }
  for (const inSize of range(1, 13)) for (const outSize of range(1, 15)) yield planAdaptive(inSize, outSize)
  for (const outSize of range(2, 6)) yield planFractional(13, outSize, 3, 0.4, Math.fround)
}

function* axesAndTransposes(): Generator<AxisPlan> {
  for (const axis of axes()) yield* [axis, transposeAxis(axis)]
}

/** As `expect(actual).toEqual(expected)`, which alone would take a minute for so many. */
function expectSame(actual: unknown, expected: unknown, said: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual, said).toEqual(expected)
}

const name = (axis: AxisPlan): string => JSON.stringify(axis.recipe ?? axis.source!.recipe)

describe('tables and tallies', () => {
  it('hold what each window holds, on every small axis and its transpose', () => {
    for (const axis of axesAndTransposes()) {
      const windows = windowsOf(axis)
      const taps = windows.map(({ reads }) => reads.length)
      const counts = windows.map(({ divisor }) => divisor)
      const tables = tablesOf(axis)
      expectSame([...tables.taps], taps, name(axis))
      expectSame([...tables.divisor], counts, name(axis))
      const firsts = windows.map(({ reads }, i) => reads[0] ?? tables.first[i]!)
      expectSame([...tables.first], firsts, name(axis))
      const stats = {
        fewestTaps: Math.min(...taps),
        mostTaps: Math.max(...taps),
        reads: taps.reduce((a, b) => a + b, 0),
        leastDivisor: Math.min(...counts),
        mostDivisor: Math.max(...counts),
      }
      expectSame(statsOf(axis), stats, name(axis))
    }
  })

  it('are right where windows repeat often', () => {
    for (const [window, stride, dilation] of [
      [3, 2, 1],
      [4, 6, 4],
      [5, 3, 2],
      [2, 5, 7],
    ] as const) {
      const request = { inSize: 9000, window, stride, dilation, padding: [2, 1] as const, ceilMode: true }
      const plan = planAxis(resolveAxis(request), true)
      for (const axis of [plan, transposeAxis(plan), sliceAxis(plan, 100, 700), planAdaptive(9000, 42)]) {
        const tables = tablesOf(axis)
        const windows = windowsOf(axis)
        expect(statsOf(axis).reads).toBe(windows.reduce((sum, { reads }) => sum + reads.length, 0))
        expectSame(
          [...tables.taps],
          windows.map(({ reads }) => reads.length),
          name(plan),
        )
        expectSame(
          [...tables.divisor],
          windows.map(({ divisor }) => divisor),
          name(plan),
        )
        const firsts = windows.map(({ reads }, i) =>
          reads.length > 0 ? reads[0]! - axis.origin : tables.first[i]!,
        )
        expectSame([...tables.first], firsts, name(plan))
      }
    }
  })
})

describe('slices', () => {
  it('read and count what the whole axis does there, over no more inputs than they read', () => {
    for (const axis of axesAndTransposes()) {
      const windows = windowsOf(axis)
      for (const begin of range(0, axis.outSize - 1)) {
        for (const end of range(begin + 1, axis.outSize)) {
          const expected = windows.slice(begin, end)
          const read = expected.flatMap(({ reads }) => reads)
          const bounds = read.length === 0 ? [0, 0] : [Math.min(...read), Math.max(...read) + 1]
          const slice = sliceAxis(axis, begin, end)
          const said = `${name(axis)} [${begin}, ${end})`
          expectSame(inputRange(axis, begin, end), bounds, said)
          expectSame(
            [slice.origin, slice.origin + slice.inSize, slice.length],
            [...bounds, axis.inSize],
            said,
          )
          expectSame(windowsOf(slice), expected, said)
        }
      }
    }
  })

  it('of slices are slices', () => {
    const axis = planAxis(
      resolveAxis({ inSize: 40, window: 5, stride: 2, dilation: 3, padding: [4, 4], ceilMode: true }),
      true,
    )
    for (const [begin, from] of [
      [2, 3],
      [6, 4],
    ] as const)
      expect(sliceAxis(sliceAxis(axis, begin, 16), from, 8)).toEqual(sliceAxis(axis, begin + from, begin + 8))
  })

  it('keep the constants of a regular axis: tap j of output i before clipping is i * stride - padBefore + j * step', () => {
    const axis = planAxis(
      resolveAxis({ inSize: 30, window: 3, stride: 2, dilation: 2, padding: [2, 2], ceilMode: false }),
      true,
    )
    const slice = sliceAxis(axis, 0, 6)
    const later = sliceAxis(axis, 4, 9)
    expect(slice.regular).toEqual({ window: 3, stride: 2, padBefore: 2 })
    expect(later.regular).toEqual({ window: 3, stride: 2, padBefore: 0 })
  })

  it('have transposes of the same pairs', () => {
    for (const axis of axes()) {
      if (axis.outSize < 3) continue
      const slice = sliceAxis(axis, 1, axis.outSize - 1)
      const pairs = windowsOf(slice).flatMap(({ reads }, i) => reads.map((p) => `${i} ${p - slice.origin}`))
      const back = transposeAxis(slice)
      const swapped = windowsOf(back).flatMap(({ reads }, p) => reads.map((i) => `${i} ${p}`))
      expectSame(swapped.sort(), pairs.sort(), name(axis))
    }
  })

  it('of a plan are slices along one of its axes', () => {
    const plan = { outer: 2, axes: [planAdaptive(7, 3), planAdaptive(8, 4)], inner: 3 }
    expect(slicePlan(plan, 1, [1, 3])).toEqual({
      ...plan,
      axes: [plan.axes[0], sliceAxis(plan.axes[1]!, 1, 3)],
    })
  })
})

describe('plans', () => {
  it('are made again from their recipes, which are plain data', () => {
    for (const axis of axes()) {
      const again = planFrom(structuredClone(axis.recipe!))
      expectSame(windowsOf(again), windowsOf(axis), name(axis))
      expectSame({ ...again, rule: null }, { ...axis, rule: null }, name(axis))
    }
  })

  it('know in their transposes, and slices of these, what the divisors were', () => {
    for (const axis of axes()) {
      const back = transposeAxis(axis)
      const counts = windowsOf(axis).map(({ divisor }) => divisor)
      const half = sliceAxis(back, 0, Math.ceil(back.outSize / 2))
      for (const part of [back, half]) {
        const outputs = windowsOf(sourceOutputs(part)).map(({ divisor }) => divisor)
        expectSame(outputs, counts.slice(part.origin, part.origin + part.inSize), name(axis))
      }
    }
  })

  it('are exact where products pass 2^53', () => {
    const size = 2 ** 31 - 1
    const axis = planAdaptive(size, size - 1)
    expect([0, 1, size - 3, size - 2].map((i) => [firstOf(axis, i), tapsOf(axis, i)])).toEqual([
      [0, 2],
      [1, 2],
      [size - 3, 2],
      [size - 2, 2],
    ])
    const far = transposeAxis(
      planAxis(
        {
          inSize: size,
          outSize: 1431655765,
          window: 2,
          stride: 1,
          dilation: 715827882,
          padBefore: 0,
          padAfter: 0,
        },
        false,
      ),
    )
    expect([0, 715827882, size - 1].map((p) => [firstOf(far, p), tapsOf(far, p)])).toEqual([
      [0, 1],
      [0, 2],
      [1431655764, 1],
    ])
  })
})
