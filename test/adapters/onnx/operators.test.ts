import { describe, expect, test } from 'vitest'
import { latestOpset, operators, type Schema } from '../../../src/adapters/onnx/operators.ts'
import { schemaAt } from '../../../src/adapters/onnx/schema.ts'
import { onnxSchemas } from '../../support/onnx-tests.ts'
import { codeOf } from '../../support/refusals.ts'

const official = onnxSchemas()
const onnxNames: Readonly<Record<string, string>> = { float32: 'float', float64: 'double' }
const inOnnx = (types: readonly string[]): string[] => types.map((type) => onnxNames[type] ?? type).sort()

/** Our row in the words of ONNX's own schema. */
function restated({ name, since, attributes, types, inputs, outputs }: Schema) {
  return {
    name,
    since,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([key, spec]) => [
        key,
        {
          kind: spec.kind,
          required: spec.kind === 'ints' && spec.required,
          default: spec.kind === 'ints' ? null : spec.default,
        },
      ]),
    ),
    inputs: inputs.map((input) => ({
      name: input.name,
      types: input.type === 'T' ? inOnnx(types) : [input.type],
      optional: input.optional ?? false,
    })),
    outputs,
  }
}

describe("the table is ONNX's", () => {
  const ours = Object.values(operators).flat()

  test('as many versions, and the same newest opset', () => {
    expect(ours).toHaveLength(official.schemas.length)
    expect(latestOpset).toBe(official.latestOpset)
  })

  // ONNX's storage_order, ceil_mode and count_include_pad are ints of which 0 and 1 have a meaning; ranges are ours.
  test.each(official.schemas.map((schema) => [`${schema.name}-${schema.since}`, schema] as const))(
    '%s',
    (_, schema) => {
      const row = ours.find(({ name, since }) => name === schema.name && since === schema.since)!
      expect(restated(row)).toEqual(schema)
    },
  )
})

test.each([
  ['MaxPool', 1, 1],
  ['MaxPool', 7, 1],
  ['MaxPool', 9, 8],
  ['MaxPool', 21, 12],
  ['MaxPool', 22, 22],
  ['MaxPool', latestOpset, 22],
  ['LpPool', 17, 11],
  ['RoiAlign', 15, 10],
])('%s at opset %i is version %i', (name, opset, since) => {
  expect(schemaAt(name, name, opset).since).toBe(since)
})

test.each([
  ['MaxUnpool', 8],
  ['RoiAlign', 9],
  ['MaxPool', 0],
  ['MaxPool', 1.5],
  ['MaxPool', latestOpset + 1],
  ['Conv', 11],
  ['toString', 11],
])('%s at opset %d is refused', (name, opset) => {
  expect(codeOf(() => schemaAt(name, name, opset))).toBe('BAD_PARAM')
})
