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

/** Elements of the largest window. Over a period the windows begin at every fraction of an output once. */
export function largestAdaptive(inSize: number, outSize: number): number {
  return outSize === 0 ? 0 : Math.ceil((inSize + outSize - gcd(inSize, outSize)) / outSize)
}

/** The most outputs for which the products of `quotient` in two steps are below 2^53. */
const mostOutputs = 2 ** 34
const half = 2 ** 16

/** floor(a * b / c) for a <= c, exact at any size. */
function quotient(a: number, b: number, c: number): number {
  const product = a * b
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / c)
  if (c > mostOutputs) return Number((BigInt(a) * BigInt(b)) / BigInt(c))
  const whole = Math.floor(b / c)
  const rest = b - whole * c
  const high = Math.floor(a / half)
  const upper = Math.floor((high * rest) / c)
  const lower = (high * rest - upper * c) * half + (a - high * half) * rest
  return a * whole + upper * half + Math.floor(lower / c)
}
