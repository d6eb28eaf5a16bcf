/**
 * @file Shapes: checked dimensions, exact element counts, row-major strides.
 */
import { invalid } from '../errors.ts'
import { arrayName } from './dtype.ts'

/** The number of elements of a shape whose dimensions are already checked; exact, or Infinity past 2^53. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 0) return 0
    size *= shape[axis]!
  }
  return size <= Number.MAX_SAFE_INTEGER ? size : Number.POSITIVE_INFINITY
}

/** Steps, in elements, between neighbours along each axis of a row-major array. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= shape[axis]!
  }
  return strides
}

/** As many axes as NumPy's and PyTorch's tensors have at most. */
export const mostAxes = 64

/**
 * @returns a frozen copy of `shape`, each of whose entries is read once
 * @throws PoolError "BAD_SHAPE" unless it is an array of at most 64 whole numbers >= 0
 */
export function parseShape(op: string, argument: string, shape: unknown): readonly number[] {
  if (!Array.isArray(shape) && arrayName(shape) === undefined) {
    throw invalid(
      'BAD_SHAPE',
      { op, argument, value: shape },
      'must be an array of dimensions',
      'Pass e.g. [3, 2, 5, 5].',
    )
  }
  const { length } = shape as ArrayLike<unknown>
  assertAxes(op, argument, length)
  const dims: number[] = []
  for (let axis = 0; axis < length; axis++) {
    const dim = (shape as ArrayLike<unknown>)[axis]
    if (!Number.isSafeInteger(dim) || (dim as number) < 0 || Object.is(dim, -0)) {
      throw invalid(
        'BAD_SHAPE',
        { op, argument: `${argument}[${axis}]`, value: dim },
        'must be a whole number >= 0',
        'Pass the number of elements along the axis.',
      )
    }
    dims.push(dim as number)
  }
  return Object.freeze(dims)
}

/** @throws PoolError "BAD_SHAPE" for more axes than a tensor may have */
export function assertAxes(op: string, argument: string, count: number): void {
  if (count <= mostAxes) return
  throw invalid(
    'BAD_SHAPE',
    { op, argument: `${argument}, number of axes`, value: count },
    `must be at most ${mostAxes}`,
    'Merge axes that are not pooled.',
  )
}

/** `3x2x5x5`, as messages and the command line write a shape. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('x')
}
