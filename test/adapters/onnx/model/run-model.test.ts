import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { parseModel, runModel } from '../../../../src/adapters/onnx/index.ts'
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
} from '../../../../src/adapters/onnx/proto/generated/onnx_pb.ts'
import type { PoolErrorCode } from '../../../../src/errors.ts'
import { rand, tensor, zeros } from '../../../../src/tensor/create.ts'
import type { TensorLike } from '../../../../src/tensor/tensor.ts'
import { type ModelRequest, modelBytes, modelProto } from '../../../support/onnx-model.ts'
import { refusalOf } from '../../../support/refusals.ts'

const x = rand([1, 2, 6, 6], { seed: 2 })
const window = { kernel_shape: [2, 2], strides: [2, 2] }
const image = { name: 'x', dtype: 'float32', shape: ['N', 2, 6, 6] } as const

/** Pool with Indices, pool again, and unpool by the Indices. */
const network: ModelRequest = {
  opset: 12,
  nodes: [
    { opType: 'MaxPool', name: 'pool', attributes: window, inputs: ['x'], outputs: ['p', 'i'] },
    { opType: 'GlobalAveragePool', inputs: ['p'], outputs: ['mean'] },
    { opType: 'MaxUnpool', attributes: window, inputs: ['p', 'i', 'shape'], outputs: ['u'] },
  ],
  inputs: [image],
  outputs: [
    { name: 'u', dtype: 'float32' },
    { name: 'mean', dtype: 'float32' },
  ],
  initializers: { shape: tensor(BigInt64Array.of(1n, 2n, 6n, 6n), [4]) },
}

function refused(request: ModelRequest | Uint8Array, inputs: readonly TensorLike[] = [x]) {
  const bytes = request instanceof Uint8Array ? request : modelBytes(request)
  return refusalOf(() => runModel(parseModel(bytes, 'm.onnx'), inputs))
}

function expectRefused(
  error: ReturnType<typeof refused>,
  code: PoolErrorCode,
  message: string | RegExp,
): void {
  expect(error?.message).toMatch(message)
  expect(error?.code).toBe(code)
  expect(error?.message).toMatch(/^m\.onnx.*: .+ = .+; .+\. .+\.$/s)
}

test('outputs by name, in the order of the graph', () => {
  const model = parseModel(modelBytes(network), 'm.onnx')
  expect(model).toMatchObject({ opset: 12, inputs: [image], outputs: [{ name: 'u' }, { name: 'mean' }] })
  const outputs = runModel(model, [x])
  expect([...outputs.keys()]).toEqual(['u', 'mean'])
  expect(outputs.get('u')!.shape).toEqual([1, 2, 6, 6])
  expect(outputs.get('mean')!.shape).toEqual([1, 2, 1, 1])
})

test('what moves no data runs too', () => {
  const outputs = runModel(
    parseModel(
      modelBytes({
        opset: 13,
        nodes: [
          { opType: 'Unsqueeze', inputs: ['x', 'last'], outputs: ['a'] },
          { opType: 'AveragePool', attributes: { kernel_shape: [2, 1] }, inputs: ['a'], outputs: ['b'] },
          { opType: 'Identity', inputs: ['b'], outputs: ['c'] },
          { opType: 'Squeeze', inputs: ['c', 'last'], outputs: ['y'] },
        ],
        inputs: [{ name: 'x', dtype: 'float32' }],
        outputs: [{ name: 'y', dtype: 'float32' }],
        initializers: { last: tensor(BigInt64Array.of(-1n), [1]) },
      }),
    ),
    [tensor([[[1, 2, 4]]])],
  )
  expect(outputs.get('y')!.toArray()).toEqual([[[1.5, 3]]])
})

describe('inputs', () => {
  test('of another count, type or shape', () => {
    expectRefused(refused(network, []), 'BAD_PARAM', 'inputs.length = 0; must be 1: the model takes x')
    expectRefused(refused(network, [x, x]), 'BAD_PARAM', 'inputs.length = 2')
    expectRefused(refused(network, [zeros([1, 2, 6, 6], { dtype: 'float64' })]), 'BAD_DTYPE', 'x.dtype')
    expectRefused(
      refused(network, [zeros([1, 3, 6, 6])]),
      'BAD_SHAPE',
      'must be [N, 2, 6, 6], as the model declares',
    )
    expectRefused(refused(network, [zeros([2, 6, 6])]), 'BAD_SHAPE', 'x.shape')
  })

  test('a named dimension has one size', () => {
    const two: ModelRequest = { ...network, inputs: [image, { ...image, name: 'z' }] }
    expectRefused(refused(two, [x, zeros([2, 2, 6, 6])]), 'BAD_SHAPE', 'z.shape')
  })
})

describe('models that are not run', () => {
  test('other operators, before anything runs', () => {
    const nodes = [...network.nodes, { opType: 'Relu', name: 'act\u001b[2J', inputs: ['u'], outputs: ['r'] }]
    const error = refused({ ...network, nodes })
    expectRefused(error, 'UNAVAILABLE', 'node 3 "act\\u001b[2J" (Relu): op_type = "Relu"')
    const custom = [{ ...network.nodes[0]!, domain: 'com.microsoft' }]
    expectRefused(refused({ ...network, nodes: custom }), 'UNAVAILABLE', 'op_type = "MaxPool"')
  })

  test('names that no node gives, and names given twice', () => {
    const [pool, mean, unpool] = network.nodes
    const missing = [pool!, { ...mean!, inputs: ['nothing'] }, unpool!]
    expectRefused(
      refused({ ...network, nodes: missing }),
      'BAD_FORMAT',
      'input = "nothing"; no input or earlier node',
    )
    expectRefused(refused({ ...network, nodes: [mean!, pool!, unpool!] }), 'BAD_FORMAT', 'input = "p"')
    const twice = [pool!, { ...mean!, outputs: ['i'] }, unpool!]
    expectRefused(refused({ ...network, nodes: twice }), 'BAD_FORMAT', 'output = "i"')
    const outputs = [{ name: 'none', dtype: 'float32' }] as const
    expectRefused(refused({ ...network, outputs }), 'BAD_FORMAT', 'graph output = "none"')
  })

  test('an initializer in another file', () => {
    const proto = modelProto(network)
    Object.assign(proto.graph!.initializer[0]!, {
      rawData: new Uint8Array(),
      dataLocation: 1,
      externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: '../../etc/passwd' })],
    })
    const spoiled = toBinary(ModelProtoSchema, proto)
    expectRefused(
      refused(spoiled),
      'BAD_FORMAT',
      'initializer "shape": external_data location = "../../etc/passwd"',
    )
  })

  test('attributes that overflow, are unknown, of another type, or given twice', () => {
    const withAttributes = (attributes: object) => {
      const nodes = [{ ...network.nodes[0]!, attributes: attributes as never }]
      return refused({ ...network, nodes, outputs: [{ name: 'p', dtype: 'float32' }] })
    }
    expectRefused(
      withAttributes({ kernel_shape: [2n ** 62n, 2n] }),
      'BAD_PARAM',
      'kernel_shape[0] = 4611686018427387904n',
    )
    expectRefused(withAttributes({ ...window, pads: [1] }), 'BAD_PARAM', 'pads = [1]')
    expectRefused(
      withAttributes({ ...window, count_include_pad: 1 }),
      'BAD_PARAM',
      'MaxPool-12 has no such attribute',
    )
    expectRefused(
      withAttributes({ kernel_shape: 2 }),
      'BAD_FORMAT',
      'kernel_shape type = "INT"; must be INTS',
    )
    expectRefused(
      withAttributes({ ...window, ceil_mode: { float: 1 } }),
      'BAD_FORMAT',
      'ceil_mode type = "FLOAT"',
    )
    const proto = modelProto(network)
    proto.graph!.node[0]!.attribute.push(proto.graph!.node[0]!.attribute[0]!)
    expectRefused(refused(toBinary(ModelProtoSchema, proto)), 'BAD_FORMAT', 'kernel_shape = "twice"')
    proto.graph!.node[0]!.attribute.pop()
    proto.graph!.node[0]!.attribute[0]!.refAttrName = 'outer'
    expectRefused(refused(toBinary(ModelProtoSchema, proto)), 'BAD_FORMAT', 'kernel_shape = "outer"')
  })

  test('an opset that is missing, unknown, or named twice', () => {
    expectRefused(refused({ ...network, opset: 99 }), 'BAD_PARAM', 'opset = 99')
    const proto = modelProto(network)
    proto.opsetImport.push(proto.opsetImport[0]!)
    expectRefused(refused(toBinary(ModelProtoSchema, proto)), 'BAD_FORMAT', 'opset_import')
    proto.opsetImport = []
    expectRefused(refused(toBinary(ModelProtoSchema, proto)), 'BAD_FORMAT', 'opset_import')
  })
})

describe('files that are no models', () => {
  test('every cut of one', () => {
    const bytes = modelBytes(network)
    for (let length = 0; length < bytes.length; length++) {
      expect(refusalOf(() => parseModel(bytes.subarray(0, length), 'm.onnx'))?.code).toBe('BAD_FORMAT')
    }
  })

  test('text, images, zeros', () => {
    for (const bytes of [
      new TextEncoder().encode('hello'),
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
      new Uint8Array(99),
    ])
      expectRefused(refused(bytes), 'BAD_FORMAT', /content|graph/)
  })

  test('graphs nested deeper than 100', () => {
    let proto = modelProto(network)
    for (let depth = 0; depth < 60; depth++) {
      const outer = modelProto(network)
      outer.graph!.node[0]!.attribute.push({
        ...outer.graph!.node[0]!.attribute[0]!,
        name: 'body',
        type: AttributeType.GRAPH,
        g: proto.graph!,
      })
      proto = outer
    }
    const bytes = toBinary(ModelProtoSchema, proto)
    expect(() => fromBinary(ModelProtoSchema, bytes, { recursionLimit: 1000 })).not.toThrow()
    expectRefused(refused(bytes), 'BAD_FORMAT', 'maximum recursion depth of 100')
  })

  test('a model that parseModel did not give', () => {
    const model = { ...parseModel(modelBytes(network)) }
    expect(refusalOf(() => runModel(model, [x]))?.message).toMatch('must come from parseModel')
  })
})
