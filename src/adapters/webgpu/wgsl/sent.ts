/**
 * @file What windows send to the elements that they read, in WGSL: sums over windows that combine in any grouping, from which the gradient
 * of an element follows by its value. Where floats leave their range, or meet infinities, a sum is lost, and the element asks each of its
 * windows.
 */
import type { Monoid } from './monoid.ts'
import { type Bound, vectorOf } from './program.ts'
import type { Windows } from './windows.ts'

/** A sum has words, of which the first is 0 if no window sends anything. */
export interface Sent {
  readonly words: 2 | 3 | 4
  /** Of the first pass, after the result. */
  readonly bindings: readonly Bound[]
  /** Declares `part`, what the window `source` sends. */
  readonly lift: string
  /** Changes `part`, the sum that an earlier pass handed on. */
  readonly again: string
  /** The body of `combine(a, b)` of two sums, neither empty nor lost. */
  readonly both: string
  /** The body of `gradient_of(total, bits)` for an element: the bits of its gradient. */
  readonly gradient: string
  readonly functions: string
}

/** The first word of a lost sum, above those of others. */
export const lost = '0x7f800000u'

export function sentMonoid(sent: Sent, windows: Windows, isFirst: boolean): Monoid {
  const { words, bindings, lift, again } = sent
  return {
    bindings: [
      { name: 'to', dtype: 'uint32', access: 'out' },
      ...(isFirst ? bindings : [{ name: 'sums', dtype: 'uint32', access: 'in' } as const]),
    ],
    windows,
    type: `vec${words}u`,
    identity: `vec${words}u()`,
    words,
    isIdempotent: false,
    lift: isFirst ? lift : `    var part = ${vectorOf('sums', words, 'source')};\n${again}`,
    finish: '  return total;',
    functions: functionsOf(sent),
  }
}

function functionsOf({ words, both, functions }: Sent): string {
  const type = `vec${words}u`
  return `${functions}
fn combine(a: ${type}, b: ${type}) -> ${type} {
  if (a.x == 0u) { return b; }
  if (b.x == 0u) { return a; }
  if (max(a.x, b.x) >= ${lost}) { return ${type}(${lost}); }
${both}
}`
}

/** Ends an element, of the value `bits`, whose sum is not lost. */
export function endBySum({ words }: Sent): string {
  return `  let total = ${vectorOf('sums', words, 'at')};
  if (total.x == 0u) { return 0u; }
  if (total.x < ${lost}) {
    let gradient = gradient_of(total, bits);
    if ((gradient & 0x7f800000u) != 0x7f800000u) { return gradient; }
  }`
}

/** The binding of sums. */
export function sumsOf(sent: Sent | null): Bound[] {
  return sent === null ? [] : [{ name: 'sums', dtype: 'uint32', access: 'in' }]
}

/** The function `gradient_of`, and what it calls. */
export function gradientOf({ words, gradient, functions }: Sent): string {
  return `${functions}
fn gradient_of(total: vec${words}u, bits: u32) -> u32 {
${gradient}
}`
}
