/**
 * @file Two kernels of the wasm backend of TensorFlow.js that training needs: one it lacks, and one it has wrong.
 */
import * as tf from '@tensorflow/tfjs'

/**
 * The gradient of a convolution's filter. It sums over batch and output places, so with batch and input channels swapped it is a
 * convolution of x whose filter is dy, dilated by the strides; what it gives beyond the filter's size is cut off.
 */
function filterGradient({ inputs, attrs }) {
  const { x, dy } = inputs
  const { strides, pad, dataFormat, filterShape } = attrs
  assertKnown('Conv2DBackpropFilter', pad, dataFormat)
  const [height, width, channels, filters] = filterShape
  return tf.tidy(() => {
    const swapped = tf.transpose(x, [3, 1, 2, 0])
    const filter = tf.transpose(dy, [1, 2, 0, 3])
    const gradient = tf.conv2d(swapped, filter, 1, 'valid', 'NHWC', strides)
    const whole = tf.slice(gradient, [0, 0, 0, 0], [channels, height, width, filters])
    return tf.transpose(whole, [1, 2, 0, 3])
  })
}

/**
 * The gradient of max pooling, to the first of equal values, as on the cpu backend. The wasm backend gives it to the last, and
 * to a wrong place where a window has no value above 0.
 */
function maxGradient({ inputs, attrs }) {
  const { dy, input } = inputs
  const { filterSize, strides, pad } = attrs
  assertKnown('MaxPoolGrad', pad, 'NHWC')
  const [[filterHeight, filterWidth], [down, right]] = [pair(filterSize), pair(strides)]
  const [batch, rows, columns, channels] = dy.shape
  const [, height, width] = input.shape
  const x = input.dataSync()
  const from = dy.dataSync()
  const dx = new Float32Array(x.length)
  for (let place = 0; place < from.length; place++) {
    const channel = place % channels
    const column = Math.floor(place / channels) % columns
    const row = Math.floor(place / (channels * columns)) % rows
    const image = Math.floor(place / (channels * columns * rows))
    let best = -1
    for (let i = row * down; i < row * down + filterHeight; i++) {
      for (let j = column * right; j < column * right + filterWidth; j++) {
        const at = ((image * height + i) * width + j) * channels + channel
        if (best < 0 || x[at] > x[best]) best = at
      }
    }
    dx[best] += from[place]
  }
  return tf.tensor(dx, [batch, height, width, channels])
}

export function registerKernels() {
  const kernels = { [tf.Conv2DBackpropFilter]: filterGradient, [tf.MaxPoolGrad]: maxGradient }
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
  }
}

function assertKnown(name, pad, dataFormat) {
  if (pad === 'valid' && dataFormat === 'NHWC') return
  throw new Error(
    `${name}: pad = ${pad}, dataFormat = ${dataFormat}; this kernel knows 'valid' and NHWC only`,
  )
}

function pair(size) {
  return Array.isArray(size) ? size : [size, size]
}
