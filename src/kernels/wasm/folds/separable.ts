/**
 * @file Separable folds. Of floats the last axis comes first, so that of equal elements the first in row-major order wins.
 */
import { firstOf, tapsOf } from '../../../plan/axis.ts'
import { statsOf } from '../../../plan/tables.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import { tuning } from '../../tuning.ts'
import { type Block, writeBlock } from '../block.ts'
import { f32, lanesOf } from '../element-type.ts'
import {
  axisFold,
  chain,
  deinterleaveRows,
  foldPass,
  identityPass,
  type Op,
  type Pass,
  planesLast,
  singleColumn,
} from '../pass.ts'
import type { Axis, LoweredPlan } from '../tiles/lowered-plan.ts'
import { areRuns } from './direct.ts'
import { writeLists } from './indirection.ts'
import { joinedFolds, joins } from './joined-folds.ts'

/** One way to fold along an axis. */
interface AxisStrategy {
  readonly name: string
  readonly fits: (op: Op, view: AxisView) => boolean
  /**
   * `runPitch` is the bytes from one run of outputs to the next. `probes` is true if no earlier pass detects every NaN.
   */
  readonly compile: (op: Op, view: AxisView, runPitch: number, probes: boolean) => Pass
  /** True for passes that detect every NaN. Direct folds detect only a NaN that they would drop. */
  readonly meetsNaN?: true
}

/** In order of preference. */
export const axisStrategies: readonly AxisStrategy[] = [
  {
    name: 'vanHerk',
    fits: (op, { axis, n }) => n >= lanesOf(op.kind) && gainsByBlocks(axis),
    compile: (op, view, _, probes) => columnsPass(op, view, probes),
    meetsNaN: true,
  },
  {
    name: 'fold',
    fits: (op, { n, axis }) => areRuns(op, n) || (n >= lanesOf(op.kind) && axis.regular === null),
    compile: (op, { planes, axis, n }) => axisFold(op, planes, axis, n),
  },
  {
    name: 'vanHerkRows',
    fits: (op, view) => canTransposeRows(op, view) && rowsGainByBlocks(view.axis),
    compile: (op, { planes, axis }, runPitch) => rowsPass(op, planes, axis, runPitch),
    meetsNaN: true,
  },
  {
    name: 'joinedFolds',
    fits: (_, { axis, n }) => joins(axis, n),
    compile: (op, { planes, axis, n }) => joinedFolds(op, planes, axis, n),
  },
  {
    name: 'transposedVanHerk',
    fits: (op, { axis }) => gainsByBlocks(axis) && axis.regular!.window >= transposeMinTaps(op),
    compile: (op, view, _, probes) => transposed(op, view, (whole) => columnsPass(op, whole, probes)),
    meetsNaN: true,
  },
  {
    name: 'deinterleavedFold',
    fits: (_, { axis }) => axis.regular !== null,
    compile: (op, { planes, axis, n }) => deinterleavedFold(op, planes, axis, n),
  },
  {
    name: 'transposedFold',
    fits: () => true,
    compile: (op, view) => transposed(op, view, ({ axis, n }) => axisFold(op, 1, axis, n)),
  },
]

export function separable(op: Op, lowered: LoweredPlan): Pass {
  const { instance, kind } = op
  const steps = stepsOf(op, lowered)
  if (steps.length === 0) return identityPass(op, lowered)
  const probing = steps.findIndex(({ strategy }) => strategy.meetsNaN)
  const passes = steps.map(({ strategy, view, runPitch }, i) =>
    strategy.compile(op, view, runPitch, probing < 0 || i <= probing),
  )
  const sizes = steps.map(({ view, runPitch }) => (view.planes * runPitch) / kind.bytes)
  const pass = chain(instance, kind, passes, sizes)
  return (src, dst, indices) => {
    op.begin()
    pass(src, dst, indices)
  }
}

/** The names of the strategies along each axis, the last axis first. */
export function separableParts(op: Op, lowered: LoweredPlan): readonly string[] {
  return stepsOf(op, lowered).map(({ strategy }) => strategy.name)
}

interface Step {
  readonly strategy: AxisStrategy
  readonly view: AxisView
  readonly runPitch: number
}

/** Of equal integers any may win: their first axis comes first, so that few rows are left for the last one, which is the slowest. */
function stepsOf(op: Op, { axes, planes, inner }: LoweredPlan): readonly Step[] {
  const order = op.kind.float ? [2, 1, 0] : [0, 1, 2]
  const steps: Step[] = []
  const sizes = axes.map(({ inSize }) => inSize)
  let pitch = inner * op.kind.bytes
  for (const i of order) {
    const axis = axes[i]!
    const lead = sizes.slice(0, i).reduce((count, size) => count * size, planes)
    const n = sizes.slice(i + 1).reduce((count, size) => count * size, inner)
    if (!op.kind.float) pitch = n * op.kind.bytes
    const run = axis.outSize * n
    let runPitch = run * op.kind.bytes
    if (!isIdentity(axis)) {
      const view: AxisView = { planes: lead, axis, n, pitch }
      const strategy = axisStrategies.find(({ fits }) => fits(op, view))!
      const isBelow = op.kind.float && i > 0 && run >= lanesOf(op.kind) && gainsByBlocks(axes[i - 1]!)
      if (strategy.name === 'vanHerkRows' && isBelow) runPitch = spaced(runPitch)
      steps.push({ strategy, view, runPitch })
    }
    sizes[i] = axis.outSize
    pitch = runPitch
  }
  return steps
}

/** One axis of `[planes][axis][n]`. `pitch` is the bytes between neighbours along it. */
interface AxisView {
  readonly planes: number
  readonly axis: Axis
  readonly n: number
  readonly pitch: number
}

/** Pads the distance between runs, so that successive runs do not all fall into the same few sets of the cache. */
function spaced(bytes: number): number {
  return bytes % 512 === 0 ? bytes + 64 : bytes
}

const isIdentity = memoizeWeak((axis: Axis): boolean => {
  const { inSize, outSize, length } = axis
  if (inSize !== outSize || inSize > length) return false
  for (let i = 0; i < outSize; i++) if (tapsOf(axis, i) !== 1 || firstOf(axis, i) !== i) return false
  return true
})

/** Transposes to planes last, so that `pass` runs along columns. */
function transposed(op: Op, { planes, axis, n }: AxisView, pass: (whole: AxisView) => Pass): Pass {
  const sizes = { planes, inSize: axis.inSize * n, outSize: axis.outSize * n }
  const wide = n * planes
  const whole: AxisView = { planes: 1, axis, n: wide, pitch: wide * op.kind.bytes }
  return planesLast(op.instance, op.kind, sizes, false, pass(whole))
}

/** True if rows can be transposed by whole vectors, a cache line of rows at a time. */
function canTransposeRows({ vanHerkRows, kind }: Op, { planes, axis, n }: Omit<AxisView, 'pitch'>): boolean {
  const least = lanesOf(kind)
  const fits = planes >= 4 * least && axis.inSize >= least && axis.outSize >= least
  return vanHerkRows !== null && n === 1 && fits
}

/** True if van Herk beats taps along columns. */
export function gainsByBlocks(axis: Axis): boolean {
  const { regular, outSize, inSize } = axis
  if (regular === null || regular.window < tuning.vanHerkMinTaps) return false
  return outSize * regular.window >= inSize * tuning.vanHerkMinReads && canGoByBlocks(axis)
}

/** True if van Herk beats taps along rows. Taps are slow at large strides. */
function rowsGainByBlocks(axis: Axis): boolean {
  if (axis.regular === null) return false
  const { window, stride } = axis.regular
  const gains = window >= tuning.vanHerkMinTaps || stride >= tuning.vanHerkMinStride
  return gains && window >= stride && canGoByBlocks(axis)
}

function canGoByBlocks(axis: Axis): boolean {
  return axis.step === 1 && statsOf(axis).fewestTaps > 0
}

/** The window from which van Herk is worth transposing whole planes there and back. */
function transposeMinTaps({ instance, kind }: Op): number {
  if (!instance.isSimd) return tuning.vanHerkMinTaps
  return Math.max(tuning.transposeMinTaps, tuning.transposeMinVectors * lanesOf(kind))
}

/** Folds along the last axis. Deinterleaves rows by stride phase, so that every tap reads a contiguous run. */
function deinterleavedFold(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { instance, kind } = op
  const rows = deinterleaveRows(op, planes, axis, n)
  const fold = foldPass(op, {
    planes,
    srcPlane: rows.rowBytes,
    dstPlane: axis.outSize * n * kind.bytes,
    rows: writeLists(instance, [[0]]),
    dstRow: 0,
    cols: singleColumn(instance, rows.taps),
    dstCol: 0,
    n: axis.outSize * n,
  })
  return (src, dst, indices) => fold(rows.run(src), dst, indices)
}

/** Van Herk along one axis of `[planes][axis][n]`, even if taps would be faster. */
export function vanHerkPass(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { kind } = op
  const pitch = n * kind.bytes
  if (n >= lanesOf(kind)) return columnsPass(op, { planes, axis, n, pitch }, false)
  if (canTransposeRows(op, { planes, axis, n })) return rowsPass(op, planes, axis, axis.outSize * pitch)
  const wide = n * planes
  const pass = columnsPass(op, { planes: 1, axis, n: wide, pitch: wide * kind.bytes }, false)
  if (planes === 1) return pass
  const sizes = { planes, inSize: axis.inSize * n, outSize: axis.outSize * n }
  return planesLast(op.instance, kind, sizes, false, pass)
}

/**
 * The same for arrays with room for a vector past their end. Vectors of few channels reach into the next pixel, whose own vector is
 * stored later.
 */
export function vanHerkPixelsPass(op: Op, planes: number, axis: Axis, n: number): Pass {
  const lanes = lanesOf(op.kind)
  if (n === 1 || n >= lanes) return vanHerkPass(op, planes, axis, n)
  const pitch = n * op.kind.bytes
  return columnsPass(op, { planes, axis, n: lanes, pitch }, false, pitch)
}

/** Compensated van Herk sums. Reads float64 numbers or pairs, according to `bytes`. */
export function compensatedPass(op: Op, planes: number, axis: Axis, n: number, bytes: number): Pass {
  const run = op.instance.kernel('vanHerkCompensated')
  const { inSize, outSize } = axis
  const block = writeVanHerk(op, axis, {
    planes,
    srcPlane: inSize * n * bytes,
    dstPlane: outSize * n * 16,
    srcStep: n * bytes,
    dstStep: n * 16,
    n,
    probes: false,
    transposes: false,
    bytes,
  })
  return (src, dst) => void run(block(src, dst))
}

/** Van Herk sums of float32 rows in float64, promoted while they are transposed; null if the kernel does not fit. */
export function wideRowsPass(op: Op, planes: number, axis: Axis, n: number): Pass | null {
  if (!op.instance.isSimd || n !== 1 || planes < 8 || axis.inSize < 4 || axis.outSize < 2) return null
  const vanHerkRows = op.instance.kernel('vanHerkRowsWide')
  return rowsPass({ ...op, kind: f32, vanHerkRows }, planes, axis, axis.outSize * op.kind.bytes)
}

/** Van Herk along columns. */
function columnsPass(
  op: Op,
  { planes, axis, n, pitch }: AxisView,
  probes: boolean,
  dstPitch = n * op.kind.bytes,
): Pass {
  const { vanHerk } = op
  const block = writeVanHerk(op, axis, {
    planes,
    srcPlane: axis.inSize * pitch,
    dstPlane: axis.outSize * dstPitch,
    srcStep: pitch,
    dstStep: dstPitch,
    n,
    probes,
    transposes: false,
  })
  return (src, dst) => vanHerk(block(src, dst))
}

/** Van Herk along rows of one channel. */
function rowsPass(op: Op, rows: number, axis: Axis, runPitch: number): Pass {
  const { kind, vanHerkRows } = op
  const block = writeVanHerk(op, axis, {
    planes: rows,
    srcPlane: axis.inSize * kind.bytes,
    dstPlane: runPitch,
    srcStep: kind.bytes,
    dstStep: kind.bytes,
    n: 1,
    probes: false,
    transposes: true,
  })
  return (src, dst) => vanHerkRows!(block(src, dst))
}

interface VanHerkSpec {
  readonly planes: number
  readonly srcPlane: number
  readonly dstPlane: number
  readonly srcStep: number
  readonly dstStep: number
  readonly n: number
  /** True if columns probe for NaN; rows always do. */
  readonly probes: boolean
  /** True for the kernels along rows. */
  readonly transposes: boolean
  /** Bytes of an element, for compensated sums. */
  readonly bytes?: number
}

/** Writes the parameters of assembly/van-herk.ts. */
function writeVanHerk(
  { instance, orderMask }: Op,
  axis: Axis,
  { planes, srcPlane, dstPlane, srcStep, dstStep, n, probes, transposes, bytes = 0 }: VanHerkSpec,
): Block {
  const { inSize, outSize } = axis
  const { window, stride, padBefore } = axis.regular!
  const suffix = instance.alloc(64 * (window + 1))
  const transposed = transposes ? instance.alloc(64 * Math.max(inSize, outSize + window)) : 0
  const folded = transposes ? instance.alloc(64 * (outSize + 2 * window)) : 0
  const pitches = [srcPlane, dstPlane, srcStep, dstStep]
  const shape = [inSize, outSize, window, stride, padBefore]
  const room = [suffix, transposed, folded]
  return writeBlock(instance, [
    ...[planes, ...pitches, ...shape, n, orderMask, Number(probes), axis.origin % window],
    ...[...room, bytes],
  ])
}
