/**
 * @file A network of LeNet's size: two convolutions with ReLU, each pooled by the library, then two full connections.
 */
import { Tensor } from '../../../src/tensor/tensor.ts'
import { extent, type Layer, type LayerPasses, plainLayers, rectify, rectifyBackward } from './layers.ts'

export const inputSide = 28
export const classes = 10
const firstMaps = 6
const secondMaps = 16
export const hiddenUnits = 120
/** After the first convolution 24, pooled 12, after the second 8, pooled 4. */
const pooledSides = [12, 4] as const

/** Inputs, outputs and taps along an axis of each layer: two convolutions, two full connections. */
export const shapes = [
  [1, firstMaps, extent],
  [firstMaps, secondMaps, extent],
  [secondMaps * pooledSides[1] ** 2, hiddenUnits, 1],
  [hiddenUnits, classes, 1],
] as const

export type Network = readonly [first: Layer, second: Layer, hidden: Layer, last: Layer]

export function emptyNetwork(): Network {
  const layers = shapes.map(
    ([inputs, outputs, size]): Layer => ({
      inputs,
      outputs,
      weights: new Float32Array(inputs * outputs * size * size),
      bias: new Float32Array(outputs),
    }),
  )
  return layers as unknown as Network
}

/** A pooling of the library that halves height and width. */
export interface PoolPass {
  forward(x: Tensor): Tensor
  backward(dy: Tensor, x: Tensor): Tensor
}

/** The maps of every stage, in the order of the pass. */
export const stages = ['input', 'conv1', 'relu1', 'pool1', 'conv2', 'relu2', 'pool2'] as const
export type Stage = (typeof stages)[number]

export interface Activations {
  readonly maps: Readonly<Record<Stage, Tensor<Float32Array>>>
  readonly hidden: Float32Array
  /** [N, 10], before softmax. */
  readonly scores: Float32Array
}

/** @param images [N, 28, 28], 0 for paper and 1 for ink */
export function forward(
  network: Network,
  pool: PoolPass,
  images: Float32Array,
  { convolve, connect }: LayerPasses = plainLayers,
): Activations {
  const [first, second, hiddenLayer, last] = network
  const input = maps(images, 1, inputSide)
  const conv1 = maps(convolve(first, images, inputSide), firstMaps, inputSide - extent + 1)
  const relu1 = maps(rectify(conv1.data), firstMaps, inputSide - extent + 1)
  const pool1 = pool.forward(relu1) as Tensor<Float32Array>
  const conv2 = maps(convolve(second, pool1.data, pooledSides[0]), secondMaps, pooledSides[0] - extent + 1)
  const relu2 = maps(rectify(conv2.data), secondMaps, pooledSides[0] - extent + 1)
  const pool2 = pool.forward(relu2) as Tensor<Float32Array>
  const hidden = rectify(connect(hiddenLayer, pool2.data))
  return {
    maps: { input, conv1, relu1, pool1, conv2, relu2, pool2 },
    hidden,
    scores: connect(last, hidden),
  }
}

/** The gradients of the maps of every stage but the input. */
export type MapGradients = Readonly<Record<Exclude<Stage, 'input'>, Tensor<Float32Array>>>

/**
 * @param dScores [N, 10]
 * @param into    a network whose weights receive the gradients of `network`'s, added to what is there
 */
export function backward(
  network: Network,
  pool: PoolPass,
  { maps: given, hidden }: Activations,
  dScores: Float32Array,
  into: Network | null = null,
  layers: LayerPasses = plainLayers,
): MapGradients {
  const { convolveBackward, connectBackward } = layers
  const [, second, hiddenLayer, last] = network
  const dHidden = rectifyBackward(hidden, connectBackward(last, dScores))
  const pool2 = like(given.pool2, connectBackward(hiddenLayer, dHidden))
  const relu2 = pool.backward(pool2, given.relu2) as Tensor<Float32Array>
  const conv2 = like(given.conv2, rectifyBackward(given.relu2.data, relu2.data))
  const pool1 = like(given.pool1, convolveBackward(second, conv2.data, pooledSides[0]))
  const relu1 = pool.backward(pool1, given.relu1) as Tensor<Float32Array>
  const conv1 = like(given.conv1, rectifyBackward(given.relu1.data, relu1.data))
  if (into !== null) {
    layers.convolveGradients(into[0], given.input.data, conv1.data, inputSide)
    layers.convolveGradients(into[1], given.pool1.data, conv2.data, pooledSides[0])
    layers.connectGradients(into[2], given.pool2.data, dHidden)
    layers.connectGradients(into[3], hidden, dScores)
  }
  return { conv1, relu1, pool1, conv2, relu2, pool2 }
}

/** The gradient of the image, [N, 1, 28, 28]. */
export function imageGradient([first]: Network, { conv1 }: MapGradients): Tensor<Float32Array> {
  return maps(plainLayers.convolveBackward(first, conv1.data, inputSide), 1, inputSide)
}

function maps(data: Float32Array, channels: number, side: number): Tensor<Float32Array> {
  return new Tensor(data, [data.length / (channels * side * side), channels, side, side], 'float32')
}

function like({ shape }: Tensor, data: Float32Array): Tensor<Float32Array> {
  return new Tensor(data, shape, 'float32')
}

/** The class of the greatest score, for each of [N, 10]. */
export function named(scores: Float32Array): number[] {
  return Array.from({ length: scores.length / classes }, (_, n) => {
    const row = scores.subarray(n * classes, (n + 1) * classes)
    return row.indexOf(row.reduce((most, score) => Math.max(most, score)))
  })
}
