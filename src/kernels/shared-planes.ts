/**
 * @file Planes that samples or channels share, such as those of a mask, read as if each had its own.
 */
import type { TypedArray } from '../tensor/dtype.ts'

/** An array with the axes of x. If the batch or channel axis has length 1, its planes serve all samples or channels. */
export interface Shared<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly batch: number
  readonly channels: number
}

export interface SharedPlanes<A extends TypedArray = TypedArray> extends Shared<A> {
  /** The whole tensor: its layout, its channels, and the elements of a plane. */
  readonly of: { readonly isLast: boolean; readonly channels: number; readonly size: number }
}

/** Copies from element `at` of the whole tensor on, one element for each `unit`, which is 1 or the group. */
export function copyUnits(planes: SharedPlanes, at: number, into: TypedArray, unit: number): void {
  if (unit === 1) copyPart(planes, at, into)
  else copyPart({ ...planes, of: { ...planes.of, channels: 1 } }, at / unit, into)
}

/** Copies the part of the whole tensor from element `at` on that fits `into`. */
function copyPart({ data, batch, channels, of }: SharedPlanes, at: number, into: TypedArray): void {
  const { isLast, channels: all, size } = of
  const isNarrow = isLast && channels < all
  const block = isLast ? size * all : size
  for (let done = 0; done < into.length; ) {
    const [unit, within] = [Math.floor((at + done) / block), (at + done) % block]
    const count = Math.min(block - within, into.length - done)
    const sample = isLast ? unit : Math.floor(unit / all)
    const plane = isLast || channels === 1 ? 0 : unit % all
    const from = ((batch === 1 ? 0 : sample) * channels + plane) * size
    if (isNarrow) copyPixels(data, from, all, within, into.subarray(done, done + count) as TypedArray)
    else into.set(data.subarray(from + within, from + within + count) as never, done)
    done += count
  }
}

/** Copies are faster than `fill` for fewer channels. */
const fewChannels = 16

/** Repeats each element once per channel, from element `within` of the repeated ones on. */
function copyPixels(
  data: TypedArray,
  from: number,
  channels: number,
  within: number,
  into: TypedArray,
): void {
  const [source, target] = [data, into] as [Uint8Array, Uint8Array]
  let pixel = from + Math.floor(within / channels)
  for (let at = 0, left = channels - (within % channels); at < target.length; left = channels, pixel++) {
    const end = Math.min(at + left, target.length)
    const value = source[pixel]!
    if (left >= fewChannels) target.fill(value, at, end)
    else for (let i = at; i < end; i++) target[i] = value
    at = end
  }
}
