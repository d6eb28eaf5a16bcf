/**
 * @file Trains the networks of a kind on the same batches, step by step side by side.
 */
import * as tf from '@tensorflow/tfjs'
import { moved, shuffled, side } from './digits.js'

const batchSize = 64
const decay = 0.7

export function toTensors(digits) {
  const images = new Float32Array(digits.length * side * side)
  digits.forEach(({ image }, i) => {
    images.set(image, i * side * side)
  })
  const labels = tf.tensor1d(
    digits.map(({ label }) => label),
    'int32',
  )
  const x = tf.tensor4d(images, [digits.length, side, side, 1])
  return { x, y: tf.tidy(() => tf.oneHot(labels, 10).toFloat()), labels }
}

export function stepsOf(digits, epochs) {
  return epochs * Math.floor(digits.length / batchSize)
}

/**
 * @param networks  by name
 * @returns         the losses of each network, step by step, and the milliseconds that each took
 */
export async function trainTogether(networks, digits, { epochs, learningRate, onStep, onEpoch }) {
  const names = Object.keys(networks)
  const losses = Object.fromEntries(names.map((name) => [name, []]))
  const milliseconds = Object.fromEntries(names.map((name) => [name, 0]))
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const name of names) setLearningRate(networks[name].optimizer, learningRate * decay ** epoch)
    const order = shuffled(moved(digits, epoch), epoch)
    for (let start = 0; start + batchSize <= order.length; start += batchSize) {
      const batch = toTensors(order.slice(start, start + batchSize))
      for (const name of names) {
        const begun = performance.now()
        losses[name].push(await networks[name].trainOnBatch(batch.x, batch.y))
        milliseconds[name] += performance.now() - begun
      }
      tf.dispose(batch)
      onStep(losses)
    }
    onEpoch(epoch)
  }
  return { losses, milliseconds }
}

/** Adam has no setter of its own. */
function setLearningRate(optimizer, rate) {
  if (typeof optimizer.setLearningRate === 'function') optimizer.setLearningRate(rate)
  else optimizer.learningRate = rate
}

/** The share of digits that the network names rightly. */
export function accuracyOf(network, digits) {
  return tf.tidy(() => {
    const { x, labels } = toTensors(digits)
    const named = network.predict(x, { batchSize: 250 }).argMax(1)
    return tf.equal(named, labels).sum().dataSync()[0] / digits.length
  })
}
