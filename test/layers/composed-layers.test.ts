/**
 * Layers of poolings that are composed of others: the functions with fixed options.
 */
import { expect, test } from 'vitest'
import * as pool from '../../src/index.ts'
import { rand, type Tensor } from '../../src/index.ts'
import { codeOf } from '../support/refusals.ts'

type Functions = Record<string, (...given: unknown[]) => Tensor>
const functions = pool as unknown as Functions

const blur = { kernelSize: 2, stride: 3, filterSize: 4, padMode: 'zero' } as const
const blurred = 'filter_size=4, stride=3, pad_mode='
const pyramid = { levels: [3, [1, 2]], mode: ['max', 'average'] } as const
const layers = [
  [
    'maxBlurPool1d',
    new pool.MaxBlurPool1d(blur),
    blur,
    [2, 3, 9],
    `MaxBlurPool1d(kernel_size=2, ${blurred}'zero')`,
  ],
  [
    'maxBlurPool2d',
    new pool.MaxBlurPool2d(blur),
    blur,
    [2, 3, 9, 7],
    `MaxBlurPool2d(kernel_size=2, ${blurred}'zero')`,
  ],
  [
    'maxBlurPool3d',
    new pool.MaxBlurPool3d(blur),
    blur,
    [1, 2, 5, 9, 7],
    `MaxBlurPool3d(kernel_size=2, ${blurred}'zero')`,
  ],
  [
    'spatialPyramidPool',
    new pool.SpatialPyramidPool(pyramid),
    pyramid,
    [2, 3, 9, 7],
    "SpatialPyramidPool(levels=(3, (1, 2)), mode=('max', 'average'))",
  ],
] as const

test.each(layers)('%s', (name, layer, options, shape, text) => {
  const x = rand(shape, { seed: 1 })
  const y = layer.forward(x)
  expect(y).toEqual(functions[name]!(x, options))
  expect(layer.outputShape(shape)).toEqual(y.shape)
  expect(layer.backward(y, x)).toEqual(functions[`${name}Backward`]!(y, x, options))
  expect(String(layer)).toBe(text)
  expect(layer.options).toEqual(options)
})

test('are checked when they are made', () => {
  const blurs = (options: object) => codeOf(() => new pool.MaxBlurPool2d(options as never))
  expect(blurs({})).toBe('BAD_PARAM')
  expect(blurs({ kernelSize: 2, filterSize: 0 })).toBe('BAD_PARAM')
  expect(blurs({ kernelSize: 2, padding: 1 })).toBe('BAD_PARAM')
  expect(blurs({ kernelSize: 2, out: new Float32Array(4) })).toBe('BAD_PARAM')
  const pyramids = (options: object) => codeOf(() => new pool.SpatialPyramidPool(options as never))
  expect(pyramids({})).toBe('BAD_PARAM')
  expect(pyramids({ levels: [] })).toBe('BAD_PARAM')
  expect(pyramids({ levels: [2, -1] })).toBe('BAD_PARAM')
  expect(pyramids({ levels: [2], mode: 'min' })).toBe('BAD_PARAM')
  expect(pyramids({ levels: [[1, 2, 3, 4]] })).toBe('BAD_PARAM')
  expect(pyramids({ levels: [2], out: new Float32Array(4) })).toBe('BAD_PARAM')
})
