/**
 * @file Reads the fixtures written by scripts/golden.py, and rebuilds their tensors. Their README describes the format.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rand } from '../../src/tensor/create.ts'
import { type DType, dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { narrow } from '../../src/tensor/half.ts'
import { isHalf } from '../../src/tensor/storage.ts'
import { Tensor } from '../../src/tensor/tensor.ts'

/** A tensor in words: its values, or a draw. */
export interface TensorSpec {
  shape: number[]
  dtype: DType
  values?: (number | string)[]
  seed?: number
  levels?: number
  scale?: number
  offset?: number
  put?: Record<string, number[]>
}

export type Options = Record<string, unknown>

export interface Golden {
  name: string
  op: string
  input: TensorSpec
  inputIndices?: TensorSpec
  options?: Options | Options[]
  shape: number[]
  output: string
  indices?: string
  dy?: Omit<TensorSpec, 'shape' | 'dtype'>
  dx?: string
  compare?: 'close' | 'bound'
  compareDx?: 'close'
  rtol?: number
  bound?: number
  refused?: string
  layer?: string
  text?: string
}

export interface GoldenFile {
  name: string
  cases: Golden[]
}

const committed = fileURLToPath(new URL('../fixtures/torch/', import.meta.url))

/** True for the fixtures of the repository, false for those of the folder in POOL2D_FIXTURES. */
export const isCommitted = process.env.POOL2D_FIXTURES === undefined

/** Every fixture file of the folder. */
export function goldenFiles(): GoldenFile[] {
  const folder = process.env.POOL2D_FIXTURES ?? committed
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.map((file) => ({
    name: file,
    cases: JSON.parse(readFileSync(join(folder, file), 'utf8')).cases,
  }))
}

/** The options of each call of a case. */
export function optionsOf({ options = {} }: Golden): Options[] {
  return [options].flat().map(readOptions)
}

/** JSON has no Infinity and no tensors. */
function readOptions(options: Options): Options {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, readOption(value)]))
}

function readOption(value: unknown): unknown {
  if (value === 'Infinity' || value === '-Infinity') return Number(value)
  return typeof value === 'object' && value !== null && 'shape' in value ? build(value as TensorSpec) : value
}

/** The tensor that a spec describes, bit for bit as PyTorch had it. */
export function build(spec: TensorSpec): Tensor {
  if (spec.values !== undefined) return store(spec.values.map(parseAs(spec.dtype)), spec)
  const drawn = draw(spec)
  for (const [value, positions] of Object.entries(spec.put ?? {})) {
    const { data } = store([parseAs(spec.dtype)(value)], { shape: [1], dtype: spec.dtype })
    for (const position of positions) drawn.data[position] = data[0]!
  }
  return drawn
}

function draw(spec: TensorSpec): Tensor {
  const { seed, shape, dtype, levels, scale = 1, offset = 0 } = spec
  if (levels === undefined && spec.scale === undefined && spec.offset === undefined)
    return rand(shape, { seed, dtype })
  const u = Array.from(rand(shape, { seed, dtype: dtype === 'float64' ? 'float64' : 'float32' }).data, Number)
  const values = u.map(
    (value) => (levels === undefined ? value : Math.floor(value * levels)) * scale + offset,
  )
  return store(dtype === 'int64' ? values.map(BigInt) : values, spec)
}

function parseAs(dtype: DType): (value: number | string) => number | bigint {
  return dtype === 'int64' ? BigInt : Number
}

function store(values: (number | bigint)[], { shape, dtype }: { shape: number[]; dtype: DType }): Tensor {
  const data = new dtypes[dtype].storage(values.length)
  if (isHalf(dtype)) narrow(Float32Array.from(values as number[]), dtype, data as Uint16Array)
  else for (let i = 0; i < values.length; i++) data[i] = values[i]!
  return new Tensor(data, shape, dtype)
}

/** The elements that a base64 text holds. */
export function decode(text: string, shape: readonly number[], dtype: DType): Tensor {
  const { buffer } = Uint8Array.from(Buffer.from(text, 'base64'))
  const Storage = dtypes[dtype].storage as unknown as new (buffer: ArrayBufferLike) => TypedArray
  return new Tensor(new Storage(buffer), shape, dtype)
}
