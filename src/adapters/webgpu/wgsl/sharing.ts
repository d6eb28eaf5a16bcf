/**
 * @file Loops over a window that the threads of a workgroup share, in WGSL: each takes some of its taps, and what they found is combined
 * in workgroup memory. All threads then know the whole, so a shader of several loops reads as that of one thread does.
 */
import { perWord } from './elements.ts'
import { type Bound, declarations, elementwise, type Program, packed } from './program.ts'

/** Threads of a workgroup that share windows. */
export const sharers = 128

interface Total {
  readonly type: 'f32' | 'u32' | 'vec2u'
  readonly combine: string
}

/** The ways in which what threads found combines. */
const totals = {
  sum: { type: 'f32', combine: 'a + b' },
  count: { type: 'u32', combine: 'a + b' },
  flags: { type: 'u32', combine: 'a | b' },
  most: { type: 'u32', combine: 'max(a, b)' },
  least: { type: 'u32', combine: 'min(a, b)' },
  /** A sum of 64 bits, the low word first. */
  whole: { type: 'vec2u', combine: 'vec2u(a.x + b.x, a.y + b.y + select(0u, 1u, a.x + b.x < a.x))' },
} as const satisfies Readonly<Record<string, Total>>

export type TotalName = keyof typeof totals

/** What combines what the threads found in a variable, or in an expression. */
export function totalOf(name: TotalName, own: string): string {
  return `total_${name}(share, ${own})`
}

const conversions = {
  f32: { word: 'vec2u(bitcast<u32>(own), 0u)', value: (word: string) => `bitcast<f32>(${word}.x)` },
  u32: { word: 'vec2u(own, 0u)', value: (word: string) => `${word}.x` },
  vec2u: { word: 'own', value: (word: string) => word },
} as const

function functionOf(name: TotalName): string {
  const { type, combine } = totals[name]
  const { word, value } = conversions[type]
  return `fn total_${name}(share: u32, own: ${type}) -> ${type} {
  parts[share] = ${word};
  for (var rest = ${sharers / 2}u; rest > 0u; rest /= 2u) {
    workgroupBarrier();
    if (share < rest) {
      let own_part = parts[share];
      let other_part = parts[share + rest];
      let a = ${value('own_part')};
      let b = ${value('other_part')};
      parts[share] = ${word.replace('own', `(${combine})`)};
    }
  }
  if (share == 0u) { joined = parts[0]; }
  let result = workgroupUniformLoad(&joined);
  return ${value('result')};
}`
}

/** A program of results of windows, whose `element` has their loops. */
export function windowwise(
  { isShared = false }: { readonly isShared?: boolean },
  bindings: readonly Bound[],
  element: string,
  functions: string,
): Program {
  return (isShared ? sharedElementwise : elementwise)(bindings, element, functions)
}

/** As `elementwise`, with a workgroup for each word of the result; `element` also knows `share`, the number of its thread. */
function sharedElementwise(bindings: readonly Bound[], element: string, functions: string): Program {
  const [result] = bindings
  const lanes = perWord(result!.dtype)
  const write =
    lanes === 1
      ? `  let found = element(word, share);
  if (share == 0u) { ${result!.name}[run.${result!.name}_base + word] = found; }`
      : `  var found: array<u32, ${lanes}>;
  for (var lane = 0u; lane < ${lanes}u; lane++) {
    let at = word * ${lanes}u + lane;
    if (at < run.size) { found[lane] = element(at, share); }
  }
  if (share != 0u) { return; }
${packed(result!, lanes, 'found[lane]')}`
  return {
    bindings,
    perInvocation: lanes,
    code: `${declarations(bindings)}
${sharedFunctions}
${functions}
fn element(at: u32, share: u32) -> u32 {
${element}
}
${sharedMain}
${write}
}`,
  }
}

/** The beginning of the entry point, which declares `word` and `share`. */
export const sharedMain = `@compute @workgroup_size(${sharers})
fn main(@builtin(local_invocation_index) share: u32, @builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = run.begin + id.x + id.y * groups.x;
  if (word >= run.end) { return; }`

export const sharedFunctions = `var<workgroup> parts: array<vec2u, ${sharers}>;
var<workgroup> joined: vec2u;
${(Object.keys(totals) as TotalName[]).map(functionOf).join('\n')}`
