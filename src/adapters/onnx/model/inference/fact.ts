/**
 * @file A fact about a value, known without running the model: its type, its shape and, for small tensors, its elements,
 * from which models compute shapes.
 */
import type { Dimension } from '../parse-model.ts'
import type { Dimensions } from '../pooled-shape.ts'

export interface Fact {
  readonly dtype: string | null
  readonly shape: Dimensions | null
  /** In row-major order. A size that the model gives only by name appears as that name. */
  readonly elements: Dimensions | null
}

export const unknown: Fact = Object.freeze({ dtype: null, shape: null, elements: null })

/** Elements of larger tensors are not kept, since they do not describe shapes. */
export const mostElements = 256

/** Shapes with more axes do not occur in networks and stay unknown. */
export const mostAxes = 64

/** Makes a fact; drops a shape that is too long, and elements that do not fit the shape. */
export function factOf(
  dtype: string | null,
  shape: Dimensions | null,
  elements: Dimensions | null = null,
): Fact {
  if (shape === null || shape.length > mostAxes || shape.some(isAbsurd)) return { ...unknown, dtype }
  return { dtype, shape, elements: elements !== null && elements.length === countOf(shape) ? elements : null }
}

function isAbsurd(dim: Dimension): boolean {
  return typeof dim === 'number' && !(Number.isSafeInteger(dim) && dim >= 0)
}

/** The number of elements; undefined if a dimension is not a number. */
export function countOf(shape: Dimensions): number | undefined {
  let count = 1
  for (const dim of shape) {
    if (typeof dim !== 'number' || isAbsurd(dim)) return undefined
    count *= dim
  }
  return count
}

export function isComplete({ shape }: Pick<Fact, 'shape'>): boolean {
  return shape !== null && !shape.includes(null)
}

/** An int64 vector, the form of ONNX's shapes and axes. */
export function vector(elements: Dimensions): Fact {
  return factOf('int64', [elements.length], elements)
}

/** Combines declared and inferred facts if they agree; prefers a number to a name. */
export function merged(declared: Fact | undefined, found: Fact): Fact {
  if (declared === undefined) return found
  const dtype = declared.dtype ?? found.dtype
  if (declared.shape === null) return { ...found, dtype }
  if (found.shape?.length !== declared.shape.length) return { ...declared, elements: found.elements }
  const other = found.shape
  const shape = declared.shape.map((dim, axis) => {
    const known = other[axis]!
    return typeof dim === 'number' || (typeof dim === 'string' && typeof known !== 'number') ? dim : known
  })
  return factOf(dtype, shape, found.elements)
}

/** The knowledge that `a` and `b` share. */
export function common(a: Fact, b: Fact): Fact {
  const dtype = a.dtype === b.dtype ? a.dtype : null
  if (a.shape === null || b.shape?.length !== a.shape.length) return { ...unknown, dtype }
  const [shape, elements] = [same(a.shape, b.shape), a.elements && b.elements && same(a.elements, b.elements)]
  return factOf(dtype, shape, elements)
}

function same(a: Dimensions, b: Dimensions): Dimensions {
  return a.map((dim, i) => (dim === b[i] ? dim : null))
}
