/**
 * Shapes against those that onnx itself knows; scripts/export_onnx_shapes.py wrote them.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { listPoolings, parseModel } from '../../../../src/adapters/onnx/index.ts'
import { isComplete } from '../../../../src/adapters/onnx/model/inference/fact.ts'
import { fullName, rules } from '../../../../src/adapters/onnx/model/inference/rules.ts'
import type { Known } from '../../../../src/adapters/onnx/model/inference/scope.ts'
import { walk } from '../../../../src/adapters/onnx/model/inference/walk.ts'
import { functionsOf, graphOf, type OnnxModel } from '../../../../src/adapters/onnx/model/parse-model.ts'

type Shapes = Readonly<Record<string, readonly (number | null)[]>>

const archive = fileURLToPath(new URL('../../../fixtures/onnx/shapes.zip', import.meta.url))
const files = unzipSync(readFileSync(archive))
const expected: Readonly<Record<string, Shapes>> = JSON.parse(new TextDecoder().decode(files['shapes.json']))
const models = Object.entries(expected).map(
  ([name, shapes]) => [name, parseModel(files[`${name}.onnx`]!, name), shapes] as const,
)

/** The outputs, as the walk through the model knows them. */
function outputsOf(model: OnnxModel): ReadonlyMap<string, Known> {
  return walk({
    file: model.file,
    graph: graphOf(model),
    functions: functionsOf(model),
    opset: model.opset,
    looksAt: () => false,
    look: () => [],
  })
}

test.each(models.filter(([name]) => name.startsWith('light/')))(
  '%s: every pooling has the shapes that onnx infers, and a cost',
  (_name, model, shapes) => {
    const rows = listPoolings(model)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ unknown, cost, refusal }) => unknown ?? refusal ?? cost === null)).toEqual([])
    for (const { name, outputShape } of rows)
      if (name in shapes) expect([name, outputShape]).toEqual([name, shapes[name]])
  },
)

/** Operators whose shapes depend on data. */
const open: ReadonlySet<string> = new Set(['Compress', 'NonMaxSuppression', 'NonZero', 'Unique'])

test('single operators: no shape contradicts that of the data, and the rules know all that data does not decide', () => {
  const missing = new Set<string>()
  for (const [name, model, shapes] of models) {
    const values = outputsOf(model)
    for (const [value, shape] of Object.entries(shapes)) {
      const known = values.get(value)
      if (known === undefined || known.shape === null || !isComplete(known)) {
        const { node } = graphOf(model)
        if (node.length === 1 && rules.has(fullName(node[0]!)) && !open.has(node[0]!.opType))
          missing.add(name)
      }
      known?.shape?.forEach((dim, axis) => {
        if (typeof dim === 'number' && shape[axis] !== null)
          expect([name, value, axis, dim]).toEqual([name, value, axis, shape[axis]])
      })
      if (known?.shape) expect([name, known.shape.length]).toEqual([name, shape.length])
    }
  }
  // An ellipsis, and constants in half precision, are not read.
  expect([...missing]).toEqual([
    'node/test_einsum_batch_diagonal',
    'node/test_range_bfloat16_type_positive_delta',
  ])
})
