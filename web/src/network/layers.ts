/**
 * @file The layers around the poolings, in plain loops: convolution without padding, full connection, ReLU; forward beside backward.
 *
 * Maps are [N, C, H, W] in one Float32Array. Gradients of weights are added to what is there, so that batches can be cut.
 */

/** `weights` is [outputs, inputs, 5, 5] for a convolution, [outputs, inputs] for a full connection. */
export interface Layer {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** The passes of the layers; training has faster ones. */
export interface LayerPasses {
  convolve(layer: Layer, x: Float32Array, side: number): Float32Array
  convolveBackward(layer: Layer, dy: Float32Array, side: number): Float32Array
  convolveGradients(into: Layer, x: Float32Array, dy: Float32Array, side: number): void
  connect(layer: Layer, x: Float32Array): Float32Array
  connectBackward(layer: Layer, dy: Float32Array): Float32Array
  connectGradients(into: Layer, x: Float32Array, dy: Float32Array): void
}

/** The extent of every convolution. */
export const extent = 5

/** Calls `visit` for every row of taps between an input map and an output map: where weights, input and output begin. */
function eachRow(
  { inputs, outputs }: Layer,
  count: number,
  side: number,
  visit: (weight: number, from: number, to: number) => void,
): void {
  const out = side - extent + 1
  for (let n = 0; n < count; n++) {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        for (let row = 0; row < extent; row++) {
          const weight = ((o * inputs + i) * extent + row) * extent
          visit(weight, (n * inputs + i) * side * side + row * side, (n * outputs + o) * out * out)
        }
      }
    }
  }
}

/** [N, inputs, side, side] to [N, outputs, side - 4, side - 4]. */
function convolve(layer: Layer, x: Float32Array, side: number): Float32Array {
  const { inputs, outputs, weights, bias } = layer
  const out = side - extent + 1
  const count = x.length / (inputs * side * side)
  const y = new Float32Array(count * outputs * out * out)
  for (let map = 0; map < count * outputs; map++)
    y.fill(bias[map % outputs]!, map * out * out, (map + 1) * out * out)
  eachRow(layer, count, side, (weight, from, to) => {
    const [a, b, c] = [weights[weight]!, weights[weight + 1]!, weights[weight + 2]!]
    const [d, e] = [weights[weight + 3]!, weights[weight + 4]!]
    for (let row = 0; row < out; row++) {
      for (let column = 0; column < out; column++) {
        const at = from + row * side + column
        y[to + row * out + column]! +=
          a * x[at]! + b * x[at + 1]! + c * x[at + 2]! + d * x[at + 3]! + e * x[at + 4]!
      }
    }
  })
  return y
}

/** The gradient of x, which is [N, inputs, side, side]. */
function convolveBackward(layer: Layer, dy: Float32Array, side: number): Float32Array {
  const { inputs, outputs, weights } = layer
  const out = side - extent + 1
  const count = dy.length / (outputs * out * out)
  const dx = new Float32Array(count * inputs * side * side)
  eachRow(layer, count, side, (weight, from, to) => {
    const [a, b, c] = [weights[weight]!, weights[weight + 1]!, weights[weight + 2]!]
    const [d, e] = [weights[weight + 3]!, weights[weight + 4]!]
    for (let row = 0; row < out; row++) {
      for (let column = 0; column < out; column++) {
        const at = from + row * side + column
        const slope = dy[to + row * out + column]!
        dx[at]! += a * slope
        dx[at + 1]! += b * slope
        dx[at + 2]! += c * slope
        dx[at + 3]! += d * slope
        dx[at + 4]! += e * slope
      }
    }
  })
  return dx
}

/** Adds the gradients of weights and bias to `into`. */
function convolveGradients(into: Layer, x: Float32Array, dy: Float32Array, side: number): void {
  const { inputs, outputs, weights, bias } = into
  const out = side - extent + 1
  const count = x.length / (inputs * side * side)
  for (let map = 0; map < count * outputs; map++) bias[map % outputs]! += sum(dy, map * out * out, out * out)
  eachRow(into, count, side, (weight, from, to) => {
    let [a, b, c, d, e] = [0, 0, 0, 0, 0]
    for (let row = 0; row < out; row++) {
      for (let column = 0; column < out; column++) {
        const at = from + row * side + column
        const slope = dy[to + row * out + column]!
        a += slope * x[at]!
        b += slope * x[at + 1]!
        c += slope * x[at + 2]!
        d += slope * x[at + 3]!
        e += slope * x[at + 4]!
      }
    }
    weights[weight]! += a
    weights[weight + 1]! += b
    weights[weight + 2]! += c
    weights[weight + 3]! += d
    weights[weight + 4]! += e
  })
}

function sum(values: Float32Array, start: number, count: number): number {
  let total = 0
  for (let i = start; i < start + count; i++) total += values[i]!
  return total
}

/** [N, inputs] to [N, outputs]. */
function connect({ inputs, outputs, weights, bias }: Layer, x: Float32Array): Float32Array {
  const count = x.length / inputs
  const y = new Float32Array(count * outputs)
  for (let n = 0; n < count; n++) {
    for (let o = 0; o < outputs; o++) {
      let total = bias[o]!
      for (let i = 0; i < inputs; i++) total += weights[o * inputs + i]! * x[n * inputs + i]!
      y[n * outputs + o] = total
    }
  }
  return y
}

/** The gradient of x. */
function connectBackward({ inputs, outputs, weights }: Layer, dy: Float32Array): Float32Array {
  const count = dy.length / outputs
  const dx = new Float32Array(count * inputs)
  for (let n = 0; n < count; n++) {
    for (let o = 0; o < outputs; o++) {
      const slope = dy[n * outputs + o]!
      for (let i = 0; i < inputs; i++) dx[n * inputs + i]! += slope * weights[o * inputs + i]!
    }
  }
  return dx
}

/** Adds the gradients of weights and bias to `into`. */
function connectGradients(
  { inputs, outputs, weights, bias }: Layer,
  x: Float32Array,
  dy: Float32Array,
): void {
  const count = dy.length / outputs
  for (let n = 0; n < count; n++) {
    for (let o = 0; o < outputs; o++) {
      const slope = dy[n * outputs + o]!
      bias[o]! += slope
      for (let i = 0; i < inputs; i++) weights[o * inputs + i]! += slope * x[n * inputs + i]!
    }
  }
}

export const plainLayers: LayerPasses = {
  convolve,
  convolveBackward,
  convolveGradients,
  connect,
  connectBackward,
  connectGradients,
}

export function rectify(x: Float32Array): Float32Array {
  return x.map((value) => Math.max(0, value))
}

/** `y` is what `rectify` gave. */
export function rectifyBackward(y: Float32Array, dy: Float32Array): Float32Array {
  return dy.map((slope, i) => (y[i]! > 0 ? slope : 0))
}

/** Shares that add up to 1, for [N, classes]. */
export function softmax(scores: Float32Array, classes: number): Float32Array {
  const shares = new Float32Array(scores.length)
  for (let start = 0; start < scores.length; start += classes) {
    const row = scores.subarray(start, start + classes)
    const greatest = row.reduce((most, score) => Math.max(most, score))
    const powers = row.map((score) => Math.exp(score - greatest))
    const total = sum(powers, 0, classes)
    powers.forEach((power, i) => {
      shares[start + i] = power / total
    })
  }
  return shares
}
