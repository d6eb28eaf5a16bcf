/**
 * @file The type of code samples, and the parts that all frameworks share.
 */
import { effectiveWindow, resolveAxis } from '../../../src/plan/padding.ts'
import { type Pair, type Pooling, reads, windowRequest } from '../../../src/render/pooling.ts'
import type { Messages } from '../i18n/index.ts'

export type Note = keyof Messages['code']['notes']

export interface Snippet {
  /** Null where the framework has no such operation. */
  readonly code: string | null
  /** A difference from this library, or the reason for the code. */
  readonly notes: readonly Note[]
}

/** A pooling of an input [1, C, H, W], with its padding resolved. */
export interface Sample {
  readonly pooling: Pooling
  readonly shape: readonly number[]
  readonly pads: readonly [rows: Pair, columns: Pair]
}

export function sampleOf(pooling: Pooling, shape: readonly number[]): Sample {
  const [rows, columns] = ([0, 1] as const).map((axis): Pair => {
    const { padBefore, padAfter } = resolveAxis(windowRequest(pooling, axis, shape[axis + 2]!))
    return [padBefore, padAfter]
  })
  return { pooling, shape, pads: [rows!, columns!] }
}

/** Other frameworks leave no elements out. */
export const noNodata: Snippet = { code: null, notes: ['noNodata'] }

export function countsAll({ op, nodata, minCount }: Pooling): boolean {
  return !reads[op].includes('nodata') || (nodata === null && minCount === 1)
}

export function isPadded({ pads }: Sample): boolean {
  return pads.flat().some((pad) => pad > 0)
}

export function isEven({ pads }: Sample): boolean {
  return pads.every(([before, after]) => before === after)
}

export function isDilated({ pooling }: Sample): boolean {
  return pooling.dilation.some((step) => step > 1)
}

export function isPadOverHalf({ pads, pooling }: Sample): boolean {
  return pads.some(([before], axis) => before > Math.floor(pooling.kernel[axis]! / 2))
}

/** True if a window reaches past the end, where ceil mode and padding by hand differ. */
export function spans({ pooling }: Sample): Pair {
  const [rows, columns] = pooling.kernel.map((window, axis) =>
    effectiveWindow({ window, dilation: pooling.dilation[axis]! }),
  )
  return [rows!, columns!]
}

/** `3` where both axes agree, else `(3, 2)` between the given brackets. */
export function size([height, width]: Pair, open = '(', close = ')'): string {
  return height === width ? `${height}` : `${open}${height}, ${width}${close}`
}

export function both([height, width]: Pair, open = '[', close = ']'): string {
  return `${open}${height}, ${width}${close}`
}

/** Named arguments, one a line where they are many. */
export function call(name: string, args: readonly (string | null)[]): string {
  const given = args.filter((arg) => arg !== null)
  const line = `${name}(${given.join(', ')})`
  return line.length <= 76 ? line : `${name}(\n    ${given.join(',\n    ')},\n)`
}
