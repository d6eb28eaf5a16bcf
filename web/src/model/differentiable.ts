/**
 * @file A pooling as a function of one tensor with its gradient, both the library's; unpooling is a function of the pooled values.
 */
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { maxUnpool2d, maxUnpool2dBackward } from '../../../src/ops/functions/unpool.ts'
import type { MaxUnpoolOptions } from '../../../src/ops/geometry/unpooling.ts'
import { operationIn } from '../../../src/render/operation-in.ts'
import { drawsOf, optionsOf, type Pooling } from '../../../src/render/pooling.ts'
import type { Plane } from '../../../src/render/presets.ts'
import { planesTensor, pooledBy } from '../../../src/render/scene.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'

export interface Differentiable {
  readonly x: Tensor
  forward(x: Tensor): Tensor
  backward(dy: Tensor, x: Tensor): Tensor
}

interface Pass {
  forward(x: Tensor, options: unknown): Tensor
  backward(dy: Tensor, x: Tensor, options: unknown): Tensor
}

/** In float64, so that differences of nearby outputs mean something. */
export function differentiable(pooling: Pooling, input: readonly Plane[]): Differentiable {
  const x = float64(planesTensor(input))
  if (pooling.op === 'unpool') return unpooling(pooling, x)
  const { forward, backward } = operationIn(pooling) as unknown as Pass
  const options = { ...optionsOf64(pooling, x.shape), ...drawsOf(pooling, x.shape) }
  return {
    x,
    forward: (at) => forward(at, options),
    backward: (dy, at) => backward(dy, at, options),
  }
}

function unpooling(pooling: Pooling, x: Tensor): Differentiable {
  const { output, indices } = maxPool2d(x, { ...pooledBy(pooling, x.shape), returnIndices: true })
  const options = {
    ...(optionsOf(pooling, x.shape) as MaxUnpoolOptions),
    outputSize: x.shape.slice(2),
  }
  return {
    x: output,
    forward: (at) => maxUnpool2d(at, indices, options),
    backward: (dy, at) => maxUnpool2dBackward(dy, at, indices, options),
  }
}

/** Fractional samples must be of x's dtype. */
function optionsOf64(pooling: Pooling, shape: readonly number[]): object {
  const options = optionsOf(pooling, shape) as { randomSamples?: Tensor }
  const { randomSamples } = options
  return randomSamples === undefined ? options : { ...options, randomSamples: float64(randomSamples) }
}

export function float64({ data, shape }: Tensor): Tensor {
  return new Tensor(Float64Array.from(data as ArrayLike<number>, Number), shape, 'float64')
}
