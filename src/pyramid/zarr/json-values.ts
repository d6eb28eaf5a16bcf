/**
 * @file Metadata as text: JSON in which integers beyond 2^53 and floats that JSON lacks keep their values.
 */
import { PoolError } from '../../errors.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import { widen } from '../../tensor/half.ts'
import type { ElementType } from './array-metadata.ts'

export type Json = Readonly<Record<string, unknown>>

/** @throws PoolError "BAD_FORMAT" naming the key, unless the bytes are a JSON object */
export function parseJson(key: string, bytes: Uint8Array): { readonly json: Json; readonly text: string } {
  const text = new TextDecoder().decode(bytes)
  try {
    // zarr-python writes NaN and infinities as words, which JSON does not have.
    const quoted = text.replaceAll(/(:\s*|[[,]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, '$1"$2"')
    const json = JSON.parse(quoted) as unknown
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new Error('it is not an object')
    return { json: json as Json, text }
  } catch (cause) {
    throw badMetadata(key, `it is not JSON: ${(cause as Error).message}`, cause)
  }
}

export function badMetadata(key: string, reason: string, cause?: unknown): PoolError {
  return new PoolError('BAD_FORMAT', `${key}: ${reason}`, { op: 'zarr', argument: key, cause })
}

/** The text of an object, indented; bigints as integers. */
export function formatJson(json: unknown): Uint8Array {
  const mark = '\u0001int:'
  const text = JSON.stringify(
    json,
    (_, value: unknown) => (typeof value === 'bigint' ? `${mark}${value}` : value),
    2,
  )
  return new TextEncoder().encode(`${text.replaceAll(/"\\u0001int:(-?\d+)"/g, '$1')}\n`)
}

/** The fill value of metadata. Integers are read from the text, which has all their digits. */
export function parseFill(key: string, json: Json, text: string, type: ElementType): Scalar {
  const value = json.fill_value
  const isWide = type === 'int64' || type === 'uint64'
  if (value === null || value === undefined) return isWide ? 0n : 0
  if (isWide) {
    const digits = /"fill_value"\s*:\s*(-?\d+)\s*[,}\n]/.exec(text)?.[1]
    if (digits !== undefined) return BigInt(digits)
  } else {
    if (typeof value === 'boolean') return Number(value)
    if (typeof value === 'number') return value
    const special = floats[String(value)]
    if (special !== undefined) return special
    if (/^0x[0-9a-f]+$/i.test(String(value))) return floatOfBits(BigInt(value as string), type)
  }
  throw badMetadata(key, `fill_value ${JSON.stringify(value)} is no value of ${type}`)
}

const floats: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

function floatOfBits(bits: bigint, type: ElementType): number {
  const view = new DataView(new ArrayBuffer(8))
  if (type === 'float64') {
    view.setBigUint64(0, bits)
    return view.getFloat64(0)
  }
  if (type === 'float16') return widen(Uint16Array.of(Number(bits)), type)[0]!
  view.setUint32(0, Number(bits))
  return view.getFloat32(0)
}

export function formatFill(fill: Scalar, type: ElementType): unknown {
  if (type === 'bool') return fill !== 0
  if (typeof fill === 'bigint' || Number.isFinite(fill)) return fill
  return Number.isNaN(fill) ? 'NaN' : fill > 0 ? 'Infinity' : '-Infinity'
}
