/**
 * @file Large windows along one axis by doubling, in WGSL. A workgroup reads the inputs of a tile once, and doubles in its memory the
 * number of neighbours that each entry has combined. A window of n taps combines two entries, or for sums one for each bit of n: its
 * cost grows with the logarithm of n.
 */
import { type Monoid, type PartialType, resultType, teamSize, writeResult } from './monoid.ts'
import { declarations, type Program } from './program.ts'
import { axisWords, headWords, locate } from './windows.ts'

/** Entries of a tile, two copies of which fill the 16 KiB that every device has: of at most two words, or of at most four. */
export const tileEntries = { narrow: 1024, wide: 512 } as const

const entriesOf = (type: PartialType): number =>
  type === 'u32' || type === 'vec2u' ? tileEntries.narrow : tileEntries.wide

/**
 * For one axis whose windows have taps, and begin and end in ascending order. The result has words for elements. A tile has `run.length` results of `run.lines`
 * lines, and reads `run.span` inputs of each.
 */
export function doublingProgram(monoid: Monoid): Program {
  const { bindings, windows, type, identity, lift, finish, functions, isIdempotent } = monoid
  const entries = entriesOf(type)
  const perThread = entries / teamSize
  const last = windows.rank - 1
  const field = (i: number): string => `tables[${headWords + axisWords * last + i}u]`
  const ones = Array.from({ length: last }, (_, axis) => `  let divisor${axis} = 1u;\n`)
  return {
    bindings,
    perInvocation: 1,
    code: `${declarations(bindings)}
${functions}
var<workgroup> entries: array<${type}, ${2 * entries}>;
fn finish(at: u32, total: ${type}) -> ${resultType(monoid)} {
${locate(windows)}
${finish}
}
fn lifted(line: u32, place: u32) -> ${type} {
  let inner = tables[1u];
  let size = ${field(0)};${
    windows.divisors === 'tap'
      ? `
${ones.join('')}  let divisor${last} = tables[${field(3)} + 2u * ${field(1)} + place];`
      : ''
  }
  let source = (line / inner * size + place) * inner + line % inner;
${lift}
  return part;
}
@compute @workgroup_size(${teamSize})
fn main(@builtin(local_invocation_index) own: u32, @builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let group = run.begin + id.x + id.y * groups.x;
  if (group >= run.end) { return; }
  let inner = tables[1u];
  let inputs = ${field(0)};
  let outputs = ${field(1)};
  let step = ${field(2)};
  let first = ${field(3)};
  let lines = run.lines;
  let span = run.span;
  let length = run.length;
${readTile(identity)}
${findWindows(type, perThread)}
${doubleEntries(isIdempotent, entries)}
  for (var j = 0u; j < ${perThread}u; j++) {
    if (taps[j] != 0u) { ${writeResult(monoid, 'targets[j]', 'finish(targets[j], totals[j])')} }
  }
}`,
  }
}

/** The entries of the tile: one input each. */
const readTile = (identity: string): string => `  let tiles = (outputs + length - 1u) / length;
  let from_line = group / tiles * lines;
  let from_output = group % tiles * length;
  let end_line = run.size / outputs;
  let begin = tables[first + from_output];
  let isAcross = inner > 1u;
  let along = select(1u, lines, isAcross);
  let across = select(span, 1u, isAcross);
  for (var i = own; i < span * lines; i += ${teamSize}u) {
    let line = from_line + select(i / span, i % lines, isAcross);
    let place = begin + select(i % span, i / lines, isAcross);
    if (line < end_line && place < inputs) { entries[i] = lifted(line, place); }
    else { entries[i] = ${identity}; }
  }`

/** For each result of a thread its number of taps, 0 for none, its first entry, and where it goes. */
const findWindows = (type: PartialType, perThread: number): string => `  var taps: array<u32, ${perThread}>;
  var origins: array<u32, ${perThread}>;
  var targets: array<u32, ${perThread}>;
  var totals: array<${type}, ${perThread}>;
  for (var j = 0u; j < ${perThread}u; j++) {
    let i = own + j * ${teamSize}u;
    let offset = select(i / length, i % lines, isAcross);
    let line = from_line + offset;
    let output = from_output + select(i % length, i / lines, isAcross);
    taps[j] = 0u;
    if (i < length * lines && line < end_line && output < outputs) {
      taps[j] = tables[first + outputs + output];
      origins[j] = (tables[first + output] - begin) * along + offset * across;
      targets[j] = (line / inner * outputs + output) * inner + line % inner;
    }
  }`

/** Gives windows their entries, level by level. */
const doubleEntries = (isIdempotent: boolean, entries: number): string => `  workgroupBarrier();
  var current = 0u;
  var reach = 1u;
  for (var level = 0u; level < run.levels; level++) {
    for (var j = 0u; j < ${entries / teamSize}u; j++) {
      let origin = current + origins[j];
${isIdempotent ? overlapping : bitByBit}
    }
    if (level + 1u == run.levels) { break; }
    let next = ${entries}u - current;
    for (var i = own; i < span * lines; i += ${teamSize}u) {
      let partner = i + reach * step * along;
      var part = entries[current + i];
      if (partner < span * lines) { part = combine(part, entries[current + partner]); }
      entries[next + i] = part;
    }
    workgroupBarrier();
    current = next;
    reach *= 2u;
  }`

/** Two entries that cover the window together. */
const overlapping = `      if (taps[j] >= reach && taps[j] < 2u * reach) {
        let last = entries[origin + (taps[j] - reach) * step * along];
        totals[j] = combine(entries[origin], last);
      }`

/** An entry for each bit of the number of taps, the lowest first. */
const bitByBit = `      if ((taps[j] & reach) != 0u) {
        totals[j] = combine(totals[j], entries[origin + (taps[j] & (reach - 1u)) * step * along]);
      }`
