/**
 * @file A point as a call that can be repeated: its inputs lie in plain arrays, its output goes to the caller's own.
 */
import { withCandidates } from '../../src/kernels/registry.ts'
import { catalogue, type PoolingName } from '../../src/ops/catalogue.ts'
import type { AnyOperation } from '../../src/ops/operation.ts'
import { rand } from '../../src/tensor/create.ts'
import type { TypedArray } from '../../src/tensor/dtype.ts'
import { sizeOf } from '../../src/tensor/shape.ts'
import { Tensor } from '../../src/tensor/tensor.ts'
import { compositions } from './compositions.ts'
import { emptyArray, numbersOf } from './data.ts'
import type { Point } from './points.ts'

export interface PointCall {
  readonly x: Tensor
  readonly options: Readonly<Record<string, unknown>>
  readonly out: TypedArray
  run(): void
}

export function callOf(point: Point, shape: readonly number[]): PointCall {
  const { dtype, pass } = point
  const operation = compositions[familyOf(point)] ?? operationOf(point)
  const x = new Tensor(numbersOf(dtype, sizeOf(shape)), shape, dtype)
  const windows = optionsOf(point)
  const outShape = operation.outputShape(shape, windows)
  const options = { ...windows, ...tensorsOf(point, shape, outShape) }
  if (pass === 'forward') {
    const out = emptyArray(dtype, sizeOf(outShape))
    const own = { ...options, out }
    return { x, options, out, run: () => operation.forward(x, own) }
  }
  const { backward } = operationOf(point)
  const dy = new Tensor(numbersOf(dtype, sizeOf(outShape)), outShape, dtype)
  const out = emptyArray(dtype, x.data.length)
  const own = { ...options, ...indicesOf(point, x, options), out }
  return { x, options, out, run: () => backward(dy, x, own) }
}

function indicesOf(point: Point, x: Tensor, options: object): object {
  if (point.pass !== 'backward with indices') return {}
  const pooled = operationOf(point).forward(x, { ...options, returnIndices: true })
  return 'indices' in pooled ? { indices: pooled.indices } : {}
}

/** True if the time of a call is that of its elements. */
export function isTimeOfElements(point: Point): boolean {
  return compositions[familyOf(point)]?.hasRegions !== true
}

function familyOf({ operation: { families }, geometry: { kind } }: Point): string {
  return families[kind]!
}

function operationOf(point: Point): AnyOperation {
  const { geometry, rank } = point
  const { kind } = geometry
  const family = familyOf(point)
  return catalogue[(kind === 'global' ? family : `${family}${rank}d`) as PoolingName]
}

/** A mask that leaves one element in eight out, or the samples of random picks. */
function tensorsOf(
  { operation: { id } }: Point,
  shape: readonly number[],
  outShape: readonly number[],
): object {
  if (id === 'stochastic') return { samples: rand(outShape, { seed: 1, dtype: 'float64' }) }
  if (!id.startsWith('masked')) return {}
  const marks = (numbersOf('uint8', sizeOf(shape)) as Uint8Array).map((value) => Number(value % 8 !== 0))
  return { mask: new Tensor(marks, shape, 'uint8') }
}

function optionsOf({ operation, geometry, layout }: Point): object {
  const named = layout.interleaved === null ? 'NCHW' : 'NHWC'
  if (operation.id.endsWith('blur')) {
    const { kernelSize, stride } = geometry.options as { kernelSize: number; stride: number }
    const own = operation.id === 'blur' ? {} : { kernelSize }
    return { ...own, filterSize: kernelSize, stride, layout: named }
  }
  if (operation.id === 'spatial pyramid') return { ...operation.options, layout: named }
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
