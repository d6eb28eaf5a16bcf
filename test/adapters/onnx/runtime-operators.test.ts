/**
 * ONNX Runtime's own poolings: results by the rules of ONNX Runtime 1.30, layouts, models, and refusals. test/onnxruntime compares random nodes.
 */
import { describe, expect, test } from 'vitest'
import { listPoolings, parseModel, runModel, runNode } from '../../../src/adapters/onnx/index.ts'
import { maxPool2d, type Tensor, tensor } from '../../../src/index.ts'
import { modelBytes } from '../../support/onnx-model.ts'
import { codeOf } from '../../support/refusals.ts'

const domain = 'com.microsoft'
const byte = (value: number) => tensor(Uint8Array.of(value), [])
const scale = (value: number) => tensor(Float32Array.of(value), [])
const x = tensor(Uint8Array.of(65, 221, 102, 2, 36, 74, 134, 111), [1, 1, 2, 4])
const quantised = [x, scale(0.03225), byte(100), scale(0.03225), byte(163)]
const average = {
  opType: 'QLinearAveragePool',
  domain,
  attributes: { kernel_shape: [2, 2], strides: [2, 2] },
}
const global = { opType: 'QLinearGlobalAveragePool', domain }
/** Channels last: one plane of two pixels of four channels, and of four pixels of two. */
const last = (shape: number[]) => [tensor(x.data, shape), ...quantised.slice(1)]

describe('an average of quantised tensors', () => {
  test('is quantised again, halves to even with the zero point', () => {
    const [y] = runNode(average, quantised)
    expect([y.dtype, y.shape, [...y.data]]).toEqual(['uint8', [1, 1, 1, 2], [162, 150]])
    const pair = { ...average, attributes: { kernel_shape: [1, 2] } }
    const halves = [tensor(Uint8Array.of(65, 222), [1, 1, 1, 2]), scale(0.03125), byte(100), scale(0.03125)]
    expect([163, 164].map((zero) => runNode(pair, [...halves, byte(zero)])[0].data[0])).toEqual([206, 208])
  })

  test('divides by all of the window with count_include_pad', () => {
    const attributes = {
      kernel_shape: [2, 2],
      strides: [2, 2],
      pads: [0, 0, 1, 0],
      ceil_mode: 1,
      count_include_pad: 1,
    }
    expect(runNode({ ...average, attributes }, quantised)[0].shape).toEqual([1, 1, 1, 2])
  })

  test('has one mean for each channel, in both layouts', () => {
    const [first] = runNode(global, quantised)
    expect([first.shape, [...first.data]]).toEqual([[1, 1, 1, 1], [156]])
    const [y] = runNode({ ...global, attributes: { channels_last: 1 } }, last([1, 2, 1, 4]))
    expect([y.shape, [...y.data]]).toEqual([
      [1, 1, 1, 4],
      [113, 211, 181, 119],
    ])
  })
})

test('maxima with channels last are those of NHWC', () => {
  const pixels = tensor(Int8Array.from(x.data), [1, 2, 2, 2])
  const [y] = runNode({ opType: 'NhwcMaxPool', domain, attributes: { kernel_shape: [2, 2] } }, [pixels])
  expect(y).toEqual(maxPool2d(pixels, { kernelSize: 2, layout: 'NHWC' }))
})

test('a model of them is listed without a refusal, and run', () => {
  const names = ['x', 'xs', 'xz', 'ys', 'yz']
  const bytes = modelBytes({
    opset: 12,
    nodes: [{ ...average, inputs: names, outputs: ['y'] }],
    inputs: names.map((name, i) => ({ name, dtype: quantised[i]!.dtype, shape: quantised[i]!.shape })),
    outputs: [{ name: 'y', dtype: 'uint8' }],
  })
  const model = parseModel(bytes)
  expect(listPoolings(model)[0]).toMatchObject({ refusal: null, outputShape: [1, 1, 1, 2] })
  expect((runModel(model, quantised).get('y') as Tensor).data).toEqual(runNode(average, quantised)[0].data)
})

describe('refuses', () => {
  const floats = tensor(Float32Array.from(x.data), x.shape)
  const [, xs, xz, ys, yz] = quantised as [Tensor, Tensor, Tensor, Tensor, Tensor]
  test.each([
    ['floats', average, [floats, xs, xz, ys, yz], 'BAD_DTYPE'],
    ['a zero point of another type', average, [x, xs, xs, ys, yz], 'BAD_DTYPE'],
    ['a scale of 0', average, [x, scale(0), xz, ys, yz], 'BAD_PARAM'],
    ['a scale of bytes', average, [x, xz, xz, ys, yz], 'BAD_DTYPE'],
    ['a scale for each channel', average, [x, tensor(new Float32Array(2), [2]), xz, ys, yz], 'BAD_SHAPE'],
    ['a global average without its zero points', global, [x, xs, undefined, ys, yz], 'BAD_DTYPE'],
    ['six inputs', average, [...quantised, x], 'BAD_PARAM'],
    [
      'dilations',
      { ...average, attributes: { kernel_shape: [2, 2], dilations: [1, 1] } },
      quantised,
      'BAD_PARAM',
    ],
    [
      'a layout of 2',
      { ...average, attributes: { kernel_shape: [2, 2], channels_last: 2 } },
      quantised,
      'BAD_PARAM',
    ],
    ['two outputs', { ...average, outputs: 2 }, quantised, 'BAD_PARAM'],
    ['an operator that it lacks', { ...average, opType: 'MaxpoolWithMask' }, quantised, 'BAD_PARAM'],
    ['another domain', { ...average, domain: 'ai.onnx.ml' }, quantised, 'BAD_PARAM'],
  ])('%s', (_, node, inputs, code) =>
    expect(codeOf(() => runNode(node as never, inputs as never))).toBe(code),
  )
})
