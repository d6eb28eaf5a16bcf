/**
 * @file Max and min without indices: their strategies.
 */
import { statsOf } from '../../../plan/tables.ts'
import type { DType } from '../../../tensor/dtype.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import type { ExtremumForward } from '../../job.ts'
import { keptMaxima2x2Pass } from '../counted/kept-maxima2x2.ts'
import { comparedName, computeType, f32, lanesOf, orderOf } from '../element-type.ts'
import { areRuns, direct } from '../folds/direct.ts'
import { downAcrossPass } from '../folds/down-across.ts'
import { layersOf, sharesLayers } from '../folds/layers.ts'
import { gainsByBlocks, separable, separableParts } from '../folds/separable.ts'
import {
  globalPoolPass,
  is1x2s2,
  is2x2s2,
  is3x3,
  isGlobal,
  pool2x2s2Pass,
  pool3x3Pass,
} from '../folds/specialized.ts'
import { axisFold, chain, hasRows, type Op, type Pass } from '../pass.ts'
import type { Method } from '../strategy.ts'
import { type Axis, type LoweredPlan, lowerPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { Run, WasmInstance } from '../wasm-instance.ts'
import { inSteps } from './extremum-in-steps.ts'
import { fitsLong, longPass } from './long-extrema.ts'
import { isPixels2x2s2, pixels2x2s2Pass } from './pixels2x2s2.ts'

/** `name` is the suffix of kernel names, such as `MaxF32`. */
interface Setup {
  readonly op: Op
  readonly name: string
  /** The element that every element of the dtype beats or equals. */
  readonly neutral: number | bigint
}

export const extremum: Method<ExtremumForward, Setup> = {
  jobStrategies: [inSteps(() => extremum)],
  strategies: [
    {
      name: 'pool2x2s2',
      fits: (_, tile) => is2x2s2(tile) || is1x2s2(tile),
      compile: ({ op, name }, tile) => pool2x2s2Pass(op, tile, `pool2x2s2${name}`, () => separable(op, tile)),
    },
    {
      name: 'pixels2x2s2',
      fits: ({ op }, tile) => isPixels2x2s2(op, tile),
      compile: ({ op }, tile) => pixels2x2s2Pass(op, tile),
    },
    {
      name: 'globalPool',
      fits: ({ op }, tile) => op.instance.isSimd && op.kind === f32 && isGlobal(tile),
      compile: ({ op, name }, tile) =>
        globalPoolPass(op.instance, tile, `globalPool${name}`, () => separable(op, tile)),
    },
    {
      name: 'pool3x3',
      fits: ({ op }, tile) => fits3x3(op, tile),
      compile: ({ op, name }, tile) => pool3x3Pass(op, tile, `pool3x3${name}`, () => separable(op, tile)),
    },
    {
      name: 'layers3x3',
      fits: ({ op }, tile) => sharesLayers(tile) && fits3x3(op, layersOf(tile)[1]),
      compile: ({ op, name }, tile) =>
        layersFirst(op, tile, (rest) => pool3x3Pass(op, rest, `pool3x3${name}`, () => separable(op, rest))),
    },
    {
      name: 'longWindows',
      fits: ({ op }, tile) => fitsLong(op, tile),
      compile: ({ op }, tile) => longPass(op, tile),
    },
    {
      name: 'downAcross',
      fits: ({ op }, tile) =>
        op.instance.isSimd && !op.kind.float && op.kind.bytes < 8 && fitsDownAcross(op, tile),
      compile: ({ op }, tile) => extremaPass(op, tile),
    },
    {
      name: 'foldPixels',
      fits: ({ op }, tile) =>
        op.instance.isSimd && areRuns(op, tile.inner) && readsOf(tile) <= fewReads && !gainsAlone(tile),
      compile: ({ op }, tile) => foldPixels(op, tile),
    },
    {
      name: 'separable',
      fits: () => true,
      compile: ({ op }, tile) => separable(op, tile),
      parts: ({ op }, tile) => separableParts(op, tile),
    },
  ],
  setup({ dtype, reducer }, instance) {
    const known = setups(instance)[reducer]
    known[dtype] ??= setupOf(instance, dtype, reducer)
    return known[dtype]
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands: ({ x, y }, { op }) => ({ x, y, kind: op.kind }),
  keepsPlanes: false,
  neutral: ({ neutral }) => neutral,
  keptPass: ({ op, name }, tile, general) => keptMaxima2x2Pass(op, name, tile, general),
}

function fits3x3({ instance, kind }: Op, tile: LoweredPlan): boolean {
  return instance.isSimd && (kind === f32 || (!kind.float && kind.bytes <= 4)) && is3x3(tile, kind)
}

/** Rows of fewer bytes cost more than what lies in them, and few of them are left if layers are folded first. */
const rowBytes = 512

/** Maxima of integers have the same bits in any order. */
function extremaPass(op: Op, tile: LoweredPlan): Pass {
  const { instance, kind, orderMask } = op
  if (sharesLayers(tile) && tile.axes[2].inSize * tile.inner * kind.bytes < rowBytes)
    return layersFirst(op, tile, (rest) => extremaPass(op, rest))
  const { name, bytes } = kind
  const { outSize } = tile.axes[2]
  return downAcrossPass(
    {
      instance,
      kernel: `downAcrossMax${name}${name}`,
      kind,
      folds: kind,
      orderMask,
      neutral: -(2 ** (8 * bytes - 1)),
      isMax: true,
      slides: false,
      partsOf: () => [{ from: 0, to: outSize, divisor: 1, division: null }],
    },
    tile,
  )
}

/** @param planes  the second step */
function layersFirst(op: Op, tile: LoweredPlan, planes: (rest: LoweredPlan) => Pass): Pass {
  const [layers, rest] = layersOf(tile)
  const [, a, run] = layers.axes
  const along = axisFold(op, tile.planes, a, run.inSize * tile.inner)
  const pass = chain(op.instance, op.kind, [along, planes(rest)], [layers.planes * outSizeOf(layers)])
  return (src, dst, indices) => {
    op.begin()
    pass(src, dst, indices)
  }
}

/** Reads of each input, on average, up to which folding every window on its own costs less than a pass along each axis. */
const fewReads = 9

function readsOf({ axes }: LoweredPlan): number {
  return axes.reduce((reads, axis) => (reads * statsOf(axis).mostTaps * axis.outSize) / axis.inSize, 1)
}

/** True for windows along one axis, if they share folds there. */
function gainsAlone({ axes }: LoweredPlan): boolean {
  const pooled = axes.filter((axis) => statsOf(axis).mostTaps > 1)
  return pooled.length === 1 && gainsByBlocks(pooled[0]!)
}

function foldPixels(op: Op, tile: LoweredPlan): Pass {
  const pass = direct(op, tile, { extras: () => ({}) })
  return (src, dst, indices) => {
    op.begin()
    pass(src, dst, indices)
  }
}

/** Taps along an axis up to which every window is folded on its own. */
const mostTaps = 6

/** Pixels narrower than a vector may also have long windows, if those hardly overlap or are joined in steps. */
function fitsDownAcross({ kind }: Op, { axes: [a, b, c], inner }: LoweredPlan): boolean {
  const isNarrow = inner < lanesOf(kind)
  const isJoined = (kind.bytes <= 2 || inner > 1) && c.regular?.stride === 1
  return (
    (isShort(c) || (isNarrow && (isJoined || isApart(c)))) &&
    [a, b].every((axis) => isShort(axis) || isApart(axis))
  )
}

function isShort(axis: Axis): boolean {
  return axis.regular !== null && statsOf(axis).mostTaps <= mostTaps
}

/** True for windows that hardly overlap. */
function isApart(axis: Axis): boolean {
  return statsOf(axis).reads <= 2 * axis.inSize
}

type Setups = Record<'max' | 'min', Partial<Record<DType, Setup>>>

const setups = memoizeWeak((_: WasmInstance): Setups => ({ max: {}, min: {} }))

function setupOf(instance: WasmInstance, dtype: DType, reducer: 'max' | 'min'): Setup {
  const kind = computeType[dtype]!
  const name = comparedName(kind, reducer)
  let hasNaN = false
  const retry = (kernel: string) => {
    const run = instance.kernel(`${kernel}${name}`)
    if (!kind.float || !instance.isSimd) return (block: number) => void run(block)
    let again: Run | null = null
    return (block: number) => {
      hasNaN ||= run(block) !== 0
      if (!hasNaN) return
      again ??= instance.kernel(`${kernel}NanSafe${name}`)
      again(block)
    }
  }
  const op: Op = {
    instance,
    kind,
    ...orderOf(dtype, kind, reducer),
    begin: () => {
      hasNaN = false
    },
    fold: retry('fold'),
    vanHerk: retry('vanHerk'),
    vanHerkRows: hasRows(instance, kind) ? retry('vanHerkRows') : null,
  }
  return { op, name, neutral: op.padValue }
}
