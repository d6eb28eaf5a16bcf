/**
 * @file The layers of web/src/network/layers.ts in WebAssembly SIMD, for training: the same sums, four columns at a time. Sides are multiples of 4.
 */

/** Floats: addresses are counted in bytes, sizes in elements. */
const F: usize = 4

@inline
function multiplied(sum: v128, address: usize, weight: usize): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(address), v128.load32_splat(weight)))
}

@inline
function total(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    f32x4.extract_lane(sum, 2) +
    f32x4.extract_lane(sum, 3)
  )
}

export function convolve(
  weights: usize,
  bias: usize,
  x: usize,
  y: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
  side: usize,
): void {
  const out = side - 4
  for (let n: usize = 0; n < count; n++) {
    for (let o: usize = 0; o < outputs; o++) {
      for (let row: usize = 0; row < out; row++) {
        for (let column: usize = 0; column < out; column += 4) {
          let sum = v128.load32_splat(bias + o * F)
          for (let i: usize = 0; i < inputs; i++) {
            let at = x + ((n * inputs + i) * side * side + row * side + column) * F
            let weight = weights + (o * inputs + i) * 25 * F
            for (let tap = 0; tap < 5; tap++) {
              sum = multiplied(sum, at, weight)
              sum = multiplied(sum, at + F, weight + F)
              sum = multiplied(sum, at + 2 * F, weight + 2 * F)
              sum = multiplied(sum, at + 3 * F, weight + 3 * F)
              sum = multiplied(sum, at + 4 * F, weight + 4 * F)
              at += side * F
              weight += 5 * F
            }
          }
          v128.store(y + ((n * outputs + o) * out * out + row * out + column) * F, sum)
        }
      }
    }
  }
}

/** @param dy [count, outputs, side - 4 + 8, side - 4 + 8] with four rows and columns of zeros around each map */
export function convolveBackward(
  weights: usize,
  dy: usize,
  dx: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
  side: usize,
): void {
  const wide = side + 4
  for (let n: usize = 0; n < count; n++) {
    for (let i: usize = 0; i < inputs; i++) {
      for (let row: usize = 0; row < side; row++) {
        for (let column: usize = 0; column < side; column += 4) {
          let sum = f32x4.splat(0)
          for (let o: usize = 0; o < outputs; o++) {
            let at = dy + ((n * outputs + o) * wide * wide + (row + 4) * wide + column) * F
            let weight = weights + (o * inputs + i) * 25 * F
            for (let tap = 0; tap < 5; tap++) {
              sum = multiplied(sum, at + 4 * F, weight)
              sum = multiplied(sum, at + 3 * F, weight + F)
              sum = multiplied(sum, at + 2 * F, weight + 2 * F)
              sum = multiplied(sum, at + F, weight + 3 * F)
              sum = multiplied(sum, at, weight + 4 * F)
              at -= wide * F
              weight += 5 * F
            }
          }
          v128.store(dx + ((n * inputs + i) * side * side + row * side + column) * F, sum)
        }
      }
    }
  }
}

/** Adds to `into`, [outputs, inputs, 5, 5]. */
export function convolveGradients(
  into: usize,
  x: usize,
  dy: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
  side: usize,
): void {
  const out = side - 4
  for (let n: usize = 0; n < count; n++) {
    for (let o: usize = 0; o < outputs; o++) {
      for (let i: usize = 0; i < inputs; i++) {
        for (let tap: usize = 0; tap < 5; tap++) {
          let a = f32x4.splat(0)
          let b = f32x4.splat(0)
          let c = f32x4.splat(0)
          let d = f32x4.splat(0)
          let e = f32x4.splat(0)
          for (let row: usize = 0; row < out; row++) {
            const from = x + ((n * inputs + i) * side * side + (row + tap) * side) * F
            const to = dy + ((n * outputs + o) * out * out + row * out) * F
            for (let column: usize = 0; column < out; column += 4) {
              const slope = v128.load(to + column * F)
              const at = from + column * F
              a = f32x4.add(a, f32x4.mul(slope, v128.load(at)))
              b = f32x4.add(b, f32x4.mul(slope, v128.load(at + F)))
              c = f32x4.add(c, f32x4.mul(slope, v128.load(at + 2 * F)))
              d = f32x4.add(d, f32x4.mul(slope, v128.load(at + 3 * F)))
              e = f32x4.add(e, f32x4.mul(slope, v128.load(at + 4 * F)))
            }
          }
          const weight = into + ((o * inputs + i) * 25 + tap * 5) * F
          store<f32>(weight, load<f32>(weight) + total(a))
          store<f32>(weight + F, load<f32>(weight + F) + total(b))
          store<f32>(weight + 2 * F, load<f32>(weight + 2 * F) + total(c))
          store<f32>(weight + 3 * F, load<f32>(weight + 3 * F) + total(d))
          store<f32>(weight + 4 * F, load<f32>(weight + 4 * F) + total(e))
        }
      }
    }
  }
}

/** y = weights x + bias, for [count, inputs]. */
export function connect(
  weights: usize,
  bias: usize,
  x: usize,
  y: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
): void {
  for (let n: usize = 0; n < count; n++) {
    for (let o: usize = 0; o < outputs; o++) {
      let sum = f32x4.splat(0)
      for (let i: usize = 0; i < inputs; i += 4) {
        const product = f32x4.mul(v128.load(weights + (o * inputs + i) * F), v128.load(x + (n * inputs + i) * F))
        sum = f32x4.add(sum, product)
      }
      store<f32>(y + (n * outputs + o) * F, total(sum) + load<f32>(bias + o * F))
    }
  }
}

/** Adds `scale` times a row of `length` floats to another. */
@inline
function addRow(to: usize, from: usize, scale: f32, length: usize): void {
  const factor = f32x4.splat(scale)
  for (let i: usize = 0; i < length * F; i += 4 * F) {
    v128.store(to + i, f32x4.add(v128.load(to + i), f32x4.mul(factor, v128.load(from + i))))
  }
}

/** Adds to dx. */
export function connectBackward(
  weights: usize,
  dy: usize,
  dx: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
): void {
  for (let n: usize = 0; n < count; n++) {
    for (let o: usize = 0; o < outputs; o++) {
      const slope = load<f32>(dy + (n * outputs + o) * F)
      addRow(dx + n * inputs * F, weights + o * inputs * F, slope, inputs)
    }
  }
}

/** Adds to `into`. */
export function connectGradients(
  into: usize,
  x: usize,
  dy: usize,
  count: usize,
  inputs: usize,
  outputs: usize,
): void {
  for (let n: usize = 0; n < count; n++) {
    for (let o: usize = 0; o < outputs; o++) {
      const slope = load<f32>(dy + (n * outputs + o) * F)
      addRow(into + o * inputs * F, x + n * inputs * F, slope, inputs)
    }
  }
}
