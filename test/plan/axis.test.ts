import { describe, expect, it } from 'vitest'
import { type AxisPlan, firstOf, planAxis, tapsOf } from '../../src/plan/axis.ts'
import { resolveAxis, type WindowRequest } from '../../src/plan/padding.ts'
import { tablesOf } from '../../src/plan/tables.ts'
import { transposeAxis } from '../../src/plan/transpose.ts'
import { pairsOf, range } from '../support/pairs.ts'
import { smallAxes } from './small-axes.ts'

/** All taps of output i, before clipping to the input. */
const placesOf = ({ window, stride, dilation }: WindowRequest, padBefore: number, i: number): number[] =>
  range(0, window - 1).map((tap) => i * stride - padBefore + tap * dilation)

describe('planAxis', () => {
  it('gives the taps, divisors and sizes of the definition on every small axis', () => {
    let checked = 0
    for (const { request, padBefore, padAfter } of smallAxes()) {
      const { inSize, stride, dilation, window, ceilMode } = request
      const last = (i: number): number => i * stride - padBefore + (window - 1) * dilation
      const overhang = ceilMode ? stride - 1 : 0
      let outSize = 0
      while (last(outSize) < inSize + padAfter + overhang) outSize++
      if (ceilMode && (outSize - 1) * stride >= inSize + padBefore) outSize--

      const axis = resolveAxis(request)
      expect(Math.max(0, axis.outSize), JSON.stringify(request)).toBe(outSize)
      if (outSize === 0) continue
      const [counted, plain] = [planAxis(axis, true), planAxis(axis, false)]
      const places = range(0, outSize - 1).map((i) => placesOf(request, padBefore, i))
      const inside = places.map((taps) => taps.filter((place) => place >= 0 && place < inSize))
      const padded = places.map((taps) => taps.filter((place) => place < inSize + padAfter).length)

      expect(readsOf(plain), JSON.stringify(request)).toEqual(inside)
      expect([...tablesOf(plain).divisor]).toEqual(inside.map((taps) => taps.length))
      expect([...tablesOf(counted).divisor]).toEqual(padded)
      checked++
    }
    expect(checked).toBeGreaterThan(9_000)
  })

  it('transposes to the same pairs, and back', () => {
    for (const { request } of smallAxes()) {
      const axis = resolveAxis(request)
      if (axis.outSize < 1) continue
      const plan = planAxis(axis, false)
      const transposed = transposeAxis(plan)
      expect(
        pairsOf(transposed)
          .map(([p, i]) => `${i} ${p}`)
          .sort(),
        JSON.stringify(request),
      ).toEqual(
        pairsOf(plan)
          .map(([i, p]) => `${i} ${p}`)
          .sort(),
      )
    }
  })

  it('is not slowed or spoilt by strides and dilations past the axis', () => {
    const request = {
      inSize: 3,
      window: 1,
      stride: 2 ** 31 - 1,
      dilation: 2 ** 31 - 1,
      ceilMode: true,
      padding: [0, 0] as const,
    }
    const plan = planAxis(resolveAxis(request), true)
    expect(readsOf(plan)).toEqual([[0]])
    expect(readsOf(transposeAxis(plan))).toEqual([[0], [], []])
  })
})

describe('resolveAxis', () => {
  it.each([
    ['same-upper', 5, 2, 1, 1, [0, 1], 5],
    ['same-lower', 5, 2, 1, 1, [1, 0], 5],
    ['same-upper', 5, 2, 1, 2, [1, 1], 5],
    ['same-upper', 6, 3, 2, 1, [0, 1], 3],
    ['same-upper', 6, 1, 3, 1, [0, 0], 2],
    ['valid', 6, 3, 2, 1, [0, 0], 2],
  ] as const)(
    '%s of in %i, window %i, stride %i, dilation %i pads %j to %i',
    (padding, inSize, window, stride, dilation, pads, outSize) => {
      const axis = resolveAxis({ inSize, window, stride, dilation, padding, ceilMode: false })
      expect([axis.padBefore, axis.padAfter]).toEqual(pads)
      expect(axis.outSize).toBe(outSize)
    },
  )

  it.each([
    [32, 8, 4, 0, 7],
    [9, 4, 4, 2, 3],
    [6, 1, 2, 0, 3],
    [1, 4, 4, 0, 1],
    [2, 3, 2, 0, 1],
  ])(
    'ceil mode of in %i, window %i, stride %i, padding %i gives %i, as PyTorch',
    (inSize, window, stride, pad, outSize) => {
      const request = { inSize, window, stride, dilation: 1, padding: [pad, pad] as const, ceilMode: true }
      expect(resolveAxis(request).outSize).toBe(outSize)
    },
  )
})

function readsOf(plan: AxisPlan): number[][] {
  return range(0, plan.outSize - 1).map((i) =>
    range(0, tapsOf(plan, i) - 1).map((tap) => firstOf(plan, i) + tap * plan.step),
  )
}
