/**
 * Maxima and minima find windows without elements by their results, unless counts are asked for: both ways give the same bits.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { tensor } from '../../../src/index.ts'
import { extrema } from '../../../src/reducers/extremum.ts'
import { type DType, dtypeNames, dtypes, type Scalar } from '../../../src/tensor/dtype.ts'
import { isHalf } from '../../../src/tensor/storage.ts'
import { firstDifference, randomOf } from '../../kernels/jobs.ts'
import { refusalOf } from '../../support/refusals.ts'

const functions = { max: pool.maxPool2d, min: pool.minPool2d }
const shape = [2, 3, 12, 20]
const size = 2 * 3 * 12 * 20

/** Numbers from 0 to 3, of which 0 (or 3) is the element that never wins, for unsigned integers. */
function inputOf(dtype: DType, reducer: 'max' | 'min', lowest: number): pool.Tensor {
  const random = randomOf(7)
  const none = isHalf(dtype) ? Number.NEGATIVE_INFINITY : extrema[reducer].identity(dtype)
  const values = Array.from({ length: size }, () => (random() < lowest ? none : Math.floor(random() * 4)))
  const wide = dtypes[dtype].storage.BYTES_PER_ELEMENT === 8 && !dtypes[dtype].float
  const elements = wide ? values.map(BigInt) : values.map(Number)
  return tensor(tensor(elements as number[], undefined, dtype).data, shape, dtype)
}

function maskOf(share: number): pool.Tensor {
  const random = randomOf(11)
  return tensor(
    Uint8Array.from({ length: size }, () => Number(random() < share)),
    shape,
    'uint8',
  )
}

/** The result with counts, and the one without. */
function bothOf(reducer: 'max' | 'min', x: pool.Tensor, options: object): readonly pool.Tensor[] {
  const all = { stride: 1, padding: 1, kernelSize: 3, ...options }
  const counted = functions[reducer](x, { ...all, returnCounts: true })
  return [counted.output as pool.Tensor, functions[reducer](x, all) as pool.Tensor]
}

describe.each(dtypeNames)('%s', (dtype) => {
  const fill: Scalar = dtypes[dtype].storage.BYTES_PER_ELEMENT === 8 && !dtypes[dtype].float ? 9n : 9

  it.each(
    (['max', 'min'] as const).flatMap((reducer) =>
      [0, 0.02, 0.9].flatMap((lowest) =>
        [0.05, 0.6, 0.99].flatMap((share) =>
          (['NCHW', 'NHWC'] as const).map((layout) => ({ reducer, lowest, share, layout })),
        ),
      ),
    ),
  )(
    '$reducer, $lowest of the elements never win, $share count, $layout',
    ({ reducer, lowest, share, layout }) => {
      const x = inputOf(dtype, reducer, lowest)
      for (const left of [{ mask: maskOf(share) }, { nodata: share < 0.5 ? 2 : 0 }, { nodata: Number.NaN }]) {
        if (Number.isNaN(left.nodata) && !dtypes[dtype].float) continue
        const [counted, own] = bothOf(reducer, x, { ...left, fill, layout })
        expect(firstDifference(own!.data, counted!.data)).toBe(-1)
      }
    },
  )
})

it('an integer without a fill is refused before anything is written, in an array of the caller or of its memory', () => {
  const x = tensor(Uint8Array.of(1, 0, 0, 5, 6, 7), [1, 1, 6])
  const mask = tensor(Uint8Array.of(1, 0, 0, 0, 1, 1), [1, 1, 6])
  const out = new Uint8Array(3).fill(77)
  for (const own of [{ out }, {}])
    expect(refusalOf(() => pool.maxPool1d(x, { kernelSize: 2, mask, ...own }))?.message).toContain(
      '1 windows have fewer',
    )
  expect([...out]).toEqual([77, 77, 77])
  expect([...pool.maxPool1d(x, { kernelSize: 3, mask, out: out.subarray(1) }).data]).toEqual([1, 7])
})

it('a mask of other numbers is refused before anything is written', () => {
  const x = tensor(Float32Array.of(1, 2, 3, 4), [1, 1, 4])
  const mask = tensor(Uint8Array.of(1, 0, 2, 1), [1, 1, 4])
  const out = new Float32Array(2).fill(77)
  expect(refusalOf(() => pool.maxPool1d(x, { kernelSize: 2, mask, out }))?.message).toContain('mask[2]')
  expect([...out]).toEqual([77, 77])
})

it.each([
  { rows: 3, stride: 2, why: 'one tile' },
  { rows: 600, stride: 2, why: 'several tiles' },
  { rows: 601, stride: 2, why: 'a last row that no window reads' },
  { rows: 602, stride: 3, why: 'rows between windows' },
])('a mask of other numbers is refused wherever they stand: $why', ({ rows, stride }) => {
  const shape = [1, 1, rows, 600]
  const x = tensor(new Uint8Array(rows * 600).fill(3), shape)
  const mask = tensor(new Uint8Array(rows * 600).fill(1), shape)
  const call = () => pool.maxPool2d(x, { kernelSize: 2, stride, mask, fill: 0 })
  expect(call().data.every((value) => value === 3)).toBe(true)
  for (let at = 0; at < mask.data.length; at += 600) {
    mask.data[at] = 2
    expect(refusalOf(call)?.message).toContain(`mask[${at}]`)
    mask.data[at] = 1
  }
})
