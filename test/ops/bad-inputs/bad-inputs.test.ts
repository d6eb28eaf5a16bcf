/**
 * Inputs that broke other pooling code, each refused here in under a second: with the same code and text on every kernel, in
 * every layout and dtype. The output stays untouched and the next call is right.
 */
import { describe, expect, it } from 'vitest'
import { type PoolError, tensor } from '../../../src/index.ts'
import { type DType, dtypeNames, dtypes, type TypedArray } from '../../../src/tensor/dtype.ts'
import { kernelFamilies } from '../../support/kernel-family.ts'
import { refusalOf } from '../../support/refusals.ts'
import { layouts, libraryIn, type World } from '../../support/world.ts'
import { gradients } from './gradients.ts'
import { indexValues } from './index-values.ts'
import { inputs } from './inputs.ts'
import { parameters } from './parameters.ts'
import { type Row, trialIn } from './row.ts'

const plain: World = { family: 'reference', layout: 'NCHW', dtype: 'float32' }
const floats = dtypeNames.filter((dtype) => dtypes[dtype].float)

function worldsOf(dtypes: readonly DType[]): World[] {
  return kernelFamilies.flatMap((family) =>
    layouts.flatMap((layout) => dtypes.map((dtype) => ({ family, layout, dtype }))),
  )
}

function refusedBy([, call]: Row, world: World, out?: TypedArray): PoolError {
  const trial = trialIn(world, out)
  const start = performance.now()
  const refusal = refusalOf(() => call(trial))
  const took = performance.now() - start
  if (refusal === null) throw new Error(`not refused in ${JSON.stringify(world)}`)
  if (took >= 1000) throw new Error(`refused after ${took} ms in ${JSON.stringify(world)}`)
  return refusal
}

/** A refusal's text without what must differ: axis numbers, shapes and the names of dtypes. */
function textOf({ message }: PoolError): string {
  return message
    .replaceAll(/\[\d+\]/g, '[axis]')
    .replaceAll(/\[[\d, ]+\]/g, '[shape]')
    .replaceAll(/\b[NCDHWL](, [NCDHWL])+\b/g, 'axes')
    .replaceAll(/\b(Big)?(Float|Uint|Int)\d+(Clamped)?Array\b/g, 'Array')
    .replaceAll(/\b(b?float|u?int)\d+\b/g, 'dtype')
    .replaceAll(/\b\d+(x\d+)+\b/g, 'shape')
}

const next = tensor([
  [
    [
      [1, 2, 5],
      [3, 4, 0],
    ],
    [
      [9, 8, 1],
      [7, 6, 1],
    ],
  ],
])

function expectNextCallRight(world: World): void {
  const { data } = libraryIn(world).maxPool2d(next, { kernelSize: 2, stride: 1 })
  if (`${data}` !== '4,5,9,8') expect(data, JSON.stringify(world)).toEqual(Float32Array.of(4, 5, 9, 8))
}

describe.each([
  ['parameters', parameters, dtypeNames],
  ['inputs', inputs, dtypeNames],
  ['gradients', gradients, floats],
  ['index values', indexValues, dtypeNames],
] as const)('%s', (_, rows, dtypeList) => {
  const worlds = worldsOf(dtypeList)

  it.each(rows)('%s', (...given) => {
    const row = given as unknown as Row
    const [, , ...codes] = row
    const usual = refusedBy(row, plain)
    expect(codes).toContain(usual.code)
    expect(usual.message).toMatch(/^\w*pool\w*: [^=]+ = [^;]+; .+\. .+[.?]$/i)
    expect(usual.details).toHaveProperty('argument')
    const text = textOf(usual)
    for (const world of worlds) {
      const out = new dtypes[world.dtype].storage(7)
      out.fill((world.dtype.endsWith('int64') ? 7n : 7) as never)
      const refusal = refusedBy(row, world, out)
      // Tens of thousands of checks: expect takes longer than a call.
      if (refusal.code !== usual.code || textOf(refusal) !== text)
        expect([refusal.code, textOf(refusal)], JSON.stringify(world)).toEqual([usual.code, text])
      if (!out.every((value: number | bigint) => Number(value) === 7)) throw new Error('wrote into out')
      expectNextCallRight(world)
    }
  })
})
