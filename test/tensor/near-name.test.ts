import { expect, it } from 'vitest'
import * as pool from '../../src/index.ts'
import { nearName } from '../../src/tensor/near-name.ts'
import { refusalOf } from '../support/refusals.ts'

const x = pool.rand([1, 4, 4])
const sliding = ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode', 'returnIndices', 'layout', 'out']

it.each([
  ['kernel_size', 'kernelSize'],
  ['kernelsize', 'kernelSize'],
  ['kernelShape', 'kernelSize'],
  ['kernel_shape', 'kernelSize'],
  ['poolSize', 'kernelSize'],
  ['pool_size', 'kernelSize'],
  ['ksize', 'kernelSize'],
  ['size', 'kernelSize'],
  ['kernalSize', 'kernelSize'],
  ['strides', 'stride'],
  ['stide', 'stride'],
  ['pads', 'padding'],
  ['paddding', 'padding'],
  ['dilations', 'dilation'],
  ['dilationRate', 'dilation'],
  ['ceil_mode', 'ceilMode'],
  ['return_indices', 'returnIndices'],
  ['dataFormat', 'layout'],
  ['data_format', 'layout'],
  ['color', undefined],
  ['x', undefined],
])('%s means %s', (name, meant) => {
  expect(nearName(name, sliding)).toBe(meant)
})

it('knows what a function takes', () => {
  expect(nearName('size', ['outputSize', 'layout'])).toBe('outputSize')
  expect(nearName('kernelSize', ['size', 'mode', 'stride'])).toBe('size')
  expect(nearName('kernelSize', ['kernel_shape', 'strides'])).toBe('kernel_shape')
  expect(nearName('p', ['normType'])).toBe('normType')
  expect(nearName('x'.repeat(1e6), sliding)).toBe(undefined)
})

it('is said by functions, layers and calculators', () => {
  for (const call of [
    () => pool.maxPool2d(x, { kernelSize: 2, strides: 2 } as never),
    () => pool.avgPool2dBackward(x, x, { kernelSize: 2, strides: 2 } as never),
    () => pool.maxUnpool2d(x, x, { kernelSize: 2, strides: 2 } as never),
    () => pool.fractionalMaxPool2d(x, { kernelSize: 2, outputsize: 2 } as never),
    () => new pool.MaxPool2d({ kernelSize: 2, strides: 2 } as never),
    () => new pool.Pool2D({ strides: 2 } as never),
    () => pool.outputShape('lpPool2d', [1, 4, 4], { kernelSize: 2, normType: 2, strides: 2 } as never),
    () => pool.explain('maxPool2d', [1, 4, 4], { kernelSize: 2, strides: 2 } as never),
    () => pool.zeros([2], { type: 'float32' } as never),
    () => pool.rand([2], { sead: 1 } as never),
  ])
    expect(refusalOf(call)?.message, String(call)).toMatch(
      /; it has .*(Did you mean (stride|outputSize|dtype|seed)\?)$/,
    )
})

it.each<[string, () => unknown, string]>([
  [
    'outputSize of sliding windows',
    () => pool.maxPool2d(x, { outputSize: 2 } as never),
    'Adaptive poolings have an output size.',
  ],
  [
    'kernelSize of adaptive windows',
    () => pool.adaptiveAvgPool2d(x, { kernelSize: 2 } as never),
    'Leave it out: the windows follow from outputSize.',
  ],
  [
    'samples of fractional windows',
    () => pool.fractionalMaxPool2d(x, { samples: 2 } as never),
    'Did you mean randomSamples?',
  ],
  ['stride of adaptive windows', () => pool.adaptiveAvgPool2d(x, { stride: 2 } as never), 'Leave it out.'],
])('%s', (_, call, repair) => {
  expect(refusalOf(call)?.message.endsWith(`. ${repair}`)).toBe(true)
})

it('pads as wide as the window are a matter of pool2d/onnx', () => {
  const padding = [
    [2, 0],
    [0, 0],
  ] as const
  expect(
    refusalOf(() => pool.maxPool2d(pool.rand([1, 4, 4]), { kernelSize: 2, padding }))?.message,
  ).toContain('pool2d/onnx')
})

it.each([undefined, null, {}, 5, { wasm: 5 }, { wasm: {} }, { wasm: '' }, { bytes: 1 }])(
  'init refuses %s',
  (options) => {
    expect(refusalOf(() => pool.init(options as never))?.code).toBe('BAD_PARAM')
  },
)
