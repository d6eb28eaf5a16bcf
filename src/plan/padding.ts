/**
 * @file Resolves the padding conventions to pads and an output size. Later steps do not need to know the convention.
 */
import type { AxisWindow } from './axis.ts'

/**
 * A pair gives the pads. `valid`: no padding. `same-upper`, `same-lower`: ceil(in / stride) outputs, with an odd pad
 * after or before.
 */
export type Padding = readonly [before: number, after: number] | 'valid' | 'same-upper' | 'same-lower'

/** The requested window of one axis, in elements. */
export interface WindowRequest {
  readonly inSize: number
  readonly window: number
  readonly stride: number
  readonly dilation: number
  readonly padding: Padding
  readonly ceilMode: boolean
}

/** The span of a dilated window from its first tap to its last. */
export function effectiveWindow({ window, dilation }: Pick<WindowRequest, 'window' | 'dilation'>): number {
  return (window - 1) * dilation + 1
}

/** The pads and output size of one axis. An `outSize` below 1 means that the window does not fit. */
export function resolveAxis(request: WindowRequest): AxisWindow {
  const { inSize, window, stride, dilation, ceilMode } = request
  const [padBefore, padAfter] = resolvePads(request)
  const outSize = outputSize({
    inSize,
    stride,
    padBefore,
    padAfter,
    effective: effectiveWindow(request),
    ceilMode,
  })
  return { inSize, outSize, window, stride, dilation, padBefore, padAfter }
}

function resolvePads(request: WindowRequest): readonly [number, number] {
  const { padding, inSize, stride } = request
  if (padding === 'valid') return [0, 0]
  if (padding !== 'same-upper' && padding !== 'same-lower') return padding
  const total = Math.max(0, (Math.ceil(inSize / stride) - 1) * stride + effectiveWindow(request) - inSize)
  const half = Math.floor(total / 2)
  return padding === 'same-upper' ? [half, total - half] : [total - half, half]
}

/** PyTorch's and ONNX's rule: in ceil mode the last window must start inside the input or the padding before it. */
function outputSize(axis: {
  inSize: number
  stride: number
  padBefore: number
  padAfter: number
  effective: number
  ceilMode: boolean
}): number {
  const { inSize, stride, padBefore, padAfter, effective, ceilMode } = axis
  const room = inSize + padBefore + padAfter - effective + (ceilMode ? stride - 1 : 0)
  const size = Math.floor(room / stride) + 1
  return ceilMode && (size - 1) * stride >= inSize + padBefore ? size - 1 : size
}
