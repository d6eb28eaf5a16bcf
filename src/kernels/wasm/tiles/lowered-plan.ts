/**
 * @file Lowers a plan to the form of the kernels, planes of three axes and channels, and cuts it into tiles that fit
 * the cache.
 */
import { type AxisPlan, planAxis } from '../../../plan/axis.ts'
import { inPlane, type PoolPlan } from '../../../plan/pool-plan.ts'
import { overlapOf, sliceAxis } from '../../../plan/slice.ts'
import { transposeAxis } from '../../../plan/transpose.ts'
import { type DType, dtypes } from '../../../tensor/dtype.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import { sharesSums } from '../../sum-order.ts'
import { tuning } from '../../tuning.ts'

/** An axis of a plan, or a slice of it. */
export type Axis = AxisPlan

export type Axes = readonly [Axis, Axis, Axis]

export interface LoweredPlan {
  readonly planes: number
  readonly axes: Axes
  readonly inner: number
}

/** Some whole planes, or a part of one. Offsets and sizes count elements of the job's arrays. */
export interface Tile extends LoweredPlan {
  readonly srcAt: number
  readonly srcSize: number
  readonly srcRuns: Runs
  readonly dstAt: number
  readonly dstSize: number
  readonly dstRuns: Runs
}

/**
 * The layout of a tile in an array: runs of `length` elements, in nested loops of `count` runs that lie `pitch` apart,
 * the outermost loop first.
 */
export interface Runs {
  readonly length: number
  readonly loops: readonly (readonly [count: number, pitch: number])[]
}

/** An axis of one element. */
export const unit: Axis = planAxis(
  { inSize: 1, outSize: 1, window: 1, stride: 1, dilation: 1, padBefore: 0, padAfter: 0 },
  false,
)

/**
 * Lowers to three axes. With `merges`, axes that pooling leaves unchanged become planes or channels; positions in the
 * plane are then invalid.
 */
export function lowerPlan(plan: PoolPlan, merges: boolean): LoweredPlan {
  return merges ? lowerMerged(plan) : lowerUnmerged(plan)
}

const lowerUnmerged = memoizeWeak((plan: PoolPlan) => lower(plan, false))
const lowerMerged = memoizeWeak((plan: PoolPlan) => lower(plan, true))

/** The lowered form of the transposed plan. */
export const lowerTransposed = memoizeWeak((plan: PoolPlan): LoweredPlan => {
  const lowered = lower(plan, false)
  return { ...lowered, axes: lowered.axes.map(transposeAxis) as unknown as Axes }
})

/** The windows that a tile of a transposed plan sums, over the inputs that they read. */
export function windowsIn({ planes, axes, inner }: LoweredPlan): LoweredPlan {
  return { planes, axes: windowAxes(axes), inner }
}

const windowAxes = memoizeWeak(
  (axes: Axes): Axes =>
    axes.map(({ source, origin, inSize }) =>
      inSize === source!.outSize ? source! : sliceAxis(source!, origin, origin + inSize),
    ) as unknown as Axes,
)

/** Where the inputs of `windowsIn` lie, from the first output of the tile on, and beside which of them its first output lies. */
export interface Around {
  readonly shift: number
  readonly size: number
  readonly runs: Runs
  /** Elements from the first input to that at the first output of the tile; null if its outputs do not lie in turn among them. */
  readonly outputsAt: number | null
}

/** For a tile of the transposed plan `lowered`. */
export function aroundOf(lowered: LoweredPlan, tile: LoweredPlan): Around {
  const { planes, axes, inner } = windowsIn(tile)
  const before = axes.map(
    ({ origin }, level) => tile.axes[level]!.begin - (origin - lowered.axes[level]!.source!.origin),
  )
  const shift = before.reduce((sum, count, level) => sum - count * pitchOf(lowered, level, 'outSize'), 0)
  const along = axes.findIndex(({ inSize }) => inSize > 1)
  const isInside = axes.every(({ inSize }, level) => {
    const [from, size] = [before[level]!, tile.axes[level]!.outSize]
    return level === along ? from >= 0 && from + size <= inSize : from === 0 && size === inSize
  })
  const outputsAt = before[Math.max(0, along)]! * pitchOf({ axes, inner }, Math.max(0, along), 'inSize')
  const size = planes * inSizeOf({ axes, inner })
  const runs = planes > 1 ? { length: size, loops: [] } : runsOf(lowered, axes, inner, 'inSize', 'outSize')
  return { shift, size, runs, outputsAt: isInside ? outputsAt : null }
}

function lower(plan: PoolPlan, merges: boolean): LoweredPlan {
  let planes = plan.outer
  let inner = plan.inner
  const axes: Axis[] = [...plan.axes]
  while (merges && axes.length > 1 && isIdentity(axes[0]!)) planes *= axes.shift()!.inSize
  while (merges && axes.length > 1 && isIdentity(axes.at(-1)!)) inner *= axes.pop()!.inSize
  while (axes.length < 3) axes.unshift(unit)
  return { planes, axes: axes as unknown as Axes, inner }
}

function isIdentity({ inSize, outSize, regular }: Axis): boolean {
  return regular?.window === 1 && regular.stride === 1 && regular.padBefore === 0 && inSize === outSize
}

export function inSizeOf({ axes, inner }: Pick<LoweredPlan, 'axes' | 'inner'>): number {
  return axes[0].inSize * axes[1].inSize * axes[2].inSize * inner
}

export function outSizeOf({ axes, inner }: Pick<LoweredPlan, 'axes' | 'inner'>): number {
  return axes[0].outSize * axes[1].outSize * axes[2].outSize * inner
}

/**
 * Cuts a plan into tiles of about `budget` elements, inputs and outputs together, in order. With `whole`, planes are
 * never cut.
 */
export function* tilesOf(lowered: LoweredPlan, budget: number, whole: boolean): Generator<Tile> {
  const [inPlane, outPlane] = [inSizeOf(lowered), outSizeOf(lowered)]
  const { planes, axes, inner } = lowered
  if (inPlane + outPlane <= budget || whole) {
    const group = Math.max(1, Math.min(planes, Math.floor(budget / (inPlane + outPlane))))
    for (let plane = 0; plane < planes; plane += group) {
      const count = Math.min(group, planes - plane)
      const [srcSize, dstSize] = [count * inPlane, count * outPlane]
      const src = { srcAt: plane * inPlane, srcSize, srcRuns: { length: srcSize, loops: [] } }
      const dst = { dstAt: plane * outPlane, dstSize, dstRuns: { length: dstSize, loops: [] } }
      yield { planes: count, axes, inner, ...src, ...dst }
    }
    return
  }
  const parts = partsOf(lowered, budget)
  for (let plane = 0; plane < planes; plane++) {
    for (const part of parts) {
      yield { ...part, srcAt: part.srcAt + plane * inPlane, dstAt: part.dstAt + plane * outPlane }
    }
  }
}

/** Parts may exceed the budget by this factor before they are cut along another axis. */
const mostBudgets = 32

/**
 * Cuts one plane into bands along its outermost axis longer than 1, and bands that are far too large along further
 * axes.
 */
function partsOf(lowered: LoweredPlan, budget: number): Tile[] {
  const tiles: Tile[] = []
  const along = lowered.axes.findIndex(({ inSize, outSize }) => inSize > 1 || outSize > 1)
  const cut = (axes: Axes, inner: number, srcAt: number, dstAt: number, level: number): void => {
    const size = inSizeOf({ axes, inner }) + outSizeOf({ axes, inner })
    if (level < 0 || level > 3 || (level > along && size <= mostBudgets * budget)) {
      tiles.push(tileOf(lowered, axes, inner, srcAt, dstAt))
      return
    }
    if (level === 3) {
      const most = Math.max(leastChannels, Math.floor((budget * inner) / size))
      for (let from = 0; from < inner; from += most)
        cut(axes, Math.min(most, inner - from), srcAt + from, dstAt + from, 4)
      return
    }
    const axis = axes[level]!
    const [inRow, outRow] = [pitchOf(lowered, level, 'inSize'), pitchOf(lowered, level, 'outSize')]
    const fitting = Math.floor(budget / (size / axis.outSize))
    const most = Math.max(1, fitting, tuning.minBandHalos * overlapOf(axis))
    const even = Math.ceil(axis.outSize / Math.ceil(axis.outSize / most))
    const count = wholeBlocks(axis, even)
    for (let begin = 0; begin < axis.outSize; begin += count) {
      const slice = sliceAxis(axis, begin, Math.min(axis.outSize, begin + count))
      const from = srcAt + (slice.origin - axis.origin) * inRow
      cut(axes.with(level, slice) as unknown as Axes, inner, from, dstAt + begin * outRow, level + 1)
    }
  }
  cut(lowered.axes, lowered.inner, 0, 0, along)
  return tiles
}

/** Outputs rounded down to whole blocks of shared sums, if there are any: tiles are then alike. */
function wholeBlocks(axis: Axis, outputs: number): number {
  const shared = axis.source ?? axis
  if (!sharesSums(shared)) return outputs
  const { window } = shared.regular!
  return outputs < window ? outputs : outputs - (outputs % window)
}

/** Channels are cut into parts of at least a cache line of the smallest elements. */
export const leastChannels = 64

/** Elements of a plane from one position along an axis to the next. */
function pitchOf(
  { axes, inner }: Pick<LoweredPlan, 'axes' | 'inner'>,
  level: number,
  size: 'inSize' | 'outSize',
): number {
  return axes.slice(level + 1).reduce((pitch, axis) => pitch * axis[size], inner)
}

function tileOf(lowered: LoweredPlan, axes: Axes, inner: number, srcAt: number, dstAt: number): Tile {
  const [srcSize, dstSize] = [inSizeOf({ axes, inner }), outSizeOf({ axes, inner })]
  const [srcRuns, dstRuns] = (['inSize', 'outSize'] as const).map((size) =>
    runsOf(lowered, axes, inner, size),
  ) as [Runs, Runs]
  return { planes: 1, axes, inner, srcAt, srcSize, srcRuns, dstAt, dstSize, dstRuns }
}

function runsOf(
  lowered: LoweredPlan,
  axes: Axes,
  inner: number,
  size: 'inSize' | 'outSize',
  whole: 'inSize' | 'outSize' = size,
): Runs {
  let length = inner
  const loops: (readonly [number, number])[] = []
  for (let level = 2; level >= 0; level--) {
    const count = axes[level]![size]
    const pitch = pitchOf(lowered, level, whole)
    if (count === 1) continue
    if (loops.length === 0 && pitch === length) length *= count
    else loops.unshift([count, pitch])
  }
  return { length, loops }
}

/** Planes with more bytes are not copied to scratch as a whole. */
const hugeBytes = 2 ** 24

export function isHuge(plan: PoolPlan, dtype: DType): boolean {
  return inPlane(plan) * plan.inner * dtypes[dtype].storage.BYTES_PER_ELEMENT > hugeBytes
}

/** Bytes of a tile whose addresses, with all scratch, surely fit 32 bits. */
export const mostBytes = 2 ** 30

/** Elements of the largest tile of a plane that is cut. */
export function largestTile(lowered: LoweredPlan, budget: number): number {
  return partsOf(lowered, budget).reduce((most, tile) => Math.max(most, tile.srcSize, tile.dstSize), 0)
}
