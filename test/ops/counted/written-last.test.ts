/**
 * A result in the caller's array is the same as in a new one, and nothing is written there if a mask is refused, whether the mask is looked at
 * before or while it is read.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { tensor } from '../../../src/index.ts'
import { firstDifference, randomOf } from '../../kernels/jobs.ts'
import { refusalOf } from '../../support/refusals.ts'

type Pooling = (x: pool.Tensor, options: object) => pool.Tensor

const shape = [2, 3, 16, 40]
const size = 2 * 3 * 16 * 40
const poolings: readonly (readonly [string, Pooling, object])[] = [
  ['maxPool2d', pool.maxPool2d as Pooling, { kernelSize: 2 }],
  ['minPool2d', pool.minPool2d as Pooling, { kernelSize: 3, stride: 1, padding: 1 }],
  ['avgPool2d', pool.avgPool2d as Pooling, { kernelSize: 2 }],
  ['sumPool2d', pool.sumPool2d as Pooling, { kernelSize: 4 }],
  ['adaptiveMaxPool2d', pool.adaptiveMaxPool2d as Pooling, { outputSize: 3 }],
  ['adaptiveAvgPool2d', pool.adaptiveAvgPool2d as Pooling, { outputSize: 3 }],
  ['globalMaxPool', pool.globalMaxPool as Pooling, {}],
  ['globalAvgPool', pool.globalAvgPool as Pooling, {}],
]

function numbers(seed: number, most: number): number[] {
  const random = randomOf(seed)
  return Array.from({ length: size }, () => Math.floor(random() * most))
}

describe.each(['uint8', 'int16', 'float32'] as const)('%s', (dtype) => {
  it.each(poolings)('%s', (_, run, own) => {
    const x = tensor(tensor(numbers(3, 100), undefined, dtype).data, shape, dtype)
    const bytes = Uint8Array.from(numbers(5, 3), (value) => Number(value > 0))
    const options = { ...own, mask: tensor(bytes, shape, 'uint8'), fill: 9 }
    // A job that came before is kept, and reads the mask another way.
    for (let turn = 0; turn < 3; turn++) {
      const expected = run(x, options)
      const out = new (expected.data.constructor as Uint8ArrayConstructor)(expected.data.length)
      const result = run(x, { ...options, out })
      expect(result.data).toBe(out)
      expect(result.shape).toEqual(expected.shape)
      expect(firstDifference(out, expected.data)).toBe(-1)
      for (const place of [0, size >> 1, size - 1]) {
        const wrong = tensor(bytes.with(place, 2), shape, 'uint8')
        for (const where of [{ out: out.fill(77) }, {}]) {
          const refused = refusalOf(() => run(x, { ...options, ...where, mask: wrong }))
          expect(refused?.message).toContain(`mask[${place}] = 2; must be 0 or 1`)
        }
        expect(out.every((value) => value === 77)).toBe(true)
      }
    }
  })

  it('an array that does not fit is refused', () => {
    const x = tensor(tensor(numbers(3, 100), undefined, dtype).data, shape, dtype)
    const mask = tensor(new Uint8Array(size).fill(1), shape, 'uint8')
    const short = new (x.data.constructor as Uint8ArrayConstructor)(5)
    expect(refusalOf(() => pool.globalMaxPool(x, { mask, fill: 9, out: short }))?.code).toBe('BAD_SHAPE')
    const other = new Float64Array(6)
    expect(refusalOf(() => pool.globalMaxPool(x, { mask, fill: 9, out: other as never }))?.code).toBe(
      'BAD_DTYPE',
    )
  })
})
