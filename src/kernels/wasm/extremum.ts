/**
 * @file How max and min are run: by which kernels, with and without positions, and their gradients.
 */

import { planAdaptive } from '../../plan/adaptive.ts'
import { planAxis } from '../../plan/axis.ts'
import { memoizeWeak } from '../../plan/memoize-weak.ts'
import { inPlane, isWholePlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import type { ArrayClass, DType, TypedArray } from '../../tensor/dtype.ts'
import type { ExtremumBackward, ExtremumForward } from '../job.ts'
import { writeBlock } from './block.ts'
import { direct, positions } from './direct.ts'
import {
  argComputeType,
  comparedName,
  computeType,
  type ElementType,
  f32,
  i32,
  orderMaskOf,
  padValueOf,
} from './element-type.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, lowerTransposed } from './lowered-plan.ts'
import { hasRows, type Op, type Pass } from './pass.ts'
import { separable } from './separable.ts'
import { separableArgmax, usesSeparableArgmax } from './separable-argmax.ts'
import {
  argPool2x2s2Pass,
  globalPoolPass,
  is2x2s2,
  is3x3,
  isGlobal,
  isWhole2x2s2,
  pool2x2s2Pass,
  pool3x3Pass,
} from './specialized.ts'
import { runTiles } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

export function selectForward(instance: WasmInstance, job: ExtremumForward): void {
  const { dtype, plan, x, y } = job
  const indices = job.indices as Int32Array | null
  if (indices === null && isWholePlane(plan) && isHuge(job, x)) {
    selectTwice(instance, job)
    return
  }
  const kind = (indices === null ? computeType : argComputeType)[dtype]!
  const lowered = lowerPlan(plan, indices === null)
  const op = indices === null ? selectOp(instance, job) : locateOp(instance, kind, job)
  runTiles(instance, lowered, { x, y, kind, indices }, false, (tile) =>
    indices === null ? selectPass(op, tile, job) : locatePass(op, tile, job),
  )
}

/** Planes of more bytes do not go through scratch as a whole. */
const mostBytes = 2 ** 24

function isHuge({ plan }: ExtremumForward | ExtremumBackward, data: TypedArray): boolean {
  return inPlane(plan) * plan.inner * data.BYTES_PER_ELEMENT > mostBytes
}

/** One window over a whole plane: first over its rows, or blocks of a single row, then over what they gave. */
function selectTwice(instance: WasmInstance, job: ExtremumForward): void {
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
  selectForward(instance, { ...job, plan: first, y: best })
  selectForward(instance, { ...job, plan: { outer, axes: [planAdaptive(parts, 1)], inner }, x: best })
}

/** Elements of a row that one window of `selectTwice` reads. */
const block = 1024

function blocksOf({ outer, axes, inner }: PoolPlan, outSize: number): PoolPlan {
  const window = { window: block, stride: block, dilation: 1, padBefore: 0, padAfter: 0 }
  return { outer, axes: [planAxis({ inSize: axes.at(-1)!.inSize, outSize, ...window }, false)], inner }
}

function selectPass(op: Op, tile: LoweredPlan, { reducer }: ExtremumForward): Pass {
  const general = () => separable(op, tile)
  const name = comparedName(op.kind, reducer)
  if (is2x2s2(tile)) return pool2x2s2Pass(op, tile, `pool2x2s2${name}`, general)
  if (op.instance.isSimd && op.kind === f32 && isGlobal(tile))
    return globalPoolPass(op.instance, tile, `globalPool${name}`, general)
  const hasTriples = op.instance.isSimd && (op.kind === f32 || op.kind.bytes === 1)
  if (hasTriples && is3x3(tile, op.kind)) return pool3x3Pass(op, tile, `pool3x3${name}`, general)
  return general()
}

function locatePass(op: Op, tile: LoweredPlan, { reducer }: ExtremumForward): Pass {
  const general = () =>
    usesSeparableArgmax(tile)
      ? separableArgmax(op, argAlongAxisOf(op, reducer), tile)
      : direct(op, tile, { extras: positions(op), withIndices: true })
  if (op.kind !== f32 || !is2x2s2(tile) || isBand(tile)) return general()
  return argPool2x2s2Pass(op.instance, tile, `argPool2x2s2${comparedName(f32, reducer)}`, general)
}

function argAlongAxisOf({ instance, kind }: Op, reducer: 'max' | 'min'): (grid: number) => void {
  return instance.kernel(`argAlongAxis${comparedName(kind, reducer)}`)
}

/** Whether positions in the plane do not start at 0. */
function isBand({ axes }: LoweredPlan): boolean {
  return axes.some(({ origin, inSize, length }) => origin > 0 || inSize < length)
}

type SelectOps = Record<'max' | 'min', Partial<Record<DType, Op>>>

const selectOps = memoizeWeak((_: WasmInstance): SelectOps => ({ max: {}, min: {} }))

function selectOp(instance: WasmInstance, { dtype, reducer }: ExtremumForward): Op {
  const known = selectOps(instance)[reducer]
  known[dtype] ??= makeSelectOp(instance, dtype, reducer)
  return known[dtype]
}

function makeSelectOp(instance: WasmInstance, dtype: DType, reducer: 'max' | 'min'): Op {
  const kind = computeType[dtype]!
  const name = comparedName(kind, reducer)
  let hasNaN = false
  const retry = (kernel: string) => {
    const run = instance.kernel(`${kernel}${name}`)
    if (!kind.float || !instance.isSimd) return (block: number) => void run(block)
    const again = instance.kernel(`${kernel}NanSafe${name}`)
    return (block: number) => {
      hasNaN ||= run(block) !== 0
      if (hasNaN) again(block)
    }
  }
  return {
    ...orderOf(instance, kind, dtype, reducer),
    begin: () => {
      hasNaN = false
    },
    fold: retry('fold'),
    vanHerk: retry('vanHerk'),
    vanHerkRows: hasRows(instance, kind) ? retry('vanHerkRows') : null,
  }
}

/** Which elements compete, and which of them never wins. */
function orderOf(instance: WasmInstance, kind: ElementType, dtype: DType, reducer: 'max' | 'min') {
  const min = reducer === 'min'
  return { instance, kind, orderMask: orderMaskOf(dtype, kind, min), padValue: padValueOf(dtype, kind, min) }
}

function locateOp(instance: WasmInstance, kind: ElementType, { dtype, reducer }: ExtremumForward): Op {
  return {
    ...orderOf(instance, kind, dtype, reducer),
    begin: () => {},
    fold: instance.kernel(`argFold${comparedName(kind, reducer)}`),
    vanHerk: () => {},
    vanHerkRows: null,
  }
}

export function selectBackward(instance: WasmInstance, job: ExtremumBackward): void {
  const { plan, dy, dx } = job
  const indices = job.indices as Int32Array
  if (isHuge(job, dx) && dx.buffer !== instance.memory.buffer) {
    sendInPlace(job)
    return
  }
  const kind = computeType[job.dtype]!
  const scatter = instance.kernel(`scatter${kind.name}`)
  runTiles(
    instance,
    lowerTransposed(plan),
    { x: dy, y: dx, kind, along: { data: indices, cell: i32 } },
    true,
    (tile) => {
      const outputs = inSizeOf(tile) / tile.inner
      const { axes, inner, planes } = tile
      const [a, rows, cols] = axes
      const size = a.outSize * rows.outSize * cols.outSize * inner
      const block = writeBlock(instance, [planes, outputs, inner, size * kind.bytes])
      const general: Pass = (src, dst, indices) => {
        instance.view(kind.array, dst, planes * size).fill(0)
        scatter(block(src, dst, indices))
      }
      if (kind !== f32 || !isWhole2x2s2(tile)) return general
      const run = instance.kernel('scatter2x2s2')
      const windows = writeBlock(instance, [planes, rows.inSize, cols.inSize])
      return (src, dst, indices) => {
        if (run(windows(src, dst, indices)) !== 0) general(src, dst, indices)
      }
    },
  )
}

/** Each `dy` to where its index says, without a copy: planes of any size. */
function sendInPlace({ plan, dy, dx, indices }: ExtremumBackward): void {
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
