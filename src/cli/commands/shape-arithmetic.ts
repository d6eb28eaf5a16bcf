/**
 * @file The arithmetic of an output shape with its numbers, one line for each axis.
 */
import { planAdaptive } from '../../plan/adaptive.ts'
import { effectiveWindow, type Padding, resolveAxis } from '../../plan/padding.ts'
import { statsOf } from '../../plan/tables.ts'
import { blurredSize } from '../../plan/weighted.ts'
import type { PaddingValue, PerAxis } from '../options/parse-values.ts'
import type { PoolingSettings } from '../options/settings.ts'
import type { Pooling } from '../pooling.ts'

/** One pooled axis and the formula of its size. */
export interface AxisArithmetic {
  readonly axis: string
  readonly input: number
  readonly output: number
  readonly text: string
}

export interface ShapeArithmetic {
  readonly formula: string
  readonly axes: readonly AxisArithmetic[]
}

const axisNames: Readonly<Record<number, readonly string[]>> = { 1: ['L'], 2: ['H', 'W'], 3: ['D', 'H', 'W'] }

export function arithmeticOf(settings: PoolingSettings, pooling: Pooling): ShapeArithmetic {
  const { axes, view, layout, shape, outputShape } = pooling
  const end = layout === 'NHWC' && shape.length > axes ? shape.length - 1 : shape.length
  const names = axisNames[axes] ?? Array.from({ length: axes }, (_, i) => `axis ${view.length - axes + i}`)
  if (settings.kind === 'levels')
    return { formula: formulas.levels, axes: [featuresOf(settings, outputShape)] }
  const explain = explainer(settings)
  return {
    formula: formulas[formulaOf(settings)],
    axes: names.map((axis, i) => {
      const [input, output] = [shape[end - axes + i]!, outputShape[end - axes + i]!]
      return { axis, input, output, text: explain(i, input, output) }
    }),
  }
}

function featuresOf({ levels = [] }: PoolingSettings, outputShape: readonly number[]): AxisArithmetic {
  const output = outputShape.at(-1)!
  return { axis: 'F', input: levels.length, output, text: `${output}, of levels ${levels.join(', ')}` }
}

type Formula = 'floor' | 'ceil' | 'same' | Exclude<PoolingSettings['kind'], 'sliding'>

const formulas: Readonly<Record<Formula, string>> = {
  floor: 'out = floor((in + padBefore + padAfter - dilation * (size - 1) - 1) / stride) + 1',
  ceil:
    'out = ceil((in + padBefore + padAfter - dilation * (size - 1) - 1) / stride) + 1,\n' +
    '      one less if the last window would start past the input: (out - 1) * stride >= in + padBefore',
  same: 'out = ceil(in / stride); padding = max(0, (out - 1) * stride + dilation * (size - 1) + 1 - in), the odd one after',
  adaptive: 'out is what was asked for; window i reads [floor(i * in / out), ceil((i + 1) * in / out))',
  global: 'out = 1: one window over the whole axis',
  blurring: 'out = floor((in - 1) / stride) + 1; of max-blur, in is what the maxima leave: in - size + 1',
  boxes: 'out is what was asked for; part i covers [i * in / out, (i + 1) * in / out)',
  levels: 'features = channels * the cells of all levels * poolings',
}

function formulaOf({ kind, padding, ceilMode }: PoolingSettings): Formula {
  if (kind !== 'sliding') return kind
  if (padding === 'same') return 'same'
  return ceilMode ? 'ceil' : 'floor'
}

function explainer(settings: PoolingSettings): (axis: number, input: number, output: number) => string {
  if (settings.kind === 'global') return (_, input, output) => `${output}, one window of ${input}`
  if (settings.kind === 'adaptive') return explainAdaptive
  if (settings.kind === 'boxes') return (_, input, output) => `${output}, parts of ${input} / ${output}`
  if (settings.kind === 'blurring') return (axis, input) => explainBlur(settings, axis, input)
  return (axis, input) => explainSliding(settings, axis, input)
}

function explainAdaptive(_: number, input: number, output: number): string {
  if (output === 0) return '0'
  const { fewestTaps: least, mostTaps: most } = statsOf(planAdaptive(input, output))
  return `${output}, windows of ${least === most ? least : `${least} to ${most}`}`
}

function explainBlur({ mode, size = 2, stride = 2 }: PoolingSettings, axis: number, input: number): string {
  const step = along(stride, axis)
  const maxima = mode === 'max-blur' ? input - along(size, axis) + 1 : input
  const output = blurredSize(maxima, step)
  const lead = maxima === input ? '' : `${input} - ${along(size, axis)} + 1 = ${maxima} maxima; `
  return `${lead}floor((${maxima} - 1) / ${step}) + 1 = ${output}`
}

function explainSliding(settings: PoolingSettings, axis: number, input: number): string {
  const { size = 2, ceilMode = false, padding = 0 } = settings
  const window = along(size, axis)
  const stride = along(settings.stride ?? size, axis)
  const dilation = along(settings.dilation ?? 1, axis)
  const request = { inSize: input, window, stride, dilation, ceilMode, padding: paddingAlong(padding, axis) }
  const { padBefore, padAfter, outSize } = resolveAxis(request)
  if (padding === 'same') {
    const wanted = `(${outSize} - 1) * ${stride} + ${dilation} * (${window} - 1) + 1 - ${input}`
    return `ceil(${input} / ${stride}) = ${outSize}; padding max(0, ${wanted}) = ${padBefore + padAfter}: ${padBefore} before, ${padAfter} after`
  }
  const room = input + padBefore + padAfter - effectiveWindow(request)
  const rounding = ceilMode ? 'ceil' : 'floor'
  const first = Math[rounding](room / stride) + 1
  const numbers = `(${input} + ${padBefore} + ${padAfter} - ${dilation} * (${window} - 1) - 1) / ${stride}`
  const sum = `${rounding}(${numbers}) + 1 = ${rounding}(${room} / ${stride}) + 1 = ${first}`
  if (ceilMode) return `${sum}; ${lastWindow(first, stride, input, padBefore, outSize)}`
  const unread = Math.min(input, room - (outSize - 1) * stride - padAfter)
  return unread > 0 ? `${sum}; the last ${unread} of ${input} are in no window` : sum
}

function lastWindow(
  first: number,
  stride: number,
  input: number,
  padBefore: number,
  outSize: number,
): string {
  const start = `the last would start at ${first - 1} * ${stride} = ${(first - 1) * stride}`
  const limit = `${input} + ${padBefore} = ${input + padBefore}`
  return outSize < first ? `${start} >= ${limit}, so ${outSize}` : `${start} < ${limit}: kept`
}

function along(value: PerAxis, axis: number): number {
  return typeof value === 'number' ? value : value[axis]!
}

function paddingAlong(padding: PaddingValue, axis: number): Padding {
  if (padding === 'same') return 'same-upper'
  if (padding === 'valid') return 'valid'
  const own = typeof padding === 'number' ? padding : padding[axis]!
  return typeof own === 'number' ? [own, own] : own
}
