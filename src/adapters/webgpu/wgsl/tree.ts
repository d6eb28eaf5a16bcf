/**
 * @file Large windows by a tree, in WGSL: a workgroup shares the taps of a few results, and combines what its threads found in workgroup
 * memory.
 */
import { perWord } from './elements.ts'
import { type Monoid, resultType, teamSize, writeResult } from './monoid.ts'
import { declarations, type Program, packed } from './program.ts'
import { locate, overShare } from './windows.ts'

/** A workgroup computes `run.lines` results: a power of two, and whole words. */
export function treeProgram(monoid: Monoid): Program {
  const { bindings, windows, type, identity, lift, finish, functions } = monoid
  const [result] = bindings
  const lanes = perWord(result!.dtype)
  const element = 'finish(at, parts[at - group * run.lines])'
  const write =
    lanes === 1
      ? `  let at = group * run.lines + own;
  if (own < run.lines && at < run.size) { ${writeResult(monoid, 'at', element)} }`
      : `  if (own * ${lanes}u >= run.lines) { return; }
  let word = group * (run.lines / ${lanes}u) + own;
  if (word * ${lanes}u >= run.size) { return; }
${packed(result!, lanes, element)}`
  return {
    bindings,
    perInvocation: lanes,
    code: `${declarations(bindings)}
${functions}
var<workgroup> parts: array<${type}, ${teamSize}>;
fn fold(at: u32, share: u32, shares: u32) -> ${type} {
${locate(windows)}
  var total = ${identity};
${overShare(windows, `${lift}\n    total = combine(total, part);`)}
  return total;
}
fn finish(at: u32, total: ${type}) -> ${resultType(monoid)} {
${locate(windows)}
${finish}
}
@compute @workgroup_size(${teamSize})
fn main(@builtin(local_invocation_index) own: u32, @builtin(workgroup_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let group = run.begin + id.x + id.y * groups.x;
  if (group >= run.end) { return; }
  let shares = ${teamSize}u / run.lines;
  let share = own / run.lines;
  let shared_at = group * run.lines + own % run.lines;
  if (shared_at < run.size) { parts[own] = fold(shared_at, share, shares); }
  workgroupBarrier();
  for (var rest = shares / 2u; rest > 0u; rest = rest / 2u) {
    if (share < rest) { parts[own] = combine(parts[own], parts[own + rest * run.lines]); }
    workgroupBarrier();
  }
${write}
}`,
  }
}
