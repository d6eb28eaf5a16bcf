/**
 * @file Adaptive windows: output i of n reads [floor(i * in / n), ceil((i + 1) * in / n)).
 */
import { type AxisPlan, type WindowRule, wholeAxis } from './axis.ts'
import { gcd } from './modulo.ts'

export function planAdaptive(inSize: number, outSize: number): AxisPlan {
  return wholeAxis({
    inSize,
    outSize,
    step: 1,
    regular: null,
    recipe: { kind: 'adaptive', inSize, outSize },
    rule: adaptiveRule(inSize, outSize),
  })
}

export function adaptiveRule(inSize: number, outSize: number): WindowRule {
  const common = gcd(inSize, outSize)
  const first = (i: number): number => quotient(i, inSize, outSize)
  const taps = (i: number): number => inSize - quotient(outSize - 1 - i, inSize, outSize) - first(i)
  const periodic = { from: 0, to: outSize, period: outSize / common, shift: inSize / common }
  return { first, taps, divisor: taps, periodic }
}

/** floor(a * b / c), exact at any size. */
function quotient(a: number, b: number, c: number): number {
  const product = a * b
  return product <= Number.MAX_SAFE_INTEGER
    ? Math.floor(product / c)
    : Number((BigInt(a) * BigInt(b)) / BigInt(c))
}
