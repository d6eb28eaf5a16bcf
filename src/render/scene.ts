/**
 * @file Everything a picture shows of a pooling, computed by the library itself: plain data, fit to be posted by a worker.
 */
import type { OptionsOf } from '../ops/catalogue.ts'
import { maxPool2d } from '../ops/functions/max.ts'
import { maxUnpool2d } from '../ops/functions/unpool.ts'
import type { PooledWithIndices } from '../ops/options/with-indices.ts'
import { Tensor } from '../tensor/tensor.ts'
import { operationIn } from './operation-in.ts'
import { type Draws, drawsOf, levelsOf, optionsOf, type Pooling } from './pooling.ts'
import type { Plane } from './presets.ts'
import { type PlaneWindows, windowsOf } from './windows.ts'

export interface Scene {
  readonly pooling: Pooling
  readonly input: readonly Plane[]
  /** One plane per channel of the input, of which several may share one; for unpooling, its input. */
  readonly output: readonly Plane[]
  /** Per channel and output, the position in the input plane that was picked; null where nothing is picked. */
  readonly indices: readonly (readonly number[])[] | null
  /** Per channel and output, the random number that picked; null where nothing is picked at random. */
  readonly samples: readonly (readonly number[])[] | null
  /** Of a spatial pyramid, those of its first level. */
  readonly windows: readonly PlaneWindows[]
  /** The scene of each level of a spatial pyramid; null for other operations. */
  readonly levels: readonly Scene[] | null
  /** The result of unpooling `output` by `indices`; null for other operations. */
  readonly unpooled: readonly Plane[] | null
}

/** @throws PoolError as the library does, in its words */
export function sceneOf(pooling: Pooling, input: readonly Plane[]): Scene {
  const x = pooling.op === 'mode' ? labelsTensor(input) : planesTensor(input)
  const draws = drawsOf(pooling, x.shape)
  const levels = levelsOf(pooling).map((level) => sceneOf(level, input))
  const { output, indices } = pool(pooling, x, draws)
  const planes = tensorPlanes(output)
  const pooled = input.map((_, channel) => planes[Math.floor((channel * planes.length) / input.length)]!)
  return {
    pooling,
    input,
    output: pooled,
    indices: indices === null ? null : valuesOf(indices),
    samples: draws.samples === undefined ? null : valuesOf(draws.samples),
    windows: levels[0]?.windows ?? windowsOf(pooling, x.shape),
    levels: levels.length === 0 ? null : levels,
    unpooled: pooling.op === 'unpool' ? tensorPlanes(unpool(pooling, x, output, indices!)) : null,
  }
}

function valuesOf(x: Tensor): readonly (readonly number[])[] {
  return tensorPlanes(x).map(({ values }) => values)
}

function pool(pooling: Pooling, x: Tensor, draws: Draws): { output: Tensor; indices: Tensor | null } {
  if (pooling.op === 'unpool') return maxPool2d(x, { ...pooledBy(pooling, x.shape), returnIndices: true })
  const options = { ...optionsOf(pooling, x.shape), ...draws }
  const { action, forward } = operationIn(pooling)
  if (action !== 'picks' && action !== 'votes')
    return { output: forward(x, options) as Tensor, indices: null }
  return forward(x, { ...options, returnIndices: true }) as PooledWithIndices
}

/** The options of the max pooling that unpooling undoes. */
export function pooledBy(pooling: Pooling, shape: readonly number[]): OptionsOf<'maxPool2d'> {
  return optionsOf(pooling, shape) as OptionsOf<'maxPool2d'>
}

function unpool(pooling: Pooling, x: Tensor, pooled: Tensor, indices: Tensor): Tensor {
  return maxUnpool2d(pooled, indices, {
    ...(optionsOf(pooling, x.shape) as OptionsOf<'maxUnpool2d'>),
    outputSize: x.shape.slice(2),
  })
}

/** The shape of the output for an input of any size. @throws PoolError as the library does */
export function sceneShape(pooling: Pooling, shape: readonly number[]): readonly number[] {
  return operationIn(pooling).outputShape(shape, optionsOf(pooling, shape))
}

/** Channels as a float32 tensor [1, C, H, W]. */
export function planesTensor(planes: readonly Plane[]): Tensor<Float32Array> {
  const { rows, columns } = planes[0]!
  const data = Float32Array.from(planes.flatMap(({ values }) => values))
  return new Tensor(data, [1, planes.length, rows, columns], 'float32')
}

/** Whole numbers as int32, which modes are of; others as they are, for the library to refuse. */
function labelsTensor(planes: readonly Plane[]): Tensor {
  const { data, shape } = planesTensor(planes)
  const labels = Int32Array.from(data)
  return labels.every((label, i) => label === data[i])
    ? new Tensor(labels, shape, 'int32')
    : new Tensor(data, shape, 'float32')
}

export function tensorPlanes({ data, shape }: Tensor): readonly Plane[] {
  const [, channels, rows, columns] = shape as [number, number, number, number]
  const size = rows * columns
  const values = Array.from(data as ArrayLike<number>, Number)
  return Array.from({ length: channels }, (_, channel) => ({
    rows,
    columns,
    values: values.slice(channel * size, (channel + 1) * size),
  }))
}
