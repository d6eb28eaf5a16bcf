/**
 * @file A point as a call that can be repeated: its inputs lie in plain arrays, its output goes to the caller's own.
 */
import { withCandidates } from '../../src/kernels/registry.ts'
import { catalogue, type PoolingName } from '../../src/ops/catalogue.ts'
import type { AnyOperation } from '../../src/ops/operation.ts'
import type { TypedArray } from '../../src/tensor/dtype.ts'
import { sizeOf } from '../../src/tensor/shape.ts'
import { Tensor } from '../../src/tensor/tensor.ts'
import { emptyArray, numbersOf } from './data.ts'
import type { Point } from './points.ts'

export interface PointCall {
  readonly out: TypedArray
  run(): void
}

export function callOf(point: Point, shape: readonly number[]): PointCall {
  const { dtype, pass } = point
  const operation = operationOf(point)
  const options = optionsOf(point)
  const x = new Tensor(numbersOf(dtype, sizeOf(shape)), shape, dtype)
  const outShape = operation.outputShape(shape, options)
  if (pass === 'forward') {
    const out = emptyArray(dtype, sizeOf(outShape))
    const own = { ...options, out }
    return { out, run: () => operation.forward(x, own) }
  }
  const dy = new Tensor(numbersOf(dtype, sizeOf(outShape)), outShape, dtype)
  const out = emptyArray(dtype, x.data.length)
  const own = { ...options, ...indicesOf(point, operation, x, options), out }
  return { out, run: () => operation.backward(dy, x, own) }
}

function indicesOf({ pass }: Point, operation: AnyOperation, x: Tensor, options: object): object {
  if (pass !== 'backward with indices') return {}
  const pooled = operation.forward(x, { ...options, returnIndices: true })
  return 'indices' in pooled ? { indices: pooled.indices } : {}
}

function operationOf({ operation: { families }, geometry: { kind }, rank }: Point): AnyOperation {
  const family = families[kind]!
  return catalogue[(kind === 'global' ? family : `${family}${rank}d`) as PoolingName]
}

function optionsOf({ operation, geometry, layout }: Point): object {
  const named = layout.interleaved === null ? 'NCHW' : 'NHWC'
  return { ...geometry.options, ...operation.options, layout: named }
}

/** The kernels that a call takes, in turn. */
export function kernelsOf({ run }: PointCall): string {
  const ids: string[] = []
  withCandidates((job, ranked) => {
    ids.push(ranked.find((kernel) => kernel.supports(job) === true)!.id)
    return ranked
  }, run)
  return [...new Set(ids)].join(' + ')
}
