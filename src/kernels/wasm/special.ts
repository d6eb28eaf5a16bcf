/**
 * @file The commonest windows, for which there are kernels of their own: 2 by 2 without overlap, 3 by 3 at stride 1 and 2.
 */
import { divisorOf as countOf, firstOf, tapsOf } from '../../plan/axis.ts'
import { oncePer } from '../../plan/once-per.ts'
import { tablesOf, tallyOf } from '../../plan/tables.ts'
import type { Ending } from './divide.ts'
import { type Axis, type Frame, inSizeOf } from './frame.ts'
import { type Kind, lanesOf } from './kind.ts'
import type { Machine } from './machine.ts'
import type { Op, Pass } from './pass.ts'

/** Rows and columns of planes of one channel; a layer between the taps of a volume is none, though there is one of it. */
function isPlain({ axes, inner }: Frame): boolean {
  const { inSize, outSize } = axes[0]
  return inner === 1 && inSize === 1 && outSize === 1 && tapsOf(axes[0], 0) === 1
}

function isPaired({ regular, step, inSize, outSize }: Axis): boolean {
  return (
    regular !== null &&
    regular.window === 2 &&
    regular.stride === 2 &&
    regular.padBefore === 0 &&
    step === 1 &&
    2 * outSize <= inSize
  )
}

export function isPairs(frame: Frame): boolean {
  return isPlain(frame) && isPaired(frame.axes[1]) && isPaired(frame.axes[2])
}

/** The transpose of pairs that leave nothing out. */
export function isDoubledPairs(frame: Frame): boolean {
  return isPlain(frame) && isDoubled(frame.axes[1]) && isDoubled(frame.axes[2])
}

/** Inputs 2i and 2i + 1 read output i, and nothing else. */
const isDoubled = oncePer((axis: Axis): boolean => {
  const { inSize, outSize } = axis
  if (outSize !== 2 * inSize) return false
  for (let p = 0; p < outSize; p++) if (tapsOf(axis, p) !== 1 || firstOf(axis, p) !== p >> 1) return false
  return true
})

/** Rows may lack their last tap at the end; they never lack the middle one. */
function isTripledRows({ regular, step, inSize, outSize }: Axis): boolean {
  if (regular === null || regular.window !== 3 || step !== 1) return false
  const { stride, padBefore } = regular
  return (
    padBefore <= 1 &&
    padBefore >= 0 &&
    (stride === 1 || stride === 2) &&
    (outSize - 1) * stride - padBefore + 1 < inSize
  )
}

function isTripledCols(axis: Axis): boolean {
  if (!isTripledRows(axis)) return false
  const { inSize, outSize, regular } = axis
  const { stride, padBefore } = regular!
  if (stride === 1 && padBefore === 1) return outSize === inSize
  return (outSize - 1) * stride - padBefore + 2 < inSize
}

export function isTriples(frame: Frame, kind: Kind): boolean {
  const [, rows, cols] = frame.axes
  return (
    isPlain(frame) &&
    isTripledRows(rows) &&
    isTripledCols(cols) &&
    rows.regular!.stride === cols.regular!.stride &&
    cols.outSize > lanesOf(kind)
  )
}

/** Runs `special`; where that may have lost a NaN, `general` does the tile again. */
export function unlessNaN(
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

export function pairsPass(
  { machine, flip }: Op,
  { planes, axes }: Frame,
  name: string,
  general: () => Pass,
): Pass {
  const run = machine.kernel(name)
  const [, rows, cols] = axes
  return unlessNaN(
    (src, dst) => run(src, dst, planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize, flip),
    general,
  )
}

export function locatePairsPass(
  machine: Machine,
  { planes, axes }: Frame,
  name: string,
  general: () => Pass,
): Pass {
  const run = machine.kernel(name)
  const [, rows, cols] = axes
  return unlessNaN(
    (src, dst, indices) =>
      run(src, dst, indices, planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize),
    general,
  )
}

/** What divides every window, if it is one number and divides once; else null. */
export function divisorOf({ axes }: Frame, { division, whole }: Ending): number | null {
  if (division === 'each' || whole !== null) return null
  if (typeof division === 'number') return division
  const [a, b, c] = axes.map((axis) => {
    const { leastDivisor, mostDivisor } = tallyOf(axis)
    return leastDivisor === mostDivisor ? mostDivisor : 0
  })
  return a! * b! * c! || null
}

export function averagePairsPass(
  machine: Machine,
  { planes, axes }: Frame,
  kind: Kind,
  divisor: number,
): Pass {
  const run = machine.kernel(`averagePairs${kind.name}`)
  const [, rows, cols] = axes
  const isExact =
    Number.isInteger(Math.log2(Math.abs(divisor))) && Math.abs(Math.log2(Math.abs(divisor))) < 64
  const factor = isExact ? 1 / divisor : 0
  return (src, dst) =>
    void run(src, dst, planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize, divisor, factor)
}

interface TripleExtras {
  /** What rows of padding hold. */
  readonly padding: number
  readonly flip?: number
  readonly rowDivisors?: number
  readonly colDivisors?: number
}

/** The block that assembly/triples.ts reads: operands first. */
function putTriple(
  machine: Machine,
  { planes, axes }: Frame,
  { array, bytes }: Kind,
  { padding, flip = 0, rowDivisors = 0, colDivisors = 0 }: TripleExtras,
) {
  const [, rows, cols] = axes
  const { stride } = rows.regular!
  const sizes = [planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize, stride]
  const pads = [rows.regular!.padBefore, cols.regular!.padBefore]
  const vector = 16
  const row = machine.take(cols.inSize * bytes + 2 * vector)
  const scratch = machine.take(4 * cols.outSize * bytes + 2 * vector)
  const address = machine.take(60)
  machine.view(array, row, cols.inSize + (2 * vector) / bytes).fill(padding)
  const blocks = [rowDivisors, colDivisors, row + vector, scratch]
  machine.ints.set([0, 0, ...sizes, ...pads, ...blocks, flip], address >> 2)
  return (src: number, dst: number): number => {
    machine.ints[address >> 2] = src
    machine.ints[(address >> 2) + 1] = dst
    return address
  }
}

export function triplesPass(op: Op, frame: Frame, name: string, general: () => Pass): Pass {
  const { machine, kind, flip, fill } = op
  const run = machine.kernel(name)
  const aim = putTriple(machine, frame, kind, { padding: fill, flip })
  return unlessNaN((src, dst) => run(aim(src, dst)), general)
}

/** `divisors` are the counts of an average's rows and columns. */
export function averageTriplesPass(machine: Machine, frame: Frame, kind: Kind, ending: Ending): Pass {
  const run = machine.kernel('averageTriplesF32')
  const [layer, rows, cols] = frame.axes
  const override = typeof ending.division === 'number' ? ending.division : null
  const put = (axis: Axis, only: number | null, times = 1): number => {
    const address = machine.take(axis.outSize * kind.bytes)
    const table = machine.view(kind.array, address, axis.outSize)
    const { divisor } = tablesOf(axis)
    for (let i = 0; i < axis.outSize; i++) table[i] = only ?? divisor[i]! * times
    return address
  }
  const rowDivisors = put(rows, override === null ? null : 1, countOf(layer, 0))
  const colDivisors = put(cols, override)
  const aim = putTriple(machine, frame, kind, { padding: 0, rowDivisors, colDivisors })
  return (src, dst) => void run(aim(src, dst))
}

/** One output for each of at least eight planes of one channel, of all its elements. */
export function isWhole({ planes, axes, inner }: Frame): boolean {
  return (
    inner === 1 &&
    planes >= 8 &&
    axes.every((axis) => {
      const { inSize, outSize, step } = axis
      return outSize === 1 && tapsOf(axis, 0) === inSize && (step === 1 || inSize === 1)
    })
  )
}

export function wholePass(machine: Machine, frame: Frame, name: string, general: () => Pass): Pass {
  const run = machine.kernel(name)
  const size = inSizeOf(frame)
  return unlessNaN((src, dst) => run(src, dst, frame.planes, size, 1, 1, 1, 0), general)
}

/** A mean of -0 is stored as +0, except where each axis divides. */
export function averageWholePass(machine: Machine, frame: Frame, { division }: Ending): Pass {
  const run = machine.kernel('wholeSumF32')
  const size = inSizeOf(frame)
  const [a, b, c] = frame.axes.map((axis) => countOf(axis, 0)) as [number, number, number]
  const isEach = division === 'each'
  const [first, second, third] = isEach
    ? [a, b, c]
    : [typeof division === 'number' ? division : a * b * c, 1, 1]
  return (src, dst) => void run(src, dst, frame.planes, size, first, second, third, isEach ? -0 : 0)
}
