/**
 * @file Max and min, in WGSL: the largest key wins, of equal keys the first, of NaNs the last. A key is a whole number that
 * orders elements as their values do.
 */
import { dtypes, integerRange } from '../../../tensor/dtype.ts'
import { type Blocks, blocksProgram } from './blocks.ts'
import { type GpuDType, isSigned } from './elements.ts'
import type { Monoid } from './monoid.ts'
import type { Bound, Program } from './program.ts'
import { totalOf, windowwise } from './sharing.ts'
import { locate, overTaps, type Windows } from './windows.ts'

export interface ExtremumShader {
  readonly reducer: 'max' | 'min'
  readonly dtype: GpuDType
  /** The storage types of inputs and results. */
  readonly from: GpuDType
  readonly to: GpuDType
  readonly windows: Windows
  /** True if indices are written. */
  readonly indices: boolean
  /** True for the largest or smallest magnitude. */
  readonly magnitude: boolean
  /** True if the inputs are results of another pass, with the positions where they came from. */
  readonly partial: boolean
  /** True if windows of which nothing counts have the result of the run. */
  readonly filled: boolean
}

function bindingsOf({ from, to, windows, indices, partial }: ExtremumShader): Bound[] {
  const bindings: Bound[] = [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype: from, access: 'in' },
  ]
  if (partial) bindings.push({ name: 'places', dtype: 'int32', access: 'in' })
  if (windows.counted !== null) bindings.push({ name: 'map', dtype: 'uint8', access: 'in' })
  if (indices) bindings.push({ name: 'indices', dtype: 'int32', access: 'out' })
  return bindings
}

export function extremumProgram(shader: ExtremumShader): Program {
  const { reducer, dtype, windows, indices, magnitude, partial, filled } = shader
  const orNaN = dtypes[dtype].float ? ` || key == 0xffffffffu` : ''
  const visit = `${partial ? '    if (read_places(source) == 0xffffffffu) { continue; }\n' : ''}    let bits = read_x(source)${magnitude ? ' & 0x7fffffffu' : ''};
    let key = key_of(bits);
    if (!found || key > best${orNaN}) {
      found = true;
      best = key;
      value = bits;
      index = ${partial ? 'position(place, read_places(source))' : 'place'};
    }`
  const element = `${locate(windows)}
  var found = false;
  var best = 0u;
  var value = ${identity(reducer, dtype)}u;
  var index = 0xffffffffu;
${overTaps(windows, visit)}
${windows.isShared ? sharedWinner(shader) : ''}
${filled ? '  if (!found) { value = run.fill; }' : ''}
${windows.counted === null ? '' : '  if (count < run.least) { value = run.fill; index = 0xffffffffu; }'}
${indices ? '  indices[run.indices_base + at] = index;' : ''}
  return value;`
  return windowwise(
    windows,
    bindingsOf(shader),
    element,
    `${keyOf(reducer, dtype)}${partial ? position : ''}`,
  )
}

/** Of the winners of threads that share a window, the one that wins. */
function sharedWinner({ dtype, magnitude }: ExtremumShader): string {
  const first = totalOf('least', 'select(0xffffffffu, index, isBest)')
  const last = totalOf('most', 'select(0u, index + 1u, isBest)')
  return `  let own_best = best;
  best = ${totalOf('most', 'best')};
  let isBest = found && own_best == best;
  index = ${first};
${dtypes[dtype].float ? `  if (best == 0xffffffffu) { index = ${last} - 1u; }` : ''}
  if (index != 0xffffffffu) { value = read_x(start + index * inner)${magnitude ? ' & 0x7fffffffu' : ''}; }`
}

/** Four results. Without branches, of which so many taps side by side would take drivers minutes to compile. */
export function extremumBlocks(shader: ExtremumShader, blocks: Blocks): Program {
  const { reducer, dtype, indices } = shader
  const orNaN = dtypes[dtype].float ? ' | (key == 0xffffffffu)' : ''
  return blocksProgram(
    {
      bindings: bindingsOf(shader),
      windows: shader.windows,
      functions: keyOf(reducer, dtype),
      lane: (lane) => ({
        begin: `  var best_${lane} = 0u;
  var value_${lane} = ${identity(reducer, dtype)}u;${indices ? `\n  var index_${lane} = 0xffffffffu;` : ''}`,
        visit: (isClipped) => `    let key = key_of(bits);
    let wins = ${isClipped ? 'inside & (' : '('}(key > best_${lane})${orNaN}${indices ? ` | (index_${lane} == 0xffffffffu)` : ''});
    best_${lane} = select(best_${lane}, key, wins);
    value_${lane} = select(value_${lane}, bits, wins);${indices ? `\n    index_${lane} = select(index_${lane}, place, wins);` : ''}`,
        finish: `  result_${lane} = value_${lane};`,
        more: indices ? `indices[run.indices_base + at + ${lane}u] = index_${lane};` : '',
      }),
    },
    blocks,
  )
}

/** Keys with their places along the window: of equal keys the first wins, of NaNs the last. */
export function extremumMonoid(shader: ExtremumShader): Monoid {
  const { reducer, dtype, windows, indices, magnitude, partial, filled } = shader
  const read = `read_x(source)${magnitude ? ' & 0x7fffffffu' : ''}`
  const isEarlier = dtypes[dtype].float ? '(b.y < a.y) != (a.x == 0xffffffffu)' : 'b.y < a.y'
  const index = partial ? 'position(total.y, read_places(source))' : 'total.y'
  const own = `vec2u(key_of(${read}), place)`
  const none = 'vec2u(0u, 0xffffffffu)'
  const isPartial = partial ? 'read_places(source) == 0xffffffffu' : null
  const isLeftOut = windows.counted === null ? isPartial : 'read_map(source) == 0u'
  return {
    bindings: bindingsOf(shader),
    windows,
    type: 'vec2u',
    identity: none,
    isIdempotent: true,
    lift: `    let part = ${isLeftOut === null ? own : `select(${own}, ${none}, ${isLeftOut})`};`,
    finish: `  if (total.y == 0xffffffffu) {
${indices ? '    indices[run.indices_base + at] = total.y;' : ''}
    return ${filled ? 'run.fill' : `${identity(reducer, dtype)}u`};
  }
  let source = start + total.y * inner;
${indices ? `  indices[run.indices_base + at] = ${index};` : ''}
  return ${read};`,
    functions: `${keyOf(reducer, dtype)}${partial ? position : ''}
fn combine(a: vec2u, b: vec2u) -> vec2u {
  return select(a, b, b.x > a.x || (b.x == a.x && ${isEarlier}));
}`,
  }
}

/** A position along this axis and one in the axes after it, of which a plane has `scale` elements. */
const position = `
fn position(place: u32, after: u32) -> u32 {
  return select(place * run.scale + after, after, after == 0xffffffffu);
}`

/** The result of a window without taps. */
function identity(reducer: 'max' | 'min', dtype: GpuDType): number {
  if (dtypes[dtype].float) return reducer === 'max' ? 0xff800000 : 0x7f800000
  return Number(integerRange(dtype)[reducer === 'max' ? 0 : 1]) >>> 0
}

/** Zeros of both signs have one key; NaN has the largest, for max and for min. */
function keyOf(reducer: 'max' | 'min', dtype: GpuDType): string {
  const ordered = reducer === 'max' ? 'key' : '~key'
  if (!dtypes[dtype].float) {
    const key = isSigned(dtype) ? 'bits ^ 0x80000000u' : 'bits'
    return `fn key_of(bits: u32) -> u32 {\n  let key = ${key};\n  return ${ordered};\n}`
  }
  return `fn key_of(bits: u32) -> u32 {
  let magnitude = bits & 0x7fffffffu;
  let key = select(bits | 0x80000000u, ~bits, ((bits >> 31u) == 1u) & (magnitude != 0u));
  return select(${ordered}, 0xffffffffu, magnitude > 0x7f800000u);
}`
}
