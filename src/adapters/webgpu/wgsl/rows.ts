/**
 * @file Small windows along rows, in WGSL: a thread computes four neighbours, and reads what they share of each row in blocks of four
 * elements.
 */
import { blockSize, each, finishes, type LaneShader, laneProgram, lanes, writes } from './lanes.ts'
import type { Program } from './program.ts'
import { axisWords, headWords, locate, overRows } from './windows.ts'

/** The windows of the last axis, each of which has taps. */
export interface RowWindow {
  readonly window: number
  readonly stride: number
  readonly padBefore: number
  /** The places of the last window that lie past the end of the row. */
  readonly overhang: number
}

/** For planes without channels after them, whose rows are whole blocks. Rows of narrow results are whole words. */
export function rowsProgram(shader: LaneShader, row: RowWindow): Program {
  const { windows } = shader
  const last = windows.rank - 1
  return laneProgram(
    shader,
    `  let row_length = tables[${headWords + axisWords * last + 1}u];
  let row_blocks = (row_length + ${blockSize - 1}u) / ${blockSize}u;
  let column = own_block % row_blocks * ${blockSize}u;
  let at = own_block / row_blocks * row_length + column;
${locate(windows)}
  let origin = column * ${row.stride}u;
${each(shader, 'begin')}
${overRows(windows, visits(shader, row))}
${finishes(shader, isClipped(row) && windows.divisors === 'output' ? divisorOfLane : undefined)}
${writes(shader, (lane) => `column + ${lane}u < row_length`)}`,
  )

  function divisorOfLane(lane: number): string {
    return `  let divisor${last} = tables[at${last} + 2u * out${last} + min(i${last} + ${lane}u, out${last} - 1u)];\n`
  }
}

function isClipped({ padBefore, overhang }: RowWindow): boolean {
  return padBefore > 0 || overhang > 0
}

/** Reads the blocks of a row, and gives each lane its taps. */
function visits({ windows, lane }: LaneShader, { window, stride, padBefore, overhang }: RowWindow): string {
  const first = Math.floor(-padBefore / blockSize)
  const final = Math.floor(((blockSize - 1) * stride + window - 1 - padBefore) / blockSize)
  const reads = Array.from(
    { length: final - first + 1 },
    (_, i) => `    let block${i} = block(source + ${word((first + i) * blockSize)});`,
  )
  const taps = lanes.flatMap((number) =>
    Array.from({ length: window }, (_, tap) => {
      const element = number * stride + tap - padBefore
      const mayLack = element < 0 || tap >= window - overhang
      const visit = lane(number).visit(mayLack)
      const fromFirst = element - first * blockSize
      return `    {
    let bits = block${fromFirst >> 2}.${'xyzw'[fromFirst & 3]};
${mayLack ? `    let inside = origin + ${word(element)} < in${windows.rank - 1};` : ''}
${visit.includes('place') ? `    let place = begin + ${word(element)};` : ''}
${mayLack ? `    { ${visit} }` : visit}
    }`
    }),
  )
  return [...reads, ...taps].join('\n')
}

/** A number that is added to a word, which wraps. */
function word(offset: number): string {
  return `${offset >>> 0}u`
}
