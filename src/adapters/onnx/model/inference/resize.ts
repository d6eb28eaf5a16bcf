/**
 * @file Rules for all versions of Resize and Upsample, and for other operators that resample images.
 */
import type { Dimension } from '../parse-model.ts'
import type { Dimensions } from '../pooled-shape.ts'
import { type Fact, factOf } from './fact.ts'
import { axesOf, type NodeView, type Rule } from './node-view.ts'

export const resizeRules: readonly (readonly [string, Rule])[] = [
  ['AffineGrid', (node) => factOf(node.input(0).dtype, grid(node.input(1).elements))],
  ['GridSample', gridSample],
  ['Resize', resize],
  ['Upsample', upsample],
]

/** Scales by factors or to sizes, along all axes or those in `axes`. An input without elements counts as omitted. */
function resize(node: NodeView): Fact {
  const { dtype, shape } = node.input(0)
  if (shape === null) return factOf(dtype, null)
  const isOld = node.inputs.length === 2
  const scales = given(node, isOld ? 1 : 2)
  const sizes = isOld ? undefined : given(node, 3)
  const axes = axesOf(node.ints('axes') ?? shape.map((_, axis) => axis), shape.length)
  const list = sizes === undefined ? scales : sizes
  if (axes === null || !list || list.length !== axes.length)
    return factOf(
      dtype,
      shape.map(() => null),
    )
  const policy = node.text('keep_aspect_ratio_policy')
  const keepsRatio = sizes !== undefined && (policy === 'not_larger' || policy === 'not_smaller')
  const wanted = keepsRatio
    ? inRatio(
        axes.map((axis) => shape[axis]!),
        list,
        policy,
      )
    : list
  return factOf(
    dtype,
    shape.map((dim, axis) => {
      const entry = axes.includes(axis) ? wanted[axes.indexOf(axis)]! : undefined
      if (entry === undefined) return dim
      return sizes === undefined ? scaled(dim, entry) : entry
    }),
  )
}

function given(node: NodeView, i: number): Dimensions | null | undefined {
  const fact = node.inputs[i]
  return fact === undefined || fact.shape?.[0] === 0 ? undefined : fact.elements
}

/** Uses one factor for all axes: the least or greatest ratio of sizes. */
function inRatio(dims: Dimensions, sizes: Dimensions, policy: string): Dimensions {
  if (![...dims, ...sizes].every((size) => typeof size === 'number')) return dims.map(() => null)
  const factors = (sizes as readonly number[]).map((size, i) => size / (dims[i] as number))
  const factor = policy === 'not_larger' ? Math.min(...factors) : Math.max(...factors)
  return (dims as readonly number[]).map((dim) => Math.round(dim * factor))
}

function upsample(node: NodeView): Fact {
  const { dtype, shape } = node.input(0)
  const scales = node.list('scales', 1)
  const dims = shape?.map((dim, axis) => scaled(dim, scales?.[axis] ?? null))
  return factOf(dtype, dims ?? null)
}

/** Factors are float32, so the product is computed in float32. */
function scaled(dim: Dimension, factor: Dimension): Dimension {
  if (factor === 1) return dim
  return typeof dim === 'number' && typeof factor === 'number' ? Math.floor(Math.fround(dim * factor)) : null
}

function gridSample(node: NodeView): Fact {
  const [{ dtype, shape }, places] = [node.input(0), node.input(1).shape]
  if (shape === null || places === null) return factOf(dtype, null)
  return factOf(dtype, [...shape.slice(0, 2), ...places.slice(1, -1)])
}

function grid(size: Dimensions | null): Dimensions | null {
  return size && [size[0] ?? null, ...size.slice(2), size.length - 2]
}
