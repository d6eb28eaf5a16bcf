/**
 * @file Elements that move by index, in WGSL: gradients of max and min, and unpooling. Sums add as bits, in row-major order,
 * so that they have the defined bits on every device.
 */
import type { GpuDType } from './elements.ts'
import { type Bound, declarations, elementwise, groupSize, type Program } from './program.ts'
import { softFloat } from './soft-float.ts'
import { locate, overLines, overTaps, type Windows } from './windows.ts'

/** How an element finds the windows that picked it. */
export interface PickSearch {
  /** True if the first and last of them are known, of each element. */
  readonly isRanged: boolean
  /**
   * True for windows that begin and end in ascending order along the last axis, without gaps or empty ones. Along it the columns of their
   * indices ascend too, and those of one column are one index: the first is searched for, by halves, and the others follow.
   */
  readonly isSorted: boolean
}

/** Gathers `dy` from the windows that read an element and picked it. Needs indices that lie in their windows. */
export function pickedProgram(dtype: GpuDType, windows: Windows, search: PickSearch): Program {
  const bindings: Bound[] = [
    { name: 'dx', dtype, access: 'out' },
    { name: 'dy', dtype, access: 'in' },
    { name: 'indices', dtype: 'int32', access: 'in' },
  ]
  if (search.isRanged) bindings.push({ name: 'ranges', dtype: 'uint32', access: 'in' })
  const element = `${search.isRanged ? endUnpicked : ''}
${locate(windows)}
  var sum = 0u;
${search.isRanged || search.isSorted ? overLines(windows, `${search.isRanged ? skipLine(windows) : ''}\n${search.isSorted ? sortedLine(windows) : wholeLine(windows)}`) : overTaps(windows, '    if (read_indices(source) == own) { sum = add(sum, read_dy(source)); }')}
  return sum;`
  return elementwise(bindings, element, softFloat)
}

/** Most elements of large windows are picked by none. */
const endUnpicked = `  let after = read_ranges(2u * at + 1u);
  if (after == 0u) { return 0u; }
  let from_end = read_ranges(2u * at);`

/** Skips lines before the first window that picked the element, and after the last. */
const skipLine = ({ rank }: Windows): string => `    if (line >= after) { break; }
    if (line + in${rank - 1} + from_end <= planeSize) { continue; }`

const sortedLine = ({ rank }: Windows): string => {
  const last = rank - 1
  return `    let end = line + first${last} + taps${last};
    var low = line + first${last};
    var high = end;
    while (low < high) {
      let middle = (low + high) / 2u;
      let column = read_indices(start + middle * inner) % out${last};
      if (column < i${last}) { low = middle + 1u; } else { high = middle; }
    }
    while (low < end) {
      let source = start + low * inner;
      if (read_indices(source) != own) { break; }
      sum = add(sum, read_dy(source));
      low++;
    }`
}

const wholeLine = ({ rank }: Windows): string => {
  const last = rank - 1
  return `    for (var t${last} = 0u; t${last} < taps${last}; t${last}++) {
      let source = start + (line + first${last} + t${last} * step${last}) * inner;
      if (read_indices(source) == own) { sum = add(sum, read_dy(source)); }
    }`
}

/**
 * Of each element the windows that picked it, in two words: how far before the end of its plane the first lies, and the last, counted
 * from 1; zeros if there are none. Of neighbours along a line that picked one element only the outer ones write.
 */
export function rangesProgram(): Program {
  const bindings = [
    { name: 'ranges', dtype: 'uint32', access: 'out' },
    { name: 'indices', dtype: 'int32', access: 'in' },
  ] as const
  return {
    bindings,
    perInvocation: 1,
    code: `${declarations(bindings, { atomics: ['ranges'] })}
@compute @workgroup_size(${groupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = run.begin + id.x + id.y * groups.x * ${groupSize}u;
  if (at >= run.end) { return; }
${sizes}
  let line = tables[4u];
  let position = (at / inner) % pooled;
  let outer = at / (inner * pooled);
  let index = read_indices(at);
  if (index >= unpooled) { return; }
  let to = run.ranges_base + 2u * ((outer * unpooled + index) * inner + channel);
  let column = position % line;
  if (column == 0u || read_indices(at - inner) != index) { atomicMax(&ranges[to], pooled - position); }
  if (column + 1u == line || read_indices(at + inner) != index) { atomicMax(&ranges[to + 1u], position + 1u); }
}`,
  }
}

/** Sizes of `[outer][plane][inner]`, in the place of the tables of a plan. */
export const sizes = `  let inner = tables[1u];
  let channel = at % inner;
  let pooled = tables[2u];
  let unpooled = tables[3u];`

/**
 * One invocation an index: `visit` finds the `number` of its window in the plane, counted from 1, and the element `picked` that the index
 * names. Indices outside the plane are skipped. `atomic` is the binding that invocations write to in any order.
 */
export function eachIndex(bindings: readonly Bound[], atomic: string, visit: string): Program {
  return {
    bindings,
    perInvocation: 1,
    code: `${declarations(bindings, { atomics: [atomic] })}
@compute @workgroup_size(${groupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = run.begin + id.x + id.y * groups.x * ${groupSize}u;
  if (at >= run.end) { return; }
${sizes}
  let number = (at / inner) % pooled + 1u;
  let outer = at / (inner * pooled);
  let index = read_indices(at);
  if (index >= unpooled) { return; }
  let picked = (outer * unpooled + index) * inner + channel;
  ${visit}
}`,
  }
}

/** The first of two passes of unpooling: notes at each position the last element that goes there, counted from 1. */
export function lastWriterProgram(): Program {
  const bindings: Bound[] = [
    { name: 'last', dtype: 'uint32', access: 'out' },
    { name: 'indices', dtype: 'int32', access: 'in' },
  ]
  return eachIndex(bindings, 'last', 'atomicMax(&last[run.last_base + picked], number);')
}

/** The second pass: each position takes its last writer's value, or 0. */
export function unpoolProgram(dtype: GpuDType): Program {
  const element = `${sizes}
  let outer = at / (inner * unpooled);
  let writer = read_last(at);
  if (writer == 0u) { return 0u; }
  return read_x((outer * pooled + writer - 1u) * inner + channel);`
  return elementwise(
    [
      { name: 'y', dtype, access: 'out' },
      { name: 'x', dtype, access: 'in' },
      { name: 'last', dtype: 'uint32', access: 'in' },
    ],
    element,
    '',
  )
}

/** The gradient of unpooling: each element reads `dy` at its index. */
export function unpoolGradientProgram(dtype: GpuDType): Program {
  const element = `${sizes}
  let outer = at / (inner * pooled);
  let index = read_indices(at);
  if (index >= unpooled) { return 0u; }
  return read_dy((outer * unpooled + index) * inner + channel);`
  return elementwise(
    [
      { name: 'dx', dtype, access: 'out' },
      { name: 'dy', dtype, access: 'in' },
      { name: 'indices', dtype: 'int32', access: 'in' },
    ],
    element,
    '',
  )
}
