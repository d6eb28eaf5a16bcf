/**
 * @file Windows along one axis of few taps, in WGSL, whose partial results a thread combines one after another.
 */
import { type Monoid, resultType, writeResult } from './monoid.ts'
import { declarations, elementwise, groupSize, type Program } from './program.ts'
import { locate, overTaps } from './windows.ts'

export function combinedProgram(monoid: Monoid): Program {
  const { bindings, windows, type, identity, lift, finish, functions, words = 1 } = monoid
  const own = `${functions}
fn finish(at: u32, total: ${type}) -> ${resultType(monoid)} {
${locate(windows)}
${finish}
}
fn fold(at: u32) -> ${type} {
${locate(windows)}
  var total = ${identity};
${overTaps({ ...windows, counted: null }, `${lift}\n    total = combine(total, part);`)}
  return total;
}`
  if (words === 1) return elementwise(bindings, '  return finish(at, fold(at));', own)
  return {
    bindings,
    perInvocation: 1,
    code: `${declarations(bindings)}
${own}
@compute @workgroup_size(${groupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = run.begin + id.x + id.y * groups.x * ${groupSize}u;
  if (at >= run.end) { return; }
  ${writeResult(monoid, 'at', 'finish(at, fold(at))')}
}`,
  }
}
