/**
 * @file The windows in which too few elements count.
 */
import { positionsBelow } from '../../kernels/count.ts'
import type { CountArray, IndexArray } from '../../kernels/job.ts'
import type { Shared } from '../../kernels/shared-planes.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import { narrow } from '../../tensor/half.ts'
import { isHalf, storageOf } from '../../tensor/storage.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { TensorAxes } from '../geometry/tensor-axes.ts'

/** The samples and the channels that have planes of their own. */
type Shares = Pick<Shared, 'batch' | 'channels'>

/** The positions of the counts below `least`. @param fewest  the least of all counts, if it is known */
export function positionsOfFew(counts: CountArray, least: number, fewest: number | null): IndexArray {
  return fewest !== null && fewest >= least ? new Int32Array(0) : positionsBelow(counts, least)
}

/** Samples and channels that share a plane of counts have these windows at the same positions. */
export class FewWindows {
  readonly #positions: IndexArray
  readonly #shares: Shares
  readonly #axes: TensorAxes
  /** Outputs of a plane. */
  readonly #size: number

  /** @param positions  those of the windows in the shared planes, in order */
  constructor(positions: IndexArray, shares: Shares, axes: TensorAxes, size: number) {
    this.#positions = positions
    this.#shares = shares
    this.#axes = axes
    this.#size = size
  }

  get isEmpty(): boolean {
    return this.#axes.batch === 0 || this.#positions.length === 0
  }

  /** Their number among all samples and channels. */
  get count(): number {
    const { batch, channels } = this.#shares
    return this.#positions.length * (this.#axes.batch / batch) * (this.#axes.channels / channels)
  }

  /** Writes a value to all of them in a tensor of the output's shape. */
  fill({ data, dtype }: Tensor, value: Scalar): void {
    const { batch, channels, layout } = this.#axes
    const { batch: samples, channels: planes } = this.#shares
    const elements = storageOf(data) as Float32Array
    const element = (isHalf(dtype) ? bitsOf(value as number, dtype) : value) as number
    if (samples === batch && planes === channels) {
      write(elements, element, this.#positions, 0)
      return
    }
    const sample = this.#size * channels
    for (let n = 0; n < batch; n++) {
      const own = samples === 1 ? 0 : n
      if (planes === channels) {
        // All samples share the planes of one.
        write(elements, element, this.#positions, n * sample)
      } else if (layout === 'NHWC') {
        const [positions, first] = this.#positionsIn(own)
        for (const position of positions) {
          const pixel = n * sample + (position - first) * channels
          elements.fill(element, pixel, pixel + channels)
        }
      } else {
        const [positions, first] = this.#positionsIn(own)
        for (let c = 0; c < channels; c++)
          write(elements, element, positions, n * sample + c * this.#size - first)
      }
    }
  }

  /** The positions in one shared plane, and that of its first output. */
  #positionsIn(plane: number): readonly [IndexArray, number] {
    const first = plane * this.#size
    const all = this.#positions
    return [all.subarray(positionOf(all, first), positionOf(all, first + this.#size)), first]
  }
}

/** How many of the positions, which ascend, are below a bound. */
function positionOf(positions: IndexArray, bound: number): number {
  let [from, to] = [0, positions.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (positions[middle]! < bound) from = middle + 1
    else to = middle
  }
  return from
}

function write(elements: Float32Array, element: number, positions: IndexArray, start: number): void {
  for (let i = 0; i < positions.length; i++) elements[start + positions[i]!] = element
}

function bitsOf(value: number, dtype: Parameters<typeof narrow>[1]): number {
  const bits = new Uint16Array(1)
  narrow([value], dtype, bits)
  return bits[0]!
}
