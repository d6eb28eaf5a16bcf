/**
 * @file The ways in which a thread computes four results, in WGSL.
 */
import { channelsProgram } from './channels.ts'
import type { LaneShader } from './lanes.ts'
import type { Program } from './program.ts'
import { type RowWindow, rowsProgram } from './rows.ts'

/** Neighbours along rows, or channels. */
export type Blocks = RowWindow | 'channels'

export function blocksProgram(shader: LaneShader, blocks: Blocks): Program {
  return blocks === 'channels' ? channelsProgram(shader) : rowsProgram(shader, blocks)
}
