/**
 * @file The levels of one stage in memory, each from the one before: chunk by chunk as long as no window crosses chunks, then as a whole.
 */
import { type ArrayClass, type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { downsampleInto } from '../downsample/downsample.ts'
import type { DownsampleOptions } from '../downsample/options.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { boxOfTask, reducedBox } from '../plan/task-box.ts'
import { ReusedMemory } from '../store/reused-memory.ts'
import { chunksOf, dtypeOfElements } from '../zarr/array-metadata.ts'
import {
  arrayOf,
  type Box,
  boxOfCell,
  type Cells,
  cellAt,
  cellCounts,
  cellsOf,
  RowViews,
  shapeOfBox,
  storedScalar,
} from '../zarr/block.ts'
import type { BoxRead, ZarrArray } from '../zarr/zarr-array.ts'
import { areChunksApart, ChunkPooling, type LevelData } from './chunk-pooling.ts'
import type { KernelArrays } from './kernel-arrays.ts'
import { scalarOf } from './level-arrays.ts'

/** What the tasks of a stage read. */
export interface StageInput {
  /** Set where its chunks may be read one by one, and nothing but their levels is wanted. */
  readonly array: ZarrArray | undefined
  readonly missing: 'fill' | 'error'
  read(box: Box, memory: ReusedMemory): Promise<BoxRead>
}

/** The first level that a task has in memory, and the chunks that are not there. */
export interface FirstLevel {
  readonly level: number
  /** undefined where no window fits into the box. */
  readonly data: LevelData | undefined
  readonly missing: number
}

/** One task's data at a time: those of the task before are void. */
export class StageLevels {
  readonly #plan: PyramidPlan
  readonly #stage: number
  readonly #input: StageInput
  /** From the level after the one that is read. */
  readonly #arrays: readonly ZarrArray[]
  readonly #dtype: DType
  readonly #kernelArrays: KernelArrays
  /** From the level that is read to the last whose chunks are pooled one by one. */
  readonly #poolings: ChunkPooling[] = []
  /** Of the arrays in the kernels' memory: two batches, what one becomes, and the chunks of each level. */
  readonly #lengths: readonly number[]
  readonly #memories = new Map<number, ReusedMemory>()
  readonly #rows = new Map<number, RowViews>()

  /** @param arrays  of the levels that the stage makes */
  constructor(
    plan: PyramidPlan,
    stage: number,
    input: StageInput,
    arrays: readonly ZarrArray[],
    kernelArrays: KernelArrays,
  ) {
    this.#plan = plan
    this.#stage = stage
    this.#input = input
    this.#arrays = arrays
    this.#dtype = dtypeOfElements(plan.source.type)
    this.#kernelArrays = kernelArrays
    for (const [i, array] of [input.array, ...arrays.slice(0, -1)].entries()) {
      const settings = arrays.length > 0 && settingsOf(plan, this.#from + i + 1)
      if (!settings || array === undefined || !areChunksApart(array, settings)) break
      this.#poolings.push(new ChunkPooling(array, settings))
    }
    this.#lengths = this.#lengthsOf()
  }

  get #from(): number {
    return this.#plan.stages[this.#stage]!.from
  }

  /** The level that the stage reads, or the one after it where chunks are pooled as they are read. */
  async read(box: Box): Promise<FirstLevel> {
    const [pooling] = this.#poolings
    if (pooling === undefined) {
      const { data, missing } = await this.#input.read(box, this.#memoryOf(this.#from))
      return { level: this.#from, data: { data, box, rows: this.#rowsOf(this.#from) }, missing }
    }
    const level = this.#from + 1
    const data = this.#emptyLevel(level, reducedBox(this.#plan, box, level))
    const { batches, pooled } = this.#kernelMemory()
    const missing = await pooling.pool(box, data, this.#input.missing, { batches, pooled })
    return { level, data: isEmpty(data.box) ? undefined : data, missing }
  }

  /** The level after one of those; undefined where no window fits. */
  next(data: LevelData, level: number): LevelData | undefined {
    const box = reducedBox(this.#plan, data.box, level)
    if (isEmpty(box)) return undefined
    const target = this.#emptyLevel(level, box)
    if ('cell' in data)
      this.#poolings[level - 1 - this.#from]!.poolCells(data, target, this.#kernelMemory().pooled)
    else {
      const x = new Tensor(data.data, shapeOfBox(data.box), this.#dtype)
      downsampleInto(target.data, x, settingsOf(this.#plan, level))
    }
    return target
  }

  /** Made of chunks and read, if at all, by chunks. */
  #isInCells(level: number): boolean {
    const step = level - this.#from
    const pooled = this.#poolings.length
    return step < pooled || (step === pooled && step === this.#arrays.length)
  }

  #emptyLevel(level: number, box: Box): LevelData {
    if (this.#isInCells(level)) return this.#emptyCells(level, box)
    const data = arrayOf(shapeOfBox(box), this.#dtype, this.#memoryOf(level))
    return { data, box, rows: this.#rowsOf(level) }
  }

  #emptyCells(level: number, box: Box): Cells {
    const { metadata } = this.#arrays[level - this.#from - 1]!
    const cells = {
      data: this.#kernelMemory().cells[level - this.#from - 1]!,
      box,
      cell: chunksOf(metadata),
    }
    for (const place of cellsOf(box, cells.cell)) {
      const isCut = boxOfCell(place, cells.cell).to.some((end, axis) => end > box.to[axis]!)
      if (isCut) cellAt(cells, place).data.fill(storedScalar(metadata.fill, this.#dtype) as never)
    }
    return cells
  }

  #kernelMemory() {
    const storage = dtypes[this.#dtype].storage as ArrayClass
    const all = this.#kernelArrays.take(this, storage, this.#lengths)
    return { batches: all.slice(0, 2), pooled: all[2] as TypedArray, cells: all.slice(3) }
  }

  #lengthsOf(): number[] {
    const lengths = this.#poolings.map((pooling) => pooling.lengths)
    const batch = lengths[0]?.batch ?? 0
    const pooled = Math.max(0, ...lengths.map((own) => own.pooled))
    return [batch, batch, pooled, ...this.#cellLengths()].map((length) => Math.max(1, length))
  }

  /** Of the largest task: the first. */
  #cellLengths(): number[] {
    let box = boxOfTask(this.#plan, this.#stage, 0)
    return this.#arrays.map(({ metadata }, i) => {
      const level = this.#from + i + 1
      box = reducedBox(this.#plan, box, level)
      const cell = chunksOf(metadata)
      return this.#isInCells(level) ? sizeOf(cellCounts(box, cell)) * sizeOf(cell) : 0
    })
  }

  #memoryOf(level: number): ReusedMemory {
    const memory = this.#memories.get(level) ?? new ReusedMemory()
    this.#memories.set(level, memory)
    return memory
  }

  #rowsOf(level: number): RowViews {
    const rows = this.#rows.get(level) ?? new RowViews()
    this.#rows.set(level, rows)
    return rows
  }
}

function isEmpty(box: Box): boolean {
  return shapeOfBox(box).some((length) => length <= 0)
}

/** The options that make a level of the one before. */
function settingsOf(plan: PyramidPlan, level: number): DownsampleOptions {
  const { method, edges, alpha, nodata, background } = plan
  return {
    factor: plan.levels[level]!.step,
    method,
    edges,
    alpha,
    ...(nodata !== undefined && { nodata: scalarOf(nodata, plan) }),
    ...(background !== undefined && { background: scalarOf(background, plan) }),
  }
}
