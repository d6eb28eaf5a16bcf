/**
 * @file Shapes: checked dimensions, exact element counts, row-major strides.
 */
import { refusal } from '../errors.ts'

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

/**
 * @returns a frozen copy of `shape`
 * @throws PoolError "BAD_SHAPE" unless it is an array of whole numbers >= 0
 */
export function parseShape(op: string, argument: string, shape: unknown): readonly number[] {
  if (!Array.isArray(shape) && !ArrayBuffer.isView(shape)) {
    throw refusal(
      'BAD_SHAPE',
      { op, argument, value: shape },
      'must be an array of dimensions',
      'Pass e.g. [3, 2, 5, 5].',
    )
  }
  const dims = Array.from(shape as ArrayLike<unknown>)
  dims.forEach((dim, axis) => {
    if (!Number.isSafeInteger(dim) || (dim as number) < 0 || Object.is(dim, -0)) {
      throw refusal(
        'BAD_SHAPE',
        { op, argument: `${argument}[${axis}]`, value: dim },
        'must be a whole number >= 0',
        'Pass the number of elements along the axis.',
      )
    }
  })
  return Object.freeze(dims as number[])
}

/** `3x2x5x5`, as messages and the command line write a shape. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('x')
}
