/**
 * @file The windows in which too few elements count.
 */
import type { CountArray } from '../../kernels/job.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import { narrow } from '../../tensor/half.ts'
import { isHalf, storageOf } from '../../tensor/storage.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { TensorAxes } from '../geometry/tensor-axes.ts'
import type { Shared } from './mask.ts'

/** Samples and channels that share a plane of counts have these windows at the same positions. */
export class FewWindows {
  /** For each shared plane (with its channels, if they lie last) the positions. */
  readonly #positions: readonly Int32Array[]
  readonly #counts: Shared<CountArray>
  readonly #axes: TensorAxes
  /** Outputs of a plane. */
  readonly #size: number

  constructor(counts: Shared<CountArray>, axes: TensorAxes, size: number, least: number) {
    const { data, batch, channels } = counts
    const isLast = axes.layout === 'NHWC'
    const planes = isLast ? batch : batch * channels
    const length = isLast ? size * channels : size
    this.#counts = counts
    this.#axes = axes
    this.#size = size
    this.#positions = Array.from({ length: planes }, (_, plane) =>
      positionsBelow(data.subarray(plane * length, (plane + 1) * length), least),
    )
  }

  get isEmpty(): boolean {
    return this.#axes.batch === 0 || this.#positions.every(({ length }) => length === 0)
  }

  /** Their number among all samples and channels. */
  get count(): number {
    const { batch, channels } = this.#counts
    const shared = (this.#axes.batch / batch) * (this.#axes.channels / channels)
    return this.#positions.reduce((sum, { length }) => sum + length, 0) * shared
  }

  /** Writes a value to all of them in a tensor of the output's shape. */
  fill({ data, dtype }: Tensor, value: Scalar): void {
    const { batch, channels, layout } = this.#axes
    const elements = storageOf(data) as Float32Array
    const element = (isHalf(dtype) ? bitsOf(value as number, dtype) : value) as number
    const sample = this.#size * channels
    for (let n = 0; n < batch; n++) {
      const own = this.#counts.batch === 1 ? 0 : n
      if (layout === 'NHWC') this.#fillPixels(elements, element, this.#positions[own]!, n * sample)
      else
        for (let c = 0; c < channels; c++) {
          const plane = own * this.#counts.channels + (this.#counts.channels === 1 ? 0 : c)
          write(elements, element, this.#positions[plane]!, n * sample + c * this.#size)
        }
    }
  }

  #fillPixels(elements: Float32Array, element: number, positions: Int32Array, start: number): void {
    const { channels } = this.#axes
    if (this.#counts.channels === channels) {
      write(elements, element, positions, start)
      return
    }
    for (const position of positions) {
      const pixel = start + position * channels
      elements.fill(element, pixel, pixel + channels)
    }
  }
}

function positionsBelow(counts: CountArray, least: number): Int32Array {
  const start = firstBelow(counts, least)
  let found = 0
  for (let i = start; i < counts.length; i++) if (counts[i]! < least) found++
  const positions = new Int32Array(found)
  for (let i = start, at = 0; at < found; i++) if (counts[i]! < least) positions[at++] = i
  return positions
}

/** A position from which to search: no earlier count is below `least`. Compares bytes four at a time. */
function firstBelow(counts: CountArray, least: number): number {
  const { buffer, byteOffset, length } = counts
  if (!(counts instanceof Uint8Array) || byteOffset % 4 !== 0 || length % 4 !== 0 || least > 128) return 0
  const words = new Uint32Array(buffer, byteOffset, length / 4)
  const bound = least * 0x01010101
  let at = 0
  // A borrow sets the top bit of a byte below the bound; it may also set that of the byte above, which is then looked at in vain.
  while (at < words.length && ((words[at]! - bound) & ~words[at]! & 0x80808080) === 0) at++
  return at * 4
}

function write(elements: Float32Array, element: number, positions: Int32Array, start: number): void {
  for (let i = 0; i < positions.length; i++) elements[start + positions[i]!] = element
}

function bitsOf(value: number, dtype: Parameters<typeof narrow>[1]): number {
  const bits = new Uint16Array(1)
  narrow([value], dtype, bits)
  return bits[0]!
}
