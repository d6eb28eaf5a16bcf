/**
 * @file A plan as the kernels see it: planes of exactly three axes and channels, cut into tiles that fit the cache.
 */
import { type AxisPlan, planAxis } from '../../plan/axis.ts'
import { oncePer } from '../../plan/once-per.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { overlapOf, sliceAxis } from '../../plan/slice.ts'
import { transposeAxis } from '../../plan/transpose.ts'
import { crossovers } from '../crossovers.ts'

/** The axis of a plan, or the slice of one that a tile reads. */
export type Axis = AxisPlan

export type Axes = readonly [Axis, Axis, Axis]

export interface Frame {
  readonly planes: number
  readonly axes: Axes
  readonly inner: number
}

/** Whole planes, or a band of one plane; elements of the job's arrays. */
export interface Tile extends Frame {
  readonly srcAt: number
  readonly srcSize: number
  readonly dstAt: number
  readonly dstSize: number
}

/** An axis of one element. */
export const unit: Axis = planAxis(
  { inSize: 1, outSize: 1, window: 1, stride: 1, dilation: 1, padBefore: 0, padAfter: 0 },
  false,
)

/** At most three axes; those that pool nothing count as planes or channels if `merges`, which no position in a plane survives. */
export function frameOf(plan: PoolPlan, merges: boolean): Frame {
  return merges ? mergedFrameOf(plan) : fullFrameOf(plan)
}

const fullFrameOf = oncePer((plan: PoolPlan) => makeFrame(plan, false))
const mergedFrameOf = oncePer((plan: PoolPlan) => makeFrame(plan, true))

/** Of the transposed plan. */
export const backwardFrameOf = oncePer((plan: PoolPlan): Frame => {
  const frame = makeFrame(plan, false)
  return { ...frame, axes: frame.axes.map(transposeAxis) as unknown as Axes }
})

function makeFrame(plan: PoolPlan, merges: boolean): Frame {
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

export function inSizeOf({ axes, inner }: Pick<Frame, 'axes' | 'inner'>): number {
  return axes[0].inSize * axes[1].inSize * axes[2].inSize * inner
}

export function outSizeOf({ axes, inner }: Pick<Frame, 'axes' | 'inner'>): number {
  return axes[0].outSize * axes[1].outSize * axes[2].outSize * inner
}

/** Tiles of about `budget` elements, input and output together, in order. `whole` planes are never cut. */
export function* tilesOf(frame: Frame, budget: number, whole: boolean): Generator<Tile> {
  const [inPlane, outPlane] = [inSizeOf(frame), outSizeOf(frame)]
  const { planes, axes, inner } = frame
  if (inPlane + outPlane <= budget || whole) {
    const group = Math.max(1, Math.min(planes, Math.floor(budget / (inPlane + outPlane))))
    for (let plane = 0; plane < planes; plane += group) {
      const count = Math.min(group, planes - plane)
      const place = { srcAt: plane * inPlane, srcSize: count * inPlane }
      yield { planes: count, axes, inner, ...place, dstAt: plane * outPlane, dstSize: count * outPlane }
    }
    return
  }
  const bands = bandsOf(frame, budget)
  for (let plane = 0; plane < planes; plane++) {
    for (const band of bands) {
      yield { ...band, srcAt: band.srcAt + plane * inPlane, dstAt: band.dstAt + plane * outPlane }
    }
  }
}

/** Bands of one plane along its outermost axis that has any length. */
function bandsOf({ axes, inner }: Frame, budget: number): Tile[] {
  const along = axes.findIndex(({ inSize, outSize }) => inSize > 1 || outSize > 1)
  if (along < 0 || axes[along]!.outSize === 1) return [{ planes: 1, axes, inner, ...spanOf(axes, inner) }]
  const axis = axes[along]!
  const later = axes.slice(along + 1)
  const inRow = later.reduce((size, { inSize }) => size * inSize, inner)
  const outRow = later.reduce((size, { outSize }) => size * outSize, inner)
  const fitting = Math.floor(budget / ((inRow * axis.inSize) / axis.outSize + outRow))
  const most = Math.max(1, fitting, crossovers.haloFactor * overlapOf(axis))
  const count = Math.ceil(axis.outSize / Math.ceil(axis.outSize / most))
  const bands: Tile[] = []
  for (let begin = 0; begin < axis.outSize; begin += count) {
    const end = Math.min(axis.outSize, begin + count)
    const slice = sliceAxis(axis, begin, end)
    const cut = axes.with(along, slice) as unknown as Axes
    bands.push({
      planes: 1,
      axes: cut,
      inner,
      ...spanOf(cut, inner),
      srcAt: (slice.origin - axis.origin) * inRow,
      dstAt: begin * outRow,
    })
  }
  return bands
}

function spanOf(axes: Axes, inner: number) {
  return { srcAt: 0, srcSize: inSizeOf({ axes, inner }), dstAt: 0, dstSize: outSizeOf({ axes, inner }) }
}
