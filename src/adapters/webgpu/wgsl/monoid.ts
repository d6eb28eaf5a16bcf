/**
 * @file What a window folds to, for shaders in which many threads fold one window: partial results that combine in any grouping.
 */
import type { Bound } from './program.ts'
import type { Windows } from './windows.ts'

export interface Monoid {
  /** The result first. */
  readonly bindings: readonly Bound[]
  readonly windows: Windows
  /** The WGSL type of a partial result, at most two words, and that of no elements. */
  readonly type: 'u32' | 'vec2u'
  readonly identity: string
  /** True if elements may be combined more than once. */
  readonly isIdempotent: boolean
  /** Declares `part`, the partial result of the element `source` at `place`. */
  readonly lift: string
  /** After `locate`: returns the bits of the result of the partial result `total`. */
  readonly finish: string
  /** `combine(a, b)`, and what `lift` and `finish` call. */
  readonly functions: string
}

/** Invocations of a workgroup that folds together. */
export const teamSize = 256
