/**
 * @file The library as it looks to a test that is written for float32 and channels first, run with any dtype, layout and kernels:
 * inputs are converted on the way in, results on the way out.
 */
import * as pool from '../../src/index.ts'
import { type DType, dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { narrow } from '../../src/tensor/half.ts'
import { isHalf, valuesOf } from '../../src/tensor/storage.ts'
import { type KernelFamily, onKernels } from './kernel-family.ts'

export type Layout = 'NCHW' | 'NHWC'

export interface World {
  readonly family: KernelFamily
  readonly layout: Layout
  readonly dtype: DType
}

export const layouts: readonly Layout[] = ['NCHW', 'NHWC']

type Library = typeof pool
type AnyFunction = (...values: unknown[]) => unknown
type Shaped = { readonly data: TypedArray; readonly shape: readonly number[]; readonly dtype?: DType }

const libraries = new Map<string, Library>()

/** The library's functions in a world. */
export function libraryIn(world: World): Library {
  const key = `${world.family} ${world.layout} ${world.dtype}`
  const library = libraries.get(key) ?? libraryWith(world, {})
  libraries.set(key, library)
  return library
}

/** As `libraryIn`, with options that are added to every call that does not give them. */
export function libraryWith(world: World, extra: Record<string, unknown>): Library {
  const functions = Object.entries(pool).map(([name, value]) => {
    const isPooling = /pool/i.test(name) && /^[a-z]/.test(name)
    return [name, isPooling ? pooling(name, value as AnyFunction, world, extra) : value]
  })
  return Object.fromEntries(functions) as Library
}

function pooling(name: string, call: AnyFunction, world: World, extra: Record<string, unknown>): AnyFunction {
  const rank = Number(/\d/.exec(name)?.[0] ?? 0)
  return (...values) => {
    const last = values.at(-1)
    const hasOptions = isPlainObject(last)
    const tensors = hasOptions ? values.slice(0, -1) : values
    const inputs = tensors.map((input, i) =>
      name.startsWith('maxUnpool') && i === tensors.length - 1
        ? placed(input, rank, world)
        : into(input, rank, world),
    )
    const options = optionsIn(hasOptions ? last : {}, rank, world)
    const result = onKernels(world.family, () => call(...inputs, { ...extra, ...options }))
    return outOf(result, rank, world)
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('data' in value)
}

function optionsIn(options: Record<string, unknown>, rank: number, world: World): Record<string, unknown> {
  const converted: Record<string, unknown> = { layout: world.layout, ...options }
  if (options.indices !== undefined) converted.indices = placed(options.indices, rank, world)
  if (options.randomSamples !== undefined) converted.randomSamples = samplesIn(options.randomSamples, world)
  return converted
}

function samplesIn(samples: unknown, { dtype }: World): unknown {
  const tensor = shapedOf(samples)
  return tensor === null || !dtypes[dtype].float ? samples : cast(tensor, dtype)
}

/** Converts a tensor to the world's dtype and layout. Other values and malformed tensors are passed on unchanged. */
function into(input: unknown, rank: number, world: World): unknown {
  const shaped = shapedOf(input)
  return shaped === null ? input : placed(cast(shaped, world.dtype), rank, world)
}

/** In the world's layout, of the dtype it has: indices. */
function placed(input: unknown, rank: number, { layout }: World): unknown {
  const shaped = shapedOf(input)
  return shaped === null || layout === 'NCHW' ? input : channelsLast(shaped, rank)
}

function shapedOf(input: unknown): Shaped | null {
  if (Array.isArray(input)) return pool.tensor(input)
  const { data, shape, stride } = Object(input)
  return ArrayBuffer.isView(data) && Array.isArray(shape) && stride === undefined ? (input as Shaped) : null
}

/** A float32 tensor of numbers that the dtype holds, in that dtype. */
function cast(tensor: Shaped, dtype: DType): Shaped {
  const { data, shape } = tensor
  const isWhole = data instanceof Float32Array && data.length === sizeOf(shape)
  if (!isWhole || dtype === 'float32') return tensor
  const stored = new dtypes[dtype].storage(data.length)
  if (isHalf(dtype)) narrow(data, dtype, stored as Uint16Array)
  else for (let i = 0; i < data.length; i++) stored[i] = numberAs(dtype, data[i]!)
  return { data: stored, shape, dtype }
}

function numberAs(dtype: DType, value: number): number | bigint {
  return dtype.endsWith('int64') ? BigInt(Math.trunc(value)) : value
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1)
}

/** The place of the channels where `rank` axes are pooled, or -1 for a shape that no such pooling takes. */
function channelAxis(shape: readonly number[], rank: number): number {
  const pooled = rank === 0 ? shape.length - 2 : rank
  return shape.length === pooled + 2 ? 1 : shape.length === pooled + 1 ? 0 : -1
}

function channelsLast(tensor: Shaped, rank: number): Shaped {
  const axis = channelAxis(tensor.shape, rank)
  if (axis < 0) return tensor
  const { shape } = tensor
  const moved = [...shape.slice(0, axis), ...shape.slice(axis + 1), shape[axis]!]
  return { ...tensor, data: swapped(tensor, axis === 0 ? 1 : shape[0]!, shape[axis]!, true), shape: moved }
}

function outOf(result: unknown, rank: number, world: World): unknown {
  const { output, indices } = Object(result)
  if (output !== undefined)
    return { output: outOf(output, rank, world), indices: channelsFirst(indices, rank, world) }
  return result instanceof pool.Tensor ? widened(channelsFirst(result, rank, world), world) : result
}

function channelsFirst(tensor: pool.Tensor, rank: number, { layout }: World): pool.Tensor {
  const { shape, dtype } = tensor
  const axis = channelAxis(shape, rank)
  if (layout === 'NCHW' || axis < 0) return tensor
  const moved = [...shape.slice(0, axis), shape.at(-1)!, ...shape.slice(axis, -1)]
  return new pool.Tensor(swapped(tensor, axis === 0 ? 1 : shape[0]!, shape.at(-1)!, false), moved, dtype)
}

/** Back to float32, as the test expects it. */
function widened(tensor: pool.Tensor, { dtype }: World): pool.Tensor {
  if (tensor.dtype !== dtype || dtype === 'float32') return tensor
  return new pool.Tensor(
    Float32Array.from(valuesOf(tensor) as ArrayLike<number>, Number),
    tensor.shape,
    'float32',
  )
}

/** `[outer][channels][plane]` as `[outer][plane][channels]`, or back. One channel is both. */
function swapped({ data, shape }: Shaped, outer: number, channels: number, toLast: boolean): TypedArray {
  if (channels === 1 || data.length === 0 || data.length !== sizeOf(shape)) return data
  const plane = data.length / outer / channels
  const moved = data.slice() as Float32Array
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < plane; p++) {
        const [first, last] = [(o * channels + c) * plane + p, (o * plane + p) * channels + c]
        moved[toLast ? last : first] = data[toLast ? first : last] as number
      }
  return moved
}
