/**
 * @file Magnitudes and signs of floating tensors; float16 and bfloat16 are handled by their sign bit.
 */
import { copyArray } from '../../tensor/allocate.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { isHalf, storageOf } from '../../tensor/storage.ts'
import { Tensor } from '../../tensor/tensor.ts'

const signBit = 0x8000

/** |x|, elementwise, as a new tensor. */
export function magnitude(x: Tensor): Tensor {
  const absolute = isHalf(x.dtype) ? (bits: number) => bits & ~signBit : Math.abs
  const values = copyArray('lpPool', storageOf(x.data) as Float32Array)
  for (let i = 0; i < values.length; i++) values[i] = absolute(values[i]!)
  return new Tensor(values as TypedArray, x.shape, x.dtype)
}

/** dx * sign(x), elementwise, in place; 0 where x is 0, NaN where x is NaN. */
export function timesSign(dx: Tensor, x: Tensor): void {
  const target = storageOf(dx.data) as Float32Array
  const source = storageOf(x.data) as Float32Array
  if (isHalf(x.dtype)) timesSignBits(target, source, infinityBits[x.dtype])
  else for (let i = 0; i < target.length; i++) target[i]! *= Math.sign(source[i]!)
}

const infinityBits = { float16: 0x7c00, bfloat16: 0x7f80 }

function timesSignBits(target: Float32Array, source: Float32Array, infinity: number): void {
  for (let i = 0; i < target.length; i++) {
    const absolute = source[i]! & ~signBit
    if (absolute === 0) target[i] = 0
    else target[i] = absolute > infinity ? source[i]! : target[i]! ^ (source[i]! & signBit)
  }
}
