import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { poolFunctions, type TfPooledWithIndices } from '../../../src/adapters/tfjs/index.ts'
import { isPoolError } from '../../../src/index.ts'
import { type CoreCase, coreCases, expand, optionsOf, planeIndex, titleOf } from './core-case.ts'
import { type Difference, differences } from './core-differences.ts'
import { backends, tf, useBackend, values } from './tf.ts'

type AnyPool = (x: unknown, options: object) => Tensor | TfPooledWithIndices

const pools = poolFunctions(tf)

const poolOf = ({ op }: CoreCase): AnyPool =>
  (op.startsWith('max')
    ? op.endsWith('3d')
      ? pools.maxPool3d
      : pools.maxPool2d
    : op.endsWith('3d')
      ? pools.avgPool3d
      : pools.avgPool2d) as AnyPool

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1)

function inputOf({ x }: CoreCase): unknown {
  if ('given' in x) return x.given
  return tf.tensor(expand(x.values, sizeOf(x.shape)), x.shape, x.dtype)
}

function expectClose(actual: Tensor, expected: readonly number[]): void {
  const found = values(actual)
  expect(found.length).toBe(expected.length)
  expected.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i]).toBeNaN()
    else expect(found[i]).toBeCloseTo(value, 3)
  })
}

function expectForward(entry: CoreCase, difference: Difference | undefined): void {
  const wantIndices = entry.op === 'maxPoolWithArgmax'
  const result = poolOf(entry)(inputOf(entry), {
    ...optionsOf(entry),
    ...(wantIndices ? { returnIndices: true } : {}),
  })
  const { output, indices } = wantIndices
    ? (result as TfPooledWithIndices)
    : { output: result as Tensor, indices: undefined }
  const shape = difference?.shape ?? entry.shape
  if (shape !== undefined) expect(output.shape).toEqual(shape)
  const y = difference?.y ?? (entry.y === undefined ? undefined : expand(entry.y, output.size))
  if (y !== undefined) expectClose(output, y)
  expect(shape ?? y).toBeDefined()
  if (indices === undefined) return
  const shapeOfX = (entry.x as { shape?: number[] }).shape ?? [1, 1, 1, 1]
  const places = expand(entry.indices!, indices.size).map((index) => planeIndex(index, shapeOfX))
  expect(values(indices)).toEqual(difference?.indices ?? places)
}

function expectGradient(entry: CoreCase, difference: Difference | undefined): void {
  const x = inputOf(entry) as Tensor
  const dy = tf.tensor(expand(entry.dy!.values, sizeOf(entry.dy!.shape)), entry.dy!.shape)
  const dx = tf.grad((at) => poolOf(entry)(at, optionsOf(entry)) as Tensor)(x, dy)
  expect(dx.shape).toEqual(x.shape)
  expectClose(dx, difference?.dx ?? expand(entry.dx!, x.size))
}

function expectRefused(entry: CoreCase, code?: string): void {
  let caught: unknown
  try {
    poolOf(entry)(inputOf(entry), optionsOf(entry))
  } catch (error) {
    caught = error
  }
  expect(isPoolError(caught)).toBe(true)
  if (code !== undefined) expect(caught).toMatchObject({ code })
}

describe.each(backends)('the cases of tfjs-core on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test('are all there', () => {
    expect(coreCases.length).toBe(173)
    expect(Object.keys(differences).filter((id) => !coreCases.some((entry) => entry.id === id))).toEqual([])
  })

  for (const entry of coreCases) {
    const difference = differences[entry.id]
    const title = difference === undefined ? titleOf(entry) : `${titleOf(entry)}; ours: ${difference.reason}`
    test(title, () => {
      tf.tidy(() => {
        if (difference?.refused !== undefined) expectRefused(entry, difference.refused)
        else if (entry.throws && difference === undefined) expectRefused(entry)
        else if (entry.dy !== undefined) expectGradient(entry, difference)
        else expectForward(entry, difference)
      })
    })
  }
})
