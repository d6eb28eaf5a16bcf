/**
 * @file float16 and bfloat16 as bits: widening to float32 and rounding back, once, to nearest even.
 */
import { getFloat16, setFloat16 } from '@petamoriken/float16'
import { allocateArray, temporary } from './allocate.ts'

export type HalfType = 'float16' | 'bfloat16'

const scratch = new DataView(new ArrayBuffer(4))

function float16FromBits(bits: number): number {
  scratch.setUint16(0, bits)
  return getFloat16(scratch, 0)
}

function float16ToBits(value: number): number {
  setFloat16(scratch, 0, value)
  return scratch.getUint16(0)
}

function bfloat16FromBits(bits: number): number {
  scratch.setUint32(0, bits << 16)
  return scratch.getFloat32(0)
}

function bfloat16ToBits(value: number): number {
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  const nan = (bits & 0x7fffffff) > 0x7f800000
  return nan ? (bits >>> 16) | 0x40 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

const fromBits = { float16: float16FromBits, bfloat16: bfloat16FromBits }
const toBits = { float16: float16ToBits, bfloat16: bfloat16ToBits }
const tables: Partial<Record<HalfType, Float32Array>> = {}

/** The float32 values of half-precision bits, by a table of all 65,536 that is made on first use. */
export function widen(bits: Uint16Array, dtype: HalfType): Float32Array {
  tables[dtype] ??= Float32Array.from({ length: 0x10000 }, (_, pattern) => fromBits[dtype](pattern))
  const table = tables[dtype]
  const values = allocateArray(dtype, Float32Array, bits.length, temporary)
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i]!]!
  return values
}

/** Rounds float32 (or float64) values into half-precision bits. */
export function narrow(values: ArrayLike<number>, dtype: HalfType, bits: Uint16Array): void {
  const encode = toBits[dtype]
  for (let i = 0; i < values.length; i++) bits[i] = encode(values[i]!)
}

/** Rounding of one number to the values of a half-precision type. */
export function roundHalf(dtype: HalfType): (value: number) => number {
  return (value) => fromBits[dtype](toBits[dtype](value))
}
