/**
 * @file One pooling in shared memory, through the public functions of any instance of the library.
 */
import * as pool2d from '../../../src/index.ts'

/** Large enough for threads to be asked. */
export const shape = [8, 16, 64, 64] as const
export const x = pool2d.rand(shape, { seed: 3 })
const expected = pool2d.maxPool2d(x, { kernelSize: 2 }).data

/** Pools `x` in shared memory. */
export function pooled({ zeros, maxPool2d }: typeof pool2d): Float32Array {
  const input = zeros(shape, { shared: true })
  input.data.set(x.data as never)
  const out = zeros([8, 16, 32, 32], { shared: true }).data
  return maxPool2d(input, { kernelSize: 2, out }).data as Float32Array
}

export function isRight(data: ArrayLike<unknown>): boolean {
  return data.length === expected.length && expected.every((value, i) => Object.is(value, data[i]))
}
