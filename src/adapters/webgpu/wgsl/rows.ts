/**
 * @file Small windows along rows, in WGSL: a thread computes four neighbours, and reads what they share of each row once: in blocks of four
 * elements, or one by one where rows do not begin with a block.
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
  /** True if every row begins with a block. */
  readonly isAligned: boolean
}

/** For planes without channels after them. Rows of narrow results are whole words. The second parameter of the run is the padding before. */
export function rowsProgram(shader: LaneShader, row: RowWindow): Program {
  const { windows } = shader
  const last = windows.rank - 1
  const origin = `column * ${row.stride}u${row.isAligned ? '' : ' - run.second'}`
  return laneProgram(
    shader,
    `  let row_length = tables[${headWords + axisWords * last + 1}u];
  let row_blocks = (row_length + ${blockSize - 1}u) / ${blockSize}u;
  let column = own_block % row_blocks * ${blockSize}u;
  let at = own_block / row_blocks * row_length + column;
${locate(windows)}
  let origin = ${origin};
${each(shader, 'begin')}
${overRows(windows, visits(shader, row))}
${finishes(shader, mayClip(row) && windows.divisors === 'output' ? divisorOfLane : undefined)}
${writes(shader, (lane) => `column + ${lane}u < row_length`)}`,
    row.isAligned,
  )

  function divisorOfLane(lane: number): string {
    return `  let divisor${last} = tables[at${last} + 2u * out${last} + min(i${last} + ${lane}u, out${last} - 1u)];\n`
  }
}

function mayClip({ padBefore, overhang, isAligned }: RowWindow): boolean {
  return !isAligned || padBefore > 0 || overhang > 0
}

/** Reads what lanes share of a row, and gives each lane its taps. */
function visits({ windows, lane }: LaneShader, row: RowWindow): string {
  const { window, stride, overhang, isAligned } = row
  /** The shader of blocks knows which places may lie outside the row; that of elements, which serves all paddings, asks each. */
  const padBefore = isAligned ? row.padBefore : 0
  const taps = lanes.flatMap((number) =>
    Array.from({ length: window }, (_, tap) => ({
      number,
      element: number * stride + tap - padBefore,
      mayLack: isAligned ? number * stride + tap < padBefore || tap >= window - overhang : true,
    })),
  )
  const { reads, bitsAt } = (isAligned ? blocks : elements)(taps.map(({ element }) => element))
  const own = taps.map(({ number, element, mayLack }) => {
    const visit = lane(number).visit(mayLack)
    return `    {
    let bits = ${bitsAt(element)};
${mayLack ? `    let inside = origin + ${word(element)} < in${windows.rank - 1};` : ''}
${visit.includes('place') ? `    let place = begin + ${word(element)};` : ''}
${mayLack ? `    { ${visit} }` : visit}
    }`
  })
  return [...reads, ...own].join('\n')
}

/** What reads elements of a row, each once, and where their bits are then. */
interface Reads {
  readonly reads: readonly string[]
  bitsAt(element: number): string
}

function blocks(places: readonly number[]): Reads {
  const first = Math.floor(Math.min(...places) / blockSize)
  const final = Math.floor(Math.max(...places) / blockSize)
  return {
    reads: Array.from(
      { length: final - first + 1 },
      (_, i) => `    let block${i} = block(source + ${word((first + i) * blockSize)});`,
    ),
    bitsAt(element) {
      const fromFirst = element - first * blockSize
      return `block${fromFirst >> 2}.${'xyzw'[fromFirst & 3]}`
    },
  }
}

function elements(places: readonly number[]): Reads {
  const all = [...new Set(places)]
  return {
    reads: all.map((place) => `    let element${place} = read_x(source + ${place}u);`),
    bitsAt: (element) => `element${element}`,
  }
}

/** A number that is added to a word, which wraps. */
function word(offset: number): string {
  return `${offset >>> 0}u`
}
