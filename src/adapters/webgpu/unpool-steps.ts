/**
 * @file The steps of unpooling and of its gradient, which move elements by index.
 */
import type { Place } from './forward-steps.ts'
import type { Slice, Step } from './step.ts'
import { lastWriterProgram, unpoolGradientProgram, unpoolProgram } from './wgsl/by-index.ts'

/** Sizes of `[outer][plane][inner]`, before and after. */
export interface UnpoolSizes {
  readonly outer: number
  readonly inner: number
  readonly pooled: number
  readonly unpooled: number
}

export function unpoolSteps(
  { outer, inner, pooled, unpooled }: UnpoolSizes,
  { x, y, indices }: { readonly x: Place; readonly y: Place; readonly indices: Place },
  scratch: (bytes: number) => Slice['buffer'],
): Step[] {
  const tables = [outer, inner, pooled, unpooled]
  const buffer = scratch(outer * unpooled * inner * 4)
  const last = { buffer, offset: 0, dtype: 'uint32', part: unpooled * inner } as const
  const [few, many] = [pooled * inner, unpooled * inner]
  return [
    {
      program: lastWriterProgram(),
      tables,
      slices: [last, { ...indices, part: few }],
      outer,
      perPlane: few,
      reads: outer * few,
      cleared: buffer,
    },
    {
      program: unpoolProgram(x.dtype),
      tables,
      slices: [{ ...y, part: many }, { ...x, part: few }, last],
      outer,
      perPlane: many,
      reads: outer * many,
    },
  ]
}

export function unpoolGradientStep(
  { outer, inner, pooled, unpooled }: UnpoolSizes,
  { dy, dx, indices }: { readonly dy: Place; readonly dx: Place; readonly indices: Place },
): Step {
  const [few, many] = [pooled * inner, unpooled * inner]
  return {
    program: unpoolGradientProgram(dx.dtype),
    tables: [outer, inner, pooled, unpooled],
    slices: [
      { ...dx, part: few },
      { ...dy, part: many },
      { ...indices, part: few },
    ],
    outer,
    perPlane: few,
    reads: outer * few,
  }
}
