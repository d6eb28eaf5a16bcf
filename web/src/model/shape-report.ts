/**
 * @file The shape calculator: sizes are the library's; the formula's numbers are laid out beside them.
 */
import { effectiveWindow, type Padding as PlanPadding, resolveAxis } from '../../../src/plan/padding.ts'
import { isSliding, levelsOf, type Pooling, windowRequest } from '../../../src/render/pooling.ts'
import { sceneShape } from '../../../src/render/scene.ts'
import { type AxisWindows, windowsOf } from '../../../src/render/windows.ts'

/** One way of rounding, spelled out. */
export interface Rounding {
  readonly mode: 'floor' | 'ceil'
  /** `⌊(4 + 0 + 0 − 1·(2 − 1) − 1) / 2⌋ + 1 = 2` */
  readonly numbers: string
  readonly size: number
  readonly isUsed: boolean
  /** The start of the last window in ceil mode, and its limit, which may reduce the size by one. */
  readonly last: { readonly start: number; readonly limit: number; readonly isDropped: boolean } | null
}

export interface AutoPad {
  readonly name: 'NOTSET' | 'VALID' | 'SAME_UPPER' | 'SAME_LOWER'
  readonly pads: readonly [number, number]
  readonly size: number
}

export interface AxisReport {
  readonly inSize: number
  readonly window: number
  readonly dilation: number
  readonly effective: number
  readonly pads: readonly [number, number]
  readonly size: number
  readonly roundings: readonly Rounding[]
  readonly autoPads: readonly AutoPad[]
}

export interface ShapeReport {
  readonly output: readonly number[]
  /** Null where sizes are given, not computed. */
  readonly axes: readonly AxisReport[] | null
  /** For drawing; null for long axes. */
  readonly windows: readonly AxisWindows[] | null
}

const longestDrawn = 40

/** @throws PoolError as the pooling would */
export function shapeReport(pooling: Pooling, shape: readonly number[]): ShapeReport {
  const isComputed = isSliding(pooling) || pooling.op === 'unpool'
  const output = pooling.op === 'unpool' ? shape : sceneShape(pooling, shape)
  const isShort = Math.max(shape[2]!, shape[3]!) <= longestDrawn
  return {
    output,
    axes: isComputed ? ([0, 1] as const).map((axis) => axisReport(pooling, axis, shape[axis + 2]!)) : null,
    windows:
      isShort && levelsOf(pooling).length === 0 ? windowsOf(pooling, [1, 1, shape[2]!, shape[3]!])[0]! : null,
  }
}

export const symbols = {
  floor: 'out = ⌊(in + pad before + pad after − dilation·(window − 1) − 1) / stride⌋ + 1',
  ceil: 'out = ⌈(in + pad before + pad after − dilation·(window − 1) − 1) / stride⌉ + 1',
} as const

function axisReport(pooling: Pooling, axis: 0 | 1, inSize: number): AxisReport {
  const request = windowRequest(pooling, axis, inSize)
  const { window, dilation } = request
  const { padBefore, padAfter, outSize } = resolveAxis(request)
  const withPads = (padding: PlanPadding) => resolveAxis({ ...request, padding })
  const autoPad = (name: AutoPad['name'], padding: PlanPadding): AutoPad => {
    const resolved = withPads(padding)
    return { name, pads: [resolved.padBefore, resolved.padAfter], size: resolved.outSize }
  }
  return {
    inSize,
    window,
    dilation,
    effective: effectiveWindow(request),
    pads: [padBefore, padAfter],
    size: outSize,
    roundings: [rounding(pooling, axis, inSize, 'floor'), rounding(pooling, axis, inSize, 'ceil')],
    autoPads: [
      autoPad('NOTSET', [padBefore, padAfter]),
      autoPad('VALID', 'valid'),
      autoPad('SAME_UPPER', 'same-upper'),
      autoPad('SAME_LOWER', 'same-lower'),
    ],
  }
}

function rounding(pooling: Pooling, axis: 0 | 1, inSize: number, mode: Rounding['mode']): Rounding {
  const request = { ...windowRequest(pooling, axis, inSize), ceilMode: mode === 'ceil' }
  const { window, stride, dilation } = request
  const { padBefore, padAfter, outSize } = resolveAxis(request)
  const room = inSize + padBefore + padAfter - effectiveWindow(request)
  const rounded = (mode === 'ceil' ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1
  const [open, close] = mode === 'ceil' ? ['⌈', '⌉'] : ['⌊', '⌋']
  const fraction = `(${inSize} + ${padBefore} + ${padAfter} − ${dilation}·(${window} − 1) − 1) / ${stride}`
  const start = (rounded - 1) * stride
  return {
    mode,
    numbers: `${open}${fraction}${close} + 1 = ${rounded}`,
    size: outSize,
    isUsed: (mode === 'ceil') === pooling.ceil,
    last: mode === 'ceil' ? { start, limit: inSize + padBefore, isDropped: outSize < rounded } : null,
  }
}
