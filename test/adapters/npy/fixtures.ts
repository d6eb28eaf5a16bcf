/**
 * @file The arrays that numpy wrote, and .npy files made by hand.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { storageOf } from '../../../src/tensor/storage.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const folder = new URL('../../fixtures/npy/', import.meta.url)

/** An array as numpy describes it; bytes are little-endian, row-major hex. */
export interface Expected {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly bytes: string
}

type Values = Record<string, Expected | Record<string, Expected>>

const values = JSON.parse(readFileSync(new URL('values.json', folder), 'utf8')) as Values

/** Every file of the kind in the folder, with what numpy says it holds. */
export function numpyFiles<K extends 'npy' | 'npz'>(kind: K) {
  type Described = K extends 'npy' ? Expected : Record<string, Expected>
  const names = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith(`.${kind}`))
  return names.map((name) => ({ name, expected: values[name] as Described }))
}

export function readFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)))
}

/** A tensor in numpy's terms. NaNs keep their bits. */
export function described({ data, dtype, shape }: Tensor): Expected {
  const { buffer, byteOffset, byteLength } = storageOf(data)
  return { dtype, shape: [...shape], bytes: Buffer.from(buffer, byteOffset, byteLength).toString('hex') }
}

/** A .npy file with the given header text, well formed but for what the arguments say. */
export function npyFile(
  header: string,
  { version = [1, 0], data = 0 }: { version?: readonly [number, number]; data?: number } = {},
): Uint8Array {
  const text = Buffer.from(header, 'latin1')
  const length = version[0] === 1 ? Buffer.alloc(2) : Buffer.alloc(4)
  if (version[0] === 1) length.writeUInt16LE(text.length)
  else length.writeUInt32LE(text.length)
  const parts = [Buffer.from('\x93NUMPY', 'latin1'), Buffer.from(version), length, text, Buffer.alloc(data)]
  return new Uint8Array(Buffer.concat(parts))
}

/** A header's text, one field of it replaced. */
export function headerText(fields: { descr?: string; fortran_order?: string; shape?: string } = {}): string {
  const { descr = "'<f4'", fortran_order = 'False', shape = '(2, 3)' } = fields
  return `{'descr': ${descr}, 'fortran_order': ${fortran_order}, 'shape': ${shape}, }\n`
}
