/**
 * @file Numbers of every dtype, the same ones for all points.
 */
import { tensor } from '../../src/index.ts'
import { type ArrayClass, type DType, dtypes, integerRange, type TypedArray } from '../../src/tensor/dtype.ts'
import { isHalf } from '../../src/tensor/storage.ts'
import { randomData } from '../problem.ts'

const kept = new Map<DType, TypedArray>()

/** Floats in [-1, 1), integers over their whole range. */
export function numbersOf(dtype: DType, length: number): TypedArray {
  let data = kept.get(dtype)
  if (data === undefined || data.length < length) {
    data = makeNumbers(dtype, length)
    kept.set(dtype, data)
  }
  return data.subarray(0, length) as TypedArray
}

function makeNumbers(dtype: DType, length: number): TypedArray {
  const floats = randomData(length, 'float32', 1)
  if (dtype === 'float32') return floats as Float32Array
  if (isHalf(dtype)) return tensor(Array.from(floats), undefined, dtype).data
  const data = emptyArray(dtype, length)
  if (dtypes[dtype].float) (data as Float64Array).set(floats)
  else fillIntegers(dtype, data, floats)
  return data
}

function fillIntegers(dtype: DType, data: TypedArray, floats: ArrayLike<number>): void {
  const [low, high] = integerRange(dtype)
  const span = Number(high) - Number(low)
  for (let i = 0; i < floats.length; i++) {
    const value = Math.floor(Number(low) + ((floats[i]! + 1) / 2) * span)
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(value)
    else data[i] = value
  }
}

export function emptyArray(dtype: DType, length: number): TypedArray {
  return new (dtypes[dtype].storage as ArrayClass)(length)
}
