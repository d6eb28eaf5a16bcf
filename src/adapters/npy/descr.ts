/**
 * @file numpy's names of element types ("<f4"), for the dtypes that both sides have.
 */
import { formatValue } from '../../errors.ts'
import type { DType } from '../../tensor/dtype.ts'

export interface Element {
  readonly dtype: DType
  readonly littleEndian: boolean
  /** True for booleans, which are read as uint8 0 and 1. */
  readonly boolean: boolean
}

/** numpy has no bfloat16; ml_dtypes (JAX, TensorFlow) makes it save as two-byte records with a byte order, which nothing else does. */
const codes: Readonly<Record<DType, string>> = {
  float16: 'f2',
  float32: 'f4',
  float64: 'f8',
  bfloat16: 'V2',
  int8: 'i1',
  uint8: 'u1',
  int16: 'i2',
  uint16: 'u2',
  int32: 'i4',
  uint32: 'u4',
  int64: 'i8',
  uint64: 'u8',
}

const byCode = new Map(Object.entries(codes).map(([dtype, code]) => [code, dtype as DType]))

/** The descr that numpy writes on a little-endian machine. */
export function formatDescr(dtype: DType): string {
  return `${isByte(dtype) ? '|' : '<'}${codes[dtype]}`
}

/** The element type of a descr, or the reason why it is not supported. */
export function parseDescr(descr: string): Element | string {
  const dtype = byCode.get(descr.slice(1))
  const order = descr[0]!
  if (descr === '|b1') return { dtype: 'uint8', littleEndian: true, boolean: true }
  if (dtype !== undefined && (isByte(dtype) ? '<>|' : '<>').includes(order))
    return { dtype, littleEndian: order !== '>', boolean: false }
  return `${reasonAgainst(descr)}; supported are ${supported}, with < or > for the byte order`
}

const supported = [...byCode.keys()]
  .map((code) => (code === 'V2' ? '"<V2" (bfloat16)' : code))
  .concat('"|b1"')
  .join(', ')

function reasonAgainst(descr: string): string {
  const kind = /^[<>|=]?([a-zA-Z?])/.exec(descr)?.[1] ?? ''
  return refusedKinds[kind] ?? `${formatValue(descr.slice(0, 40))} is not a dtype of pool2d`
}

const refusedKinds: Readonly<Record<string, string>> = {
  O: 'object arrays are not supported: they hold pickled Python objects, which run code when read',
  '?': 'numpy writes booleans as "|b1"',
  c: 'complex numbers have no order and are not pooled',
  S: 'text is not pooled',
  a: 'text is not pooled',
  U: 'text is not pooled',
  M: 'dates are not pooled',
  m: 'time spans are not pooled',
}

function isByte(dtype: DType): boolean {
  return codes[dtype].endsWith('1')
}
