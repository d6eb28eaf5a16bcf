/**
 * @file How max and min are run: by which kernels, with and without positions, and their gradients.
 */

import { planAdaptive } from '../../plan/adaptive.ts'
import { planAxis } from '../../plan/axis.ts'
import { oncePer } from '../../plan/once-per.ts'
import { inPlane, isWholePlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import type { ArrayClass, DType, TypedArray } from '../../tensor/dtype.ts'
import type { SelectBackward, SelectForward } from '../job.ts'
import { carried, isCarried } from './carried.ts'
import { direct, places } from './direct.ts'
import { backwardFrameOf, type Frame, frameOf, inSizeOf } from './frame.ts'
import { f32, fillOf, flipOf, i32, type Kind, located, natural, orderedName } from './kind.ts'
import type { Machine } from './machine.ts'
import { hasRows, type Op, type Pass } from './pass.ts'
import { separable } from './separable.ts'
import {
  isDoubledPairs,
  isPairs,
  isTriples,
  isWhole,
  locatePairsPass,
  pairsPass,
  triplesPass,
  wholePass,
} from './special.ts'
import { runTiles } from './stage.ts'

export function selectForward(machine: Machine, job: SelectForward): void {
  const { dtype, plan, x, y } = job
  const indices = job.indices as Int32Array | null
  if (indices === null && isWholePlane(plan) && isHuge(job, x)) {
    selectTwice(machine, job)
    return
  }
  const kind = (indices === null ? natural : located)[dtype]!
  const frame = frameOf(plan, indices === null)
  const op = indices === null ? selectOp(machine, job) : locateOp(machine, kind, job)
  runTiles(machine, frame, { x, y, kind, indices }, false, (tile) =>
    indices === null ? selectPass(op, tile, job) : locatePass(op, tile, job),
  )
}

/** Planes of more bytes do not go through scratch as a whole. */
const mostBytes = 2 ** 24

function isHuge({ plan }: SelectForward | SelectBackward, data: TypedArray): boolean {
  return inPlane(plan) * plan.inner * data.BYTES_PER_ELEMENT > mostBytes
}

/** One window over a whole plane: first over its rows, or blocks of a single row, then over what they gave. */
function selectTwice(machine: Machine, job: SelectForward): void {
  const { outer, axes, inner } = job.plan
  const length = axes.at(-1)!.inSize
  const rows = inPlane(job.plan) / length
  const parts = rows > 1 ? rows : Math.ceil(length / block)
  const best = allocateArray(
    `${job.reducer} pooling`,
    job.x.constructor as ArrayClass,
    outer * parts * inner,
    temporary,
  )
  const first =
    rows > 1 ? { outer: outer * rows, axes: [planAdaptive(length, 1)], inner } : blocksOf(job.plan, parts)
  selectForward(machine, { ...job, plan: first, y: best })
  selectForward(machine, { ...job, plan: { outer, axes: [planAdaptive(parts, 1)], inner }, x: best })
}

/** Elements of a row that one window of `selectTwice` reads. */
const block = 1024

function blocksOf({ outer, axes, inner }: PoolPlan, outSize: number): PoolPlan {
  const window = { window: block, stride: block, dilation: 1, padBefore: 0, padAfter: 0 }
  return { outer, axes: [planAxis({ inSize: axes.at(-1)!.inSize, outSize, ...window }, false)], inner }
}

function selectPass(op: Op, tile: Frame, { reducer }: SelectForward): Pass {
  const general = () => separable(op, tile)
  const name = orderedName(op.kind, reducer)
  if (isPairs(tile)) return pairsPass(op, tile, `pairs${name}`, general)
  if (op.machine.isSimd && op.kind === f32 && isWhole(tile))
    return wholePass(op.machine, tile, `whole${name}`, general)
  const hasTriples = op.machine.isSimd && (op.kind === f32 || op.kind.bytes === 1)
  if (hasTriples && isTriples(tile, op.kind)) return triplesPass(op, tile, `triples${name}`, general)
  return general()
}

function locatePass(op: Op, tile: Frame, { reducer }: SelectForward): Pass {
  const general = () =>
    isCarried(tile)
      ? carried(op, carryOf(op, reducer), tile)
      : direct(op, tile, { extras: places(op), withIndices: true })
  if (op.kind !== f32 || !isPairs(tile) || isBand(tile)) return general()
  return locatePairsPass(op.machine, tile, `locatePairs${orderedName(f32, reducer)}`, general)
}

function carryOf({ machine, kind }: Op, reducer: 'max' | 'min'): (grid: number) => void {
  return machine.kernel(`carry${orderedName(kind, reducer)}`)
}

/** Whether positions in the plane do not start at 0. */
function isBand({ axes }: Frame): boolean {
  return axes.some(({ origin, inSize, length }) => origin > 0 || inSize < length)
}

type SelectOps = Record<'max' | 'min', Partial<Record<DType, Op>>>

const selectOps = oncePer((_: Machine): SelectOps => ({ max: {}, min: {} }))

function selectOp(machine: Machine, { dtype, reducer }: SelectForward): Op {
  const known = selectOps(machine)[reducer]
  known[dtype] ??= makeSelectOp(machine, dtype, reducer)
  return known[dtype]
}

function makeSelectOp(machine: Machine, dtype: DType, reducer: 'max' | 'min'): Op {
  const kind = natural[dtype]!
  const name = orderedName(kind, reducer)
  let hasNaN = false
  const retry = (fast: string, strict: string) => {
    const run = machine.kernel(fast)
    if (!kind.float) return (block: number) => void run(block)
    const again = machine.kernel(strict)
    return (block: number) => {
      hasNaN ||= run(block) !== 0
      if (hasNaN) again(block)
    }
  }
  return {
    ...orderOf(machine, kind, dtype, reducer),
    begin: () => {
      hasNaN = false
    },
    fold: retry(`select${name}`, `strict${name}`),
    glide: retry(`glide${name}`, `glideStrict${name}`),
    glideRows: hasRows(machine, kind) ? retry(`glideRows${name}`, `glideRowsStrict${name}`) : null,
  }
}

/** Which elements compete, and which of them never wins. */
function orderOf(machine: Machine, kind: Kind, dtype: DType, reducer: 'max' | 'min') {
  const min = reducer === 'min'
  return { machine, kind, flip: flipOf(dtype, kind, min), fill: fillOf(dtype, kind, min) }
}

function locateOp(machine: Machine, kind: Kind, { dtype, reducer }: SelectForward): Op {
  return {
    ...orderOf(machine, kind, dtype, reducer),
    begin: () => {},
    fold: machine.kernel(`locate${orderedName(kind, reducer)}`),
    glide: () => {},
    glideRows: null,
  }
}

export function selectBackward(machine: Machine, job: SelectBackward): void {
  const { plan, dy, dx } = job
  const indices = job.indices as Int32Array
  if (isHuge(job, dx) && dx.buffer !== machine.memory.buffer) {
    sendInPlace(job)
    return
  }
  const kind = natural[job.dtype]!
  const scatter = machine.kernel(`scatter${kind.name}`)
  runTiles(
    machine,
    backwardFrameOf(plan),
    { x: dy, y: dx, kind, along: { data: indices, cell: i32 } },
    true,
    (tile) => {
      const outputs = inSizeOf(tile) / tile.inner
      const { axes, inner, planes } = tile
      const [a, rows, cols] = axes
      const size = a.outSize * rows.outSize * cols.outSize * inner
      const general: Pass = (src, dst, places) => {
        machine.view(kind.array, dst, planes * size).fill(0)
        scatter(src, places, dst, planes, outputs, inner, size * kind.bytes)
      }
      if (kind !== f32 || !isDoubledPairs(tile)) return general
      const send = machine.kernel('sendPairsF32')
      return (src, dst, places) => {
        if (send(src, places, dst, planes, rows.inSize, cols.inSize) !== 0) general(src, dst, places)
      }
    },
  )
}

/** Each `dy` to where its index says, without a copy: planes of any size. */
function sendInPlace({ plan, dy, dx, indices }: SelectBackward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  dx.fill(0 as never)
  const send = inner === 1 ? sendPlane : sendPixels
  for (let o = 0; o < outer; o++) {
    const [from, to] = [o * outSize, o * inSize]
    const part = <A extends TypedArray>(data: A, start: number, size: number) =>
      data.subarray(start, start + size) as A
    send(
      part(dy, from, outSize) as Float32Array,
      part(indices as Int32Array, from, outSize),
      part(dx, to, inSize) as Float32Array,
      inner,
    )
  }
}

function sendPlane(dy: Float32Array, indices: Int32Array, dx: Float32Array): void {
  for (let i = 0; i < dy.length; i++) {
    const index = indices[i]!
    if (index >= 0) dx[index]! += dy[i]!
  }
}

function sendPixels(dy: Float32Array, indices: Int32Array, dx: Float32Array, inner: number): void {
  for (let i = 0, c = 0; i < dy.length; i++) {
    const index = indices[i]!
    if (index >= 0) dx[index * inner + c]! += dy[i]!
    c = c + 1 === inner ? 0 : c + 1
  }
}
