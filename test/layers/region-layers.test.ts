/**
 * Layers of regions: the functions with fixed options.
 */
import { expect, test } from 'vitest'
import * as pool from '../../src/index.ts'
import { type Boxes, rand, type Tensor, tensor } from '../../src/index.ts'
import { codeOf } from '../support/refusals.ts'

const x = rand([2, 8, 9, 7], { seed: 1 })
const boxes = tensor([
  [0, 0.5, 1, 5.2, 6],
  [1, 3, 2, 6.5, 8.5],
])

type Functions = Record<string, (...given: unknown[]) => Tensor>
const functions = pool as unknown as Functions

const options = { outputSize: [2, 2], spatialScale: 0.5 }
const layers = [
  ['roiPool', new pool.RoIPool(options), options, 'RoIPool(output_size=(2, 2), spatial_scale=0.5)'],
  [
    'roiAlign',
    new pool.RoIAlign({ ...options, samplingRatio: 2, aligned: true }),
    { ...options, samplingRatio: 2, aligned: true },
    'RoIAlign(output_size=(2, 2), spatial_scale=0.5, sampling_ratio=2, aligned=True)',
  ],
  ['psRoiPool', new pool.PSRoIPool(options), options, 'PSRoIPool(output_size=(2, 2), spatial_scale=0.5)'],
  [
    'psRoiAlign',
    new pool.PSRoIAlign(options),
    options,
    'PSRoIAlign(output_size=(2, 2), spatial_scale=0.5, sampling_ratio=-1)',
  ],
] as const

test.each(layers)('%s', (name, layer, given, text) => {
  const y = layer.forward(x, boxes)
  expect(y).toEqual(functions[name]!(x, boxes, given))
  expect(layer.backward(y, x, boxes)).toEqual(functions[`${name}Backward`]!(y, x, boxes, given))
  expect(String(layer)).toBe(text)
  expect(layer.options).toEqual(given)
})

test('are checked when they are made', () => {
  const make = (given: object) => () => new pool.RoIAlign(given as never)
  expect(codeOf(make({}))).toBe('BAD_PARAM')
  expect(codeOf(make({ outputSize: 2, spatialScale: 0 }))).toBe('BAD_PARAM')
  expect(codeOf(make({ outputSize: 2, samplingRatio: 0.5 }))).toBe('BAD_PARAM')
  expect(codeOf(make({ outputSize: 2, out: new Float32Array(4) }))).toBe('BAD_PARAM')
  expect(codeOf(() => new pool.RoIPool({ outputSize: 2, aligned: true } as never))).toBe('BAD_PARAM')
})

test('take boxes of each image', () => {
  const own: Boxes = [tensor([[0, 0, 4, 4]]), tensor([[1, 1, 5, 5]])]
  const layer = new pool.RoIPool({ outputSize: 2 })
  expect(layer.forward(x, own).shape).toEqual([2, 8, 2, 2])
})
