/**
 * Second derivatives in float64. Every gradient is linear in dy; that of a norm also changes with x, those of maxima and means
 * do not, away from ties. What changes is compared with differences of gradients, with differences of values and with itself.
 */
import { describe, expect, it } from 'vitest'
import { rand, type Tensor, tensor } from '../../src/index.ts'
import {
  cases,
  dot,
  functions,
  isCurved,
  type Options,
  separated,
  shapeOf,
} from '../support/gradient-cases.ts'

const step = 1e-5

interface Call {
  readonly x: Tensor<Float64Array>
  readonly y: Tensor
  forward(x: Tensor): Float64Array
  backward(dy: Tensor, x: Tensor): Float64Array
}

function callOf(name: string, rank: number, settings: Options, layout: string): Call {
  const options = { ...settings, layout }
  const x = separated(shapeOf(rank, layout))
  const forward = functions[name]!
  const backward = functions[`${name}Backward`]!
  return {
    x,
    y: forward(x, options),
    forward: (at) => forward(at, options).data as Float64Array,
    backward: (dy, at) => backward(dy, at, options as never).data as Float64Array,
  }
}

/** Random numbers around 0. */
function direction({ shape }: Tensor, seed: number): Tensor<Float64Array> {
  const { data } = rand(shape, { seed, dtype: 'float64' })
  return tensor(
    data.map((value) => value - 0.5),
    shape,
  )
}

function combined(a: Tensor, s: number, b: Tensor, t: number): Tensor<Float64Array> {
  const [left, right] = [a.data as Float64Array, b.data as Float64Array]
  return tensor(
    left.map((value, i) => s * value + t * right[i]!),
    a.shape,
  )
}

const moved = (x: Tensor, v: Tensor, by: number) => combined(x, 1, v, by)

function expectClose(actual: number, expected: number, relative: number, absolute: number): void {
  const gap = Math.abs(actual - expected)
  expect(gap, `${actual} is not ${expected}`).toBeLessThan(absolute + relative * Math.abs(expected))
}

const bent = cases.filter(([name, , options]) => isCurved(name, options))
const straight = cases.filter(([name, , options]) => !isCurved(name, options))

describe.each(['NCHW', 'NHWC'])('%s', (layout) => {
  it.each(cases)('%s, %i-D, %j: the gradient is linear in dy, and its transpose is the slope', (...row) => {
    const { x, y, forward, backward } = callOf(...row, layout)
    const [a, b, v] = [direction(y, 1), direction(y, 2), direction(x, 3)]
    const both = backward(combined(a, 2, b, -3), x)
    const [left, right] = [backward(a, x), backward(b, x)]
    both.forEach((value, i) => {
      expect(Math.abs(value - (2 * left[i]! - 3 * right[i]!))).toBeLessThan(1e-12)
    })
    const [up, down] = [forward(moved(x, v, step)), forward(moved(x, v, -step))]
    const slope = up.map((value, i) => (value - down[i]!) / (2 * step))
    expectClose(dot(left, v.data), dot(a.data as Float64Array, slope), 1e-6, 1e-6)
  })

  it.each(straight)('%s, %i-D, %j: away from ties, the gradient does not change with x', (...row) => {
    const { x, y, backward } = callOf(...row, layout)
    const dy = direction(y, 1)
    expect(backward(dy, moved(x, direction(x, 2), 1e-3))).toEqual(backward(dy, x))
  })

  it.each(bent)('%s, %i-D, %j: the curvature is that of the values, and symmetric', (...row) => {
    const { x, y, forward, backward } = callOf(...row, layout)
    const [dy, v, w] = [direction(y, 1), direction(x, 2), direction(x, 3)]
    const along = (toward: Tensor, weights: Tensor): number => {
      const [up, down] = [backward(dy, moved(x, toward, step)), backward(dy, moved(x, toward, -step))]
      return dot(
        up.map((value, i) => (value - down[i]!) / (2 * step)),
        weights.data as Float64Array,
      )
    }
    const curvature = along(v, w)
    expect(Math.abs(curvature)).toBeGreaterThan(1e-6)
    expectClose(along(w, v), curvature, 1e-6, 1e-8)

    // Mixed differences of values: their rounding, 2^-52 of some hundred, is divided by h^2.
    const h = 1e-3
    const value = (s: number, t: number): number =>
      dot(dy.data as Float64Array, forward(moved(moved(x, v, s * h), w, t * h)))
    const mixed = (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * h * h)
    expectClose(mixed, curvature, 1e-3, 1e-6)
  })
})
