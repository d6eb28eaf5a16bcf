/**
 * @file float16 and bfloat16 as bits: widening to float32 and rounding back, once, to nearest even.
 */
import { allocateArray, temporary } from './allocate.ts'

export type HalfType = 'float16' | 'bfloat16'

const scratch = new DataView(new ArrayBuffer(4))

function float16FromBits(bits: number): number {
  const magnitude = bits & 0x7fff
  const isNegative = bits !== magnitude
  if (magnitude < 0x400) return (isNegative ? -magnitude : magnitude) * 2 ** -24
  const word = magnitude < 0x7c00 ? (magnitude << 13) + rebias : infinity | (magnitude << 13)
  scratch.setUint32(0, isNegative ? word | 0x80000000 : word)
  return scratch.getFloat32(0)
}

function float16ToBits(value: number): number {
  const word = oddWord(value)
  return ((word >>> 16) & 0x8000) | float16Magnitude(word & 0x7fffffff)
}

/** The bits of a float32 beside the value, the odd one unless the value is a float32: rounding it further is rounding once. */
function oddWord(value: number): number {
  scratch.setFloat32(0, value)
  const [word, rounded] = [scratch.getUint32(0), scratch.getFloat32(0)]
  if (rounded === value || Number.isNaN(value) || word % 2 === 1) return word
  return Math.abs(rounded) < Math.abs(value) ? word + 1 : word - 1
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

/** Rounds values into half-precision bits, once, to nearest even. A NaN becomes quiet and keeps its leading bits. */
export function narrow(values: ArrayLike<number>, dtype: HalfType, bits: Uint16Array): void {
  if (values instanceof Float32Array) {
    narrowFloat32[dtype](new Uint32Array(values.buffer, values.byteOffset, values.length), bits)
    return
  }
  const encode = toBits[dtype]
  for (let i = 0; i < values.length; i++) bits[i] = encode(values[i]!)
}

/** Uses integers only: the float16 library takes over 100 times as long for a number. */
const narrowFloat32: Record<HalfType, (words: Uint32Array, bits: Uint16Array) => void> = {
  float16(words, bits) {
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!
      bits[i] = ((word >>> 16) & 0x8000) | float16Magnitude(word & 0x7fffffff)
    }
  },
  bfloat16(words, bits) {
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!
      const nan = (word & 0x7fffffff) > infinity
      bits[i] = nan ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
    }
  },
}

const infinity = 0x7f800000
/** 2^-14, the least normal number of float16. */
const leastNormal = 0x38800000
/** The difference of the exponents' biases, 127 - 15. */
const rebias = 112 << 23

function float16Magnitude(word: number): number {
  if (word >= leastNormal) {
    if (word > infinity) return 0x7e00 | ((word >>> 13) & 0x3ff)
    return Math.min((word - rebias + 0xfff + ((word >>> 13) & 1)) >>> 13, 0x7c00)
  }
  const exponent = word >>> 23
  if (exponent < 102) return 0
  const mantissa = (word & 0x7fffff) | 0x800000
  const dropped = 126 - exponent
  const half = 1 << (dropped - 1)
  return (mantissa + half - 1 + ((mantissa >>> dropped) & 1)) >>> dropped
}

/** Rounding of one number to the values of a half-precision type. */
export function roundHalf(dtype: HalfType): (value: number) => number {
  return (value) => fromBits[dtype](toBits[dtype](value))
}
