/**
 * @file LeNet in two kinds, each with its pooling layers by pool2d and by TensorFlow.js, and the same first weights for both.
 */
import * as tf from '@tensorflow/tfjs'
import { poolLayers } from 'pool2d/tfjs'
import { side } from './digits.js'

const { AvgPool2d, MaxPool2d } = poolLayers(tf)

/** The original has averages and tanh; most networks since have maxima and relu. */
export const kinds = {
  average: {
    activation: 'tanh',
    learningRate: 0.1,
    optimizer: (rate) => tf.train.momentum(rate, 0.9),
    pools: {
      pool2d: () => new AvgPool2d({ kernelSize: 2 }),
      'tf.layers': () => tf.layers.averagePooling2d({ poolSize: 2 }),
    },
  },
  max: {
    activation: 'relu',
    learningRate: 0.002,
    optimizer: (rate) => tf.train.adam(rate),
    pools: {
      pool2d: () => new MaxPool2d({ kernelSize: 2 }),
      'tf.layers': () => tf.layers.maxPooling2d({ poolSize: 2 }),
    },
  },
}

/** A network for each of the kind's poolings, by name. */
export function networksOf(kind, seed) {
  const networks = Object.entries(kind.pools).map(([name, pool]) => [name, lenet(pool, kind, seed)])
  return Object.fromEntries(networks)
}

function lenet(pool, { activation, learningRate, optimizer }, seed) {
  let layer = 0
  const seeded = () => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: seed + layer++ }) })
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [side, side, 1], filters: 6, kernelSize: 5, activation, ...seeded() }),
      pool(),
      tf.layers.conv2d({ filters: 16, kernelSize: 5, activation, ...seeded() }),
      pool(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 120, activation, ...seeded() }),
      tf.layers.dense({ units: 84, activation, ...seeded() }),
      tf.layers.dense({ units: 10, activation: 'softmax', ...seeded() }),
    ],
  })
  model.compile({ optimizer: optimizer(learningRate), loss: 'categoricalCrossentropy' })
  return model
}
