/**
 * @file The output shape of a layer for an input shape with unknown axes.
 */
import type { Layout } from '../../ops/geometry/tensor-axes.ts'

/** A shape in a model of TensorFlow.js; null for an axis of unknown size, such as the batch. */
export type SymbolicShape = readonly (number | null)[]

interface Pooling {
  readonly layout: Layout
  /** Output sizes of the pooled axes; null if the size depends on the input's. */
  readonly fixed: readonly (number | null)[]
  outputShape(shape: readonly number[]): readonly number[]
}

/** @param shape [batch, channels, ...pooled] or [batch, ...pooled, channels] */
export function symbolicShape(
  shape: SymbolicShape,
  { layout, fixed, outputShape }: Pooling,
): (number | null)[] {
  const rank = shape.length - 2
  const start = layout === 'NCHW' ? 2 : 1
  const pooled = shape.slice(start, start + rank)
  const isKnown = pooled.every((size) => size !== null)
  const sizes =
    !isKnown && fixed.every((size) => size !== null) ? fixed : known(pooled, fixed, start, outputShape)
  return [...shape.slice(0, start), ...sizes, ...shape.slice(start + rank)]
}

/** Replaces unknown sizes with one that any window fits. Axes are pooled independently, so the others are unaffected. */
function known(
  pooled: SymbolicShape,
  fixed: Pooling['fixed'],
  start: number,
  outputShape: Pooling['outputShape'],
): SymbolicShape {
  const rank = pooled.length
  const standIn = 2 ** Math.min(30, Math.floor(50 / rank))
  const whole = pooled.map((size) => size ?? standIn)
  const shape = start === 2 ? [1, 1, ...whole] : [1, ...whole, 1]
  return outputShape(shape)
    .slice(start, start + rank)
    .map((size, axis) => (pooled[axis] === null ? (fixed[axis] ?? null) : size))
}
