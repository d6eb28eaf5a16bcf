/**
 * @file The transpose of a window plan: which outputs read each input. It is a window plan too, so backward passes can gather.
 */
import { adaptiveRule } from './adaptive.ts'
import { type AxisPlan, firstOf, irregular, tapsOf, type WindowRule, wholeAxis } from './axis.ts'
import { gcd, inverseModulo, multiplyModulo } from './modulo.ts'

/**
 * For input `p`: output `first + j * step` for `j < taps` are those whose windows contain `p`, in ascending order. A divisor counts
 * them; what an average divides by are the divisors of `sourceOutputs`. The plan must not be a transpose itself.
 */
export function transposeAxis(plan: AxisPlan): AxisPlan {
  const { inSize: outSize, outSize: inSize, step, regular, recipe } = plan
  if (regular === null) {
    const isWhole = recipe?.kind === 'adaptive' && recipe.outSize === plan.outSize
    const rule = isWhole ? adaptiveRule(inSize, outSize) : runsRule(plan)
    return { ...wholeAxis({ inSize, outSize, step: 1, regular: null, rule, recipe: null }), source: plan }
  }
  const { window, stride, padBefore } = regular
  const before = (window - 1) * step - padBefore
  return {
    ...wholeAxis({
      inSize,
      outSize,
      step: step / gcd(strideOf(plan), step),
      regular: stride === 1 && before >= 0 ? { window, stride: 1, padBefore: before } : null,
      rule: slidingRule(plan),
      recipe: null,
    }),
    source: plan,
  }
}

/** The outputs of the plan that `transposed`, or a slice of it, is the transpose of: those that are inputs there. */
export function sourceOutputs({ source, origin, inSize }: AxisPlan): AxisPlan {
  return { ...source!, begin: source!.begin + origin, outSize: inSize }
}

/** A stride past the axis acts as one of its length: only output 0 reads anything. */
function strideOf({ inSize, regular }: AxisPlan): number {
  const { stride, padBefore } = regular!
  return Math.max(1, Math.min(stride, inSize + padBefore))
}

/** Along a regular axis, outputs that share an input lie dilation / gcd(stride, dilation) apart. */
function slidingRule(plan: AxisPlan): WindowRule {
  const { inSize, outSize, step: dilation } = plan
  const { window, padBefore } = plan.regular!
  const stride = strideOf(plan)
  const common = gcd(stride, dilation)
  const step = dilation / common
  const tapStep = stride / common
  const inverse = inverseModulo(step, tapStep)
  /** The first of the taps that may fall on a place: every `tapStep`th from there on does. */
  const lowTap = (place: number): number => {
    const rest = place % stride
    return rest % common === 0 ? multiplyModulo(rest / common, inverse, tapStep) : window
  }
  const highTap = (place: number, low: number): number => {
    const limit = Math.min(window - 1, Math.floor(place / dilation))
    return limit - ((limit - low) % tapStep)
  }
  const lowest = (place: number, low: number): number => (place - highTap(place, low) * dilation) / stride
  const taps = (p: number): number => {
    const place = p + padBefore
    const low = lowTap(place)
    if (low >= window || low * dilation > place) return 0
    const highest = Math.min(outSize - 1, (place - low * dilation) / stride)
    return Math.max(0, Math.floor((highest - lowest(place, low)) / step) + 1)
  }
  const first = (p: number): number => (taps(p) === 0 ? 0 : lowest(p + padBefore, lowTap(p + padBefore)))
  const from = Math.min(inSize, Math.max(0, (window - 1) * dilation - padBefore))
  const to = Math.max(from, Math.min(inSize, (outSize - 1) * stride - padBefore + 1))
  return { first, taps, divisor: taps, steady: { from, to, period: stride, shift: 1 } }
}

/** Runs start and end in ascending order, so the outputs that read an input are neighbours. */
function runsRule(plan: AxisPlan): WindowRule {
  const first = (p: number): number =>
    countWhile(plan.outSize, (i) => firstOf(plan, i) + tapsOf(plan, i) <= p)
  const end = (p: number): number => countWhile(plan.outSize, (i) => firstOf(plan, i) <= p)
  const taps = (p: number): number => Math.max(0, end(p) - first(p))
  return { first: (p) => (taps(p) === 0 ? 0 : first(p)), taps, divisor: taps, steady: irregular }
}

/** How many of the first `size` numbers satisfy `holds`, which all below some number do. */
function countWhile(size: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
