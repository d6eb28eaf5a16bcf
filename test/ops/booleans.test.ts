/**
 * Truth values: bytes declared as 'bool'. Maxima are "any", minima "all"; what has no truth value as its result is refused.
 */
import { describe, expect, test } from 'vitest'
import { formatNpy, formatNpz, parseNpy, parseNpz } from '../../src/adapters/npy/index.ts'
import { PoolError } from '../../src/errors.ts'
import * as pool from '../../src/index.ts'
import { catalogue as operations } from '../../src/ops/catalogue.ts'
import { catalogue } from '../support/catalogue.ts'

const { tensor } = pool
const bits = (values: readonly number[], shape: readonly number[]) =>
  tensor(Uint8Array.from(values), shape, 'bool')
const x = bits([1, 0, 0, 0, /**/ 0, 0, 0, 0, /**/ 1, 1, 1, 1, /**/ 1, 1, 0, 1], [1, 4, 4])

describe('pooling of truth values', () => {
  test('max is any, min is all, mode the commoner one; results are truth values', () => {
    const any = pool.maxPool2d(x, { kernelSize: 2 })
    expect([any.isBoolean, any.dtype, any.toArray()]).toEqual([
      true,
      'uint8',
      [
        [
          [1, 0],
          [1, 1],
        ],
      ],
    ])
    const all = pool.minPool2d(x, { kernelSize: 2 })
    expect([all.isBoolean, all.toArray()]).toEqual([
      true,
      [
        [
          [0, 0],
          [1, 0],
        ],
      ],
    ])
    const most = pool.modePool2d(x, { kernelSize: 2 })
    expect([most.isBoolean, most.toArray()]).toEqual([
      true,
      [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    ])
    expect(pool.adaptiveMaxPool2d(x, { outputSize: 1 })).toMatchObject({ isBoolean: true, shape: [1, 1, 1] })
    const { output, indices } = pool.maxPool2d(x, { kernelSize: 4, returnIndices: true })
    expect([output.isBoolean, output.toArray(), indices.isBoolean]).toEqual([true, [[[1]]], false])
  })

  test('a minimum over no element is true', () => {
    const gaps = { kernelSize: 2, dilation: 4, padding: 1 } as const
    const y = pool.minPool1d(bits([0, 0, 0], [1, 3]), gaps)
    expect(Array.from(y.data as Uint8Array).every((value) => value <= 1)).toBe(true)
  })

  test.each(catalogue.filter(({ name }) => !name.startsWith('maxUnpool')))(
    '$name',
    ({ name, rank, required }) => {
      const { reducer, action, forward, backward } = operations[name]
      const shape = [1, 1, ...Array.from({ length: rank }, () => 8)]
      const size = shape.reduce((product, dim) => product * dim)
      const given = bits(
        Array.from({ length: size }, (_, i) => i % 2),
        shape,
      )
      const run = () => forward(given, required)
      if (['max', 'min', 'mode'].includes(reducer)) {
        const y = run()
        expect((y as pool.Tensor).isBoolean).toBe(true)
      } else {
        expect(run).toThrow(/x\.dtype = "bool"; of truth values max is "any".* Convert them to numbers/)
      }
      if (action === 'votes') return
      expect(() => backward(given, given, required)).toThrow(PoolError)
    },
  )

  test('a mean of them is asked for as float', () => {
    const y = pool.avgPool2d(tensor(Float32Array.from(x.data), x.shape), { kernelSize: 2 })
    expect(y.toArray()).toEqual([
      [
        [0.25, 0],
        [1, 0.75],
      ],
    ])
  })

  test('elements and fills other than 0 and 1 are refused', () => {
    const odd = { data: Uint8Array.of(1, 2, 0), shape: [1, 3], dtype: 'bool' }
    expect(() => pool.maxPool1d(odd, { kernelSize: 3 })).toThrow(
      'x.data[1] = 2; must be 0 or 1, as x is bool',
    )
    expect(() => pool.maxPool2d(x, { kernelSize: 2, fill: 7 })).toThrow(
      'fill = 7; must be 0 or 1, as x is bool',
    )
    expect(() => pool.maxPool2d(x, { kernelSize: 2, nodata: 255 })).toThrow('fill = 255')
    const y = pool.minPool2d(x, { kernelSize: 2, nodata: 0, fill: 1 })
    expect([y.isBoolean, y.toArray()]).toEqual([
      true,
      [
        [
          [1, 1],
          [1, 1],
        ],
      ],
    ])
  })
})

test('other declared forms: ONNX Runtime, plain arrays, views, JSON; only bytes can be bool', () => {
  const forms = [
    { data: Uint8Array.of(1, 0), dims: [1, 2], type: 'bool' },
    { data: [1, 0], shape: [1, 2], dtype: 'bool' },
    { data: Uint8Array.of(0, 1), shape: [1, 2], dtype: 'bool', stride: [2, -1], offset: 1 },
    JSON.parse(JSON.stringify(bits([1, 0], [1, 2]))),
  ]
  for (const form of forms)
    expect(pool.maxPool1d(form, { kernelSize: 2 })).toMatchObject({ isBoolean: true, data: Uint8Array.of(1) })
  expect(tensor([[1, 0]], undefined, 'bool')).toMatchObject({ isBoolean: true, dtype: 'uint8' })
  expect(bits([1, 0], [2]).reshape([1, 2]).isBoolean).toBe(true)
  expect(() => tensor(new Float32Array(1), [1], 'bool')).toThrow('the data is a Float32Array')
})

test('a mask may be bool', () => {
  const mask = bits([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1], [4, 4])
  const y = pool.avgPool2d(
    tensor(
      Float32Array.from({ length: 16 }, (_, i) => i),
      [1, 4, 4],
    ),
    { kernelSize: 2, mask },
  )
  expect(y.toArray()).toEqual([
    [
      [2.5, Number.NaN],
      [10.5, 12.5],
    ],
  ])
})

test('.npy and .npz keep booleans', () => {
  const file = formatNpy(x)
  expect(new TextDecoder().decode(file)).toContain("'descr': '|b1'")
  expect(parseNpy(file)).toEqual(x)
  expect(parseNpz(formatNpz([['a', x]]))).toEqual(new Map([['a', x]]))
  const odd = formatNpy({ data: Uint8Array.of(255, 0), shape: [2], dtype: 'bool' })
  expect(Array.from(odd.subarray(-2))).toEqual([1, 0])
})
