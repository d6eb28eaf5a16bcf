/**
 * @file A row of the tables: a call that must be refused, written for NCHW and run in every world (kernels, layout, dtype).
 */
import type { PoolErrorCode } from '../../../src/index.ts'
import { rand, type Tensor } from '../../../src/index.ts'
import { type DType, dtypes, type TypedArray } from '../../../src/tensor/dtype.ts'
import { libraryIn, libraryWith, type World } from '../../support/world.ts'

/** The library in a world, with operands of its dtype. Wrong types are the point of the calls, so it has none. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Trial = Record<string, any> & {
  readonly dtype: DType
  /** A tensor of a shape; `libraryIn` gives it the world's dtype and layout. */
  x(...shape: number[]): Tensor
  /** An array that can hold elements of the world's dtype. */
  array(length: number): TypedArray
}

export type Row = readonly [title: string, call: (t: Trial) => unknown, ...codes: PoolErrorCode[]]

/** An object that says it is a tensor. */
export const shaped = (shape: unknown, data: unknown = new Float32Array(16)): unknown => ({ data, shape })

export const big = 1250999896764

const drawn = new Map<string, Tensor>()

/** `out` is passed to every call that takes an output array and has none of its own. */
export function trialIn(world: World, out?: TypedArray): Trial {
  return {
    ...(out === undefined ? libraryIn(world) : libraryWith(world, { out })),
    dtype: world.dtype,
    array: (length) => new dtypes[world.dtype].storage(length),
    x: (...shape) => {
      const known = drawn.get(`${shape}`) ?? rand(shape, { seed: 1 })
      drawn.set(`${shape}`, known)
      return known
    },
  }
}
