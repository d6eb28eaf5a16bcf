/**
 * @file WGSL that reads and writes the elements of a dtype in 32-bit words. Floats are read as the bits of a float32 and never
 * become floats on the way: a device may flush subnormals and drop NaN, but it keeps integers.
 */
import { dtypes } from '../../../tensor/dtype.ts'

/** The dtypes that shaders read and write. */
export const gpuTypes = [
  'float32',
  'float16',
  'bfloat16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
] as const

export type GpuDType = (typeof gpuTypes)[number]

/** The number of elements in a word. */
export function perWord(dtype: GpuDType): number {
  return 4 / dtypes[dtype].storage.BYTES_PER_ELEMENT
}

/** True for dtypes whose elements are read as signed integers. */
export function isSigned(dtype: GpuDType): boolean {
  return dtype.startsWith('int')
}

/** A function that reads element `i` of a binding: floats as bits of float32, integers as 32 bits. */
export function reader(binding: string, dtype: GpuDType): string {
  const lanes = perWord(dtype)
  const bits = 32 / lanes
  const at = `run.${binding}_base + i`
  if (lanes === 1) return `fn read_${binding}(i: u32) -> u32 { return ${binding}[${at}]; }`
  return `fn read_${binding}(i: u32) -> u32 {
  let at = ${at};
  let shift = (at % ${lanes}u) * ${bits}u;
  return widen_${dtype}((${binding}[at / ${lanes}u] >> shift) & ${2 ** bits - 1}u);
}`
}

/** The functions from the bits of a narrow element to 32 bits and back; empty for elements of 32 bits. */
export function conversions(dtype: GpuDType): string {
  return narrowTypes[dtype] ?? ''
}

const toInt = (dtype: string, bits: number, isNegative: boolean): string => {
  const shift = 32 - bits
  const widened = isNegative ? `bitcast<u32>(bitcast<i32>(bits << ${shift}u) >> ${shift}u)` : 'bits'
  return `fn widen_${dtype}(bits: u32) -> u32 { return ${widened}; }
fn narrow_${dtype}(bits: u32) -> u32 { return bits & ${2 ** bits - 1}u; }`
}

const narrowTypes: Partial<Record<GpuDType, string>> = {
  int8: toInt('int8', 8, true),
  uint8: toInt('uint8', 8, false),
  int16: toInt('int16', 16, true),
  uint16: toInt('uint16', 16, false),
  bfloat16: `fn widen_bfloat16(bits: u32) -> u32 { return bits << 16u; }
fn narrow_bfloat16(bits: u32) -> u32 {
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return (bits >> 16u) | 0x40u; }
  return (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
}`,
  float16: `fn widen_float16(bits: u32) -> u32 {
  let sign = (bits & 0x8000u) << 16u;
  let exponent = (bits >> 10u) & 31u;
  let mantissa = bits & 0x3ffu;
  if (exponent == 31u) { return sign | 0x7f800000u | (mantissa << 13u); }
  if (exponent != 0u) { return sign | ((exponent + 112u) << 23u) | (mantissa << 13u); }
  if (mantissa == 0u) { return sign; }
  let shift = countLeadingZeros(mantissa) - 21u;
  return sign | ((113u - shift) << 23u) | (((mantissa << shift) & 0x3ffu) << 13u);
}
fn narrow_float16(bits: u32) -> u32 {
  let sign = (bits >> 16u) & 0x8000u;
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return sign | 0x7e00u; }
  if (magnitude >= 0x477ff000u) { return sign | 0x7c00u; }
  let exponent = magnitude >> 23u;
  if (exponent < 102u) { return sign; }
  if (exponent < 113u) {
    return sign | rounded((magnitude & 0x7fffffu) | 0x800000u, 126u - exponent);
  }
  return sign | rounded(magnitude - (112u << 23u), 13u);
}
/** The value shifted right, rounded to the nearest, halves to even. */
fn rounded(value: u32, shift: u32) -> u32 {
  let whole = value >> shift;
  let rest = value & ((1u << shift) - 1u);
  let half = 1u << (shift - 1u);
  return whole + select(0u, 1u, rest > half || (rest == half && (whole & 1u) == 1u));
}`,
}
