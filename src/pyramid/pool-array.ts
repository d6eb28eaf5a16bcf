/**
 * @file Any pooling over one stored array, object by object: each reads the inputs of its outputs, with the halo that neighbours share.
 */
import type { AnyOperation } from '../ops/operation.ts'
import { poolPart } from '../ops/pool-part.ts'
import type { AxisPlan } from '../plan/axis.ts'
import { inputRange, sliceAxis } from '../plan/slice.ts'
import { type DType, dtypes, type TypedArray } from '../tensor/dtype.ts'
import { sizeOf } from '../tensor/shape.ts'
import { Tensor } from '../tensor/tensor.ts'
import { dtypeOfElements } from './zarr/array-metadata.ts'
import { type Box, boxOfCell, intersection, placeAt, shapeOfBox } from './zarr/block.ts'
import type { ZarrArray } from './zarr/zarr-array.ts'

/** One of the poolings that follow each other, over the last axes of an array. */
export interface PoolingStage {
  readonly operation: AnyOperation
  readonly options: object
  readonly axes: readonly AxisPlan[]
}

/** What is pooled, and by what. */
export interface ArrayPooling {
  readonly source: ZarrArray
  readonly target: ZarrArray
  readonly stages: readonly PoolingStage[]
  /** Of the source's shape or of its pooled axes; where it is 0, elements are left out, by the only stage. */
  readonly mask?: ZarrArray | undefined
  /** For how many elements count in each window of the only stage: int64, of the target's shape and objects. */
  readonly counts?: ZarrArray | undefined
}

interface Counted {
  readonly output: Tensor
  readonly counts: Tensor<Int32Array>
}

/** A finished task: the bytes that were written, and the chunks that are not there. */
export interface PooledObject {
  readonly bytes: number
  readonly missing: number
}

/** Pools one object of the target at a time. */
export class ArrayPooler {
  readonly #pooling: ArrayPooling
  readonly #counts: readonly number[]
  /** The number of axes that are not pooled. */
  readonly #leading: number
  /** The number of objects of the target. */
  readonly tasks: number

  constructor(pooling: ArrayPooling) {
    this.#pooling = pooling
    const { shape, grid } = pooling.target.metadata
    this.#counts = shape.map((length, axis) => Math.ceil(length / grid[axis]!))
    this.#leading = shape.length - pooling.stages[0]!.axes.length
    this.tasks = sizeOf(this.#counts)
  }

  /** The approximate bytes for pooling one object, estimated from the first, a middle and the last object. */
  get taskBytes(): number {
    const { source, target, stages, mask, counts } = this.#pooling
    const { grid, type } = target.metadata
    const places = [0, Math.floor(this.tasks / 2), this.tasks - 1]
    const read = Math.max(...places.map((task) => sizeOf(this.#slicesOf(this.#outputOf(task)).input)))
    const chunk = sizeOf(source.metadata.sharding?.chunks ?? source.metadata.grid)
    const size = dtypes[dtypeOfElements(type)].storage.BYTES_PER_ELEMENT
    const marks = mask === undefined ? 0 : 3 * read
    const found = counts === undefined ? 0 : 28 * sizeOf(grid)
    return Math.ceil(((stages.length + 0.5) * read + 3 * sizeOf(grid) + 2 * chunk) * size + marks + found)
  }

  /** @throws PoolError "BAD_FORMAT" naming an object of the input, "BAD_PATH" for what cannot be written */
  async run(task: number, missing: 'fill' | 'error'): Promise<PooledObject> {
    const { source, target, stages, mask, counts } = this.#pooling
    const output = this.#outputOf(task)
    const { box, slices } = this.#slicesOf(output)
    const read = await source.read(box, { missing })
    const marks = mask && (await this.#marksOf(mask, box, missing))
    const { type } = source.metadata
    const dtype: DType | 'bool' = type === 'bool' ? 'bool' : dtypeOfElements(type)
    const outer = sizeOf(shapeOfBox(box).slice(0, this.#leading))
    const asked: object = { ...(marks && { mask: marks }), ...(counts && { returnCounts: true }) }
    let data: TypedArray = read.data
    let found: Tensor<Int32Array> | undefined
    for (const [i, { operation, options }] of stages.entries()) {
      const axes = slices[i]!
      const x = new Tensor(data, [1, outer, ...axes.map(({ inSize }) => inSize)], dtype)
      const pooled = poolPart(operation, x, axes, { ...options, ...asked }) as Tensor | Counted
      if (pooled instanceof Tensor) data = pooled.data
      else [data, found] = [pooled.output.data, pooled.counts]
    }
    let bytes = await bytesWritten(target, data, output)
    if (counts && found) bytes += await bytesWritten(counts, BigInt64Array.from(found.data, BigInt), output)
    return { bytes, missing: read.missing }
  }

  #outputOf(task: number): Box {
    const { shape, grid } = this.#pooling.target.metadata
    const whole = { from: shape.map(() => 0), to: shape }
    return intersection(boxOfCell(placeAt(task, this.#counts), grid), whole)!
  }

  /** The inputs of some outputs, and what each stage makes of what. */
  #slicesOf({ from, to }: Box) {
    let ranges = from.slice(this.#leading).map((begin, i) => [begin, to[this.#leading + i]!] as const)
    const slices = this.#pooling.stages.toReversed().map(({ axes }) => {
      const own = axes.map((axis, i) => sliceAxis(axis, ...ranges[i]!))
      ranges = axes.map((axis, i) => inputRange(axis, ...ranges[i]!))
      return own
    })
    const box: Box = {
      from: [...from.slice(0, this.#leading), ...ranges.map(([begin]) => begin)],
      to: [...to.slice(0, this.#leading), ...ranges.map(([, end]) => end)],
    }
    return { box, input: shapeOfBox(box), slices: slices.toReversed() }
  }

  async #marksOf(mask: ZarrArray, { from, to }: Box, missing: 'fill' | 'error'): Promise<Tensor> {
    const lead = from.length - mask.metadata.shape.length
    const box = { from: from.slice(lead), to: to.slice(lead) }
    const { data } = await mask.read(box, { missing })
    const marks = Uint8Array.from(data as ArrayLike<number | bigint>, (value) =>
      Number(value) === 0 ? 0 : 1,
    )
    const shape = shapeOfBox(box)
    const planes = shape.slice(0, this.#leading - lead)
    const shared = planes.length === 0 ? [] : [1, sizeOf(planes)]
    return new Tensor(marks, [...shared, ...shape.slice(planes.length)], 'uint8')
  }
}

async function bytesWritten(array: ZarrArray, data: TypedArray, box: Box): Promise<number> {
  const sizes = await array.write({ data, box }, (_, bytes) => bytes?.length ?? 0)
  return sizes.reduce((sum, size) => sum + size, 0)
}
