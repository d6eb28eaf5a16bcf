/**
 * Pooling over regions: boxes in both forms, both layouts, gradients, refusals, and definitions written out.
 */
import { describe, expect, it, test } from 'vitest'
import * as pool from '../../src/index.ts'
import {
  type Boxes,
  psRoiAlign,
  psRoiPool,
  type RoiOptions,
  rand,
  roiAlign,
  roiPool,
  roiPoolBackward,
  type Tensor,
  tensor,
} from '../../src/index.ts'
import { dot } from '../support/gradient-cases.ts'
import { codeOf } from '../support/refusals.ts'

type Forward = (x: Tensor, boxes: Boxes, options: RoiOptions) => Tensor
type Backward = (dy: Tensor, x: Tensor, boxes: Boxes, options: RoiOptions) => Tensor
const functions = pool as unknown as Record<string, Forward & Backward>
const names = ['roiPool', 'roiAlign', 'psRoiPool', 'psRoiAlign'] as const

const [height, width, channels] = [7, 9, 12]
const x = rand([2, channels, height, width], { seed: 1, dtype: 'float64' })
/** Upright, of no size, upside down, across the border, outside, at halves. */
const corners = [
  [0, 1.25, 0.5, 6.75, 5.25],
  [1, 3, 3, 3, 3],
  [1, 6.5, 5.5, 1.5, 0.25],
  [0, -2.5, -1.75, 12.5, 9.25],
  [1, 20, 20, 24, 23],
  [0, 2.5, 1.5, 4.5, 5.5],
]
const boxes = tensor(Float64Array.from(corners.flat()), [corners.length, 5])
const options = { outputSize: [2, 3], spatialScale: 0.9 }

const at = (image: number, c: number, row: number, column: number): number =>
  x.data[((image * channels + c) * height + row) * width + column]!
const away = (value: number) => Math.sign(value) * Math.round(Math.abs(value))

/** A cell of whole elements: rows and columns of cell i of n from `from` on, over `length`. */
function run(from: number, length: number, i: number, n: number, limit: number): number[] {
  const clip = (v: number) => Math.min(Math.max(v, 0), limit)
  const [start, end] = [Math.floor((i * length) / n) + from, Math.ceil(((i + 1) * length) / n) + from].map(
    clip,
  )
  return Array.from({ length: Math.max(0, end! - start!) }, (_, k) => start! + k)
}

function bilinear(image: number, c: number, y: number, column: number): number {
  if (y < -1 || y > height || column < -1 || column > width) return 0
  const [row, col] = [Math.min(Math.max(y, 0), height - 1), Math.min(Math.max(column, 0), width - 1)]
  let sum = 0
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      sum += Math.max(0, 1 - Math.abs(row - i)) * Math.max(0, 1 - Math.abs(col - j)) * at(image, c, i, j)
  return sum
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length)

function definition(
  name: (typeof names)[number],
  extra: { samplingRatio?: number; aligned?: boolean },
): number[] {
  const [h, w] = [2, 3]
  const isPs = name.startsWith('ps')
  return corners.flatMap(([image, ...box]) =>
    Array.from({ length: isPs ? channels / (h * w) : channels }, (_, c) => c).flatMap((c) =>
      Array.from({ length: h * w }, (_, cell) => {
        const [i, j] = [Math.floor(cell / w), cell % w]
        const source = isPs ? c * h * w + cell : c
        const scaled = box.map((corner) => corner * options.spatialScale)
        if (name === 'roiPool' || name === 'psRoiPool') {
          const one = isPs ? 0 : 1
          const [x1, y1, x2, y2] = scaled.map(away) as [number, number, number, number]
          const rows = run(y1, Math.max(y2 - y1 + one, 1), i, h, height - 1 + one)
          const columns = run(x1, Math.max(x2 - x1 + one, 1), j, w, width - 1 + one)
          const values = rows.flatMap((row) => columns.map((column) => at(image!, source, row, column)))
          return isPs ? mean(values) : values.length === 0 ? 0 : Math.max(...values)
        }
        const isAligned = isPs || extra.aligned === true
        const [x1, y1, x2, y2] = scaled.map((v) => v - (isAligned ? 0.5 : 0)) as [
          number,
          number,
          number,
          number,
        ]
        const size = (v: number) => (isAligned ? v : Math.max(v, 1))
        const [rh, rw] = [size(y2 - y1) / h, size(x2 - x1) / w]
        const ratio = (cellSize: number) => extra.samplingRatio || Math.max(0, Math.ceil(cellSize))
        const [gh, gw] = [ratio(rh), ratio(rw)]
        return mean(
          Array.from({ length: gh * gw }, (_, g) => {
            const [gy, gx] = [Math.floor(g / gw), g % gw]
            return bilinear(
              image!,
              source,
              y1 + i * rh + ((gy + 0.5) * rh) / gh,
              x1 + j * rw + ((gx + 0.5) * rw) / gw,
            )
          }),
        )
      }),
    ),
  )
}

describe.each([
  ['roiPool', {}],
  ['psRoiPool', {}],
  ['roiAlign', {}],
  ['roiAlign', { aligned: true }],
  ['roiAlign', { aligned: true, samplingRatio: 3 }],
  ['psRoiAlign', { samplingRatio: 2 }],
] as const)('%s %j', (name, extra) => {
  const given = { ...options, ...extra }
  const y = functions[name]!(x, boxes, given)

  it('is its definition', () => {
    const want = definition(name, extra)
    expect(y.size).toBe(want.length)
    want.forEach((value, i) => {
      expect(Number(y.data[i])).toBeCloseTo(value, 12)
    })
  })

  it('channels last are channels first, forward and backward', () => {
    const last = (t: Tensor) => {
      const [n, c, h, w] = t.shape as [number, number, number, number]
      const data = new Float64Array(t.size)
      for (let i = 0; i < t.size; i++) {
        const [b, k, p] = [Math.floor(i / (c * h * w)), Math.floor(i / (h * w)) % c, i % (h * w)]
        data[(b * h * w + p) * c + k] = Number(t.data[i])
      }
      return tensor(data, [n, h, w, c])
    }
    const nhwc = { ...given, layout: 'NHWC' } as const
    expect(functions[name]!(last(x), boxes, nhwc).toArray()).toEqual(last(y).toArray())
    const dy = rand(y.shape, { seed: 3, dtype: 'float64' })
    const dx = functions[`${name}Backward`]!(dy, x, boxes, given)
    expect(functions[`${name}Backward`]!(last(dy), last(x), boxes, nhwc).toArray()).toEqual(
      last(dx).toArray(),
    )
  })

  it('has the gradient of finite differences', () => {
    const dy = rand(y.shape, { seed: 5, dtype: 'float64' })
    const dx = functions[`${name}Backward`]!(dy, x, boxes, given)
    const v = rand(x.shape, { seed: 7, dtype: 'float64' })
    const moved = (step: number) =>
      functions[name]!(
        tensor(
          x.data.map((value, i) => value + step * v.data[i]!),
          x.shape,
        ),
        boxes,
        given,
      ).data as Float64Array
    const down = moved(-1e-6)
    const slope = moved(1e-6).map((up, i) => (up - down[i]!) / 2e-6)
    expect(Math.abs(dot(dx.data as Float64Array, v.data) - dot(dy.data, slope))).toBeLessThan(1e-6)
  })

  it('takes one list of boxes for each image', () => {
    const of = (image: number) => corners.filter(([own]) => own === image).map(([, ...box]) => box)
    const sorted = corners.toSorted((a, b) => a[0]! - b[0]!)
    const single = tensor(x.data.map(Math.fround), x.shape)
    const wide = tensor(Float64Array.from(sorted.flat()), [6, 5])
    const lists = [of(0), of(1)].map((rows) => tensor(Float64Array.from(rows.flat()), [rows.length, 4]))
    expect(functions[name]!(single, lists, given).data).toEqual(functions[name]!(single, wide, given).data)
  })
})

it('may write its result over the boxes', () => {
  const image = rand([1, 1, 6, 6], { seed: 3 })
  const rows = [
    [0, 0, 0, 2, 2],
    [0, 3, 3, 5, 5],
    [0, 1, 0, 4, 2],
  ]
  const boxes = tensor(Float32Array.from(rows.flat()), [3, 5])
  const options = { outputSize: [1, 1] } as const
  const want = roiPool(image, boxes, options).data.slice()
  expect(roiPool(image, boxes, { ...options, out: boxes.data.subarray(0, 3) as Float32Array }).data).toEqual(
    want,
  )
})

it('takes nested arrays, and images without boxes', () => {
  const image = rand([2, 1, 4, 4], { seed: 2 })
  const whole = roiPool(image, [[0, 0, 0, 3, 3]], { outputSize: 1 })
  expect(roiPool(image, [[[0, 0, 3, 3]], []], { outputSize: 1 }).data).toEqual(whole.data)
  expect(roiPool(image, [], { outputSize: 1 }).shape).toEqual([0, 1, 1, 1])
})

it('NaN wins, and the first of equals has the gradient', () => {
  const image = tensor([[[[1, 5], [5, Number.NaN]]]]) // biome-ignore format: a plane
  expect(roiPool(image, [[0, 0, 0, 1, 1]], { outputSize: 1 }).data[0]).toBeNaN()
  const equal = tensor([[[[1, 5], [5, 0]]]]) // biome-ignore format: a plane
  const dx = roiPoolBackward(tensor([[[[2]]]]), equal, [[0, 0, 0, 1, 1]], { outputSize: 1 })
  expect([...dx.data]).toEqual([0, 2, 0, 0])
})

it.each(['float16', 'bfloat16', 'float32'] as const)('in %s', (dtype) => {
  const image = tensor(new Array(16).fill(2), undefined, dtype)
  const plane = tensor(image.data, [1, 1, 4, 4], dtype)
  const y = roiAlign(plane, tensor([[0, 1, 1, 3, 3]], undefined, dtype), { outputSize: 2 })
  expect([y.dtype, ...y.shape]).toEqual([dtype, 1, 1, 2, 2])
})

test('an infinity counts where a sample of the cell gives it weight, and is NaN where none does', () => {
  const infinite = tensor([
    [
      [
        [1, 2, 3],
        [4, 5, Infinity],
        [7, 8, 9],
      ],
    ],
  ])
  const align = (given: object) =>
    Array.from(roiAlign(infinite, [[0, 0, 0, 3, 3]], { aligned: true, ...given } as never).data)
  expect(align({ outputSize: 1, samplingRatio: 2 })).toEqual([Infinity])
  const { NaN: none } = Number
  expect(align({ outputSize: 3, samplingRatio: 1 })).toEqual([1, none, none, 4, none, Infinity, 7, 8, 9])
})

const image = rand([1, 4, 4, 4])
const box = [[0, 0, 0, 3, 3]]
test.each([
  ['a corner of NaN', () => roiAlign(image, [[0, Number.NaN, 0, 1, 1]], { outputSize: 2 }), 'BAD_PARAM'],
  ['an infinite corner', () => roiPool(image, [[0, 0, 0, Infinity, 1]], { outputSize: 2 }), 'BAD_PARAM'],
  ['an image outside the batch', () => roiPool(image, [[1, 0, 0, 1, 1]], { outputSize: 2 }), 'BAD_INDEX'],
  ['half an image', () => roiPool(image, [[0.5, 0, 0, 1, 1]], { outputSize: 2 }), 'BAD_INDEX'],
  ['boxes of four numbers', () => roiPool(image, [[0, 0, 1, 1]], { outputSize: 2 }), 'BAD_SHAPE'],
  ['lists for other images', () => roiPool(image, [[[0, 0, 1, 1]], []], { outputSize: 2 }), 'BAD_SHAPE'],
  ['no output', () => roiPool(image, box, { outputSize: 0 }), 'BAD_PARAM'],
  ['a huge output', () => roiPool(image, box, { outputSize: 2 ** 20 }), 'LIMIT'],
  ['a scale of 0', () => roiPool(image, box, { outputSize: 1, spatialScale: 0 }), 'BAD_PARAM'],
  ['too many samples', () => roiAlign(image, box, { outputSize: 1, samplingRatio: 2000 }), 'BAD_PARAM'],
  ['aligned as a number', () => roiAlign(image, box, { outputSize: 1, aligned: 1 as never }), 'BAD_PARAM'],
  ['an option of another', () => roiPool(image, box, { outputSize: 1, aligned: true } as never), 'BAD_PARAM'],
  ['channels that do not divide', () => psRoiPool(image, box, { outputSize: 3 }), 'BAD_SHAPE'],
  ['three axes', () => psRoiAlign(rand([4, 4, 4]), box, { outputSize: 2 }), 'BAD_SHAPE'],
  ['integers', () => roiPool(tensor(new Int8Array(16), [1, 1, 4, 4]), box, { outputSize: 2 }), 'BAD_DTYPE'],
  [
    'an output of another length',
    () => roiPool(image, box, { outputSize: 1, out: new Float32Array(5) }),
    'BAD_SHAPE',
  ],
])('refuses %s', (_, call, code) => {
  expect(codeOf(call)).toBe(code)
})
