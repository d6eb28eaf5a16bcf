/**
 * @file Specialised kernels for the most common windows: 2 by 2 at stride 2, 3 by 3 at stride 1 and 2, and global
 * pooling.
 */
import { divisorOf as countOf, firstOf, tapsOf } from '../../../plan/axis.ts'
import { statsOf, tablesOf } from '../../../plan/tables.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import { type Block, writeBlock, writeNumbers } from '../block.ts'
import { type ElementType, f32, lanesOf } from '../element-type.ts'
import type { Op, Pass } from '../pass.ts'
import { type Axis, inSizeOf, type LoweredPlan } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import type { Epilogue } from './epilogue.ts'

/**
 * True for planes of rows and columns of one channel. A depth axis of length 1 is allowed only if its window has a tap.
 */
function isPlain({ axes, inner }: LoweredPlan): boolean {
  const { inSize, outSize } = axes[0]
  return inner === 1 && inSize === 1 && outSize === 1 && tapsOf(axes[0], 0) === 1
}

function isHalved({ regular, step, inSize, outSize }: Axis): boolean {
  return (
    regular !== null &&
    regular.window === 2 &&
    regular.stride === 2 &&
    regular.padBefore === 0 &&
    step === 1 &&
    2 * outSize <= inSize
  )
}

export function is2x2s2(lowered: LoweredPlan): boolean {
  return isPlain(lowered) && isHalved(lowered.axes[1]) && isHalved(lowered.axes[2])
}

/** True for windows of 2 at stride 2 along rows alone: those of 2 by 2 whose rows are the same. */
export function is1x2s2(lowered: LoweredPlan): boolean {
  const [, rows, cols] = lowered.axes
  const isRow = rows.inSize === 1 && rows.outSize === 1 && tapsOf(rows, 0) === 1
  return isPlain(lowered) && isRow && isHalved(cols)
}

/** Bytes from the first row of a window to the second, and to the first of the next. */
export function rowsOf2x2s2(
  lowered: LoweredPlan,
  { bytes }: Pick<ElementType, 'bytes'>,
): readonly [below: number, step: number] {
  const row = lowered.axes[2].inSize * bytes
  return is1x2s2(lowered) ? [0, row] : [row, 2 * row]
}

/** True for the transposed plan of 2 by 2 windows at stride 2 that cover the whole plane. */
export function isWhole2x2s2(lowered: LoweredPlan): boolean {
  return isPlain(lowered) && isDoubled(lowered.axes[1]) && isDoubled(lowered.axes[2])
}

/** Output i has the inputs 2i and 2i + 1, and no others. */
const isDoubled = memoizeWeak((axis: Axis): boolean => {
  const { inSize, outSize } = axis
  if (outSize !== 2 * inSize) return false
  for (let p = 0; p < outSize; p++) if (tapsOf(axis, p) !== 1 || firstOf(axis, p) !== p >> 1) return false
  return true
})

/** The last tap may lie past the end, the middle one may not. */
function isThreeRows({ regular, step, inSize, outSize }: Axis): boolean {
  if (regular === null || regular.window !== 3 || step !== 1) return false
  const { stride, padBefore } = regular
  return (
    padBefore <= 1 &&
    padBefore >= 0 &&
    (stride === 1 || stride === 2) &&
    (outSize - 1) * stride - padBefore + 1 < inSize
  )
}

function isThreeCols(axis: Axis): boolean {
  if (!isThreeRows(axis)) return false
  const { inSize, outSize, regular } = axis
  const { stride, padBefore } = regular!
  if (stride === 1 && padBefore === 1) return outSize === inSize
  return (outSize - 1) * stride - padBefore + 2 < inSize
}

export function is3x3(lowered: LoweredPlan, kind: ElementType): boolean {
  const [, rows, cols] = lowered.axes
  return (
    isPlain(lowered) &&
    isThreeRows(rows) &&
    isThreeCols(cols) &&
    rows.regular!.stride === cols.regular!.stride &&
    cols.outSize > lanesOf(kind)
  )
}

/** Runs `special`, and runs `general` over the tile again if `special` may have lost a NaN. */
export function withNaNFallback(
  special: (src: number, dst: number, indices: number) => number,
  general: () => Pass,
): Pass {
  let again: Pass | null = null
  return (src, dst, indices) => {
    if (special(src, dst, indices) === 0) return
    again ??= general()
    again(src, dst, indices)
  }
}

function write2x2s2(
  instance: WasmInstance,
  lowered: LoweredPlan,
  kind: ElementType,
  orderMask = 0,
  divisors = 0,
): Block {
  const { planes, axes } = lowered
  const [, rows, cols] = axes
  const sizes = [rows.inSize, cols.inSize, rows.outSize, cols.outSize]
  return writeBlock(instance, [planes, ...sizes, orderMask, divisors, ...rowsOf2x2s2(lowered, kind)])
}

export function pool2x2s2Pass(
  { instance, kind, orderMask }: Op,
  lowered: LoweredPlan,
  name: string,
  general: () => Pass,
): Pass {
  const run = instance.kernel(name)
  const block = write2x2s2(instance, lowered, kind, orderMask)
  return withNaNFallback((src, dst) => run(block(src, dst)), general)
}

export function argPool2x2s2Pass(
  instance: WasmInstance,
  lowered: LoweredPlan,
  name: string,
  general: () => Pass,
): Pass {
  const run = instance.kernel(name)
  const block = write2x2s2(instance, lowered, f32)
  return withNaNFallback((src, dst, indices) => run(block(src, dst, indices)), general)
}

/** The common divisor of all windows, if there is one and it divides once; else null. */
export function divisorOf({ axes }: LoweredPlan, { division, whole }: Epilogue): number | null {
  if (division === 'each' || whole !== null) return null
  if (typeof division === 'number') return division
  const [a, b, c] = axes.map((axis) => {
    const { leastDivisor, mostDivisor } = statsOf(axis)
    return leastDivisor === mostDivisor ? mostDivisor : 0
  })
  return a! * b! * c! || null
}

export function average2x2s2Pass(
  instance: WasmInstance,
  lowered: LoweredPlan,
  kind: ElementType,
  divisor: number,
): Pass {
  const run = instance.kernel(`pool2x2s2Sum${kind.name}`)
  const isExact =
    Number.isInteger(Math.log2(Math.abs(divisor))) && Math.abs(Math.log2(Math.abs(divisor))) < 64
  const factor = isExact ? 1 / divisor : 0
  const block = write2x2s2(instance, lowered, kind, 0, writeNumbers(instance, kind, [divisor, factor]))
  return (src, dst) => void run(block(src, dst))
}

interface Extras3x3 {
  /** The value of padding. */
  readonly padding: number | bigint
  readonly orderMask?: number
  readonly rowDivisors?: number
  readonly colDivisors?: number
}

function write3x3(
  instance: WasmInstance,
  { planes, axes }: LoweredPlan,
  { array, bytes }: ElementType,
  { padding, orderMask = 0, rowDivisors = 0, colDivisors = 0 }: Extras3x3,
): Block {
  const [, rows, cols] = axes
  const { stride } = rows.regular!
  const sizes = [planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize, stride]
  const pads = [rows.regular!.padBefore, cols.regular!.padBefore]
  const vector = 16
  const row = instance.alloc(cols.inSize * bytes + 2 * vector)
  const scratch = instance.alloc(4 * cols.outSize * bytes + 2 * vector)
  instance.view(array, row, cols.inSize + (2 * vector) / bytes).fill(padding as number)
  const blocks = [rowDivisors, colDivisors, row + vector, scratch]
  return writeBlock(instance, [...sizes, ...pads, ...blocks, orderMask])
}

export function pool3x3Pass(op: Op, lowered: LoweredPlan, name: string, general: () => Pass): Pass {
  const { instance, kind, orderMask, padValue } = op
  const run = instance.kernel(name)
  const block = write3x3(instance, lowered, kind, { padding: padValue, orderMask })
  return withNaNFallback((src, dst) => run(block(src, dst)), general)
}

/** Averages of 3 by 3 windows, with one table of divisors for rows of outputs and one for columns. */
export function average3x3Pass(
  instance: WasmInstance,
  lowered: LoweredPlan,
  kind: ElementType,
  epilogue: Epilogue,
): Pass {
  const run = instance.kernel('average3x3F32')
  const [layer, rows, cols] = lowered.axes
  const override = typeof epilogue.division === 'number' ? epilogue.division : null
  const put = (axis: Axis, only: number | null, times = 1): number => {
    const address = instance.alloc(axis.outSize * kind.bytes)
    const table = instance.view(kind.array, address, axis.outSize)
    const { divisor } = tablesOf(axis)
    for (let i = 0; i < axis.outSize; i++) table[i] = only ?? divisor[i]! * times
    return address
  }
  const rowDivisors = put(rows, override === null ? null : 1, countOf(layer, 0))
  const colDivisors = put(cols, override)
  const block = write3x3(instance, lowered, kind, { padding: 0, rowDivisors, colDivisors })
  return (src, dst) => void run(block(src, dst))
}

/** True for at least eight planes of one channel with a single window over each plane. */
export function isGlobal({ planes, axes, inner }: LoweredPlan): boolean {
  return (
    inner === 1 &&
    planes >= 8 &&
    axes.every((axis) => {
      const { inSize, outSize, step } = axis
      return outSize === 1 && tapsOf(axis, 0) === inSize && (step === 1 || inSize === 1)
    })
  )
}

export function globalPoolPass(
  instance: WasmInstance,
  lowered: LoweredPlan,
  name: string,
  general: () => Pass,
): Pass {
  const run = instance.kernel(name)
  const block = writeBlock(instance, [lowered.planes, inSizeOf(lowered), 0])
  return withNaNFallback((src, dst) => run(block(src, dst)), general)
}

/** A mean of -0 is stored as +0, unless each axis divides. */
export function globalAveragePass(
  instance: WasmInstance,
  lowered: LoweredPlan,
  { division }: Epilogue,
): Pass {
  const run = instance.kernel('globalPoolSumF32')
  const [a, b, c] = lowered.axes.map((axis) => countOf(axis, 0)) as [number, number, number]
  const isEach = division === 'each'
  const [first, second, third] = isEach
    ? [a, b, c]
    : [typeof division === 'number' ? division : a * b * c, 1, 1]
  const divisors = writeNumbers(instance, f32, [first!, second!, third!, isEach ? -0 : 0])
  const block = writeBlock(instance, [lowered.planes, inSizeOf(lowered), divisors])
  return (src, dst) => void run(block(src, dst))
}
