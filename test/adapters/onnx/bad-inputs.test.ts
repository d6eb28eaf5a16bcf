import { describe, expect, test } from 'vitest'
import {
  averagePool,
  type Choices,
  globalMaxPool,
  lpPool,
  maxPool,
  maxRoiPool,
  maxUnpool,
  roiAlign,
  runNode,
} from '../../../src/adapters/onnx/index.ts'
import type { PoolErrorCode } from '../../../src/errors.ts'
import { rand, tensor, zeros } from '../../../src/tensor/create.ts'
import type { TensorLike } from '../../../src/tensor/tensor.ts'
import { refusalOf } from '../../support/refusals.ts'

const x = rand([1, 2, 5, 5], { seed: 0 })
const sliding = ['MaxPool', 'AveragePool', 'LpPool'] as const
type Attributes = Record<string, unknown>

function expectRefused(call: () => unknown, code: PoolErrorCode, message: string | RegExp): void {
  const before = x.data.slice()
  const error = refusalOf(call)
  expect(error?.code).toBe(code)
  expect(error?.message).toMatch(message)
  expect(error?.message).toMatch(/^.+: .+ = .+; .+\. .+[.?]$/s)
  expect(x.data).toEqual(before)
  expect(maxPool({ X: x }, { kernel_shape: [2, 2] }).Y.shape).toEqual([1, 2, 4, 4])
}

function run(opType: string, attributes: Attributes, input: TensorLike = x, choices: Choices = {}) {
  return () =>
    runNode({ opType, attributes: { kernel_shape: [2, 2], ...attributes } as never }, [input], choices)
}

describe.each(sliding)('%s', (op) => {
  test.each([
    [[1, 1], 'has 2 entries; must have 4'],
    [[1, 1, 1], 'has 3 entries; must have 4'],
    [[1, 1, 1, 1, 1, 1, 1, 1], 'has 8 entries; must have 4'],
    [[], 'has 0 entries'],
  ])('pads %j', (pads, message) => {
    expectRefused(run(op, { pads }), 'BAD_PARAM', message)
  })

  test.each([[[2, 2, 2]], [[2]], [[]]])('kernel_shape %j on two spatial axes', (window) => {
    expectRefused(run(op, { kernel_shape: window }), 'BAD_PARAM', 'one for each of the 2 spatial axes')
  })

  test.each([[[]], [[4]], [[4, 4]]])('input of shape %j', (shape) => {
    expectRefused(run(op, {}, zeros(shape)), 'BAD_SHAPE', 'must have at least 3')
  })

  test('negative pads', () => {
    expectRefused(run(op, { pads: [0, 0, -1, 0] }), 'BAD_PARAM', 'pads[2] = -1')
  })

  test.each([
    ['strides', [0, 1]],
    ['strides', [-1, 1]],
    ['dilations', [0, 1]],
    ['dilations', [-1, 1]],
    ['dilations', [1]],
    ['strides', [1, 1, 1]],
  ])('%s %j', (name, value) => {
    expectRefused(run(op, { [name]: value }), 'BAD_PARAM', name)
  })

  test('auto_pad together with pads, and unknown values of it', () => {
    expectRefused(
      run(op, { auto_pad: 'SAME_UPPER', pads: [0, 0, 0, 0] }),
      'BAD_PARAM',
      'must not be given with auto_pad "SAME_UPPER"',
    )
    expectRefused(run(op, { auto_pad: 'CAUSAL' }), 'BAD_PARAM', 'auto_pad = "CAUSAL"')
    expectRefused(run(op, { auto_pad: 'same_upper' }), 'BAD_PARAM', 'auto_pad = "same_upper"')
    expectRefused(run(op, { auto_pad: 0 }), 'BAD_PARAM', 'auto_pad = 0')
  })

  test.each([
    [2 ** 62],
    [2n ** 62n],
    [2n ** 64n + 2n],
    [1250999896764],
    [0],
    [-5],
    [2.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['2'],
    [null],
    [true],
  ])('kernel_shape [%s, 2]', (size) => {
    expectRefused(run(op, { kernel_shape: [size, 2] }), 'BAD_PARAM', 'kernel_shape[0]')
  })

  test('attributes that are none, or are no list', () => {
    expectRefused(run(op, { kernelSize: 2 }), 'BAD_PARAM', `kernelSize = 2; ${op}-22 has no such attribute`)
    expectRefused(run(op, { kernel_shape: undefined }), 'BAD_PARAM', 'kernel_shape = undefined')
    expectRefused(run(op, { kernel_shape: 2 }), 'BAD_PARAM', 'must be a list')
    expectRefused(run(op, { ceil_mode: 2 }), 'BAD_PARAM', 'from 0 to 1')
    expectRefused(run(op, { ceil_mode: true }), 'BAD_PARAM', 'ceil_mode = true')
  })

  test('a window that does not fit', () => {
    expectRefused(run(op, { kernel_shape: [9, 9] }), 'BAD_SHAPE', 'fits -3 times')
    expectRefused(run(op, { kernel_shape: [2 ** 31 - 1, 2] }), 'BAD_SHAPE', 'must fit at least once')
    expectRefused(
      run(op, { dilations: [2 ** 31 - 1, 2 ** 31 - 1], kernel_shape: [2 ** 29, 2] }),
      'LIMIT',
      'must be at most 4503599627370496',
    )
  })

  test('pads that make a million outputs of 4 inputs', () => {
    expectRefused(run(op, { pads: [2 ** 31 - 1, 0, 0, 0] }), 'LIMIT', 'must add at most 1048576')
    expectRefused(run(op, { pads: [0, 2 ** 30, 0, 0] }), 'LIMIT', 'must add at most 1048576')
    expectRefused(run(op, { pads: [0, 0, 0, 2 ** 30] }), 'LIMIT', 'pads of spatial axis 1')
  })

  test('a channel or spatial axis of 0', () => {
    expectRefused(run(op, {}, zeros([1, 0, 4, 4])), 'BAD_SHAPE', 'only the batch axis may have length 0')
    expectRefused(run(op, {}, zeros([1, 1, 0, 4])), 'BAD_SHAPE', 'only the batch axis may have length 0')
  })

  test('choices that are none', () => {
    expectRefused(run(op, {}, x, { widePads: 'maybe' } as never), 'BAD_PARAM', 'widePads = "maybe"')
    expectRefused(run(op, {}, x, { sameWindow: 'upper' } as never), 'BAD_PARAM', 'sameWindow')
    expectRefused(run(op, {}, x, { strict: true } as never), 'BAD_PARAM', 'no such option')
  })
})

describe('versions', () => {
  test.each([
    ['MaxPool', 9, { ceil_mode: 1 }, 'pass opset 10 or later'],
    ['MaxPool', 7, { storage_order: 1 }, 'pass opset 8 or later'],
    ['MaxPool', 9, { dilations: [1, 1] }, 'MaxPool-8 has no such attribute'],
    ['AveragePool', 18, { dilations: [1, 1] }, 'pass opset 19 or later'],
    ['AveragePool', 6, { count_include_pad: 1 }, 'pass opset 7 or later'],
    ['LpPool', 17, { ceil_mode: 0 }, 'pass opset 18 or later'],
    ['LpPool', 2, { p: 2.5 }, 'p = 2.5'],
  ])('%s at opset %i: %j', (opType, opset, attributes, message) => {
    const call = () =>
      runNode({ opType, opset, attributes: { kernel_shape: [2, 2], ...attributes } as never }, [x])
    expectRefused(call, 'BAD_PARAM', message)
  })

  test.each([
    ['MaxPool', 11, 'int8'],
    ['MaxPool', 21, 'bfloat16'],
    ['MaxPool', 22, 'int32'],
    ['AveragePool', 22, 'int8'],
    ['LpPool', 21, 'bfloat16'],
    ['GlobalMaxPool', 22, 'uint8'],
  ] as const)('%s at opset %i takes no %s', (opType, opset, dtype) => {
    const attributes = opType === 'GlobalMaxPool' ? {} : { kernel_shape: [2, 2] }
    const input = zeros([1, 1, 4, 4], { dtype })
    expectRefused(() => runNode({ opType, opset, attributes }, [input]), 'BAD_DTYPE', `X.dtype = "${dtype}"`)
  })

  test('outputs that a version does not have', () => {
    const node = { opType: 'MaxPool', opset: 7, attributes: { kernel_shape: [2, 2] } }
    expect(runNode(node, [x])).toHaveLength(1)
    expectRefused(() => runNode({ ...node, outputs: 2 }, [x]), 'BAD_PARAM', 'from 1 to 1: MaxPool-1 has Y')
    expectRefused(() => runNode({ ...node, outputs: 0 }, [x]), 'BAD_PARAM', 'outputs = 0')
  })

  test('LpPool-1 without kernel_shape', () => {
    expectRefused(
      () => runNode({ opType: 'LpPool', opset: 1 }, [x]),
      'BAD_PARAM',
      'does not define the result',
    )
  })

  test.each([[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY]])('p = %d', (p) => {
    expectRefused(() => lpPool({ X: x }, { kernel_shape: [2, 2], p }), 'BAD_PARAM', 'p = ')
    expectRefused(() => lpPool({ X: x }, { kernel_shape: [2, 2], p }, { opset: 1 }), 'BAD_PARAM', 'p = ')
  })
})

describe('inputs', () => {
  test('missing, surplus, unknown, and no tensors', () => {
    expectRefused(() => runNode({ opType: 'GlobalMaxPool' }, []), 'BAD_DTYPE', 'X = undefined')
    expectRefused(() => runNode({ opType: 'GlobalMaxPool' }, [x, x]), 'BAD_PARAM', 'takes X')
    expectRefused(() => globalMaxPool({ x } as never), 'BAD_PARAM', 'x = ')
    expectRefused(() => globalMaxPool(x as never), 'BAD_PARAM', 'no such option')
    expectRefused(() => globalMaxPool({ X: 5 as never }), 'BAD_DTYPE', 'X = 5')
    expectRefused(
      () => globalMaxPool({ X: x }, { kernel_shape: [2] } as never),
      'BAD_PARAM',
      'it has no attributes',
    )
  })

  test('settings that are none', () => {
    expectRefused(
      () => averagePool({ X: x }, { kernel_shape: [2, 2] }, { layout: 'NHWC' } as never),
      'BAD_PARAM',
      'layout',
    )
    expectRefused(
      () => maxPool({ X: x }, { kernel_shape: [2, 2] }, { indices: 1 } as never),
      'BAD_PARAM',
      'indices = 1',
    )
  })

  test('tensors that lie on a device', () => {
    const there = { dims: [1, 1, 2], type: 'float32', location: 'gpu-buffer' }
    expectRefused(() => globalMaxPool({ X: there as never }), 'UNAVAILABLE', 'X.location = "gpu-buffer"')
  })
})

describe('MaxUnpool', () => {
  const pooled = tensor([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])
  const at = (...places: bigint[]) => tensor(BigInt64Array.from(places), [1, 1, 2, 2])
  const window = { kernel_shape: [2, 2], strides: [2, 2] }
  const shape = (...dims: number[]) => tensor(BigInt64Array.from(dims, BigInt), [dims.length])

  test.each([
    [[-1n, 1n, 2n, 3n], 'I[0] = -1n'],
    [[0n, 16n, 2n, 3n], 'I[1] = 16n; must be from 0 to 15'],
    [[0n, 1n, 2n ** 32n + 3n, 3n], 'I[2]'],
    [[0n, 1n, 2n, -(2n ** 63n)], 'I[3]'],
  ])('indices %s', (places, message) => {
    expectRefused(() => maxUnpool({ X: pooled, I: at(...places) }, window), 'BAD_INDEX', message)
  })

  test('an index beyond output_shape, which counts and not the inferred shape', () => {
    const inputs = (last: bigint, ...dims: number[]) => ({
      X: pooled,
      I: at(0n, 1n, 2n, last),
      output_shape: shape(...dims),
    })
    expectRefused(
      () => maxUnpool(inputs(25n, 1, 1, 5, 5), window),
      'BAD_INDEX',
      'I[3] = 25n; must be from 0 to 24',
    )
    expect(maxUnpool(inputs(24n, 1, 1, 5, 5), window).output.data[24]).toBe(4)
    expectRefused(() => maxUnpool(inputs(9n, 1, 1, 3, 3), window), 'BAD_INDEX', 'I[3] = 9n')
  })

  test('shapes that do not fit', () => {
    const I = at(0n, 1n, 2n, 3n)
    expectRefused(
      () => maxUnpool({ X: pooled, I: tensor(new BigInt64Array(3), [1, 1, 3]) }, window),
      'BAD_SHAPE',
      'I.shape',
    )
    expectRefused(
      () => maxUnpool({ X: pooled, I, output_shape: shape(5, 5) }, window),
      'BAD_SHAPE',
      'output_shape',
    )
    expectRefused(
      () => maxUnpool({ X: pooled, I, output_shape: shape(1, 2, 5, 5) }, window),
      'BAD_SHAPE',
      'output_shape[1]',
    )
    expectRefused(
      () => maxUnpool({ X: pooled, I, output_shape: shape(1, 1, 0, 5) }, window),
      'BAD_SHAPE',
      'output_shape[2]',
    )
    expectRefused(
      () => maxUnpool({ X: pooled, I }, { ...window, pads: [2, 2, 2, 2] }),
      'BAD_SHAPE',
      'output.shape[2] = 0',
    )
    expectRefused(() => maxUnpool({ X: pooled, I }, { kernel_shape: [2] }), 'BAD_PARAM', 'kernel_shape')
  })

  test('indices that are not int64', () => {
    const I = tensor(new Int32Array(4), [1, 1, 2, 2])
    expectRefused(() => maxUnpool({ X: pooled, I }, window), 'BAD_DTYPE', 'I.dtype = "int32"; must be int64')
  })
})

describe('regions', () => {
  const image = rand([2, 1, 6, 6], { seed: 1 })
  const align = (box: number[], index: bigint, attributes = {}) =>
    roiAlign(
      { X: image, rois: tensor([box]), batch_indices: tensor(BigInt64Array.of(index), [1]) },
      attributes,
    )
  const pool = (row: number[], attributes = {}) =>
    maxRoiPool({ X: image, rois: tensor([row]) }, { pooled_shape: [2, 2], ...attributes })

  test.each([[-1n], [2n], [2n ** 40n]])('batch_indices %s', (index) => {
    expectRefused(() => align([0, 0, 3, 3], index), 'BAD_INDEX', 'batch_indices[0]')
  })

  test.each([[-1], [2], [0.5]])('the image of a row of rois, %d', (index) => {
    expectRefused(() => pool([index, 0, 0, 3, 3]), 'BAD_INDEX', 'rois[0][0]')
  })

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]])(
    'a corner at %d',
    (corner) => {
      expectRefused(() => align([0, corner, 3, 3], 0n), 'BAD_PARAM', 'rois[0][1]')
      expectRefused(() => pool([0, 0, 0, 3, corner]), 'BAD_PARAM', 'rois[0][4]')
    },
  )

  test('regions far larger than the image are computed, at once', () => {
    expect(align([-1e30, -1e30, 1e30, 1e30], 0n).Y.data[0]).toBeCloseTo(0)
    expect(align([0, 0, 1e30, 1e30], 0n, { mode: 'max' }).Y.data[0]).toBeCloseTo(
      Math.max(...image.data.slice(30, 36), ...[5, 11, 17, 23, 29].map((i) => image.data[i]!)),
      5,
    )
    expect(pool([0, -1e30, -1e30, 1e30, 1e30]).Y.shape).toEqual([1, 1, 2, 2])
    expect(
      maxRoiPool({ X: image, rois: tensor([[1, -3e38, -3e38, 3e38, 3e38]]) }, { pooled_shape: [1, 1] }).Y
        .data[0],
    ).toBe(Math.max(...image.data.slice(36)))
  })

  test.each([
    [{ sampling_ratio: -1 }, 'sampling_ratio = -1'],
    [{ sampling_ratio: 2 ** 31 }, 'from 0 to 1024'],
    [{ output_height: 0 }, 'output_height = 0'],
    [{ output_width: -2 }, 'output_width = -2'],
    [{ mode: 'sum' }, 'mode = "sum"'],
    [{ spatial_scale: Number.NaN }, 'spatial_scale'],
    [{ spatial_scale: 0 }, 'spatial_scale'],
  ])('attributes %j', (attributes, message) => {
    expectRefused(() => align([0, 0, 3, 3], 0n, attributes), 'BAD_PARAM', message)
  })

  test('MaxRoiPool: pooled_shape', () => {
    expectRefused(() => pool([0, 0, 0, 3, 3], { pooled_shape: [2] }), 'BAD_PARAM', 'pooled_shape')
    expectRefused(() => pool([0, 0, 0, 3, 3], { pooled_shape: [0, 2] }), 'BAD_PARAM', 'pooled_shape[0]')
    expectRefused(
      () => pool([0, 0, 0, 3, 3], { pooled_shape: [2 ** 31 - 1, 2 ** 31 - 1] }),
      'LIMIT',
      'pooled_shape[0]',
    )
    expectRefused(() => align([0, 0, 3, 3], 0n, { output_width: 2 ** 20 }), 'LIMIT', 'output_width')
  })

  test('shapes and types that do not fit', () => {
    const rois = tensor([[0, 0, 3, 3]])
    const batch_indices = tensor(new BigInt64Array(1), [1])
    expectRefused(
      () => roiAlign({ X: zeros([1, 6, 6]) as never, rois, batch_indices }),
      'BAD_SHAPE',
      'X.shape',
    )
    expectRefused(
      () => roiAlign({ X: image, rois: tensor([0, 0, 3, 3]), batch_indices }),
      'BAD_SHAPE',
      'rois.shape',
    )
    expectRefused(
      () => roiAlign({ X: image, rois, batch_indices: tensor(new BigInt64Array(2), [2]) }),
      'BAD_SHAPE',
      'batch_indices.shape',
    )
    expectRefused(
      () => roiAlign({ X: image, rois, batch_indices: tensor([0]) }),
      'BAD_DTYPE',
      'batch_indices.dtype',
    )
    expectRefused(
      () =>
        runNode({ opType: 'RoiAlign' }, [image, tensor([[0, 0, 3, 3]], undefined, 'float64'), batch_indices]),
      'BAD_DTYPE',
      'rois.dtype = "float64"; must be that of X',
    )
  })
})
