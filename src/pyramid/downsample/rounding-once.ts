/**
 * @file Float64 results as elements of a float dtype, rounded once, and the neighbours of an element.
 */
import { type DType, dtypes, integerRange, type Scalar } from '../../tensor/dtype.ts'
import { narrow, roundHalf, widen } from '../../tensor/half.ts'
import { isHalf } from '../../tensor/storage.ts'

/** The element nearest to a float64 value, halves to even. */
export function roundOnce(dtype: DType): (value: number) => number {
  if (dtype === 'bfloat16') return roundBrain
  if (dtype === 'float16') return roundHalf(dtype)
  return dtype === 'float32' ? Math.fround : (value) => value
}

const toBrain = roundHalf('bfloat16')
const single = new Float32Array(1)
const singleBits = new Uint32Array(single.buffer)

/** By float32 unless that lies half way between two of bfloat16 and the value itself does not: then one bit breaks the tie. */
function roundBrain(value: number): number {
  single[0] = value
  const near = single[0]
  if ((singleBits[0]! & 0xffff) === 0x8000 && near !== value) {
    singleBits[0] = Math.abs(value) > Math.abs(near) ? singleBits[0]! + 1 : singleBits[0]! - 1
    return toBrain(single[0])
  }
  return toBrain(near)
}

/** The element one step from `value`: the next larger one, or the next smaller one if there is no larger. */
export function stepFrom(value: Scalar, dtype: DType): Scalar {
  if (dtypes[dtype].float) return nextFloat(value as number, dtype)
  const [, high] = integerRange(dtype)
  if (typeof value === 'bigint') return value === high ? value - 1n : value + 1n
  return value === high ? value - 1 : value + 1
}

function nextFloat(value: number, dtype: DType): number {
  const up = besides(value, dtype, 1)
  return Number.isFinite(up) ? up : besides(value, dtype, -1)
}

/** The neighbour above or below, by its bits: those of positive floats count up with their values, those of negative ones down. */
function besides(value: number, dtype: DType, direction: 1 | -1): number {
  if (value === 0) return direction * smallest(dtype)
  const away = value > 0 === direction > 0 ? 1 : -1
  if (isHalf(dtype)) {
    const bits = new Uint16Array(1)
    narrow([value], dtype, bits)
    return widen(
      bits.map((pattern) => pattern + away),
      dtype,
    )[0]!
  }
  if (dtype === 'float32') {
    const [values, bits] = [Float32Array.of(value), new Int32Array(1)]
    bits.set(new Int32Array(values.buffer))
    return new Float32Array(bits.map((pattern) => pattern + away).buffer)[0]!
  }
  const bits = new BigInt64Array(Float64Array.of(value).buffer).map((pattern) => pattern + BigInt(away))
  return new Float64Array(bits.buffer)[0]!
}

function smallest(dtype: DType): number {
  if (isHalf(dtype)) return widen(Uint16Array.of(1), dtype)[0]!
  return dtype === 'float32' ? 2 ** -149 : 2 ** -1074
}
