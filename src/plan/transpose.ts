/**
 * @file The transpose of an axis plan: for each input, the outputs that read it. It is a plan itself, so gradients run
 * on it.
 */
import { adaptiveRule } from './adaptive.ts'
import { type AxisPlan, firstOf, irregular, tapsOf, type WindowRule, wholeAxis } from './axis.ts'
import { gcd, inverseModulo, multiplyModulo } from './modulo.ts'

/**
 * Output `first + j * step` of the plan reads input `p`, for `j < taps`, in ascending order. The divisors of the
 * transpose count those outputs; averages divide by the divisors of `sourceOutputs`. `plan` must not be a transpose
 * itself.
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

/** The plan that a transpose was made from, cut to the outputs that are inputs of the transpose or slice. */
export function sourceOutputs({ source, origin, inSize }: AxisPlan): AxisPlan {
  return { ...source!, begin: source!.begin + origin, outSize: inSize }
}

/** The stride, at most the length of the axis. For a longer one only output 0 has taps, so the plan is the same. */
export function strideOf({ inSize, regular }: AxisPlan): number {
  const { stride, padBefore } = regular!
  return Math.max(1, Math.min(stride, inSize + padBefore))
}

/** For a regular axis. Outputs that share an input lie dilation / gcd(stride, dilation) apart. */
function slidingRule(plan: AxisPlan): WindowRule {
  const { inSize, outSize, step: dilation } = plan
  const { window, padBefore } = plan.regular!
  const stride = strideOf(plan)
  const common = gcd(stride, dilation)
  const step = dilation / common
  const tapStep = stride / common
  const inverse = inverseModulo(step, tapStep)
  /** The first tap that can read a position; every `tapStep`th tap after it can too. */
  const lowTap = (position: number): number => {
    const rest = position % stride
    return rest % common === 0 ? multiplyModulo(rest / common, inverse, tapStep) : window
  }
  const highTap = (position: number, low: number): number => {
    const limit = Math.min(window - 1, Math.floor(position / dilation))
    return limit - ((limit - low) % tapStep)
  }
  const lowest = (position: number, low: number): number =>
    (position - highTap(position, low) * dilation) / stride
  const taps = (p: number): number => {
    const position = p + padBefore
    const low = lowTap(position)
    if (low >= window || low * dilation > position) return 0
    const highest = Math.min(outSize - 1, (position - low * dilation) / stride)
    return Math.max(0, Math.floor((highest - lowest(position, low)) / step) + 1)
  }
  const first = (p: number): number => (taps(p) === 0 ? 0 : lowest(p + padBefore, lowTap(p + padBefore)))
  const from = Math.min(inSize, Math.max(0, (window - 1) * dilation - padBefore))
  const to = Math.max(from, Math.min(inSize, (outSize - 1) * stride - padBefore + 1))
  return { first, taps, divisor: taps, periodic: { from, to, period: stride, shift: 1 } }
}

/** For windows whose starts and ends ascend: the outputs that read an input are neighbours. */
function runsRule(plan: AxisPlan): WindowRule {
  const first = (p: number): number =>
    countWhile(plan.outSize, (i) => firstOf(plan, i) + tapsOf(plan, i) <= p)
  const end = (p: number): number => countWhile(plan.outSize, (i) => firstOf(plan, i) <= p)
  const taps = (p: number): number => Math.max(0, end(p) - first(p))
  return { first: (p) => (taps(p) === 0 ? 0 : first(p)), taps, divisor: taps, periodic: irregular }
}

/** The number of leading integers from 0, below `size`, for which `holds` is true. Binary search. */
function countWhile(size: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
