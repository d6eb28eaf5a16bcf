/**
 * @file Downsampling by the kernels of the library, where their rules agree: extrema, and means, modes and medians of integers.
 */
import { avgPool, maxPool, minPool, modePool, quantilePool } from '../../ops/catalogue.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import type { Downsampling } from './options.ts'

/** The pooled axes, the axes before and after them merged. */
interface View {
  readonly outer: number
  readonly spatial: readonly number[]
  readonly kernelSize: readonly number[]
  readonly inner: number
}

/** @returns undefined where the kernels have other rules, or not as many axes */
export function downsampleByKernels(
  x: Tensor,
  spec: Downsampling,
  out: TypedArray | undefined,
): Tensor | undefined {
  const { method, nodata, alpha, factors, sizes } = spec
  if (nodata !== undefined || alpha !== undefined || !agrees(spec, x.dtype)) return undefined
  const view = viewOf(x.shape, factors)
  const rank = view.spatial.length
  if (rank < 1 || rank > 3) return undefined
  const { outer, spatial, kernelSize, inner } = view
  const isLast = inner > 1
  const shape = isLast ? [outer, ...spatial, inner] : [1, outer, ...spatial]
  const options = {
    kernelSize,
    ceilMode: sizes.some((size, axis) => size * factors[axis]! > x.shape[axis]!),
    layout: isLast ? 'NHWC' : 'NCHW',
    ...rules(spec),
    ...(out && { out }),
  }
  const { forward } = families[method as keyof typeof families][rank as 1 | 2 | 3]
  const pool = forward as (x: Tensor, options: object) => Tensor
  const y = pool(new Tensor(x.data, shape, x.dtype), options)
  return new Tensor(y.data, sizes, x.dtype)
}

const families = { mean: avgPool, min: minPool, max: maxPool, mode: modePool, median: quantilePool }

/** The options that give the rules of a pyramid. */
function rules({ method, background }: Downsampling): object {
  if (method === 'mean') return { rounding: 'half-even' }
  if (method === 'mode') return { ties: 'lowest', ignore: background }
  return method === 'median' ? { q: 0.5, interpolation: 'lower' } : {}
}

/**
 * Floats have other rules: their means sum in float64, and -0 counts as 0. Modes of many elements and medians of 64 bits
 * have no fast kernel.
 */
function agrees({ method, factors }: Downsampling, dtype: DType): boolean {
  const { float, storage } = dtypes[dtype]
  if (method === 'min' || method === 'max') return true
  if (float || method === 'stride') return false
  if (method === 'median') return storage.BYTES_PER_ELEMENT < 8
  return method === 'mean' || sizeOf(factors) <= 64
}

function viewOf(shape: readonly number[], factors: readonly number[]): View {
  const first = factors.findIndex((factor) => factor > 1)
  const end = factors.findLastIndex((factor) => factor > 1) + 1
  const [spatial, kernelSize]: [number[], number[]] = [[], []]
  for (let axis = Math.max(0, first); axis < end; axis++) {
    const isMerged = factors[axis] === 1 && kernelSize.at(-1) === 1
    if (isMerged) spatial.push(spatial.pop()! * shape[axis]!)
    else {
      spatial.push(shape[axis]!)
      kernelSize.push(factors[axis]!)
    }
  }
  return {
    outer: sizeOf(shape.slice(0, Math.max(0, first))),
    spatial,
    kernelSize,
    inner: sizeOf(shape.slice(end)),
  }
}
