import { create, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { listPoolings, parseModel } from '../../../../src/adapters/onnx/index.ts'
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
} from '../../../../src/adapters/onnx/proto/generated/onnx_pb.ts'
import { zeros } from '../../../../src/tensor/create.ts'
import { type ModelNode, type ModelRequest, modelBytes, modelProto } from '../../../support/onnx-model.ts'
import { onnxTests } from '../../../support/onnx-tests.ts'

const network = (
  nodes: readonly ModelNode[],
  shape: (number | string)[] = ['N', 3, 224, 224],
  opset = 22,
): ModelRequest => ({
  opset,
  nodes,
  inputs: [{ name: 'x', dtype: 'float32', shape }],
  outputs: [{ name: 'y', dtype: 'float32' }],
  initializers: { w: zeros([64, 3, 7, 7]) },
})

const list = (request: ModelRequest) => listPoolings(parseModel(modelBytes(request), 'm.onnx'))

test('the stem of a residual network', () => {
  const [pool, mean] = list(
    network([
      {
        opType: 'Conv',
        attributes: { strides: [2, 2], pads: [3, 3, 3, 3] },
        inputs: ['x', 'w'],
        outputs: ['c'],
      },
      { opType: 'Relu', inputs: ['c'], outputs: ['r'] },
      {
        opType: 'MaxPool',
        name: 'pool1',
        attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
        inputs: ['r'],
        outputs: ['p'],
      },
      { opType: 'GlobalAveragePool', inputs: ['p'], outputs: ['y'] },
    ]),
  )
  expect(pool).toMatchObject({
    name: 'pool1',
    opType: 'MaxPool',
    since: 22,
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
    dtype: 'float32',
    inputShape: ['N', 64, 112, 112],
    outputShape: ['N', 64, 56, 56],
    refusal: null,
  })
  // 3 taps an output but the first, which has 2 inside: 3 * 56 - 1 along each axis.
  expect(pool!.cost).toEqual({
    bytes: 4 * 64 * (112 ** 2 + 56 ** 2),
    operations: 64 * 167 ** 2,
    perItem: true,
  })
  expect(mean).toMatchObject({ name: 'y', inputShape: ['N', 64, 56, 56], outputShape: ['N', 64, 1, 1] })
  expect(mean!.cost).toEqual({ bytes: 4 * 64 * (56 ** 2 + 1), operations: 64 * 56 ** 2, perItem: true })
})

describe('shapes', () => {
  const pool = (attributes: ModelNode['attributes'], shape: (number | string)[], opset?: number) =>
    list(network([{ opType: 'MaxPool', attributes, inputs: ['x'], outputs: ['y'] }], shape, opset))[0]!

  test('unknown sizes stay unknown, the others are computed', () => {
    const row = pool({ kernel_shape: [3, 2], strides: [1, 2] }, [2, 4, 'H', 10])
    expect([row.inputShape, row.outputShape, row.cost]).toEqual([[2, 4, 'H', 10], [2, 4, null, 5], null])
  })

  test('unions of branches: broadcast, concatenation, and what has no rule', () => {
    const shapeAfter = (opType: string, attributes = {}) =>
      list(
        network(
          [
            { opType: 'Sigmoid', inputs: ['x'], outputs: ['s'] },
            { opType, attributes, inputs: ['x', 's'], outputs: ['z'] },
            { opType: 'GlobalMaxPool', inputs: ['z'], outputs: ['y'] },
          ],
          ['N', 3, 'H', 8],
        ),
      )[0]!.inputShape
    expect(shapeAfter('Mul')).toEqual(['N', 3, 'H', 8])
    expect(shapeAfter('Concat', { axis: 1 })).toEqual(['N', 6, 'H', 8])
    expect(shapeAfter('Resize')).toEqual([null, null, null, null])
    expect(shapeAfter('SplitToSequence')).toBeNull()
  })

  test('a broadcast with an unknown size stays unknown', () => {
    const [row] = list(
      network(
        [
          { opType: 'MaxPool', attributes: { kernel_shape: [2, 2] }, inputs: ['x'], outputs: ['p'] },
          { opType: 'GlobalAveragePool', inputs: ['p'], outputs: ['g'] },
          { opType: 'Mul', inputs: ['p', 'g'], outputs: ['z'] },
          { opType: 'GlobalMaxPool', inputs: ['z'], outputs: ['y'] },
        ],
        [1, 3, 'H', 8],
      ),
    ).slice(2)
    expect(row!.inputShape).toEqual([1, 3, null, 7])
  })

  test("ONNX's tests: the listing's shape is the expected output's, wherever the model gives the input's", () => {
    let known = 0
    for (const { name, model, sets } of onnxTests()) {
      const rows = listPoolings(parseModel(model, name))
      expect(rows.map(({ refusal }) => refusal)).toEqual(rows.map(() => null))
      if (rows.length !== 1 || rows[0]!.name !== parseModel(model).outputs[0]!.name) continue
      const found = rows[0]!.outputShape
      if (found?.every((dim) => typeof dim === 'number')) {
        expect([name, found]).toEqual([name, sets[0]!.outputs[0]!.shape])
        known++
      }
    }
    expect(known).toBeGreaterThan(60)
  })
})

describe('nodes that are refused are listed with the reason', () => {
  test.each([
    [{ kernel_shape: [2, 2], foo: 1 }, 'foo = 1n; MaxPool-22 has no such attribute'],
    [{ kernel_shape: [9, 9] }, 'fits'],
    [{}, 'kernel_shape = undefined'],
  ])('%j', (attributes, message) => {
    const nodes = [{ opType: 'MaxPool', attributes, inputs: ['x'], outputs: ['y'] }]
    const [row] = list(network(nodes, [1, 1, 4, 4]))
    expect(row!.refusal).toMatch(message)
    expect(row).toMatchObject({ since: 22, cost: null, caveats: [] })
  })

  test('an operator before its time', () => {
    const [row] = list(
      network([{ opType: 'RoiAlign', inputs: ['x', 'r', 'b'], outputs: ['y'] }], undefined, 9),
    )
    expect(row!.refusal).toMatch('opset = 9')
  })
})

test('an absurd output is counted, not planned', () => {
  const attributes = { kernel_shape: [2], pads: [2 ** 30, 0] }
  const [row] = list(network([{ opType: 'MaxPool', attributes, inputs: ['x'], outputs: ['y'] }], [1, 1, 4]))
  expect(row!.outputShape).toEqual([1, 1, 2 ** 30 + 3])
  // The windows reach the four elements once, twice, twice and twice.
  expect(row!.cost).toEqual({ bytes: 4 * (4 + 2 ** 30 + 3), operations: 7, perItem: false })
})

test('nodes in branches, opsets to come, and weights in other files', () => {
  const inner = modelProto(network([{ opType: 'GlobalMaxPool', inputs: ['x'], outputs: ['z'] }]))
  const outer = modelProto(
    network([{ opType: 'If', attributes: { a: 1 }, inputs: ['x'], outputs: ['y'] }], undefined, 99),
  )
  Object.assign(outer.graph!.node[0]!.attribute[0]!, {
    type: AttributeType.GRAPH,
    name: 'then_branch',
    g: inner.graph,
  })
  Object.assign(outer.graph!.initializer[0]!, {
    dataLocation: 1,
    externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: '/etc/passwd' })],
  })
  const [row] = listPoolings(parseModel(toBinary(ModelProtoSchema, outer)))
  expect(row).toMatchObject({ opType: 'GlobalMaxPool', inputShape: ['N', 3, 224, 224], refusal: null })
})

describe('caveats', () => {
  const caveats = (node: Partial<ModelNode>, shape: (number | string)[] = [2, 3, 8, 8], opset = 22) =>
    list(
      network([{ opType: 'MaxPool', attributes: {}, inputs: ['x'], outputs: ['y'], ...node }], shape, opset),
    )[0]!.caveats
  const window = { kernel_shape: [2, 2] }

  test('an average without odd attributes has none', () => {
    expect(caveats({ opType: 'AveragePool', attributes: { ...window, pads: [1, 1, 1, 1] } })).toEqual([])
  })

  test.each([
    ['ceil_mode: onnxruntime-web', { attributes: { ...window, ceil_mode: 1 } }],
    [
      'ceil_mode with count_include_pad',
      { opType: 'AveragePool', attributes: { ...window, ceil_mode: 1, count_include_pad: 1 } },
    ],
    ["ceil_mode: ONNX's reference", { opType: 'LpPool', attributes: { ...window, ceil_mode: 1 } }],
    ['auto_pad VALID with ceil_mode', { attributes: { ...window, ceil_mode: 1, auto_pad: 'VALID' } }],
    [
      'auto_pad SAME_* with dilations',
      { attributes: { ...window, dilations: [2, 1], auto_pad: 'SAME_UPPER' } },
    ],
    [
      'auto_pad SAME_* with a stride past',
      { attributes: { ...window, strides: [3, 1], auto_pad: 'SAME_LOWER' } },
    ],
    ['dilations: not in the webgpu', { attributes: { ...window, dilations: [2, 1] } }],
    [
      'dilations or pads that differ',
      { opType: 'AveragePool', attributes: { ...window, pads: [1, 0, 0, 0] } },
    ],
    ['storage_order 1', { attributes: { ...window, storage_order: 1 } }],
    ['Indices: no output', { attributes: window, outputs: ['y', 'i'] }],
    ['Indices of a batch', { attributes: window, outputs: ['y', 'i'] }],
    ['Indices with auto_pad', { attributes: { ...window, auto_pad: 'SAME_UPPER' }, outputs: ['y', 'i'] }],
    ['pads as wide', { attributes: { ...window, pads: [2, 0, 0, 0] } }],
    ['NaN', { attributes: window }],
    ['operator: no kernel', { opType: 'LpPool', attributes: window }],
    ['p other than 2', { opType: 'GlobalLpPool', attributes: { p: 3 } }],
    ['opset 22: no kernel', { opType: 'GlobalLpPool' }],
    ['output_shape', { opType: 'MaxUnpool', attributes: window, inputs: ['x', 'i', 's'] }],
  ])('%s', (text, node) => {
    expect(caveats(node).filter((caveat) => caveat.startsWith(text))).toHaveLength(1)
  })

  test('of ranks, types and old versions', () => {
    expect(caveats({ attributes: { kernel_shape: [2, 2, 2, 2] } }, [1, 1, 4, 4, 4, 4])).toContainEqual(
      expect.stringMatching(/^more than 3 spatial axes/),
    )
    expect(caveats({ attributes: { kernel_shape: [2] } }, [1, 1, 4])).toContainEqual(
      expect.stringMatching(/^other than 2 spatial axes/),
    )
    const doubles = network([{ opType: 'AveragePool', attributes: window, inputs: ['x'], outputs: ['y'] }])
    const inputs = [{ ...doubles.inputs[0]!, dtype: 'float64' as const }]
    expect(list({ ...doubles, inputs })[0]!.caveats).toContainEqual(expect.stringMatching(/^float64/))
    expect(caveats({ opType: 'RoiAlign', inputs: ['x', 'r', 'b'] }, undefined, 10)).toContainEqual(
      expect.stringMatching(/^opset 10/),
    )
  })
})
