/**
 * @file The layers that training uses give what the plain ones give.
 */
import { expect, test } from 'vitest'
import { rand } from '../../src/tensor/create.ts'
import { fastLayers } from '../network/fast-layers.ts'
import { type Layer, plainLayers } from '../src/network/layers.ts'

let seed = 0
const random = (length: number) => rand([length], { seed: seed++ }).data.map((value) => value - 0.5)
const assertNear = (a: Float32Array, b: Float32Array) => {
  expect(a).toHaveLength(b.length)
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i]!, 4)
}

test.each([
  [1, 6, 28],
  [6, 16, 12],
])('convolutions of %i maps to %i, side %i', (inputs, outputs, side) => {
  const layer: Layer = { inputs, outputs, weights: random(inputs * outputs * 25), bias: random(outputs) }
  const [x, dy] = [random(2 * inputs * side ** 2), random(2 * outputs * (side - 4) ** 2)]
  assertNear(fastLayers.convolve(layer, x, side), plainLayers.convolve(layer, x, side))
  assertNear(fastLayers.convolveBackward(layer, dy, side), plainLayers.convolveBackward(layer, dy, side))
  const into = [plainLayers, fastLayers].map(({ convolveGradients }) => {
    const gradient = { ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }
    convolveGradients(gradient, x, dy, side)
    return gradient
  })
  assertNear(into[1]!.weights, into[0]!.weights)
  assertNear(into[1]!.bias, into[0]!.bias)
})

test.each([
  [256, 120],
  [120, 10],
])('full connections of %i to %i', (inputs, outputs) => {
  const layer: Layer = { inputs, outputs, weights: random(inputs * outputs), bias: random(outputs) }
  const [x, dy] = [random(3 * inputs), random(3 * outputs)]
  assertNear(fastLayers.connect(layer, x), plainLayers.connect(layer, x))
  assertNear(fastLayers.connectBackward(layer, dy), plainLayers.connectBackward(layer, dy))
  const into = [plainLayers, fastLayers].map(({ connectGradients }) => {
    const gradient = { ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }
    connectGradients(gradient, x, dy)
    return gradient
  })
  assertNear(into[1]!.weights, into[0]!.weights)
  assertNear(into[1]!.bias, into[0]!.bias)
})
