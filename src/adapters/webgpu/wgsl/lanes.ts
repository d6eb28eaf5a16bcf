/**
 * @file Four results in a thread, in WGSL: what a reducer does for each, and how elements are read and results written four at a time.
 */
import { type GpuDType, perWord } from './elements.ts'
import { type Bound, declarations, groupSize, type Program } from './program.ts'
import type { Windows } from './windows.ts'

/** What a reducer does for one of the four results. The names of its variables end with an underscore and the number of the lane. */
export interface Lane {
  /** Declares its state. */
  readonly begin: string
  /** Takes `bits` at `place` in the plane; if the element may lie outside the row, only where `inside`. */
  visit(isClipped: boolean): string
  /** Sets `result`. */
  readonly finish: string
  /** Writes what else it found for the result `at`. */
  readonly more: string
}

export interface LaneShader {
  /** The result first, then x. */
  readonly bindings: readonly Bound[]
  readonly windows: Windows
  readonly functions: string
  lane(number: number): Lane
}

/** Elements of a block, and results of a thread. */
export const blockSize = 4

export const lanes = Array.from({ length: blockSize }, (_, lane) => lane)

/** A program whose threads have `own_block`. It reads x in blocks, or element by element. */
export function laneProgram({ bindings, functions }: LaneShader, body: string, hasBlocks: boolean): Program {
  const x = bindings[1]!
  return {
    bindings,
    perInvocation: blockSize,
    code: `${declarations(bindings, { vectors: hasBlocks && perWord(x.dtype) === 1 ? [x.name] : [] })}
${functions}
${hasBlocks ? blockOf(x.dtype) : ''}
@compute @workgroup_size(${groupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let own_block = run.begin + id.x + id.y * groups.x * ${groupSize}u;
  if (own_block >= run.end) { return; }
${body}
}`,
  }
}

/** A part of all lanes. */
export function each({ lane }: LaneShader, part: 'begin' | 'more'): string {
  return lanes.map((number) => lane(number)[part]).join('\n')
}

/** Declares the results, with what `before` declares for each. */
export function finishes({ lane }: LaneShader, before: (number: number) => string = () => ''): string {
  return lanes
    .map((number) => `  var result_${number} = 0u;\n  {\n${before(number)}${lane(number).finish}\n  }`)
    .join('\n')
}

/** Four elements of x that follow each other, from one that begins a block. */
function blockOf(dtype: GpuDType): string {
  const inWord = perWord(dtype)
  if (inWord === 1) return `fn block(i: u32) -> vec4u { return x[(run.x_base + i) / ${blockSize}u]; }`
  const bits = 32 / inWord
  const part = (lane: number): string => {
    const word = inWord === 4 || lane < 2 ? 'low' : 'high'
    return `widen_${dtype}((${word} >> ${(lane % inWord) * bits}u) & ${2 ** bits - 1}u)`
  }
  return `fn block(i: u32) -> vec4u {
  let word = (run.x_base + i) / ${inWord}u;
  let low = x[word];
${inWord === 2 ? '  let high = x[word + 1u];' : ''}
  return vec4u(${lanes.map(part).join(', ')});
}`
}

/** Writes four results from `at` on; `isThere` is the condition for one of them, which words of narrow results do not need. */
export function writes(shader: LaneShader, isThere: (number: number) => string | null): string {
  const { dtype } = shader.bindings[0]!
  const inWord = perWord(dtype)
  const hasMore = each(shader, 'more').trim() !== ''
  const own = lanes.map((number) => {
    const write = inWord === 1 ? `y[run.y_base + at + ${number}u] = result_${number};` : ''
    const condition = isThere(number)
    const both = `${write} ${shader.lane(number).more}`
    return condition === null ? `  ${both}` : `  if (${condition}) { ${both} }`
  })
  if (inWord === 1) return own.join('\n')
  const bits = 32 / inWord
  const word = (first: number): string =>
    Array.from({ length: inWord }, (_, i) => `(narrow_${dtype}(result_${first + i}) << ${i * bits}u)`).join(
      ' | ',
    )
  const words = Array.from(
    { length: blockSize / inWord },
    (_, i) => `  y[(run.y_base + at) / ${inWord}u + ${i}u] = ${word(i * inWord)};`,
  )
  return [...words, ...(hasMore ? own : [])].join('\n')
}
