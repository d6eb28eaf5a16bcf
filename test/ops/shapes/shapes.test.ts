/**
 * Awkward shapes, forward and backward, channels first and last, on every kernel: bit for bit what the definition gives. Data are
 * whole numbers and gradients multiples of what they are divided by, so that sums are exact in any order.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { averagePool, maxPool } from '../../../src/adapters/onnx/index.ts'
import * as pool from '../../../src/index.ts'
import { expectSame, type Plane as Numbers } from '../../support/configurations.ts'
import { kernelFamilies, onKernels, takeRecord } from '../../support/kernel-family.ts'
import { layouts, libraryIn } from '../../support/world.ts'
import { type Defined, define, divisorsOf, pickedBy, spreadBy, summedBy } from './definition.ts'
import { paddedShapes, type Shape, shapes } from './shapes.ts'

type Options = Record<string, unknown>
type Located = { output: Numbers; indices: { data: ArrayLike<number> } }
type Functions = Record<string, (...values: unknown[]) => Numbers & Located>

const settings = kernelFamilies.flatMap((family) => layouts.map((layout) => ({ family, layout })))
const fell = new Set<string>()

function optionsOf({ axes }: Shape): Options {
  return {
    kernelSize: axes.map(([, window]) => window),
    stride: axes.map(([, , stride]) => stride),
    padding: axes.map(([, , , before = 0, after = 0]) => [before, after]),
    dilation: axes.map(([, , , , , dilation = 1]) => dilation),
  }
}

/** Whole numbers from -9 to 9, some of them equal. */
function wholes(length: number, seed: number): Float32Array {
  return (pool.rand([length], { seed }).data as Float32Array).map((value) => Math.floor(value * 19) - 9)
}

const shapeOf = ({ batch, channels }: Shape, spatial: readonly number[]): number[] => [
  batch,
  channels,
  ...spatial,
]
const tensorOf = (data: ArrayLike<number>, shape: readonly number[]) =>
  pool.tensor(Float32Array.from(data), shape)

/** All that a shape should give, computed once for all kernels. */
function expectedOf(shape: Shape) {
  const defined = define(shape)
  const x = tensorOf(
    wholes(shape.batch * shape.channels * shape.axes.reduce((size, [length]) => size * length, 1), 1),
    shapeOf(
      shape,
      shape.axes.map(([size]) => size),
    ),
  )
  const outShape = shapeOf(shape, defined.spatial)
  const draw = wholes(shape.batch * shape.channels * defined.windows.length, 2)
  const select = (sign: 1 | -1) => {
    const { y, indices } = pickedBy(shape, defined, x.data, sign)
    const positions = (p: number, o: number): number[] => {
      const index = indices[p * defined.windows.length + o]!
      return index < 0 ? [] : [index]
    }
    return { y, indices, dy: tensorOf(draw, outShape), dx: spreadBy(shape, defined, positions, draw) }
  }
  const sums = summedBy(shape, defined, x.data)
  const mean = (countPadding: boolean) => averageOf(shape, defined, sums, draw, countPadding, outShape)
  return { x, outShape, max: select(1), min: select(-1), padded: mean(true), bare: mean(false) }
}

function averageOf(
  shape: Shape,
  defined: Defined,
  sums: Float64Array,
  draw: Float32Array,
  countPadding: boolean,
  outShape: readonly number[],
) {
  const divisors = divisorsOf(defined, countPadding)
  const by = (i: number): number => divisors[i % divisors.length]!
  return {
    y: sums.map((sum, i) => Math.fround(sum / by(i))),
    dy: tensorOf(
      draw.map((value, i) => value * by(i)),
      outShape,
    ),
    dx: spreadBy(shape, defined, (_, o) => defined.windows[o]!, draw),
  }
}

describe.each(shapes.map((shape) => [shape.kind, JSON.stringify(shape.axes), shape] as const))(
  '%s',
  (...row) => {
    const [, text, shape] = row
    it(`${shape.batch} x ${shape.channels} of ${text}`, () => {
      const { x, outShape, max, min, padded, bare } = expectedOf(shape)
      const options = optionsOf(shape)
      for (const { family, layout } of settings) {
        const f = libraryIn({ family, layout, dtype: 'float32' }) as unknown as Functions
        const named = (name: string) => f[`${name}Pool${shape.axes.length}d`]!
        const backward = (name: string) => f[`${name}Pool${shape.axes.length}dBackward`]!
        for (const [name, want] of [
          ['max', max],
          ['min', min],
        ] as const) {
          const { output, indices } = named(name)(x, { ...options, returnIndices: true })
          expect(output.shape).toEqual(outShape)
          expectSame(output.data, want.y)
          expectSame(indices.data, want.indices)
          expectSame(named(name)(x, options).data, want.y)
          expectEqual(backward(name)(want.dy, x, options).data, want.dx)
        }
        for (const [countIncludePad, want] of [
          [true, padded],
          [false, bare],
        ] as const) {
          const settings = { ...options, countIncludePad }
          expectEqual(named('avg')(x, settings).data, want.y)
          expectEqual(backward('avg')(want.dy, x, settings).data, want.dx)
        }
        const { forced, fallen } = takeRecord()
        expect(forced, family).toBeGreaterThan(0)
        for (const reason of fallen) fell.add(`${family}: ${reason}`)
      }
    })
  },
)

/** Sums may be 0 of either sign. */
function expectEqual(got: ArrayLike<number>, want: ArrayLike<number>): void {
  expectSame(withoutSigns(got), withoutSigns(want))
}

/** Zeros become +0. */
function withoutSigns(values: ArrayLike<number>): Float32Array {
  return new Float32Array(values).map((value) => value + 0)
}

describe.each(paddedShapes.map((shape) => [shape.kind, JSON.stringify(shape.axes), shape] as const))(
  '%s',
  (...row) => {
    const [, text, shape] = row
    it.each(kernelFamilies)(`ONNX, ${shape.batch} x ${shape.channels} of ${text}, %s`, (family) => {
      const { x, max, padded, bare } = expectedOf(shape)
      const attributes = {
        kernel_shape: shape.axes.map(([, window]) => window),
        strides: shape.axes.map(([, , stride]) => stride),
        pads: [3, 4].flatMap((side) => shape.axes.map((axis) => axis[side] ?? 0)),
        dilations: shape.axes.map(([, , , , , dilation = 1]) => dilation),
      }
      const data = ({ Y }: { Y: pool.Tensor }): ArrayLike<number> => Y.data as Float32Array
      onKernels(family, () => {
        expectSame(data(maxPool({ X: x }, attributes)), max.y)
        expectEqual(data(averagePool({ X: x }, { ...attributes, count_include_pad: 1 })), padded.y)
        expectEqual(data(averagePool({ X: x }, attributes)), bare.y)
      })
    })
  },
)

describe('kinds that are refused, as stated', () => {
  const x = pool.rand([1, 2, 6, 6], { seed: 1 })
  it.each([
    [
      'a negative pad at the end',
      {
        padding: [
          [0, -1],
          [0, 0],
        ],
      },
      'BAD_PARAM',
      /padding\[0\]\[1\] = -1; must be a whole number from 0/,
    ],
    [
      'a negative pad at the start',
      {
        padding: [
          [0, 0],
          [-2, 1],
        ],
      },
      'BAD_PARAM',
      /padding\[1\]\[0\] = -2; must be a whole number from 0/,
    ],
    [
      'pads as wide as the window',
      {
        padding: [
          [3, 0],
          [0, 0],
        ],
      },
      'BAD_PARAM',
      /padding\[0\]\[0\] = 3; must be less than the effective window 3/,
    ],
    [
      'pads wider than the window',
      {
        padding: [
          [0, 0],
          [0, 5],
        ],
      },
      'BAD_PARAM',
      /padding\[1\]\[1\] = 5; must be less than the effective window 3/,
    ],
    [
      'a window that does not fit',
      { dilation: 4 },
      'BAD_SHAPE',
      /the effective window 9 .* fits -?\d+ times/,
    ],
  ])('%s', (_, options, code, message) => {
    for (const run of [pool.maxPool2d, pool.avgPool2d]) {
      const call = () => run(x, { kernelSize: 3, stride: 1, ...options } as never)
      expect(call).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
    }
  })
})

afterAll(() => {
  for (const reason of fell) process.stdout.write(`run by another kernel: ${reason}\n`)
})
