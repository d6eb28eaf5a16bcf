/**
 * @file Any pooling over one stored array, object by object: each reads the inputs of its outputs, with the halo that neighbours share.
 */
import type { Job } from '../kernels/job.ts'
import { runJob } from '../kernels/run.ts'
import type { JobOutline } from '../ops/reduce/reduction.ts'
import type { AxisPlan } from '../plan/axis.ts'
import { inputRange, sliceAxis } from '../plan/slice.ts'
import { dtypes } from '../tensor/dtype.ts'
import { sizeOf } from '../tensor/shape.ts'
import { dtypeOfElements } from './zarr/array-metadata.ts'
import { type Box, boxOfCell, intersection, placeAt, shapeOfBox } from './zarr/block.ts'
import type { ZarrArray } from './zarr/zarr-array.ts'

/** A pooling of the last axes of an array. */
export interface ArrayPooling {
  readonly outline: JobOutline
  readonly axes: readonly AxisPlan[]
}

/** Pools one object of the target at a time. */
export class ArrayPooler {
  readonly #source: ZarrArray
  readonly #target: ZarrArray
  readonly #pooling: ArrayPooling
  readonly #counts: readonly number[]
  /** The number of objects of the target. */
  readonly tasks: number

  constructor(source: ZarrArray, target: ZarrArray, pooling: ArrayPooling) {
    this.#source = source
    this.#target = target
    this.#pooling = pooling
    const { shape, grid } = target.metadata
    this.#counts = shape.map((length, axis) => Math.ceil(length / grid[axis]!))
    this.tasks = sizeOf(this.#counts)
  }

  /** The approximate bytes for pooling one object, estimated from the first, a middle and the last object. */
  get taskBytes(): number {
    const { grid, type } = this.#target.metadata
    const places = [0, Math.floor(this.tasks / 2), this.tasks - 1]
    const inputs = places.map((task) => sizeOf(shapeOfBox(this.#inputOf(this.#outputOf(task)))))
    const chunk = sizeOf(this.#source.metadata.sharding?.chunks ?? this.#source.metadata.grid)
    const size = dtypes[dtypeOfElements(type)].storage.BYTES_PER_ELEMENT
    return Math.ceil((1.5 * Math.max(...inputs) + 3 * sizeOf(grid) + 2 * chunk) * size)
  }

  /** @throws PoolError "BAD_FORMAT" naming an object of the input, "BAD_PATH" for what cannot be written */
  async run(
    task: number,
    missing: 'fill' | 'error',
  ): Promise<{ readonly bytes: number; readonly missing: number }> {
    const output = this.#outputOf(task)
    const input = this.#inputOf(output)
    const read = await this.#source.read(input, { missing })
    const { outline, axes } = this.#pooling
    const leading = output.from.length - axes.length
    const dtype = dtypeOfElements(this.#target.metadata.type)
    const y = new dtypes[dtype].storage(sizeOf(shapeOfBox(output)))
    const plan = {
      outer: sizeOf(shapeOfBox(output).slice(0, leading)),
      axes: axes.map((axis, i) => sliceAxis(axis, output.from[leading + i]!, output.to[leading + i]!)),
      inner: 1,
    }
    runJob({ ...outline, dtype, plan, x: read.data, y } as unknown as Job)
    const sizes = await this.#target.write({ data: y, box: output }, (_, bytes) => bytes?.length ?? 0)
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), missing: read.missing }
  }

  #outputOf(task: number): Box {
    const { shape, grid } = this.#target.metadata
    return intersection(boxOfCell(placeAt(task, this.#counts), grid), {
      from: shape.map(() => 0),
      to: shape,
    })!
  }

  #inputOf({ from, to }: Box): Box {
    const { axes } = this.#pooling
    const leading = from.length - axes.length
    const ranges = axes.map((axis, i) => inputRange(axis, from[leading + i]!, to[leading + i]!))
    return {
      from: [...from.slice(0, leading), ...ranges.map(([begin]) => begin)],
      to: [...to.slice(0, leading), ...ranges.map(([, end]) => end)],
    }
  }
}
