/**
 * @file Sums and their division, for averages, norms and the gradients of both: their strategies.
 */
import { sourceOutputs } from '../../../plan/transpose.ts'
import { expandPass, hasPlateaus, plateausIn } from '../averages/plateaus.ts'
import { areApart, spare, spreadPass } from '../averages/spread.ts'
import type { WholeMeans } from '../averages/whole-means.ts'
import { writeBlock, writeNumbers } from '../block.ts'
import { type ElementType, f32, f64 } from '../element-type.ts'
import { chain, foldPass, type Op, type Pass, singleColumn } from '../pass.ts'
import type { Strategy } from '../strategy.ts'
import { inSizeOf, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { direct } from './direct.ts'
import { divisors, type Epilogue, roundingOf } from './epilogue.ts'
import { foldPhasesPass, hasPhases } from './fold-phases.ts'
import { EpilogueKind, type GridSpec, writeGrid } from './grid.ts'
import { writeLists } from './indirection.ts'
import {
  average2x2s2Pass,
  average3x3Pass,
  divisorOf,
  globalAveragePass,
  is2x2s2,
  is3x3,
  isGlobal,
  isWhole2x2s2,
} from './specialized.ts'
import {
  demotePass,
  preciseSums,
  type Sharing,
  sharingOf,
  wideDivide,
  wideDivideEach,
  wideSums,
} from './wide.ts'

export interface SumSetup {
  readonly op: Op
  /** True for compensated sums if they are wide, as the averages of float64 are. */
  readonly isPrecise: boolean
  readonly epilogue: Epilogue
  /** For wide sums, which axes share sums; else null. */
  readonly sharing: Sharing | null
  /** For means of small integers, how to compute them. */
  readonly means?: WholeMeans | null
  /**
   * The rounding of integers if each output has its own divisor, the third operand of the passes; else undefined. `unitIn` says how many
   * outputs share one, if divisors are bytes; `areInts` that they are 32-bit integers instead of elements.
   */
  readonly each?:
    | (Pick<Epilogue, 'whole'> & {
        readonly unitIn?: (tile: LoweredPlan) => number
        readonly areInts?: boolean
      })
    | undefined
}

/** Its passes read and write elements of `op.kind`. */
export interface SumStrategy extends Strategy<SumSetup> {
  /** The only element type that it supports. */
  readonly only?: ElementType
  readonly compile: (setup: SumSetup, tile: LoweredPlan) => Pass
}

/** Divides each sum of a tile in place by its own divisor. */
export function divideEachPass({ instance, kind }: Op, size: number, whole: Epilogue['whole']): Pass {
  const divide = instance.kernel(`divideEach${kind.name}`)
  const none = writeLists(instance, [[]])
  const sizes = { planes: 1, srcPlane: 0, dstPlane: 0, rows: none, dstRow: 0, cols: none, dstCol: 0, n: size }
  const block = writeGrid(instance, {
    ...sizes,
    epilogue: EpilogueKind.Product,
    ...roundingOf(instance, kind, whole),
    perElement: true,
    rowDivisors: writeNumbers(instance, kind, [1, 1]),
  })
  return (_, dst, divisors) => void divide(block(dst, dst, divisors))
}

export const sumStrategies: readonly SumStrategy[] = [
  { name: 'wideSums', fits: ({ sharing }) => sharing !== null, compile: wideAveragePass },
  {
    name: 'globalAverage',
    only: f32,
    fits: ({ op: { instance, kind }, epilogue, sharing }, tile) =>
      sharing === null && instance.isSimd && kind === f32 && epilogue.whole === null && isGlobal(tile),
    compile: ({ op, epilogue }, tile) => globalAveragePass(op.instance, tile, epilogue),
  },
  {
    name: 'average2x2s2',
    fits: ({ epilogue, sharing }, tile) =>
      sharing === null && is2x2s2(tile) && divisorOf(tile, epilogue) !== null,
    compile: ({ op, epilogue }, tile) =>
      average2x2s2Pass(op.instance, tile, op.kind, divisorOf(tile, epilogue)!),
  },
  {
    name: 'average3x3',
    only: f32,
    fits: ({ op: { instance, kind }, epilogue, sharing }, tile) => {
      const dividesOnce = epilogue.division !== 'each' && epilogue.whole === null
      const isOfFloats = sharing === null && instance.isSimd && dividesOnce && kind === f32
      return isOfFloats && is3x3(tile, kind) && tile.axes[2].regular!.stride === 1
    },
    compile: ({ op, epilogue }, tile) => average3x3Pass(op.instance, tile, op.kind, epilogue),
  },
  {
    name: 'wholeSums',
    only: f64,
    fits: ({ op: { kind }, epilogue, sharing, means }, tile) =>
      sharing === null && !means && epilogue.whole !== null && kind === f64 && sharingOf(tile).includes(true),
    compile: wholeSumsPass,
  },
  {
    name: 'fold',
    fits: ({ sharing, means }) => sharing === null && !means,
    compile: ({ op, epilogue }, tile) =>
      direct(op, tile, { extras: (layout) => divisors(op.instance, op.kind, epilogue, layout) }),
  },
]

/** On the transposed plan: each input sums the shares of all outputs that read it. */
export const gradientStrategies: readonly SumStrategy[] = [
  { name: 'wideSums', fits: ({ sharing }) => sharing !== null, compile: wideGradientPass },
  {
    name: 'plateaus',
    fits: (_, tile) => hasPlateaus(tile),
    compile: plateausPass,
  },
  {
    name: 'averageGrad2x2s2',
    fits: ({ epilogue, sharing }, tile) =>
      sharing === null && isWhole2x2s2(tile) && divisorOf(outputsOf(tile), epilogue) !== null,
    compile: averageGrad2x2s2Pass,
  },
  {
    name: 'spread',
    fits: ({ op: { instance }, sharing }, tile) => sharing === null && instance.isSimd && areApart(tile),
    compile: ({ op, epilogue }, tile) => {
      const passes = [sharesPass(op, tile, epilogue), spreadPass(op.instance, tile, op.kind)]
      return chain(op.instance, op.kind, passes, [tile.planes * inSizeOf(tile) + spare / op.kind.bytes])
    },
  },
  {
    name: 'average3x3',
    only: f32,
    fits: ({ op: { instance, kind }, sharing }, tile) =>
      sharing === null && instance.isSimd && kind === f32 && is3x3(tile, kind),
    compile: (setup, tile) => gradientPass(setup, tile, average3x3Pass(setup.op.instance, tile, f32, whole)),
  },
  {
    name: 'foldPhases',
    fits: ({ op, sharing }, tile) => sharing === null && hasPhases(op, tile),
    compile: (setup, tile) => gradientPass(setup, tile, foldPhasesPass(setup.op, tile)),
  },
  {
    name: 'fold',
    fits: ({ sharing }) => sharing === null,
    compile: (setup, tile) => gradientPass(setup, tile, direct(setup.op, tile, { extras: () => ({}) })),
  },
]

/** Gradients that neighbours share are folded once. */
function plateausPass(setup: SumSetup, tile: LoweredPlan): Pass {
  const { instance, kind } = setup.op
  const few = plateausIn(tile)
  const fold = gradientPass(setup, few, direct(setup.op, few, { extras: () => ({}) }))
  return chain(instance, kind, [fold, expandPass(instance, kind, tile)], [few.planes * outSizeOf(few)])
}

/** Sums that are not divided. */
const whole: Epilogue = { division: 1, whole: null }

/** Sums of integers, which float64 holds, are the same in any order. */
function wholeSumsPass({ op, epilogue }: SumSetup, tile: LoweredPlan): Pass {
  const { instance, kind } = op
  const { planes, axes, inner } = tile
  const divide = foldPass(op, {
    ...eachRow(op, tile, axes[2].outSize * inner * kind.bytes),
    ...divisors(instance, kind, epilogue, { axes, inner, isRun: true }),
  })
  const sums = wideSums(op, tile, sharingOf(tile), kind)
  return chain(instance, kind, [sums, divide], [planes * outSizeOf(tile)])
}

export function sumOp(instance: WasmInstance, kind: ElementType): Op {
  return {
    instance,
    kind,
    orderMask: 0,
    padValue: 0,
    begin: () => {},
    fold: instance.kernel(`foldSum${kind.name}`),
    vanHerk: kind === f64 ? instance.kernel('vanHerkSumF64') : () => {},
    vanHerkRows: kind === f64 && instance.isSimd ? instance.kernel('vanHerkRowsSumF64') : null,
  }
}

/** Sums in float64, divided and rounded once. */
function wideAveragePass({ op, isPrecise, epilogue, sharing, each }: SumSetup, tile: LoweredPlan): Pass {
  const { instance, kind } = op
  const wide = sumOp(instance, f64)
  const sums = isPrecise ? preciseSums(wide, tile, sharing!) : wideSums(wide, tile, sharing!, kind)
  if (kind === f64 && !isPrecise && !each && epilogue.division === 1) return sums
  const how = isPrecise ? 'divideCompensated' : kind === f32 ? 'divideF64F32' : 'divideF64F64'
  const size = tile.planes * outSizeOf(tile)
  const divide = each
    ? wideDivideEach(instance, size, how)
    : wideDivide(instance, tile, epilogue.division, how)
  return chain(instance, f64, [sums, divide], [size * (isPrecise ? 2 : 1)])
}

/** Sums shares in float64 and rounds once. */
function wideGradientPass({ op, isPrecise, epilogue, sharing, each }: SumSetup, tile: LoweredPlan): Pass {
  const { instance, kind } = op
  const wide = sumOp(instance, f64)
  const passes: Pass[] = []
  const sizes: number[] = []
  const how = kind === f64 ? 'divideF64F64' : 'divideF32F64'
  const outputs = tile.planes * inSizeOf(tile)
  if (each) passes.push(wideDivideEach(instance, outputs, how))
  else if (epilogue.division !== 1) passes.push(wideDivide(instance, outputsOf(tile), epilogue.division, how))
  if (passes.length > 0) sizes.push(outputs)
  const from = passes.length > 0 ? f64 : kind
  const size = tile.planes * outSizeOf(tile)
  if (isPrecise) {
    passes.push(preciseSums(wide, tile, sharing!), wideDivide(instance, tile, 1, 'divideCompensated'))
    sizes.push(2 * size)
  } else {
    passes.push(wideSums(wide, tile, sharing!, from))
    sizes.push(size)
  }
  if (kind === f32) passes.push(demotePass(instance, size))
  return chain(instance, f64, passes, sizes)
}

/** The plan of the outputs, which has their divisors. `tile` is of the transposed plan. */
export function outputsOf({ planes, inner, axes }: LoweredPlan): LoweredPlan {
  return { planes, inner, axes: axes.map(sourceOutputs) as unknown as LoweredPlan['axes'] }
}

function averageGrad2x2s2Pass({ op: { instance, kind }, epilogue }: SumSetup, tile: LoweredPlan): Pass {
  const [, rows, cols] = tile.axes
  const divisor = writeNumbers(instance, kind, [divisorOf(outputsOf(tile), epilogue)!])
  const run = instance.kernel(`averageGrad2x2s2${kind.name}`)
  const block = writeBlock(instance, [tile.planes, rows.inSize, cols.inSize, divisor])
  return (src, dst) => void run(block(src, dst))
}

/** @param gather  adds shares in row-major order of the outputs */
function gradientPass({ op, epilogue }: SumSetup, tile: LoweredPlan, gather: Pass): Pass {
  if (epilogue.division === 1) return gather
  const shares = tile.planes * inSizeOf(tile)
  return chain(op.instance, op.kind, [sharesPass(op, tile, epilogue), gather], [shares])
}

/** Divides the gradients of outputs into shares. */
export function sharesPass(op: Op, tile: LoweredPlan, epilogue: Epilogue): Pass {
  const { instance, kind } = op
  const { axes, inner, planes } = outputsOf(tile)
  return foldPass(op, {
    ...eachRow(op, { axes, inner, planes }, axes[2].outSize * inner * kind.bytes),
    ...divisors(instance, kind, epilogue, { axes, inner, isRun: true }),
  })
}

/** A fold with one tap per output, for division alone. */
function eachRow({ instance }: Op, { planes, axes, inner }: LoweredPlan, row: number): GridSpec {
  const rows = axes[0].outSize * axes[1].outSize
  return {
    planes,
    srcPlane: rows * row,
    dstPlane: rows * row,
    rows: writeLists(
      instance,
      Array.from({ length: rows }, (_, i) => [i * row]),
    ),
    dstRow: row,
    cols: singleColumn(instance, [0]),
    dstCol: 0,
    n: axes[2].outSize * inner,
  }
}
