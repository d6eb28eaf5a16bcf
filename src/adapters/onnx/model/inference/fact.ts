/**
 * @file What is known of a value without running the model: its type, its shape, and the elements of small tensors, which shapes
 * are computed from.
 */
import type { Dimension } from '../parse-model.ts'
import type { Dimensions } from '../pooled-shape.ts'

export interface Fact {
  readonly dtype: string | null
  readonly shape: Dimensions | null
  /** In row-major order. A size that the model only names stands as its name. */
  readonly elements: Dimensions | null
}

export const unknown: Fact = Object.freeze({ dtype: null, shape: null, elements: null })

/** Tensors of more elements describe no shape. */
export const mostElements = 256

/** What is deeper is no shape of a network: it stays unknown. */
export const mostAxes = 64

/** A fact whose parts fit each other: other shapes and elements are dropped. */
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

/** Undefined where a dimension is no size. */
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

/** A vector of whole numbers, as ONNX's shapes and axes are. */
export function vector(elements: Dimensions): Fact {
  return factOf('int64', [elements.length], elements)
}

/** What the model declares, where it agrees with what was found; a number is better than a name. */
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

/** What holds of both. */
export function common(a: Fact, b: Fact): Fact {
  const dtype = a.dtype === b.dtype ? a.dtype : null
  if (a.shape === null || b.shape?.length !== a.shape.length) return { ...unknown, dtype }
  const [shape, elements] = [same(a.shape, b.shape), a.elements && b.elements && same(a.elements, b.elements)]
  return factOf(dtype, shape, elements)
}

function same(a: Dimensions, b: Dimensions): Dimensions {
  return a.map((dim, i) => (dim === b[i] ? dim : null))
}
