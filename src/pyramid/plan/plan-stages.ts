/**
 * @file Cuts the work into stages of several levels, and each stage into boxes that are read once and fit into memory.
 */
import { invalid } from '../../errors.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { PlannedLevel, PlannedStage } from './pyramid-plan.ts'

export interface StageRequest {
  readonly levels: readonly PlannedLevel[]
  readonly itemSize: number
  /** Bytes that one task may hold. */
  readonly memory: number
  /** Axes that a box must hold whole. */
  readonly wholeAxes: readonly number[]
  /** The shape of what the source decodes at once. */
  readonly sourceChunks: readonly number[]
  /** Boxes of the source cover what it decodes at once, so that nothing is decoded for each of several tasks. */
  readonly covers?: boolean
}

const mostLevelsAtOnce = 2

/** @throws PoolError "LIMIT" where even the smallest box does not fit */
export function planStages(given: StageRequest): PlannedStage[] {
  const stages: PlannedStage[] = []
  const { levels } = given
  const covering = { ...given, covers: true }
  const fits = taskBytes(covering, 0, Math.min(1, levels.length - 1)) <= given.memory
  const request = fits ? covering : given
  if (levels.length === 1) {
    const needed = taskBytes(request, 0, 0)
    if (needed > request.memory) throw tooSmall(request, needed)
    return [stageOf(request, 0, 0)]
  }
  for (let from = 0; from < levels.length - 1; ) {
    const most = Math.min(levels.length - 1, from + mostLevelsAtOnce)
    let to = most
    while (to > from + 1 && (taskBytes(request, from, to) > request.memory || isCoarse(request, from, to)))
      to--
    const needed = taskBytes(request, from, to)
    if (needed > request.memory) throw tooSmall(request, needed)
    stages.push(stageOf(request, from, to))
    from = to
  }
  return stages
}

/** Too few tasks for several threads, and for a run to be ended and gone on with, though they take long. */
function isCoarse(request: StageRequest, from: number, to: number): boolean {
  const bytes = sizeOf(request.levels[from]!.shape) * request.itemSize
  return stageOf(request, from, to).tasks < fewTasks && bytes > shortBytes
}

const [fewTasks, shortBytes] = [16, 2 ** 24]

/** The bytes of a task: its box, the levels made from it, and objects during decoding and encoding. */
export function taskBytes(request: StageRequest, from: number, to: number): number {
  const { levels, itemSize, sourceChunks } = request
  const block = blockOf(request, from, to)
  const box = block.map((length, axis) => Math.min(length, levels[from]!.shape[axis]!))
  const object = Math.max(
    sizeOf(from === 0 ? sourceChunks : objectOf(levels[from]!)),
    sizeOf(objectOf(levels[to]!)),
  )
  return Math.ceil((1.5 * sizeOf(box) + 3 * object) * itemSize)
}

function stageOf(request: StageRequest, from: number, to: number): PlannedStage {
  const block = blockOf(request, from, to)
  const counts = block.map((length, axis) => Math.ceil(request.levels[from]!.shape[axis]! / length))
  return { from, to, block, counts, tasks: sizeOf(counts) }
}

/** So large that at each level it covers whole objects: one writer an object. */
function blockOf(
  { levels, wholeAxes, sourceChunks, covers }: StageRequest,
  from: number,
  to: number,
): number[] {
  const [first, last] = [levels[from]!, levels[to]!]
  const unit = objectOf(levels[0]!)
  return first.shape.map((length, axis) => {
    const block = unit[axis]! * (last.factors[axis]! / first.factors[axis]!)
    const least = wholeAxes.includes(axis) ? length : covers && from === 0 ? sourceChunks[axis]! : 1
    return Math.ceil(Math.min(least, length) / block) * block
  })
}

export function objectOf({ chunks, shard }: PlannedLevel): readonly number[] {
  return shard ?? chunks
}

function tooSmall({ memory }: StageRequest, needed: number): Error {
  return invalid(
    'LIMIT',
    { op: 'pyramid', argument: 'memory', value: memory },
    `the smallest task holds ${needed} bytes: chunks and shards of several levels`,
    `Raise the memory to ${needed} bytes a thread, or give smaller chunks or shards.`,
  )
}
