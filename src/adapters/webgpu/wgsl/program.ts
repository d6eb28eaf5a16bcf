/**
 * @file A shader and its bindings. Every invocation writes one word of the result, so that narrow elements need no atomics.
 */
import { conversions, type GpuDType, perWord, reader } from './elements.ts'

/** A buffer that a shader reads (`in`) or writes (`out`). */
export interface Bound {
  readonly name: string
  readonly dtype: GpuDType
  readonly access: 'in' | 'out'
}

export interface Program {
  readonly code: string
  /** In the order of their numbers, after the numbers of the run (0) and the tables (1). */
  readonly bindings: readonly Bound[]
  /** Elements that one invocation writes. */
  readonly perInvocation: number
}

/**
 * Whole numbers of a run: the invocations, the first plane, parameters, the fewest elements that count in a window and the result of
 * others, the tile of a workgroup, and where each binding begins.
 */
export const runWords = [
  'begin',
  'end',
  'size',
  'plane',
  'parameter',
  'second',
  'scale',
  'least',
  'fill',
  'lines',
  'length',
  'span',
  'levels',
] as const

export const groupSize = 64

/**
 * @param bindings  the result first
 * @param element   the body of `fn element(at: u32) -> u32`, the bits of result `at`
 * @param functions what it calls
 */
export function elementwise(bindings: readonly Bound[], element: string, functions: string): Program {
  const [result] = bindings
  const lanes = perWord(result!.dtype)
  const write =
    lanes === 1
      ? `  ${result!.name}[run.${result!.name}_base + word] = element(word);`
      : packed(result!, lanes, 'element(at)')
  return {
    bindings,
    perInvocation: lanes,
    code: `${declarations(bindings)}
${functions}
fn element(at: u32) -> u32 {
${element}
}
@compute @workgroup_size(${groupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = run.begin + id.x + id.y * groups.x * ${groupSize}u;
  if (word >= run.end) { return; }
${write}
}`,
  }
}

/** Writes `word` of a result of narrow elements. Elements past the end of the result keep their bits. */
export function packed({ name, dtype }: Bound, lanes: number, element: string): string {
  const bits = 32 / lanes
  return `  let to = run.${name}_base / ${lanes}u + word;
  var bits = 0u;
  for (var lane = 0u; lane < ${lanes}u; lane++) {
    let at = word * ${lanes}u + lane;
    if (at < run.size) { bits |= narrow_${dtype}(${element}) << (lane * ${bits}u); }
    else { bits |= ${name}[to] & (${2 ** bits - 1}u << (lane * ${bits}u)); }
  }
  ${name}[to] = bits;`
}

/** The run, the tables, the bindings and the functions that read them. */
export function declarations(
  bindings: readonly Bound[],
  { atomics = [], vectors = [] }: Partial<Record<'atomics' | 'vectors', readonly string[]>> = {},
): string {
  const fields = [...runWords, ...bindings.map(({ name }) => `${name}_base`)]
  const types = new Set(bindings.map(({ dtype }) => dtype))
  return `struct Run { ${fields.map((name) => `${name}: u32`).join(', ')} }
@group(0) @binding(0) var<uniform> run: Run;
@group(0) @binding(1) var<storage, read> tables: array<u32>;
${bindings
  .map(({ name, access }, i) => {
    const element = atomics.includes(name) ? 'atomic<u32>' : vectors.includes(name) ? 'vec4u' : 'u32'
    const mode = access === 'in' ? 'read' : 'read_write'
    return `@group(0) @binding(${i + 2}) var<storage, ${mode}> ${name}: array<${element}>;`
  })
  .join('\n')}
${[...types].map(conversions).join('\n')}
${bindings
  .filter(({ access, name }) => access === 'in' && !vectors.includes(name))
  .map(({ name, dtype }) => reader(name, dtype))
  .join('\n')}`
}

/** The words from `at` times their number on of a binding of words, as a vector. */
export function vectorOf(binding: string, words: number, at: string): string {
  const each = Array.from({ length: words }, (_, i) => `read_${binding}(${at} * ${words}u + ${i}u)`)
  return `vec${words}u(${each.join(', ')})`
}

/** Stores elements of 32 bits as narrow ones. */
export function narrowProgram(from: GpuDType, to: GpuDType): Program {
  const bindings = [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype: from, access: 'in' },
  ] as const
  return elementwise(bindings, '  return read_x(at);', '')
}
