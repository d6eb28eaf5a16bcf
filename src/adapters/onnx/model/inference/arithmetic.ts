/**
 * @file Arithmetic on known elements, with which exported models compute shapes. An element may be the name of a size; it stays
 * known only if the operation leaves it unchanged, as adding 0 does.
 */
import type { Dimension } from '../parse-model.ts'
import type { Dimensions } from '../pooled-shape.ts'
import { countOf, type Fact, mostElements } from './fact.ts'

interface Operation {
  readonly of: (a: number, b: number) => number
  /** The neutral element on the right (on either side, if the operation commutes). */
  readonly neutral?: number
  readonly commutes?: true
}

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['Add', { of: (a, b) => a + b, neutral: 0, commutes: true }],
  ['Sum', { of: (a, b) => a + b, neutral: 0, commutes: true }],
  ['ReduceSum', { of: (a, b) => a + b, neutral: 0, commutes: true }],
  ['Sub', { of: (a, b) => a - b, neutral: 0 }],
  ['Mul', { of: (a, b) => a * b, neutral: 1, commutes: true }],
  ['ReduceProd', { of: (a, b) => a * b, neutral: 1, commutes: true }],
  ['Div', { of: (a, b) => a / b, neutral: 1 }],
  ['Min', { of: Math.min }],
  ['ReduceMin', { of: Math.min }],
  ['Max', { of: Math.max }],
  ['ReduceMax', { of: Math.max }],
  ['Pow', { of: (a, b) => a ** b, neutral: 1 }],
  ['Equal', { of: (a, b) => Number(a === b) }],
  ['Greater', { of: (a, b) => Number(a > b) }],
  ['GreaterOrEqual', { of: (a, b) => Number(a >= b) }],
  ['Less', { of: (a, b) => Number(a < b) }],
  ['LessOrEqual', { of: (a, b) => Number(a <= b) }],
  ['And', { of: (a, b) => a & b }],
  ['Or', { of: (a, b) => a | b }],
  ['Xor', { of: (a, b) => a ^ b }],
])

const functions: ReadonlyMap<string, (x: number) => number> = new Map([
  ['Abs', Math.abs],
  ['Ceil', Math.ceil],
  ['Floor', Math.floor],
  ['Neg', (x: number) => -x],
  ['Not', (x: number) => 1 - x],
  ['Sqrt', Math.sqrt],
])

/** Applies a unary operator to each element; null for an operator without a rule here. */
export function mapped(name: string, { dtype, elements }: Fact): Dimensions | null {
  const of = functions.get(name)
  if (elements === null || of === undefined) return null
  return elements.map((x) => (typeof x === 'number' ? asType(dtype, of(x)) : null))
}

/** Applies a binary operator to two tensors of equal length, or of which one has length 1. */
export function combined(
  name: string,
  dtype: string | null,
  a: Dimensions,
  b: Dimensions,
): Dimensions | null {
  const operation = operations.get(name)
  const count = Math.max(a.length, b.length)
  if (operation === undefined || !fits(a, count) || !fits(b, count)) return null
  return Array.from({ length: count }, (_, i) => pair(name, operation, dtype, at(a, i), at(b, i)))
}

/** Folds an operator over all elements in order. */
export function folded(name: string, { dtype, elements }: Fact): Dimension {
  const operation = operations.get(name)
  if (operation === undefined || elements === null || elements.length === 0) return null
  return elements.reduce((a, b) => pair(name, operation, dtype, a, b))
}

export function chosen(where: Dimensions, a: Dimensions, b: Dimensions): Dimensions | null {
  const count = Math.max(where.length, a.length, b.length)
  if (!fits(where, count) || !fits(a, count) || !fits(b, count)) return null
  return Array.from({ length: count }, (_, i) => {
    const isFirst = at(where, i)
    return typeof isFirst === 'number' ? at(isFirst === 0 ? b : a, i) : null
  })
}

/** The element, repeated to fill the shape. */
export function repeated(element: Dimension, shape: Dimensions | null): Dimensions | null {
  const count = shape === null ? undefined : countOf(shape)
  return count === undefined || count > mostElements ? null : new Array<Dimension>(count).fill(element)
}

/** A number converted to the type; null if the type cannot hold it. */
export function asType(dtype: string | null, x: number): number | null {
  if (!Number.isFinite(x)) return null
  if (dtype === 'float32') return Math.fround(x) + 0
  if (dtype === 'float64') return x
  if (dtype === 'BOOL') return Number(x !== 0)
  return dtype !== null && /^u?int/.test(dtype) && Number.isSafeInteger(Math.trunc(x))
    ? Math.trunc(x) + 0
    : null
}

function pair(
  name: string,
  { of, neutral, commutes }: Operation,
  dtype: string | null,
  a: Dimension,
  b: Dimension,
): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return asType(dtype, of(a, b))
  if (name === 'Equal' && a !== null && b !== null) return equal(a, b)
  if (b === neutral) return a
  return commutes && a === neutral ? b : null
}

/** Names are equal to themselves and to no negative number; otherwise a comparison with a name is unknown. */
function equal(a: number | string, b: number | string): Dimension {
  if (a === b) return 1
  return (typeof a === 'number' && a < 0) || (typeof b === 'number' && b < 0) ? 0 : null
}

function fits({ length }: Dimensions, count: number): boolean {
  return length === 1 || length === count
}

function at(elements: Dimensions, i: number): Dimension {
  return elements[elements.length === 1 ? 0 : i]!
}
