/**
 * @file Gradients by indices that may lie anywhere, in WGSL: of each element the windows that picked it are linked to a list, in any order,
 * and added in theirs, so that sums have the defined bits.
 */
import { eachIndex, sizes } from './by-index.ts'
import type { GpuDType } from './elements.ts'
import { type Bound, elementwise, type Program } from './program.ts'
import { softFloat } from './soft-float.ts'

/** Windows of a list, at most, that are sorted; those of a longer one are looked for among all from its first to its last. */
export const mostSorted = 32

/** Of each window the one linked before it to the same list, and of each element the last one: positions from 1, and 0 for none. */
export function linkProgram(): Program {
  const bindings: Bound[] = [
    { name: 'next', dtype: 'uint32', access: 'out' },
    { name: 'heads', dtype: 'uint32', access: 'out' },
    { name: 'indices', dtype: 'int32', access: 'in' },
  ]
  const link = 'next[run.next_base + at] = atomicExchange(&heads[run.heads_base + picked], number);'
  return eachIndex(bindings, 'heads', link)
}

export function linkedSumProgram(dtype: GpuDType): Program {
  const bindings: Bound[] = [
    { name: 'dx', dtype, access: 'out' },
    { name: 'dy', dtype, access: 'in' },
    { name: 'indices', dtype: 'int32', access: 'in' },
    { name: 'heads', dtype: 'uint32', access: 'in' },
    { name: 'next', dtype: 'uint32', access: 'in' },
  ]
  const element = `${sizes}
  let head = read_heads(at);
  if (head == 0u) { return 0u; }
  let own = (at / inner) % unpooled;
  let start = at / (inner * unpooled) * pooled * inner + channel;
  var count = 0u;
  var first = head;
  var last = head;
  for (var i = head; i != 0u; i = read_next(start + (i - 1u) * inner)) {
    count++;
    first = min(first, i);
    last = max(last, i);
  }
  var sum = 0u;
  if (count > ${mostSorted}u) {
    for (var i = first; i <= last; i++) {
      let source = start + (i - 1u) * inner;
      if (read_indices(source) == own) { sum = add(sum, read_dy(source)); }
    }
    return sum;
  }
  var visited = first;
  for (var n = 0u; n < count; n++) {
    sum = add(sum, read_dy(start + (visited - 1u) * inner));
    var later = last;
    for (var i = head; i != 0u; i = read_next(start + (i - 1u) * inner)) {
      if (i > visited) { later = min(later, i); }
    }
    visited = later;
  }
  return sum;`
  return elementwise(bindings, element, softFloat)
}
