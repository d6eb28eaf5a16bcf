/**
 * @file Turns a node's window attributes into axis windows. `src/plan` computes sizes and pads.
 */
import { invalid } from '../../errors.ts'
import { assertExtent } from '../../ops/options/parse.ts'
import type { AxisWindow } from '../../plan/axis.ts'
import { effectiveWindow, type Padding, resolveAxis, type WindowRequest } from '../../plan/padding.ts'
import type { AttributeValues } from './attributes.ts'
import type { Choices } from './choices.ts'

const paddings: Readonly<Record<string, Padding>> = {
  SAME_UPPER: 'same-upper',
  SAME_LOWER: 'same-lower',
  VALID: 'valid',
}

/**
 * One window per spatial axis.
 *
 * @throws PoolError "BAD_PARAM" for a list of another length, pads together with auto_pad, or pads that widePads refuses; "BAD_SHAPE" if a
 *   window does not fit; "LIMIT" if pads add more than 2^20 outputs to an axis
 */
export function windowsOf(
  label: string,
  values: AttributeValues,
  spatial: readonly number[],
  choices: Required<Choices>,
): readonly AxisWindow[] {
  const rank = spatial.length
  const window = listOf(label, 'kernel_shape', values.kernel_shape, rank)
  if (window === undefined) throw noKernel(label)
  const strides = listOf(label, 'strides', values.strides, rank)
  const dilations = listOf(label, 'dilations', values.dilations, rank)
  const paddingAt = readPadding(label, values, rank)
  window.forEach((size, axis) => {
    assertExtent(label, `kernel_shape[${axis}]`, size, dilations?.[axis] ?? 1)
  })
  return spatial.map((inSize, axis) => {
    const request: WindowRequest = {
      inSize,
      window: window[axis]!,
      stride: strides?.[axis] ?? 1,
      dilation: dilations?.[axis] ?? 1,
      padding: paddingAt(axis),
      ceilMode: values.ceil_mode === 1,
    }
    const decided = decide(request, choices)
    const resolved = resolveAxis(decided)
    assertPads(label, axis, resolved, choices)
    assertFew(label, axis, resolved)
    if (resolved.outSize >= 1) return resolved
    const shortened = resolveAxis({ ...decided, ceilMode: true })
    if (choices.shortInput === 'truncate' && shortened.outSize >= 0) return shortened
    throw tooShort(label, axis, resolved, shortened.outSize >= 0)
  })
}

/** @throws PoolError "BAD_PARAM" unless the list has `ends` entries per spatial axis */
export function listOf(
  label: string,
  name: string,
  value: AttributeValues[string],
  rank: number,
  ends = 1,
): readonly number[] | undefined {
  if (value === undefined) return undefined
  const list = value as readonly number[]
  if (list.length === rank * ends) return list
  throw invalid(
    'BAD_PARAM',
    { op: label, argument: name, value: list },
    `has ${list.length} entries; must have ${rank * ends}, ${ends === 1 ? 'one' : 'a begin and an end'} for each of the ${rank} spatial axes`,
    ends === 1 ? `Give ${rank}.` : 'Give all begins, then all ends.',
  )
}

/** The padding of each axis. ONNX's pads list all begins, then all ends. */
function readPadding(label: string, values: AttributeValues, rank: number): (axis: number) => Padding {
  const pads = listOf(label, 'pads', values.pads, rank, 2)
  const auto = values.auto_pad as string
  if (auto === 'NOTSET') return (axis) => [pads?.[axis] ?? 0, pads?.[rank + axis] ?? 0]
  if (pads === undefined) return () => paddings[auto]!
  throw invalid(
    'BAD_PARAM',
    { op: label, argument: 'pads', value: pads },
    `must not be given with auto_pad "${auto}", which computes them`,
    'Leave out one of the two.',
  )
}

function decide(request: WindowRequest, choices: Required<Choices>): WindowRequest {
  const { padding, dilation } = request
  if (padding === 'valid' && choices.validCeil === 'ignore') return { ...request, ceilMode: false }
  const isSame = padding === 'same-upper' || padding === 'same-lower'
  if (!isSame || dilation === 1 || choices.sameWindow === 'dilated') return request
  const { padBefore, padAfter } = resolveAxis({ ...request, dilation: 1 })
  return { ...request, padding: [padBefore, padAfter] }
}

function assertPads(label: string, axis: number, resolved: AxisWindow, choices: Required<Choices>): void {
  const { window, padBefore, padAfter } = resolved
  if (choices.widePads === 'allow' || Math.max(padBefore, padAfter) < window) return
  throw invalid(
    'BAD_PARAM',
    { op: label, argument: `pads of spatial axis ${axis}`, value: [padBefore, padAfter] },
    `must be less than the window ${window}`,
    'Lower them, or choose widePads "allow".',
  )
}

/** The most outputs that pads may add to an axis. Each output needs memory, even if its window has no taps. */
const mostAdded = 2 ** 20

function assertFew(label: string, axis: number, { inSize, outSize, padBefore, padAfter }: AxisWindow): void {
  if (outSize <= inSize + mostAdded) return
  throw invalid(
    'LIMIT',
    { op: label, argument: `pads of spatial axis ${axis}`, value: [padBefore, padAfter] },
    `give ${outSize} outputs for ${inSize} inputs; must add at most ${mostAdded}`,
    'Lower them, or raise the stride.',
  )
}

function tooShort(label: string, axis: number, resolved: AxisWindow, isChoice: boolean): Error {
  const { inSize, window, dilation, padBefore, padAfter, outSize } = resolved
  return invalid(
    'BAD_SHAPE',
    { op: label, argument: `X.shape[${axis + 2}]`, value: inSize },
    `with pads ${padBefore} and ${padAfter} the effective window ${effectiveWindow(resolved)} (kernel ${window}, dilation ${dilation}) fits ${outSize} times; it must fit at least once`,
    isChoice
      ? 'Make the window smaller, or choose shortInput "truncate".'
      : 'Make the window smaller or the input larger.',
  )
}

/** LpPool-1 makes kernel_shape optional, but the specification does not define the result without it. */
function noKernel(label: string): Error {
  return invalid(
    'BAD_PARAM',
    { op: label, argument: 'kernel_shape', value: undefined },
    'must be given: LpPool-1 makes it optional, but does not define the result without it',
    'Give it, or use GlobalLpPool.',
  )
}
