/**
 * @file Rules for convolutions, and output sizes of windows on axes whose size may be a name.
 */
import { effectiveWindow, type Padding, resolveAxis, type WindowRequest } from '../../../../plan/padding.ts'
import type { Dimension } from '../parse-model.ts'
import { type Fact, factOf } from './fact.ts'
import type { NodeView, Rule } from './node-view.ts'

export const convolutionRules: readonly (readonly [string, Rule])[] = [
  ['Conv', (node) => convolution(node, node.input(0).dtype)],
  ['ConvInteger', (node) => convolution(node, 'int32')],
  ['ConvTranspose', transposed],
  ['DeformConv', (node) => convolution(node, node.input(0).dtype)],
  ['QLinearConv', (node) => convolution(node.withInputs([0, 3]), node.input(7).dtype)],
  ['com.microsoft.FusedConv', (node) => convolution(node, node.input(0).dtype)],
]

const paddings: ReadonlyMap<string, Padding> = new Map<string, Padding>([
  ['SAME_UPPER', 'same-upper'],
  ['SAME_LOWER', 'same-lower'],
  ['VALID', 'valid'],
])

type AxisRequest = Omit<WindowRequest, 'inSize' | 'ceilMode'>

/** The window of each spatial axis; null for a list of the wrong length or with an invalid entry, and for an unknown padding. */
function axesOf(node: NodeView, rank: number): readonly AxisRequest[] | null {
  const [strides, dilations, pads] = [node.ints('strides'), node.ints('dilations'), node.ints('pads')]
  const weights = node.input(1).shape?.slice(2)
  const window = node.ints('kernel_shape') ?? weights
  const isWhole = (list: readonly Dimension[] | undefined, length: number, least: number): boolean =>
    list === undefined ||
    (list.length === length &&
      list.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= least))
  if (window === undefined || !isWhole(window, rank, 1) || !isWhole(strides, rank, 1)) return null
  if (!isWhole(dilations, rank, 1) || !isWhole(pads, 2 * rank, Number.NEGATIVE_INFINITY)) return null
  const mode = node.text('auto_pad')
  const padding = paddings.get(mode)
  if (padding === undefined && mode !== '' && mode !== 'NOTSET') return null
  return window.map((size, axis) => ({
    window: size as number,
    stride: strides?.[axis] ?? 1,
    dilation: dilations?.[axis] ?? 1,
    padding: padding ?? [pads?.[axis] ?? 0, pads?.[rank + axis] ?? 0],
  }))
}

function convolution(node: NodeView, dtype: string | null): Fact {
  const [{ shape }, weights] = [node.input(0), node.input(1).shape]
  if (shape === null || shape.length < 3) return factOf(dtype, null)
  const lead = [shape[0]!, weights?.[0] ?? null]
  const axes = axesOf(node, shape.length - 2)
  return factOf(dtype, [
    ...lead,
    ...shape.slice(2).map((dim, axis) => (axes === null ? null : windowed(dim, axes[axis]!))),
  ])
}

/** A named size is kept if the windows give as many outputs as inputs for every size. */
export function windowed(dim: Dimension, request: AxisRequest): Dimension {
  if (typeof dim === 'number') {
    const { outSize } = resolveAxis({ ...request, inSize: dim, ceilMode: false })
    return outSize > 0 ? outSize : null
  }
  const { padding, stride } = request
  if (stride !== 1) return null
  const pads = typeof padding === 'string' ? null : padding
  const keeps =
    pads === null
      ? padding !== 'valid' || effectiveWindow(request) === 1
      : pads[0] + pads[1] === effectiveWindow(request) - 1
  return keeps ? dim : null
}

function transposed(node: NodeView): Fact {
  const [{ dtype, shape }, weights] = [node.input(0), node.input(1).shape]
  if (shape === null || shape.length < 3) return factOf(dtype, null)
  const group = node.int('group', 1)
  const channels = typeof weights?.[1] === 'number' ? weights[1] * group : null
  const axes = axesOf(node, shape.length - 2)
  const [given, extra] = [node.ints('output_shape'), node.ints('output_padding')]
  const sizes = given?.slice(given.length - (shape.length - 2))
  return factOf(dtype, [
    shape[0]!,
    channels,
    ...shape
      .slice(2)
      .map(
        (dim, axis) => sizes?.[axis] ?? (axes === null ? null : spread(dim, axes[axis]!, extra?.[axis] ?? 0)),
      ),
  ])
}

function spread(dim: Dimension, request: AxisRequest, extra: number): Dimension {
  if (typeof dim !== 'number') return null
  const { stride, padding } = request
  if (padding === 'same-upper' || padding === 'same-lower') return dim * stride
  const [before, after] = padding === 'valid' ? [0, 0] : padding
  return stride * (dim - 1) + extra + effectiveWindow(request) - before - after
}
