/**
 * @file Sliding geometry: windows from kernelSize, stride, padding, dilation and ceilMode.
 */
import { invalid } from '../../errors.ts'
import { type AxisWindow, planAxis } from '../../plan/axis.ts'
import { effectiveWindow, type Padding, resolveAxis } from '../../plan/padding.ts'
import type { CountedOptions } from '../counted/options.ts'
import { assertExtent, assertRank, type PerAxis, parseFlag, parsePerAxis } from '../options/parse.ts'
import type { CommonOptions, Geometry } from './geometry.ts'
import type { TensorAxes } from './tensor-axes.ts'

/**
 * `same`: ceil(in / stride) outputs, with the odd pad at the end. `valid`: no padding. A number pads both ends, at most
 * half of the effective window (PyTorch's rule); the pads of a pair [before, after] per axis must be less than the effective window.
 */
export type PaddingOption = PerAxis | readonly (readonly [before: number, after: number])[] | 'same' | 'valid'

/** Options of a window that slides: max, min, average and Lp pooling. */
export interface SlidingOptions extends CommonOptions, CountedOptions {
  /** Elements of the window, along all axes or one number per axis. */
  readonly kernelSize: PerAxis
  /** Default: the window. */
  readonly stride?: PerAxis | undefined
  /** Default: 0. */
  readonly padding?: PaddingOption | undefined
  /** Distance between the window's elements. Default: 1. */
  readonly dilation?: PerAxis | undefined
  /** Round the output size up, as long as the last window starts inside the input or the padding before it. */
  readonly ceilMode?: boolean | undefined
}

/** PyTorch has no padding for Lp pooling and no dilation for average pooling; here both take both, as in ONNX. */
export function sliding(rank: number): Geometry<SlidingOptions> {
  return {
    kind: 'sliding',
    rank,
    needs: ['kernelSize'],
    takes: ['stride', 'padding', 'dilation', 'ceilMode'],
    read: (op, options) => {
      const windows = readWindows(op, rank, options)
      return (axes) => {
        const resolved = windows(axes)
        return {
          sizes: resolved.map((axis) => axis.outSize),
          axes: (countPadding) => resolved.map((axis) => planAxis(axis, countPadding)),
        }
      }
    },
  }
}

function readWindows(
  op: string,
  rank: number,
  options: SlidingOptions,
): (axes: TensorAxes) => readonly AxisWindow[] {
  const window = parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 1)
  const stride = parsePerAxis(op, 'stride', options.stride ?? window, rank, 1)
  const dilation = parsePerAxis(op, 'dilation', options.dilation ?? 1, rank, 1)
  window.forEach((size, axis) => {
    assertExtent(op, `kernelSize[${axis}]`, size, dilation[axis]!)
  })
  const ceilMode = parseFlag(op, 'ceilMode', options.ceilMode, false)
  const padding = parsePadding(op, options.padding ?? 0, window, dilation)
  return (axes) =>
    axes.spatial.map((inSize, axis) => {
      const resolved = resolveAxis({
        inSize,
        window: window[axis]!,
        stride: stride[axis]!,
        dilation: dilation[axis]!,
        padding: padding[axis]!,
        ceilMode,
      })
      if (resolved.outSize < 1) throw tooSmall(op, axes, axis, resolved)
      return resolved
    })
}

function parsePadding(
  op: string,
  value: unknown,
  window: readonly number[],
  dilation: readonly number[],
): readonly Padding[] {
  const rank = window.length
  if (value === 'same') return window.map(() => 'same-upper')
  if (value === 'valid') return window.map(() => 'valid')
  const isPairs = Array.isArray(value) && value.some(Array.isArray)
  if (!isPairs) {
    return parsePerAxis(op, 'padding', value, rank, 0).map((pad, axis) => {
      const effective = effectiveWindow({ window: window[axis]!, dilation: dilation[axis]! })
      const half = Math.floor(effective / 2)
      if (pad > half) {
        throw badPad(
          op,
          `padding[${axis}]`,
          pad,
          window[axis]!,
          dilation[axis]!,
          `must be at most ${half}, half of the`,
        )
      }
      return [pad, pad]
    })
  }
  assertRank(op, 'padding', value, rank)
  return value.map((pair, axis) => {
    const argument = `padding[${axis}]`
    if (!Array.isArray(pair)) {
      throw invalid(
        'BAD_PARAM',
        { op, argument, value: pair },
        'must be [before, after] like the other axes',
        'Give a pair.',
      )
    }
    const [before, after] = parsePerAxis(op, argument, pair, 2, 0) as readonly [number, number]
    const effective = effectiveWindow({ window: window[axis]!, dilation: dilation[axis]! })
    const wide = before >= effective ? 0 : 1
    if (Math.max(before, after) >= effective) {
      throw badPad(
        op,
        `${argument}[${wide}]`,
        pair[wide],
        window[axis]!,
        dilation[axis]!,
        'must be less than the',
      )
    }
    return [before, after]
  })
}

function badPad(
  op: string,
  argument: string,
  value: number,
  window: number,
  dilation: number,
  rule: string,
): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument, value },
    `${rule} effective window ${effectiveWindow({ window, dilation })} (window ${window}, dilation ${dilation})`,
    rule.includes('half')
      ? 'Lower the padding, or give [before, after] pairs.'
      : 'Lower the padding, or use pool2d/onnx, which takes pads of any width.',
  )
}

function tooSmall(op: string, axes: TensorAxes, axis: number, resolved: AxisWindow): Error {
  const { inSize, window, dilation, padBefore, padAfter, outSize } = resolved
  const shape = axes.shapeOf(axes.spatial)
  return invalid(
    'BAD_SHAPE',
    {
      op,
      argument: `x.shape[${shape.length - axes.spatial.length + axis - (axes.layout === 'NHWC' ? 1 : 0)}]`,
      value: inSize,
    },
    `with padding [${padBefore}, ${padAfter}] the effective window ${effectiveWindow({ window, dilation })} (window ${window}, dilation ${dilation}) fits ${outSize} times; it must fit at least once`,
    'Make the window smaller or the input larger.',
  )
}
