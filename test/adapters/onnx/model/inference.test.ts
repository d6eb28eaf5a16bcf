/**
 * Blocks of known networks, built by ONNX's own operators: what a pooling behind them takes.
 */
import { create } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listPoolings, parseModel } from '../../../../src/adapters/onnx/index.ts'
import { factOf } from '../../../../src/adapters/onnx/model/inference/fact.ts'
import { NodeView } from '../../../../src/adapters/onnx/model/inference/node-view.ts'
import { rules } from '../../../../src/adapters/onnx/model/inference/rules.ts'
import { AttributeProtoSchema } from '../../../../src/adapters/onnx/proto/generated/onnx_pb.ts'
import { tensor, zeros } from '../../../../src/tensor/create.ts'
import { Tensor } from '../../../../src/tensor/tensor.ts'
import {
  type ModelAttributes,
  type ModelNode,
  type ModelRequest,
  modelBytes,
} from '../../../support/onnx-model.ts'

type Step = readonly [opType: string, inputs: string, outputs: string, attributes?: ModelAttributes]

const int64 = (...values: number[]) =>
  new Tensor(BigInt64Array.from(values, BigInt), [values.length], 'int64')
const index = (value: number) => new Tensor(BigInt64Array.of(BigInt(value)), [], 'int64')

/** `com.microsoft.QLinearAdd` in its domain; an input `-` is left out. */
function nodeOf([name, inputs, outputs, attributes]: Step): ModelNode {
  const names = (text: string) => text.split(' ').map((part) => (part === '-' ? '' : part))
  const place = name.lastIndexOf('.')
  return {
    opType: name.slice(place + 1),
    domain: name.slice(0, Math.max(0, place)),
    ...(attributes && { attributes }),
    inputs: names(inputs),
    outputs: names(outputs),
  }
}

interface Network {
  readonly x?: (number | string)[]
  readonly opset?: number
  readonly dtype?: ModelRequest['inputs'][number]['dtype']
  readonly constants?: Readonly<Record<string, Tensor>>
  readonly steps: readonly Step[]
}

/** The pooling of `z`, behind the steps. */
function pooled({ x = ['N', 64, 56, 56], opset = 22, dtype = 'float32', constants = {}, steps }: Network) {
  const rows = listPoolings(
    parseModel(
      modelBytes({
        opset,
        nodes: [...steps, ['GlobalMaxPool', 'z', 'y'] as const].map(nodeOf),
        inputs: [{ name: 'x', dtype, shape: x }],
        outputs: [{ name: 'y', dtype }],
        initializers: constants,
      }),
      'm.onnx',
    ),
  )
  return rows.at(-1)!
}

const shapeOf = (network: Network) => pooled(network).inputShape

describe('blocks of networks', () => {
  test('a residual block: Conv, BatchNormalization, Add, Relu', () => {
    const constants = {
      w1: zeros([64, 64, 1, 1]),
      w2: zeros([64, 64, 3, 3]),
      w3: zeros([256, 64, 1, 1]),
      b: zeros([256]),
    }
    const down = { strides: [2, 2] }
    const steps: Step[] = [
      ['Conv', 'x w1', 'a'],
      ['BatchNormalization', 'a b b b b', 'b1'],
      ['Relu', 'b1', 'c'],
      ['Conv', 'c w2', 'd', { pads: [1, 1, 1, 1], ...down }],
      ['Conv', 'd w3', 'e'],
      ['Conv', 'x w3', 'f', down],
      ['Add', 'e f', 'g'],
      ['Relu', 'g', 'z'],
    ]
    expect(shapeOf({ constants, steps })).toEqual(['N', 256, 28, 28])
    expect(shapeOf({ constants, steps, x: ['N', 64, 'H', 56] })).toEqual(['N', 256, null, 28])
  })

  test('a dense block: Concat of all before, a transition, weights made by ConstantOfShape', () => {
    const steps: Step[] = [
      ['ConstantOfShape', 'ws', 'w'],
      ['Conv', 'x w', 'a', { pads: [1, 1, 1, 1] }],
      ['Concat', 'x a', 'c', { axis: 1 }],
      ['ConstantOfShape', 'vs', 'v'],
      ['Conv', 'c v', 'd'],
      ['AveragePool', 'd', 'z', { kernel_shape: [2, 2], strides: [2, 2] }],
    ]
    const constants = { ws: int64(32, 64, 3, 3), vs: int64(48, 96, 1, 1) }
    expect(shapeOf({ constants, steps, opset: 9 })).toEqual(['N', 48, 28, 28])
  })

  test('an inception module: branches of four kinds, LRN before', () => {
    const constants = {
      w1: zeros([32, 64, 1, 1]),
      w3: zeros([48, 32, 3, 3]),
      w5: zeros([16, 32, 5, 5]),
      w7: zeros([8, 32, 1, 7]),
    }
    const steps: Step[] = [
      ['LRN', 'x', 'l', { size: 5 }],
      ['Conv', 'l w1', 'a'],
      ['Conv', 'a w3', 'b', { auto_pad: 'SAME_UPPER' }],
      ['Conv', 'a w5', 'c', { pads: [2, 2, 2, 2] }],
      ['Conv', 'a w7', 'd', { pads: [0, 3, 0, 3] }],
      ['MaxPool', 'l', 'p', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
      ['Concat', 'a b c d p', 'z', { axis: -3 }],
    ]
    expect(shapeOf({ constants, steps })).toEqual(['N', 168, 56, 56])
    expect(shapeOf({ constants, steps, x: ['N', 64, 'H', 'W'] })).toEqual(['N', 168, 'H', 'W'])
  })

  test('a channel shuffle: Reshape, Transpose, Reshape, and a Split', () => {
    const steps: Step[] = [
      ['Reshape', 'x s5', 'a'],
      ['Transpose', 'a', 'b', { perm: [0, 2, 1, 3, 4] }],
      ['Reshape', 'b s4', 'c'],
      ['Split', 'c', 'd z', { axis: 1 }],
    ]
    const constants = { s5: int64(-1, 4, 16, 56, 56), s4: int64(0, -1, 56, 56) }
    expect(shapeOf({ constants, steps, opset: 13 })).toEqual(['N', 32, 56, 56])
  })

  test('a detector: sizes from Shape, Gather, Mul, Cast, Concat for Resize; a pyramid level', () => {
    const steps: Step[] = [
      ['Shape', 'x', 's'],
      ['Gather', 's two', 'h', { axis: 0 }],
      ['Cast', 'h', 'hf', { to: 1 }],
      ['Mul', 'hf factor', 'hm'],
      ['Floor', 'hm', 'hr'],
      ['Cast', 'hr', 'hi', { to: 7 }],
      ['Unsqueeze', 'hi zero', 'hu'],
      ['Slice', 's zero two1', 'lead'],
      ['Concat', 'lead hu hu', 'size', { axis: 0 }],
      ['Resize', 'x - - size', 'r', { mode: 'nearest' }],
      ['Resize', 'x - scales', 'q', { mode: 'nearest' }],
      ['Add', 'r q', 't'],
      ['Pad', 't pads', 'z'],
    ]
    const constants = {
      two: index(2),
      zero: int64(0),
      two1: int64(2),
      factor: new Tensor(Float32Array.of(1.5), [], 'float32'),
      scales: tensor([1, 1, 1.5, 1.5]),
      pads: int64(0, 0, 0, 1, 0, 0, 0, 1),
    }
    expect(shapeOf({ constants, steps, x: ['N', 8, 13, 13] })).toEqual(['N', 8, 19, 21])
  })

  test('a transposed convolution, pixels from depth and back, an upsampling of old', () => {
    const constants = { w: zeros([64, 16, 2, 2]), scales: tensor([1, 1, 2, 2]) }
    const steps: Step[] = [
      ['ConvTranspose', 'x w', 'a', { strides: [2, 2] }],
      ['DepthToSpace', 'a', 'b', { blocksize: 2 }],
      ['SpaceToDepth', 'b', 'c', { blocksize: 4 }],
      ['Upsample', 'c scales', 'z'],
    ]
    expect(shapeOf({ constants, steps, opset: 9 })).toEqual(['N', 64, 112, 112])
  })

  test('squeeze and excitation: a mean that keeps its axes, a gate that is broadcast', () => {
    const constants = { w: zeros([4, 64, 1, 1]), v: zeros([64, 4, 1, 1]), axes: int64(2, 3) }
    const steps: Step[] = [
      ['ReduceMean', 'x axes', 'a', { keepdims: 1 }],
      ['Conv', 'a w', 'b'],
      ['Conv', 'b v', 'c'],
      ['HardSigmoid', 'c', 'd'],
      ['Mul', 'x d', 'z'],
    ]
    expect(shapeOf({ constants, steps })).toEqual(['N', 64, 56, 56])
  })

  test('a size above 1 is that of a broadcast, whatever the other is', () => {
    const steps: Step[] = [
      ['Conv', 'x w', 'a', { strides: [2, 1] }],
      ['Add', 'a b', 'z'],
    ]
    const constants = { w: zeros([64, 64, 1, 1]), b: zeros([7, 56]) }
    expect(shapeOf({ constants, steps, x: ['N', 64, 'H', 56] })).toEqual(['N', 64, 7, 56])
  })

  test('a head: Flatten, Gemm, and back to a picture by MatMul, Reshape with the batch from Shape', () => {
    const constants = {
      w: zeros([10, 4096]),
      v: zeros([10, 48]),
      zero: index(0),
      first: int64(0),
      rest: int64(3, 4, 4),
    }
    const steps: Step[] = [
      ['Flatten', 'x', 'f'],
      ['Gemm', 'f w', 'g', { transB: 1 }],
      ['MatMul', 'g v', 'm'],
      ['Shape', 'x', 's'],
      ['Gather', 's zero', 'n'],
      ['Unsqueeze', 'n first', 'n1'],
      ['Concat', 'n1 rest', 'to', { axis: 0 }],
      ['Reshape', 'm to', 'z'],
    ]
    expect(shapeOf({ constants, steps, x: ['N', 64, 8, 8] })).toEqual(['N', 3, 4, 4])
  })

  test('an expanded mask: ConstantOfShape, Equal, Where, Expand, as exporters write it', () => {
    const constants = { minus: int64(-1), to: int64(-1, 5, 8, 8), zero: int64(0), one: int64(1) }
    const steps: Step[] = [
      ['Shape', 'x', 's'],
      ['Equal', 'to minus', 'isMinus'],
      ['Where', 'isMinus s to', 'size'],
      ['Slice', 'x zero one one', 'cut'],
      ['Expand', 'cut size', 'z'],
    ]
    expect(shapeOf({ constants, steps, x: ['N', 3, 8, 8] })).toEqual(['N', 5, 8, 8])
  })

  test('a quantised block: QuantizeLinear, QLinearConv, QLinearAdd, QLinearConcat, DequantizeLinear', () => {
    const scale = new Tensor(Float32Array.of(0.5), [], 'float32')
    const zero = new Tensor(Uint8Array.of(3), [], 'uint8')
    const w = new Tensor(new Int8Array(64 * 64 * 9), [64, 64, 3, 3], 'int8')
    const steps: Step[] = [
      ['QuantizeLinear', 'x s o', 'q'],
      ['QLinearConv', 'q s o w s o s o', 'c', { pads: [1, 1, 1, 1], strides: [2, 2] }],
      ['com.microsoft.QLinearAdd', 'c s o c s o s o', 'a'],
      ['com.microsoft.QLinearConcat', 's o a s o c s o', 'k', { axis: 1 }],
      ['com.microsoft.QLinearAveragePool', 'k s o s o', 'p', { kernel_shape: [2, 2], strides: [2, 2] }],
      ['DequantizeLinear', 'p s o', 'z'],
    ]
    const row = pooled({ constants: { s: scale, o: zero, w }, steps })
    expect([row.inputShape, row.dtype]).toEqual([['N', 128, 14, 14], 'float32'])
  })
})

describe('what stays unknown names what stops it', () => {
  test.each<[string, Step[], string]>([
    [
      'an operator without a rule',
      [['SplitToSequence', 'x', 'z']],
      'node 0 (SplitToSequence): this operator has no rule for shapes',
    ],
    [
      'another domain',
      [
        ['my.Conv', 'x', 'a'],
        ['Relu', 'a', 'z'],
      ],
      'node 0 (Conv): this operator has no rule for shapes',
    ],
    [
      'names of sizes',
      [
        ['Conv', 'x w', 'a', { strides: [2, 2] }],
        ['Relu', 'a', 'z'],
      ],
      'node 0 (Conv): sizes known only by name: H',
    ],
    [
      'data',
      [
        ['NonZero', 'x', 'n'],
        ['Reshape', 'x n', 'z'],
      ],
      'node 0 (NonZero): its shape depends on data',
    ],
    ['a value that nobody gives', [['Relu', 'q', 'z']], '"q": no earlier node gives it'],
    [
      'attributes that do not fit',
      [['Conv', 'x w', 'z', { strides: [0, 0] }]],
      'node 0 (Conv): sizes known only by name: H',
    ],
  ])('%s', (_name, steps, reason) => {
    const row = pooled({ steps, x: ['N', 64, 'H', 56], constants: { w: zeros([8, 64, 3, 3]) } })
    expect(row.unknown).toBe(reason)
  })

  test('nothing, where all is known or named', () => {
    expect(pooled({ steps: [['Relu', 'x', 'z']], x: ['N', 'C', 'H', 'W'] })).toMatchObject({
      unknown: null,
      refusal: null,
    })
  })
})

describe('texts and numbers of a file reach no property of an object', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'auto_pad, op_type and attributes %s',
    (name) => {
      const constants = { w: zeros([8, 64, 3, 3]) }
      expect(shapeOf({ constants, steps: [['Conv', 'x w', 'z', { auto_pad: name }]] })).toEqual([
        'N',
        8,
        null,
        null,
      ])
      expect(pooled({ steps: [[name, 'x', 'z']] }).inputShape).toBeNull()
      const row = pooled({ steps: [['MaxPool', 'x', 'z', { kernel_shape: [2, 2], auto_pad: name }]] })
      expect(row.unknown).toBe(
        'node 0 (MaxPool): its shape does not follow from the known facts about its inputs',
      )
    },
  )

  test.each([
    { strides: [0, 0] },
    { strides: [2 ** 60, -1] },
    { dilations: [-1, 1] },
    { strides: [1] },
    { pads: [-30, -30, -30, -30] },
  ])('a convolution with %j', (attributes) => {
    const shape = shapeOf({
      constants: { w: zeros([8, 64, 3, 3]) },
      steps: [['Conv', 'x w', 'z', attributes]],
    })
    expect(shape!.slice(0, 2)).toEqual(['N', 8])
    expect(
      shape!.every(
        (dim) => dim === null || typeof dim === 'string' || (dim >= 0 && Number.isSafeInteger(dim)),
      ),
    ).toBe(true)
  })
})

describe('whatever a file holds', () => {
  const size = fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom(-1, 2 ** 31, 2 ** 53 - 1, -(2 ** 63), 2 ** 63, 0.5),
    fc.constantFrom('N', 'H', null),
  )
  const fact = fc
    .tuple(
      fc.constantFrom('float32', 'int64', 'BOOL', null),
      fc.option(fc.array(size, { maxLength: 5 })),
      fc.option(fc.array(size, { maxLength: 6 })),
    )
    .map(([dtype, shape, elements]) =>
      shape === null && elements !== null
        ? factOf(dtype, [elements.length], elements)
        : factOf(dtype, shape, elements),
    )
  const names =
    'allowzero auto_pad axes axis blocksize equation group k keepdims kernel_shape num_outputs output_padding pads perm scales shape split starts ends steps strides dilations value_ints value_floats to direction scan_input_axes num_scan_inputs'
  const attribute = fc
    .record({
      name: fc.constantFrom(...names.split(' ')),
      i: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      ints: fc.array(fc.oneof(fc.bigInt({ min: -3n, max: 6n }), fc.constantFrom(2n ** 62n, -(2n ** 63n))), {
        maxLength: 8,
      }),
      floats: fc.array(fc.float(), { maxLength: 5 }),
      s: fc
        .constantFrom('SAME_UPPER', 'ij,jk->ik', 'i...,,->', 'constructor')
        .map((text) => new TextEncoder().encode(text)),
    })
    .map((fields) => create(AttributeProtoSchema, fields))

  test.each([...rules])('%s gives sizes or nothing', (opType, rule) => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fact, { nil: undefined }), { maxLength: 6 }),
        fc.array(attribute, { maxLength: 4 }),
        fc.nat(3),
        (inputs, attributes, outputs) => {
          const node = {
            opType: opType.slice(opType.lastIndexOf('.') + 1),
            output: new Array<string>(outputs).fill('o'),
          }
          for (const { shape, elements } of [rule(new NodeView(node, attributes, inputs, 22))].flat()) {
            for (const dim of shape ?? [])
              expect(dim === null || typeof dim === 'string' || (Number.isSafeInteger(dim) && dim >= 0)).toBe(
                true,
              )
            expect(elements?.includes(undefined as never) ?? false).toBe(false)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
