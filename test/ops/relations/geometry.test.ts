/**
 * Relations of windows, whatever becomes of their elements: moved, turned, thinned out, cut in parts.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { avgPool2d, maxPool2d, minPool2d } from '../../../src/index.ts'
import {
  check,
  configuration,
  expectSame,
  having,
  type Plane,
  pick,
  sizesOf,
  type Windows,
} from '../../support/configurations.ts'

type Settings = Omit<Windows, 'padding'> & {
  readonly padding: Windows['padding'] | readonly (readonly [number, number])[]
}
type Pool = (x: Plane, options: Settings) => Plane
const pools: readonly [string, Pool][] = [
  ['max', maxPool2d as Pool],
  ['min', minPool2d as Pool],
  ['mean', avgPool2d as Pool],
]
const inside = having({ padding: [0, 0] })
const floored = having({ padding: [0, 0], ceilMode: false })

const swap = ([a, b]: readonly [number, number]): [number, number] => [b, a]
const transpose = (x: Plane): Plane => {
  const [h, w] = sizesOf(x)
  return pick(x, [w, h], (row, column) => [column, row])
}
const flip = (x: Plane): Plane => {
  const [h, w] = sizesOf(x)
  return pick(x, [h, w], (row, column) => [h - 1 - row, w - 1 - column])
}

describe.each(pools)('%s', (_, pool) => {
  it('axes swapped with all their settings give the swapped result', () =>
    check(configuration, ({ x, options }) => {
      const swapped = {
        kernelSize: swap(options.kernelSize),
        stride: swap(options.stride),
        dilation: swap(options.dilation),
        padding: swap(options.padding),
        ceilMode: options.ceilMode,
      }
      expectSame(pool(transpose(x), swapped).data, transpose(pool(x, options)).data)
    }))

  it('mirrored input gives the mirrored result where windows fill the axis exactly, without padding', () =>
    check(floored, ({ x, options }) => {
      const [h, w] = sizesOf(x).map((size, i) => {
        const extent = (options.kernelSize[i]! - 1) * options.dilation[i]! + 1
        return size - ((size - extent) % options.stride[i]!)
      }) as [number, number]
      const exact = pick(x, [h, w], (row, column) => [row, column])
      expectSame(pool(flip(exact), options).data, flip(pool(exact, options)).data)
    }))

  it('input moved by whole strides gives the moved result, without padding', () =>
    check(fc.tuple(floored, fc.nat(2), fc.nat(2)), ([{ x, options }, down, right]) => {
      const [h, w] = sizesOf(x)
      const [top, left] = [down * options.stride[0], right * options.stride[1]]
      const moved = pick(x, [h + top, w + left], (row, column) =>
        row < top || column < left ? null : [row - top, column - left],
      )
      const y = pool(x, options)
      const late = pick(pool(moved, options), sizesOf(y), (row, column) => [row + down, column + right])
      expectSame(late.data, y.data)
    }))

  it('stride s gives every s-th result of stride 1, without ceil mode', () =>
    check(having({ ceilMode: false }), ({ x, options }) => {
      const strided = pool(x, options)
      const dense = pool(x, { ...options, stride: [1, 1] })
      const [s, t] = options.stride
      expectSame(pick(dense, sizesOf(strided), (row, column) => [row * s, column * t]).data, strided.data)
    }))

  it('dilation d at stride d t equals pooling every d-th element at stride t, without padding and ceil mode', () =>
    check(fc.tuple(floored, fc.integer({ min: 1, max: 3 })), ([{ x, options }, t]) => {
      const [d, e] = options.dilation
      const [h, w] = sizesOf(x)
      const thinned = pick(x, [Math.ceil(h / d), Math.ceil(w / e)], (row, column) => [row * d, column * e])
      const whole = pool(x, { ...options, stride: [d * t, e * t] })
      expectSame(pool(thinned, { ...options, stride: [t, t], dilation: [1, 1] }).data, whole.data)
    }))

  it('pooling two parts that share the rows both need gives the whole result', () =>
    check(fc.tuple(having({ ceilMode: false }), fc.nat(15)), ([{ x, options }, cut]) => {
      const whole = pool(x, options)
      const [[h, w], [rows, columns]] = [sizesOf(x), sizesOf(whole)]
      fc.pre(cut > 0 && cut < rows)
      const { kernelSize, dilation, stride, padding } = options
      const extent = (kernelSize[0] - 1) * dilation[0] + 1
      const [end, start] = [(cut - 1) * stride[0] + extent - padding[0], cut * stride[0] - padding[0]]
      fc.pre(end > 0 && start < h)
      const part = (from: number, to: number, before: number, after: number): Plane =>
        pool(
          pick(x, [to - from, w], (row, column) => [row + from, column]),
          {
            ...options,
            padding: [
              [before, after],
              [padding[1], padding[1]],
            ],
          },
        )
      const above = part(0, Math.min(h, end), padding[0], Math.max(0, end - h))
      const below = part(Math.max(0, start), h, Math.max(0, -start), padding[0])
      expect(above.shape[2]! + below.shape[2]!).toBe(rows)
      const [top, bottom] = [
        pick(whole, [cut, columns], (row, column) => [row, column]),
        pick(whole, [rows - cut, columns], (row, column) => [row + cut, column]),
      ]
      expectSame(above.data, top.data)
      expectSame(below.data, bottom.data)
    }))

  it('ceil mode only adds results at the end', () =>
    check(inside, ({ x, options }) => {
      const [less, more] = [false, true].map((ceilMode) => pool(x, { ...options, ceilMode })) as [
        Plane,
        Plane,
      ]
      expectSame(pick(more, sizesOf(less), (row, column) => [row, column]).data, less.data)
    }))
})
