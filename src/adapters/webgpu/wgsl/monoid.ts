/**
 * @file What a window folds to, for shaders in which many threads fold one window: partial results that combine in any grouping.
 */
import type { Bound } from './program.ts'
import type { Windows } from './windows.ts'

/** Of one to four words. */
export type PartialType = 'u32' | 'vec2u' | 'vec3u' | 'vec4u'

export interface Monoid {
  /** The result first. */
  readonly bindings: readonly Bound[]
  readonly windows: Windows
  /** The WGSL type of a partial result, and the partial result of no elements. */
  readonly type: PartialType
  readonly identity: string
  /** Words of a result, of which `finish` returns a vector. Default: 1. */
  readonly words?: number
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

/** The WGSL type of a result. */
export function resultType({ words = 1 }: Monoid): string {
  return words === 1 ? 'u32' : `vec${words}u`
}

/** Writes a result, which for one word has a word for each element. */
export function writeResult({ bindings, words = 1 }: Monoid, at: string, result: string): string {
  const { name } = bindings[0]!
  if (words === 1) return `${name}[run.${name}_base + ${at}] = ${result};`
  return `{
      let found = ${result};
      for (var i = 0u; i < ${words}u; i++) { ${name}[run.${name}_base + ${at} * ${words}u + i] = found[i]; }
    }`
}
