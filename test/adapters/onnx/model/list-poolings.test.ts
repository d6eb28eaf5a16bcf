import { create, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listPoolings, parseModel } from '../../../../src/adapters/onnx/index.ts'
import { readings } from '../../../../src/adapters/onnx/model/readings.ts'
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  FunctionProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
} from '../../../../src/adapters/onnx/proto/generated/onnx_pb.ts'
import { planAxis, tapsOf } from '../../../../src/plan/axis.ts'
import { resolveAxis } from '../../../../src/plan/padding.ts'
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

test('pads near 2^30 are counted, not planned; as outputs they are refused', () => {
  const attributes = { kernel_shape: [2], pads: [2 ** 30, 0], strides: [2 ** 20] }
  const [row] = list(network([{ opType: 'MaxPool', attributes, inputs: ['x'], outputs: ['y'] }], [1, 1, 4]))
  // 1,024 windows end before the input; the last one has two of its elements.
  expect(row!.outputShape).toEqual([1, 1, 2 ** 10 + 1])
  expect(row!.cost).toEqual({ bytes: 4 * (4 + 2 ** 10 + 1), operations: 2, perItem: false })
  const many = { ...attributes, strides: [1] }
  const [refused] = list(
    network([{ opType: 'MaxPool', attributes: many, inputs: ['x'], outputs: ['y'] }], [1, 1, 4]),
  )
  expect(refused!.refusal).toMatch('give 1073741827 outputs for 4 inputs; must add at most 1048576')
})

test('what windows read is what their plan has', () => {
  fc.assert(
    fc.property(
      fc.record({
        inSize: fc.integer({ min: 1, max: 12 }),
        window: fc.integer({ min: 1, max: 6 }),
        stride: fc.integer({ min: 1, max: 5 }),
        dilation: fc.integer({ min: 1, max: 5 }),
        before: fc.nat(14),
        after: fc.nat(14),
      }),
      ({ before, after, ...axis }) => {
        const resolved = resolveAxis({ ...axis, padding: [before, after], ceilMode: false })
        if (resolved.outSize < 1) return
        const plan = planAxis(resolved, false)
        const taps = Array.from({ length: plan.outSize }, (_, i) => tapsOf(plan, i))
        expect(readings(resolved)).toBe(taps.reduce((sum, count) => sum + count, 0))
      },
    ),
  )
  const huge = { inSize: 2 ** 31 - 1, window: 2 ** 30, stride: 1, dilation: 1, padBefore: 0, padAfter: 0 }
  expect(readings({ ...huge, outSize: 2 ** 30 })).toBe(2 ** 60)
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

describe('model-local functions', () => {
  const local = (name: string, steps: readonly { opType: string; domain?: string; attributes?: object }[]) =>
    create(FunctionProtoSchema, {
      name,
      domain: 'd',
      input: ['a'],
      output: [`a${steps.length}`],
      attribute: ['window'],
      opsetImport: [{ domain: '', version: 12n }],
      node: steps.map(({ opType, domain = '', attributes = {} }, i) =>
        create(NodeProtoSchema, {
          name: 'n'.repeat(99),
          opType,
          domain,
          input: [i === 0 ? 'a' : `a${i}`],
          output: [`a${i + 1}`],
          attribute: Object.entries(attributes).map(([key, refAttrName]) =>
            create(AttributeProtoSchema, { name: key, refAttrName, type: AttributeType.INTS }),
          ),
        }),
      ),
    })
  const listWith = (functions: ReturnType<typeof local>[], nodes: readonly ModelNode[]) => {
    const model = modelProto(network(nodes, ['N', 3, 9, 9]))
    model.functions = functions
    return listPoolings(parseModel(toBinary(ModelProtoSchema, model), 'm.onnx'))
  }
  const pool = { opType: 'MaxPool', attributes: { kernel_shape: 'window' } }

  test('are listed once a call, with the attributes and shapes of the call', () => {
    const call = (name: string, input: string, output: string, window: number[]): ModelNode => ({
      opType: 'f',
      domain: 'd',
      name,
      attributes: { window },
      inputs: [input],
      outputs: [output],
    })
    const rows = listWith(
      [local('f', [{ opType: 'Relu' }, pool])],
      [call('first', 'x', 'm', [2, 2]), call('second', 'm', 'y', [3, 1])],
    )
    expect(rows.map(({ name, since, outputShape, refusal }) => [name, since, outputShape, refusal])).toEqual([
      [`first/${'n'.repeat(99)}`, 12, ['N', 3, 8, 8], null],
      [`second/${'n'.repeat(99)}`, 12, ['N', 3, 6, 8], null],
    ])
    expect(rows[1]!.attributes).toEqual({ kernel_shape: [3, 1] })
  })

  test('that call themselves, or each other without end, are refused in time', () => {
    const self = local('f', [{ opType: 'f', domain: 'd' }])
    const node = { opType: 'f', domain: 'd', inputs: ['x'], outputs: ['y'] }
    expect(() => listWith([self], [node])).toThrow('must be nested at most 100 deep')
    const twice = (i: number) => {
      const inner = { opType: `f${i + 1}`, domain: 'd' }
      return local(i === 0 ? 'f' : `f${i}`, i === 60 ? [{ opType: 'Relu' }] : [inner, inner])
    }
    const chain = Array.from({ length: 61 }, (_, i) => twice(i))
    expect(() => listWith(chain, [node])).toThrow('entries of functions that are called again')
  })
})

test("ONNX Runtime's own poolings are named, with shapes in either layout", () => {
  const row = (opType: string, attributes: ModelNode['attributes']) =>
    list(
      network(
        [{ opType, domain: 'com.microsoft', attributes, inputs: ['x'], outputs: ['y'] }],
        ['N', 9, 9, 8],
      ),
    )[0]!
  const window = { kernel_shape: [3, 3] }
  expect(row('NhwcMaxPool', window)).toMatchObject({
    opType: 'com.microsoft.NhwcMaxPool',
    since: 1,
    attributes: window,
    outputShape: ['N', 7, 7, 8],
    caveats: [],
    refusal: null,
  })
  expect(row('MaxpoolWithMask', window).refusal).toContain("is ONNX Runtime's own operator")
  expect(row('QLinearAveragePool', window).outputShape).toEqual(['N', 9, 7, 6])
  const last = row('QLinearAveragePool', { ...window, channels_last: 1 })
  expect([last.outputShape, last.attributes]).toEqual([['N', 7, 7, 8], { ...window, channels_last: 1 }])
  expect(row('QLinearGlobalAveragePool', { channels_last: 1 }).outputShape).toEqual(['N', 1, 1, 8])
  expect(row('QLinearGlobalAveragePool', {}).outputShape).toEqual(['N', 9, 1, 1])
})

test('many bodies do not copy what is known around them', () => {
  const count = 8_000
  const inner = modelProto(network([{ opType: 'GlobalMaxPool', inputs: ['x'], outputs: ['z'] }])).graph!
  Object.assign(inner, { input: [], initializer: [] })
  const outer = modelProto(
    network(
      Array.from({ length: count }, (_, i) => ({
        opType: 'If',
        attributes: { then_branch: 1 },
        inputs: ['x'],
        outputs: [`o${i}`],
      })),
    ),
  )
  for (const { attribute } of outer.graph!.node)
    Object.assign(attribute[0]!, { type: AttributeType.GRAPH, g: inner })
  expect(listPoolings(parseModel(toBinary(ModelProtoSchema, outer)))).toHaveLength(count)
})

test.each(['constructor', '__proto__', 'toString'])(
  'an attribute %s is one that the operator does not have',
  (name) => {
    const attributes = Object.fromEntries([
      ['kernel_shape', [2, 2]],
      [name, 1],
    ])
    const [row] = list(network([{ opType: 'MaxPool', attributes, inputs: ['x'], outputs: ['y'] }]))
    expect(row!.refusal).toMatch(`${name} = 1n; MaxPool-22 has no such attribute`)
    expect(row!.refusal).toMatch('Leave it out.')
  },
)

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

  test.each([
    ['float32', true],
    ['bfloat16', true],
    ['int8', false],
    ['uint8', false],
  ] as const)('of NaN in %s: %s', (dtype, expected) => {
    const request = network([{ opType: 'MaxPool', attributes: window, inputs: ['x'], outputs: ['y'] }])
    const rows = list({ ...request, inputs: [{ ...request.inputs[0]!, dtype }] })
    expect(rows[0]!.caveats.some((caveat) => caveat.startsWith('NaN'))).toBe(expected)
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
