import { describe, expect, it } from 'vitest'
import { largestAdaptive, planAdaptive } from '../../src/plan/adaptive.ts'
import { firstOf, tapsOf } from '../../src/plan/axis.ts'
import { planFractional } from '../../src/plan/fractional.ts'
import { tablesOf } from '../../src/plan/tables.ts'
import { transposeAxis } from '../../src/plan/transpose.ts'
import { pairsOf, range } from '../support/pairs.ts'

describe('planAdaptive', () => {
  it('reads [floor(i in / out), ceil((i + 1) in / out)) for every small size', () => {
    for (const inSize of range(1, 30)) {
      for (const outSize of range(1, 40)) {
        const plan = planAdaptive(inSize, outSize)
        const bounds = range(0, outSize - 1).map((i) => [
          Math.floor((i * inSize) / outSize),
          Math.ceil(((i + 1) * inSize) / outSize),
        ])
        const { first, taps, divisor } = tablesOf(plan)
        expect([...first]).toEqual(bounds.map(([start]) => start))
        expect([...taps]).toEqual(bounds.map(([start, end]) => end! - start!))
        expect([...divisor]).toEqual([...taps])
      }
    }
  })

  it.each([
    [2 ** 31 - 1, 100_003],
    [2 ** 40 + 1, 3],
    [2_000_000_000, 1_500_000_001],
    [2 ** 34 - 1, 2 ** 34],
    [2 ** 45 - 3, 2 ** 34 - 1],
    [2 ** 50 - 1, 2 ** 36 + 5],
  ])('is exact for %d inputs and %d outputs', (inSize, outSize) => {
    const plan = planAdaptive(inSize, outSize)
    for (const i of [0, 1, Math.floor(outSize / 2), Math.floor(outSize * 0.777), outSize - 2, outSize - 1]) {
      const start = Number((BigInt(i) * BigInt(inSize)) / BigInt(outSize))
      expect(firstOf(plan, i)).toBe(start)
    }
    expect(firstOf(plan, outSize - 1) + tapsOf(plan, outSize - 1)).toBe(inSize)
  })

  it('knows its largest window', () => {
    for (const inSize of range(0, 30))
      for (const outSize of range(0, 40)) {
        const plan = planAdaptive(inSize, outSize)
        const most = Math.max(0, ...range(0, outSize - 1).map((i) => tapsOf(plan, i)))
        expect([inSize, outSize, largestAdaptive(inSize, outSize)]).toEqual([inSize, outSize, most])
      }
  })

  it('transposes to the same pairs', () => {
    for (const inSize of range(1, 12)) {
      for (const outSize of range(1, 15)) {
        const plan = planAdaptive(inSize, outSize)
        const swapped = pairsOf(transposeAxis(plan)).map(([p, i]) => [i, p])
        expect(swapped.sort(byBoth)).toEqual(pairsOf(plan).sort(byBoth))
      }
    }
  })
})

describe('planFractional', () => {
  it('starts at 0, ends at the end, and steps by floor or ceil of (in - window) / (out - 1)', () => {
    for (const inSize of range(2, 20)) {
      for (const window of range(1, Math.min(5, inSize))) {
        for (const outSize of range(2, inSize - window + 1)) {
          for (const sample of [0, 0.25, 0.5, 0.999]) {
            const { first, taps } = tablesOf(planFractional(inSize, outSize, window, sample, Math.fround))
            const steps = range(1, outSize - 1).map((i) => first[i]! - first[i - 1]!)
            const alpha = (inSize - window) / (outSize - 1)
            expect(first[0]).toBe(0)
            expect(first[outSize - 1]).toBe(inSize - window)
            expect(taps.every((count) => count === window)).toBe(true)
            expect(steps.every((step) => step >= Math.floor(alpha) && step <= Math.ceil(alpha))).toBe(true)
          }
        }
      }
    }
  })

  it('puts the only window of an output of 1 at the end, as PyTorch does', () => {
    expect(firstOf(planFractional(9, 1, 3, 0.3, Math.fround), 0)).toBe(6)
  })
})

function byBoth(a: readonly number[], b: readonly number[]): number {
  return a[0]! - b[0]! || a[1]! - b[1]!
}
