/**
 * @file Small windows along rows, in WGSL: a thread computes four neighbours, and reads what they share of each row in blocks of four
 * elements.
 */
import { type GpuDType, perWord } from './elements.ts'
import { type Bound, declarations, groupSize, type Program } from './program.ts'
import { axisWords, headWords, locate, overRows, type Windows } from './windows.ts'

/** The windows of the last axis, each of them whole. */
export interface RowWindow {
  readonly window: number
  readonly stride: number
}

/** What a reducer does for one of the four results. The names of its variables end with an underscore and the number of the lane. */
export interface Lane {
  /** Declares its state. */
  readonly begin: string
  /** Takes `bits` at `place` in the plane. */
  readonly visit: string
  /** Declares `result`. */
  readonly finish: string
  /** Writes what else it found for the result `at`. */
  readonly more: string
}

export interface RowShader {
  /** The result first, then x. */
  readonly bindings: readonly Bound[]
  readonly windows: Windows
  readonly functions: string
  lane(number: number): Lane
}

/** Elements of a block, and results of a thread. */
export const blockSize = 4

const lanes = Array.from({ length: blockSize }, (_, lane) => lane)

/** For planes without channels after them, whose rows are whole blocks. Rows of narrow results are whole words. */
export function rowsProgram(
  { bindings, windows, functions, lane }: RowShader,
  { window, stride }: RowWindow,
): Program {
  const [y, x] = bindings as [Bound, Bound]
  const blocks = Math.ceil(((blockSize - 1) * stride + window) / blockSize)
  const reads = Array.from(
    { length: blocks },
    (_, i) => `    let block${i} = block(source + ${i * blockSize}u);`,
  )
  const visits = lanes.flatMap((number) =>
    Array.from({ length: window }, (_, tap) => {
      const element = number * stride + tap
      const { visit } = lane(number)
      return `    {
    let bits = block${element >> 2}.${'xyzw'[element & 3]};
${visit.includes('place') ? `    let place = begin + ${element}u;` : ''}
${visit}
    }`
    }),
  )
  const each = (part: keyof Lane): string => lanes.map((number) => lane(number)[part]).join('\n')
  return {
    bindings,
    perInvocation: blockSize,
    code: `${declarations(bindings, { vectors: perWord(x.dtype) === 1 ? [x.name] : [] })}
${functions}
${blockOf(x.dtype)}
@compute @workgroup_size(${groupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let own_block = run.begin + id.x + id.y * groups.x * ${groupSize}u;
  if (own_block >= run.end) { return; }
  let row_length = tables[${headWords + axisWords * (windows.rank - 1) + 1}u];
  let row_blocks = (row_length + ${blockSize - 1}u) / ${blockSize}u;
  let column = own_block % row_blocks * ${blockSize}u;
  let at = own_block / row_blocks * row_length + column;
${locate(windows)}
${each('begin')}
${overRows(windows, [...reads, ...visits].join('\n'))}
${each('finish')}
${writes(y.dtype, each('more') !== '' ? lane : null)}
}`,
  }
}

/** Four elements of a row of x, from an element that begins a block. */
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

/** Results of a row; only the last block of a row of words may have fewer than four. */
function writes(dtype: GpuDType, more: ((number: number) => Lane) | null): string {
  const inWord = perWord(dtype)
  const own = lanes.map((lane) => {
    const write = inWord === 1 ? `y[run.y_base + at + ${lane}u] = result_${lane};` : ''
    return `  if (column + ${lane}u < row_length) { ${write} ${more?.(lane).more ?? ''} }`
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
  return [...words, ...(more === null ? [] : own)].join('\n')
}
