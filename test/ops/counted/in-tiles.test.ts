/**
 * Averages and sums count the elements of each tile, unless counts are asked for: both ways give the same bits.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { tensor } from '../../../src/index.ts'
import { type DType, dtypeNames, dtypes, type Scalar } from '../../../src/tensor/dtype.ts'
import { firstDifference, randomOf } from '../../kernels/jobs.ts'

type Pooling = (x: pool.Tensor, options: never) => unknown

const windows: readonly (readonly [name: string, pooling: Pooling, options: object])[] = [
  ['2x2', pool.avgPool2d as Pooling, { kernelSize: 2 }],
  ['3x3', pool.avgPool2d as Pooling, { kernelSize: 3, stride: 1, padding: 1, countIncludePad: false }],
  ['sums', pool.sumPool2d as Pooling, { kernelSize: [2, 3], stride: [1, 2] }],
  ['more than 255 elements', pool.avgPool2d as Pooling, { kernelSize: 17, stride: 3 }],
  ['adaptive', pool.adaptiveAvgPool2d as Pooling, { outputSize: [3, 4] }],
  ['global', pool.globalAvgPool as Pooling, {}],
]

const [batch, channels, rows, columns] = [2, 3, 22, 26] as const
const size = batch * channels * rows * columns

function isLong(dtype: DType): boolean {
  return dtypes[dtype].storage.BYTES_PER_ELEMENT === 8 && !dtypes[dtype].float
}

function inputOf(dtype: DType, shape: readonly number[]): pool.Tensor {
  const random = randomOf(5)
  const values = Array.from({ length: size }, () => Math.floor(random() * 4))
  const elements = isLong(dtype) ? values.map(BigInt) : values
  return tensor(tensor(elements as number[], undefined, dtype).data, shape, dtype)
}

function maskOf(shape: readonly number[], share: number): pool.Tensor {
  const random = randomOf(9)
  const length = shape.reduce((product, dim) => product * dim, 1)
  return tensor(
    Uint8Array.from({ length }, () => Number(random() < share)),
    shape,
    'uint8',
  )
}

describe.each(dtypeNames)('%s', (dtype) => {
  const as = (value: number): Scalar => (isLong(dtype) ? BigInt(value) : value)

  it.each(
    windows.flatMap(([name, pooling, options]) =>
      (['NCHW', 'NHWC'] as const).map((layout) => ({ name, pooling, options, layout })),
    ),
  )('$name, $layout', ({ pooling, options, layout }) => {
    const place = (count: number): number[] =>
      layout === 'NCHW' ? [batch, count, rows, columns] : [batch, rows, columns, count]
    const x = inputOf(dtype, place(channels))
    const pooled = (own: object) => pooling(x, { ...options, layout, fill: as(9), ...own } as never)
    for (const share of [0.1, 0.9])
      for (const minCount of [1, 3])
        for (const left of [
          { mask: maskOf(place(channels), share) },
          { nodata: as(2) },
          { mask: maskOf(place(channels), share), nodata: as(2) },
          { mask: maskOf(place(1), share), nodata: as(0) },
          { mask: maskOf([rows, columns], share), nodata: as(1) },
        ]) {
          const counted = pooled({ ...left, minCount, returnCounts: true }) as { output: pool.Tensor }
          const own = pooled({ ...left, minCount }) as pool.Tensor
          expect(firstDifference(own.data, counted.output.data)).toBe(-1)
        }
  })
})

describe.each(['uint8', 'int8', 'uint16', 'int16', 'float32'] as const)('windows of 2, %s', (dtype) => {
  const random = randomOf(13)
  const range = dtype.endsWith('16') ? 2 ** 16 : 256
  const values = (length: number): number[] =>
    Array.from({ length }, () => Math.floor(random() * range) - (dtype.startsWith('u') ? 0 : range / 2))

  it.each([4, 13, 70, 101])('%i columns, all roundings', (width) => {
    for (const rounding of ['trunc', 'floor', 'half-up', 'half-even'])
      for (const [pooling, shape] of [
        [pool.avgPool2d, [2, 2, 9, width]],
        [pool.avgPool1d, [2, 3, width]],
      ] as const)
        for (const nodata of [undefined, 3, ...(dtype === 'float32' ? [Number.NaN] : [])]) {
          const x = tensor(values(shape.reduce((a, b) => a * b)), shape, dtype)
          for (let i = 0; i < x.data.length; i += 7) x.data[i] = (nodata ?? 3) as never
          const options = { kernelSize: 2, fill: 9, nodata, mask: maskOf(shape, 0.6), minCount: 2 }
          const own = { ...options, ...(dtype !== 'float32' && { rounding }) }
          const run = pooling as unknown as Pooling
          const counted = run(x, { ...own, returnCounts: true } as never) as { output: pool.Tensor }
          expect(firstDifference((run(x, own as never) as pool.Tensor).data, counted.output.data)).toBe(-1)
        }
  })

  it.each([2, 3, 4, 5, 8, 9, 16, 17, 20])('%i interleaved channels', (count) => {
    for (const rounding of ['trunc', 'floor', 'half-up', 'half-even'])
      for (const width of [4, 7, 15])
        for (const nodata of [undefined, 3]) {
          const shape = [2, 5, width, count]
          const x = tensor(values(shape.reduce((a, b) => a * b)), shape, dtype)
          for (let i = 0; i < x.data.length; i += 7) x.data[i] = 3 as never
          for (const mask of [maskOf(shape, 0.6), maskOf([2, 5, width], 0.6), maskOf([5, width], 0.6)]) {
            const options = { kernelSize: 2, fill: 9, nodata, mask, minCount: 2, layout: 'NHWC' }
            const own = { ...options, ...(dtype !== 'float32' && { rounding }) }
            const run = pool.avgPool2d as unknown as Pooling
            const counted = run(x, { ...own, returnCounts: true } as never) as { output: pool.Tensor }
            const once = run(x, own as never) as pool.Tensor
            expect(firstDifference(once.data, counted.output.data)).toBe(-1)
          }
        }
  })
})

it('a fill alone leaves nothing out', () => {
  const x = inputOf('float32', [batch, channels, rows, columns])
  for (const kernelSize of [2, [1, 3]]) {
    const filled = pool.avgPool2d(x, { kernelSize, fill: 9, minCount: 2 })
    expect(firstDifference(filled.data, pool.avgPool2d(x, { kernelSize }).data)).toBe(-1)
  }
})

it('a float without a fill gives NaN', () => {
  const mask = Uint8Array.of(0, 0, 1, 0)
  const x = tensor(Float32Array.of(1, 2, 3, 4), [1, 1, 4])
  expect([...pool.avgPool1d(x, { kernelSize: 2, mask: tensor(mask, [1, 1, 4]) }).data]).toEqual([
    Number.NaN,
    3,
  ])
  expect([...pool.avgPool1d(x, { kernelSize: 2, nodata: 4, minCount: 2 }).data]).toEqual([1.5, 4])
})
