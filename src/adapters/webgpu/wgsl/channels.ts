/**
 * @file Windows of channels that lie last, in WGSL: a thread computes four channels of a result, and reads each tap as a block of four
 * elements.
 */
import { blockSize, each, finishes, type LaneShader, laneProgram, lanes, writes } from './lanes.ts'
import type { Program } from './program.ts'
import { locate, overTaps } from './windows.ts'

/** For channels that are whole blocks. */
export function channelsProgram(shader: LaneShader): Program {
  const { windows, lane } = shader
  const visits = lanes.map(
    (number) => `    {
    let bits = elements.${'xyzw'[number]};
${lane(number).visit(false)}
    }`,
  )
  return laneProgram(
    shader,
    `  let at = own_block * ${blockSize}u;
${locate(windows)}
${each(shader, 'begin')}
${overTaps(windows, ['    let elements = block(source);', ...visits].join('\n'))}
${finishes(shader)}
${writes(shader, () => null)}`,
    true,
  )
}
