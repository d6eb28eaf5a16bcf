/**
 * @file Rules for operators that move elements without changing them: slice, concatenate, reshape, transpose, split, ...
 */
import type { Dimension } from '../parse-model.ts'
import type { Dimensions } from '../pooled-shape.ts'
import { repeated } from './arithmetic.ts'
import { broadcastShape } from './elementwise.ts'
import { countOf, type Fact, factOf, mostElements } from './fact.ts'
import { axesOf, axisOf, type NodeView, type Rule } from './node-view.ts'
import { unknownSizes } from './sources.ts'

export const layoutRules: readonly (readonly [string, Rule])[] = [
  ['Concat', (node) => concat(node)],
  ['DepthToSpace', (node) => blocks(node, (channels, side, block) => [channels / block ** 2, side * block])],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['GatherElements', (node) => factOf(node.input(0).dtype, node.input(1).shape)],
  ['GatherND', gatherNd],
  ['OneHot', oneHot],
  ['Pad', pad],
  ['Reshape', reshape],
  ['Slice', slice],
  ['SpaceToDepth', (node) => blocks(node, (channels, side, block) => [channels * block ** 2, side / block])],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Tile', tile],
  ['TopK', topK],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  [
    'com.microsoft.QLinearConcat',
    (node) => concat(node.withInputs(node.inputs.flatMap((_, i) => (i % 3 === 2 ? [i] : [])))),
  ],
]

/** The shape with one axis replaced. */
function withAxis(shape: Dimensions, axis: number, dim: Dimension): Dimensions {
  return shape.map((old, i) => (i === axis ? dim : old))
}

function concat(node: NodeView): Fact {
  const facts = node.inputs.map((_, i) => node.input(i))
  const { dtype, shape } = node.input(0)
  const rank = shape?.length ?? 0
  const axis = axisOf(node.int('axis', 1), rank)
  if (shape === null || axis === null || facts.some((fact) => fact.shape?.length !== rank))
    return factOf(dtype, null)
  const sizes = facts.map((fact) => fact.shape![axis]!)
  const total = sum(sizes)
  const others = shape.map((_, i) => facts.map((fact) => fact.shape![i]!).find((dim) => dim !== null) ?? null)
  const elements =
    rank === 1 && typeof total === 'number' && total <= mostElements
      ? facts.flatMap((fact) => fact.elements ?? new Array<null>(fact.shape![0] as number).fill(null))
      : null
  return factOf(dtype, withAxis(others, axis, total), elements)
}

/** The sum of sizes; a single named size is its own sum. */
function sum(sizes: Dimensions): Dimension {
  if (sizes.length === 1) return sizes[0]!
  const numbers = sizes.filter((size) => typeof size === 'number')
  return numbers.length < sizes.length ? null : numbers.reduce((total, size) => total + size, 0)
}

function blocks(
  node: NodeView,
  sizes: (channels: number, side: number, block: number) => readonly [channels: number, side: number],
): Fact {
  const { dtype, shape } = node.input(0)
  const block = node.int('blocksize', 0)
  if (shape?.length !== 4 || block < 1) return factOf(dtype, null)
  const [batch, channels, ...sides] = shape as [Dimension, Dimension, Dimension, Dimension]
  const part = (dim: Dimension, i: 0 | 1): Dimension =>
    typeof dim === 'number' ? sizes(dim, dim, block)[i] : null
  return factOf(dtype, [batch, part(channels, 0), ...sides.map((side) => part(side, 1))])
}

function expand(node: NodeView): Fact {
  const [{ dtype, shape, elements }, sizes] = [node.input(0), node.input(1)]
  const to = broadcastShape([shape, sizes.elements ?? unknownSizes(sizes)])
  return factOf(dtype, to, elements?.length === 1 ? repeated(elements[0]!, to) : elements)
}

function flatten(node: NodeView): Fact {
  const { dtype, shape } = node.input(0)
  const given = node.int('axis', 1)
  if (shape === null || Math.abs(given) > shape.length) return factOf(dtype, null)
  const axis = given < 0 ? given + shape.length : given
  return factOf(dtype, [product(shape.slice(0, axis)), product(shape.slice(axis))])
}

/** The product of sizes; a named size is known if all others are 1. */
function product(dims: Dimensions): Dimension {
  const rest = dims.filter((dim) => dim !== 1)
  if (rest.includes(0)) return 0
  return rest.length === 1 ? rest[0]! : (countOf(rest) ?? null)
}

function gather(node: NodeView): Fact {
  const [{ dtype, shape, elements }, indices] = [node.input(0), node.input(1)]
  const axis = shape && axisOf(node.int('axis', 0), shape.length)
  if (shape === null || axis === null || indices.shape === null) return factOf(dtype, null)
  const picked =
    shape.length === 1 && elements !== null && indices.elements !== null
      ? indices.elements.map((index) => elements[axisOf(index, elements.length) ?? -1] ?? null)
      : null
  return factOf(dtype, [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)], picked)
}

function gatherNd(node: NodeView): Fact {
  const [{ dtype, shape }, indices] = [node.input(0), node.input(1)]
  const depth = indices.shape?.at(-1)
  if (shape === null || typeof depth !== 'number') return factOf(dtype, null)
  return factOf(dtype, [...indices.shape!.slice(0, -1), ...shape.slice(node.int('batch_dims', 0) + depth)])
}

function oneHot(node: NodeView): Fact {
  const [{ shape }, depth, { dtype }] = [node.input(0), node.input(1), node.input(2)]
  const axis = shape && axisOf(node.int('axis', -1), shape.length + 1)
  if (shape === null || axis === null) return factOf(dtype, null)
  return factOf(dtype, [...shape.slice(0, axis), depth.elements?.[0] ?? null, ...shape.slice(axis)])
}

function pad(node: NodeView): Fact {
  const { dtype, shape } = node.input(0)
  if (shape === null) return factOf(dtype, null)
  const pads = node.list(node.has('paddings') ? 'paddings' : 'pads', 1)
  const axes = axesOf(node.list('axes', 3) ?? shape.map((_, axis) => axis), shape.length)
  if (!pads || axes === null || pads.length !== 2 * axes.length)
    return factOf(
      dtype,
      shape.map(() => null),
    )
  return factOf(
    dtype,
    shape.map((dim, axis) => {
      const place = axes.indexOf(axis)
      if (place < 0) return dim
      const [before, after] = [pads[place]!, pads[place + axes.length]!]
      if (before === 0 && after === 0) return dim
      return [dim, before, after].every((size) => typeof size === 'number')
        ? (dim as number) + (before as number) + (after as number)
        : null
    }),
  )
}

/** In the given shape, 0 copies the input's size (unless allowzero) and -1 is the remaining size, which may be a name. */
function reshape(node: NodeView): Fact {
  const [{ dtype, shape, elements }, sizes] = [node.input(0), node.input(1)]
  const given = node.list('shape', 1)
  if (!given) return factOf(dtype, unknownSizes(sizes))
  const keeps = node.int('allowzero', 0) === 0
  const dims = given.map((dim, axis) => (dim === 0 && keeps ? (shape?.[axis] ?? null) : dim))
  const rest = dims.indexOf(-1)
  if (rest < 0) return factOf(dtype, dims, elements)
  const others = dims.filter((_, axis) => axis !== rest)
  if (others.includes(-1)) return factOf(dtype, null)
  return factOf(dtype, withAxis(dims, rest, shape && quotient(shape, others)), elements)
}

/** The quotient of two products of sizes; names in both cancel. */
function quotient(whole: Dimensions, parts: Dimensions): Dimension {
  const names = whole.filter((dim) => typeof dim !== 'number')
  for (const part of parts) {
    if (typeof part === 'number') continue
    const place = part === null ? -1 : names.indexOf(part)
    if (place < 0) return null
    names.splice(place, 1)
  }
  const numbers = (dims: Dimensions): number => countOf(dims.filter((dim) => typeof dim === 'number'))!
  const ratio = numbers(whole) / numbers(parts)
  if (names.length === 0) return Number.isInteger(ratio) ? ratio : null
  return names.length === 1 && ratio === 1 ? names[0]! : null
}

function slice(node: NodeView): Fact {
  const { dtype, shape, elements } = node.input(0)
  if (shape === null) return factOf(dtype, null)
  const [starts, ends] = [node.list('starts', 1), node.list('ends', 2)]
  const axes = axesOf(node.list('axes', 3) ?? starts?.map((_, i) => i) ?? null, shape.length)
  if (!starts || !ends || axes === null || ends.length !== axes.length || starts.length !== axes.length) {
    const isGiven = node.list('axes', 3) !== undefined && axes !== null
    return factOf(
      dtype,
      shape.map((dim, axis) => (isGiven && !axes.includes(axis) ? dim : null)),
    )
  }
  const steps = node.list('steps', 4)
  const cuts = axes.map((axis, i) =>
    cut(shape[axis]!, starts[i]!, ends[i]!, steps === undefined ? 1 : (steps?.[i] ?? null)),
  )
  const dims = shape.map((dim, axis) => (axes.includes(axis) ? cuts[axes.indexOf(axis)]!.size : dim))
  const [first] = cuts
  if (elements === null || shape.length !== 1 || first === undefined || typeof first.size !== 'number')
    return factOf(dtype, dims)
  return factOf(
    dtype,
    dims,
    Array.from({ length: first.size }, (_, i) => elements[first.start + i * first.step]!),
  )
}

interface Cut {
  readonly size: Dimension
  readonly start: number
  readonly step: number
}

function cut(dim: Dimension, start: Dimension, end: Dimension, step: Dimension): Cut {
  const none: Cut = { size: null, start: 0, step: 1 }
  if (start === 0 && step === 1 && (end === dim || (typeof end === 'number' && end >= 2 ** 31 - 1)))
    return { ...none, size: dim }
  const numbers = [dim, start, end, step]
  if (!numbers.every((number) => typeof number === 'number') || step === 0) return none
  const [size, from, to, by] = numbers as [number, number, number, number]
  if (size === 0) return { ...none, size: 0 }
  const within = (place: number, least: number): number =>
    Math.min(Math.max(place < 0 ? place + size : place, least), by < 0 ? size - 1 : size)
  const begin = within(from, 0)
  return { size: Math.max(0, Math.ceil((within(to, by < 0 ? -1 : 0) - begin) / by)), start: begin, step: by }
}

/** Equal parts, the last one smaller, unless sizes are given. */
function split(node: NodeView): readonly Fact[] {
  const { dtype, shape, elements } = node.input(0)
  const axis = shape && axisOf(node.int('axis', 0), shape.length)
  if (shape === null || axis === null) return []
  const given = node.list('split', 1)
  const parts = node.int('num_outputs', node.outputs)
  const whole = shape[axis]
  let start = 0
  return Array.from({ length: node.outputs }, (_, i) => {
    const each = typeof whole === 'number' ? Math.ceil(whole / parts) : null
    const last = each === null ? null : Math.min(each, Math.max(0, (whole as number) - i * each))
    const size = given === undefined ? last : (given?.[i] ?? null)
    const from = start
    if (typeof size === 'number') start += size
    const own = shape.length === 1 && typeof size === 'number' ? elements?.slice(from, from + size) : null
    return factOf(dtype, withAxis(shape, axis, size), own ?? null)
  })
}

/** Without axes, removes every axis of size 1; all sizes must then be known. */
function squeeze(node: NodeView): Fact {
  const { dtype, shape, elements } = node.input(0)
  if (shape === null) return factOf(dtype, null)
  const given = node.list('axes', 1)
  if (given === undefined && shape.some((dim) => typeof dim !== 'number')) return factOf(dtype, null)
  const ones = shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []))
  const axes = axesOf(given === undefined ? ones : given, shape.length)
  return factOf(dtype, axes && shape.filter((_, axis) => !axes.includes(axis)), elements)
}

function unsqueeze(node: NodeView): Fact {
  const { dtype, shape, elements } = node.input(0)
  const given = node.list('axes', 1)
  if (shape === null || !given) return factOf(dtype, null)
  const axes = axesOf(given, shape.length + given.length)
  if (axes === null) return factOf(dtype, null)
  const rest = [...shape]
  const dims = Array.from({ length: shape.length + axes.length }, (_, axis) =>
    axes.includes(axis) ? 1 : rest.shift()!,
  )
  return factOf(dtype, dims, elements)
}

function tile(node: NodeView): Fact {
  const { dtype, shape } = node.input(0)
  const repeats = node.input(1).elements
  if (shape === null) return factOf(dtype, null)
  return factOf(
    dtype,
    shape.map((dim, axis) => {
      const times = repeats?.[axis] ?? null
      if (times === 1) return dim
      if (dim === 1) return times
      return typeof dim === 'number' && typeof times === 'number' ? dim * times : null
    }),
  )
}

function topK(node: NodeView): readonly Fact[] {
  const { dtype, shape } = node.input(0)
  const axis = shape && axisOf(node.int('axis', -1), shape.length)
  if (shape === null || axis === null) return [factOf(dtype, null), factOf('int64', null)]
  const count = node.has('k') ? node.int('k', 0) : (node.input(1).elements?.[0] ?? null)
  const dims = withAxis(shape, axis, count)
  return [factOf(dtype, dims), factOf('int64', dims)]
}

function transpose(node: NodeView): Fact {
  const { dtype, shape, elements } = node.input(0)
  if (shape === null) return factOf(dtype, null)
  const order = axesOf(node.ints('perm') ?? shape.map((_, axis) => shape.length - 1 - axis), shape.length)
  if (order?.length !== shape.length) return factOf(dtype, null)
  return factOf(
    dtype,
    order.map((axis) => shape[axis]!),
    shape.length === 1 ? elements : null,
  )
}
