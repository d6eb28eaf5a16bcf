/**
 * Relations of maxima with their gradients and with unpooling, each with the conditions that make it true.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  maxPool2d,
  maxPool2dBackward,
  maxUnpool2d,
  minPool2d,
  minPool2dBackward,
} from '../../../src/index.ts'
import {
  type Configuration,
  check,
  configuration,
  dot,
  expectSame,
  filled,
  having,
  integers,
  map,
} from '../../support/configurations.ts'

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)

it.each([
  ['max', maxPool2d, maxPool2dBackward],
  ['min', minPool2d, minPool2dBackward],
] as const)('%s passes on its whole gradient, to the elements that it picked', (_, pool, backward) =>
  check(filled, ({ x, options }) => {
    const y = pool(x, options)
    const dy = integers(y.shape, 7, 9)
    const dx = backward(dy, x, options)
    expect(sum(dx.data)).toBe(sum(dy.data))
    expect(dot(dx.data, x.data)).toBe(dot(dy.data, y.data))
  }),
)

it('max gives the same gradient if indices are given', () =>
  check(configuration, ({ x, options }) => {
    const { output, indices } = maxPool2d(x, { ...options, returnIndices: true })
    const dy = integers(output.shape, 8, 9)
    expectSame(maxPool2dBackward(dy, x, { ...options, indices }).data, maxPool2dBackward(dy, x, options).data)
  }))

it('max of ties sends the gradient to exactly one element of each window', () =>
  check(filled, ({ x, options }) => {
    const flat = map(x, () => 4)
    const y = maxPool2d(flat, options)
    const dx = maxPool2dBackward(
      map(y, () => 1),
      flat,
      options,
    )
    expect(sum(dx.data)).toBe(y.data.length)
    const { indices } = maxPool2d(flat, { ...options, returnIndices: true })
    const [plane, pooled] = [x, y].map(({ shape }) => shape[2]! * shape[3]!) as [number, number]
    const counts = new Float32Array(x.data.length)
    indices.data.forEach((index, i) => {
      counts[Math.floor(i / pooled) * plane + index]! += 1
    })
    expectSame(dx.data, counts)
  }))

/** Unpooling knows neither dilation nor windows of its own for padding that is left out at the end. */
const plain = having({ padding: [0, 0], dilation: [1, 1] })

function unpooled({ x, options }: Configuration) {
  const { output, indices } = maxPool2d(x, { ...options, returnIndices: true })
  const { kernelSize, stride } = options
  const outputSize = x.shape.slice(2)
  fc.pre(
    outputSize.every((size, i) => {
      const usual = (output.shape[i + 2]! - 1) * stride[i]! + kernelSize[i]!
      return Math.abs(size - usual) < stride[i]!
    }),
  )
  return { output, indices, back: maxUnpool2d(output, indices, { kernelSize, stride, outputSize }) }
}

it('unpooling restores the elements that max picked, with 0 elsewhere', () =>
  check(plain, (configuration) => {
    const { x } = configuration
    const { output, indices, back } = unpooled(configuration)
    const [plane, pooled] = [x, output].map(({ shape }) => shape[2]! * shape[3]!) as [number, number]
    const support = new Set<number>()
    indices.data.forEach((index, i) => {
      support.add(Math.floor(i / pooled) * plane + index)
    })
    expectSame(
      back.data,
      x.data.map((value, i) => (support.has(i) ? value : 0)),
    )
  }))

it('pooling an unpooled positive result gives that result again, with overlapping windows too', () =>
  check(plain, ({ x, options }) => {
    const positive = map(x, (v) => Math.abs(v) + 1)
    const { output, back } = unpooled({ x: positive, options })
    expectSame(maxPool2d(back, options).data, output.data)
  }))
