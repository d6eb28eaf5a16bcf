/**
 * @file Trains the network of the playground with one of its poolings, forward and backward by the library: Adam on batches of moved digits.
 */
import { rand } from '../../src/tensor/create.ts'
import { type Digit, joined } from '../src/network/digits.ts'
import type { Family } from '../src/network/families.ts'
import { softmax } from '../src/network/layers.ts'
import {
  backward,
  classes,
  emptyNetwork,
  forward,
  type Network,
  named,
  type PoolPass,
} from '../src/network/lenet.ts'
import { passOf } from '../src/network/pass-of.ts'
import { fastLayers } from './fast-layers.ts'
import { pickingPass } from './picks.ts'

const batchSize = 32
const [momentum, spread, least] = [0.9, 0.999, 1e-8]

export interface TrainOptions {
  readonly family: Family
  readonly seed: number
  /** Where to begin; random weights where null. */
  readonly from: Network | null
  readonly epochs: number
  /** Of the first epoch; each later one has `decay` times that of the one before. */
  readonly rate: number
  readonly decay: number
  /** The digits of an epoch, in its order. */
  readonly digitsOf: (epoch: number) => readonly Digit[]
  readonly onEpoch: (epoch: number, loss: number) => void
}

export function train({ family, seed, from, epochs, rate, decay, ...options }: TrainOptions): Network {
  const { digitsOf, onEpoch } = options
  const network = from ?? firstNetwork(seed)
  const pool = family === 'stochastic' ? pickingPass(seed) : passOf(family, 2)
  const adam = { mean: emptyNetwork(), square: emptyNetwork(), step: 0 }
  for (let epoch = 0; epoch < epochs; epoch++) {
    const digits = digitsOf(epoch)
    let loss = 0
    for (let start = 0; start + batchSize <= digits.length; start += batchSize) {
      const { gradient, loss: added } = gradientOf(network, pool, digits.slice(start, start + batchSize))
      update(network, gradient, adam, rate * decay ** epoch)
      loss += added
    }
    onEpoch(epoch, loss / Math.floor(digits.length / batchSize))
  }
  return network
}

/** Weights uniform to the bound of He, from the generator of torch. */
function firstNetwork(seed: number): Network {
  const network = emptyNetwork()
  network.forEach(({ outputs, weights }, layer) => {
    const bound = Math.sqrt((6 * outputs) / weights.length)
    rand([weights.length], { seed: seed + layer }).data.forEach((draw, i) => {
      weights[i] = (2 * draw - 1) * bound
    })
  })
  return network
}

function gradientOf(network: Network, pool: PoolPass, digits: readonly Digit[]) {
  const activations = forward(network, pool, joined(digits), fastLayers)
  const shares = softmax(activations.scores, classes)
  let loss = 0
  const dScores = shares.map((share, i) => {
    const isRight = i % classes === digits[Math.floor(i / classes)]!.label
    if (isRight) loss -= Math.log(Math.max(share, 1e-12))
    return (share - (isRight ? 1 : 0)) / digits.length
  })
  const gradient = emptyNetwork()
  backward(network, pool, activations, dScores, gradient, fastLayers)
  return { gradient, loss: loss / digits.length }
}

interface Adam {
  readonly mean: Network
  readonly square: Network
  step: number
}

function update(network: Network, gradient: Network, adam: Adam, step: number): void {
  adam.step++
  const scale = (step * Math.sqrt(1 - spread ** adam.step)) / (1 - momentum ** adam.step)
  network.forEach((layer, l) => {
    for (const part of ['weights', 'bias'] as const) {
      const [mean, square, slopes] = [adam.mean[l]![part], adam.square[l]![part], gradient[l]![part]]
      const values = layer[part]
      for (let i = 0; i < values.length; i++) {
        const slope = slopes[i]!
        mean[i] = momentum * mean[i]! + (1 - momentum) * slope
        square[i] = spread * square[i]! + (1 - spread) * slope * slope
        values[i]! -= (scale * mean[i]!) / (Math.sqrt(square[i]!) + least)
      }
    }
  })
}

/** The share of digits that the network names rightly. */
export function accuracyOf(network: Network, family: Family, digits: readonly Digit[]): number {
  const pool = passOf(family, 2)
  let right = 0
  for (let start = 0; start < digits.length; start += 100) {
    const some = digits.slice(start, start + 100)
    const names = named(forward(network, pool, joined(some), fastLayers).scores)
    right += names.filter((name, n) => name === some[n]!.label).length
  }
  return right / digits.length
}
