/**
 * @file Max and min over windows of many bytes, in two steps: over each row, or over blocks of a single row, then over
 * the results. A tile would hold a whole window.
 */
import { planAdaptive } from '../../../plan/adaptive.ts'
import { type AxisPlan, firstOf, tapsOf } from '../../../plan/axis.ts'
import { hasEmptyWindow, outPlane, type PoolPlan } from '../../../plan/pool-plan.ts'
import { statsOf } from '../../../plan/tables.ts'
import { allocateArray, temporary } from '../../../tensor/allocate.ts'
import { type ArrayClass, type DType, dtypes, type TypedArray } from '../../../tensor/dtype.ts'
import type { ExtremumForward } from '../../job.ts'
import { tuning } from '../../tuning.ts'
import { computeType } from '../element-type.ts'
import { areRuns } from '../folds/direct.ts'
import { type JobStrategy, type Method, runBy } from '../strategy.ts'
import { leastChannels } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

type Run = (job: ExtremumForward, instance: WasmInstance) => void

/** @param methodOf  the method that runs each step */
export function inSteps<S>(methodOf: () => Method<ExtremumForward, S>): JobStrategy<ExtremumForward> {
  const run: Run = (job, instance) => runBy(methodOf(), job, instance)
  return {
    name: 'inSteps',
    fits: ({ plan, half }) => half === undefined && !hasEmptyWindow(plan) && isDivisible(plan),
    pays: (job, instance) => {
      const bytes = windowBytes(job.plan, job.dtype)
      return bytes > tuning.windowBytes || (bytes > cacheTiles * tuning.tileBytes && isCopied(job, instance))
    },
    run(job, instance) {
      if (!isSingleRow(job.plan.axes)) byRows(job, instance, run)
      else byBlocks(job, instance, run)
    },
  }
}

/** Tiles that fill a second-level cache. */
const cacheTiles = 4

/** True if one thread would copy windows of wide pixels that hardly overlap to scratch, each as a whole. */
function isCopied({ plan, dtype, indices, x }: ExtremumForward, { memory, executor }: WasmInstance): boolean {
  const { axes, inner } = plan
  const isOnce = axes.every((axis) => statsOf(axis).reads <= 1.25 * axis.inSize)
  const isWide = areRuns({ kind: computeType[dtype]! }, inner)
  const isOutside = executor === null && x.buffer !== memory.buffer
  return indices === null && isOnce && isWide && isOutside && !isSingleRow(axes)
}

/** True if a row is pooled along with other axes, or the windows of a single row hardly overlap. */
function isDivisible({ axes }: PoolPlan): boolean {
  const row = axes.at(-1)!
  const { mostTaps } = statsOf(row)
  if (!isSingleRow(axes)) return mostTaps > 1
  return row.step === 1 && mostTaps > blockSize() && row.outSize * mostTaps <= 2 * row.inSize
}

function isSingleRow(axes: readonly AxisPlan[]): boolean {
  return axes.slice(0, -1).every(({ inSize, outSize }) => inSize === 1 && outSize === 1)
}

/** Bytes from the first to the last tap of the largest window, in as many channels as a tile has at least. */
function windowBytes({ axes, inner }: PoolPlan, dtype: DType): number {
  const reach = (axis: AxisPlan) => (statsOf(axis).mostTaps - 1) * axis.step + 1
  const elements = axes.reduce((product, axis) => product * reach(axis), Math.min(inner, leastChannels))
  return elements * dtypes[dtype].storage.BYTES_PER_ELEMENT
}

/** Each row, then the other axes. A window's first element is the first in the first of its rows that have it. */
function byRows(job: ExtremumForward, instance: WasmInstance, run: Run): void {
  const { outer, axes, inner } = job.plan
  const [lead, row] = [axes.slice(0, -1), axes.at(-1)!]
  const rows = lead.reduce((product, { inSize }) => product * inSize, 1)
  const n = row.outSize * inner
  const ofRows = {
    ...job,
    ...resultsFor(job, outer * rows * n),
    plan: { outer: outer * rows, axes: [row], inner },
  }
  run(ofRows, instance)
  run({ ...job, plan: { outer, axes: lead, inner: n }, x: ofRows.y }, instance)
  if (ofRows.indices !== null) compose(job, ofRows.indices, rows, n, row.inSize)
}

/** Elements per block of a single row; in 64 channels of 8 bytes far fewer bytes than `tuning.windowBytes`. */
function blockSize(): number {
  return Math.max(2, Math.floor(tuning.windowBytes / 2 ** 14))
}

/** Blocks of each window of a single row, then their results. */
function byBlocks(job: ExtremumForward, instance: WasmInstance, run: Run): void {
  const { outer, axes, inner } = job.plan
  const row = axes.at(-1)!
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < row.outSize; i++) {
      const [first, taps] = [firstOf(row, i), tapsOf(row, i)]
      const [from, to] = [o * row.inSize + first, o * row.outSize + i]
      const window = part({ ...job, x: elements(job.x, from, taps, inner) }, to, 1, taps)
      inBlocks(window, instance, run)
      const { indices } = window
      if (indices !== null) for (let c = 0; c < inner; c++) (indices as Int32Array)[c]! += first
    }
  }
}

/** A single window of a single row. */
function inBlocks(job: ExtremumForward, instance: WasmInstance, run: Run): void {
  const { inner, axes } = job.plan
  const { inSize } = axes[0]!
  const block = blockSize()
  const [full, rest] = [Math.floor(inSize / block), inSize % block]
  const count = Math.ceil(inSize / block)
  const ofBlocks = { ...job, ...resultsFor(job, count * inner) }
  run(part({ ...ofBlocks, x: elements(job.x, 0, full * block, inner) }, 0, full, block), instance)
  if (rest > 0) {
    const x = elements(job.x, full * block, rest, inner)
    run(part({ ...ofBlocks, x }, full, 1, rest), instance)
  }
  run({ ...job, plan: { outer: 1, axes: [planAdaptive(count, 1)], inner }, x: ofBlocks.y }, instance)
  if (ofBlocks.indices !== null) compose(job, ofBlocks.indices, count, inner, block)
}

/** The job that reduces `count` planes of `length` elements to the results from `at` on. */
function part(job: ExtremumForward, at: number, count: number, length: number): ExtremumForward {
  const { inner } = job.plan
  const plan = { outer: count, axes: [planAdaptive(length, 1)], inner }
  const indices = job.indices && elements(job.indices, at, count, inner)
  return { ...job, plan, y: elements(job.y, at, count, inner), indices }
}

function elements<A extends TypedArray>(data: A, at: number, count: number, inner: number): A {
  return data.subarray(at * inner, (at + count) * inner) as A
}

/** Arrays for the results of a first step. */
function resultsFor({ reducer, x, indices }: ExtremumForward, size: number) {
  const op = `${reducer} pooling`
  return {
    y: allocateArray(op, x.constructor as ArrayClass, size, temporary),
    indices: indices && allocateArray<Int32Array>(op, Int32Array, size, temporary),
  }
}

/**
 * Turns the positions that the second step found, among `parts` results of `n` channels, into those of the elements:
 * `found` gives them within a part of `length` elements.
 */
function compose(
  { indices, plan }: ExtremumForward,
  found: Int32Array,
  parts: number,
  n: number,
  length: number,
): void {
  const at = indices as Int32Array
  const size = (outPlane(plan) * plan.inner) / n
  for (let i = 0; i < at.length; i++) {
    const outer = Math.floor(i / (size * n))
    at[i] = at[i]! * length + found[(outer * parts + at[i]!) * n + (i % n)]!
  }
}
