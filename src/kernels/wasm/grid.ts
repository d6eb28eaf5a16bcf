/**
 * @file The parameters of folds, field by field as assembly/grid.ts lays it out.
 */
import { type Block, writeBlock } from './block.ts'
import type { IndirectionTable } from './indirection.ts'
import type { WasmInstance } from './wasm-instance.ts'

const fields = [
  ...['planes', 'srcPlane', 'dstPlane'],
  ...['rows', 'rowEnds', 'rowOffsets', 'dstRow', 'cols', 'colEnds', 'colOffsets', 'dstCol', 'n', 'orderMask'],
  ...['rowPositions', 'colPositions', 'ramp', 'starts'],
  ...['epilogue', 'rounding', 'range', 'rowDivisors', 'colDivisors', 'perElement'],
]
const fieldIndex = Object.fromEntries(fields.map((name, i) => [name, i]))

export const EpilogueKind = { None: 0, Product: 1, Each: 2 } as const

/** What a fold needs to know besides addresses; all in bytes, but `n` in elements. */
export interface GridSpec {
  readonly planes: number
  readonly srcPlane: number
  readonly dstPlane: number
  readonly rows: IndirectionTable
  readonly dstRow: number
  readonly cols: IndirectionTable
  readonly dstCol: number
  readonly n: number
  readonly orderMask?: number
  readonly rowPositions?: number
  readonly colPositions?: number
  readonly ramp?: number
  readonly starts?: number
  readonly epilogue?: number
  /** 0 for what is not rounded, else the position of the rule in `roundings`, from 1. */
  readonly rounding?: number
  readonly range?: number
  readonly perElement?: boolean
  readonly rowDivisors?: number
  readonly colDivisors?: number
}

export function writeGrid(instance: WasmInstance, spec: GridSpec): Block {
  const { rows, cols, perElement, ...numbers } = spec
  const parameters = new Array<number>(fields.length).fill(0)
  const set = (name: string, value: number): void => {
    parameters[fieldIndex[name]!] = value
  }
  for (const [name, value] of Object.entries(numbers)) set(name, value)
  set('rows', rows.count)
  set('rowEnds', rows.ends)
  set('rowOffsets', rows.items)
  set('cols', cols.count)
  set('colEnds', cols.ends)
  set('colOffsets', cols.items)
  set('perElement', perElement ? 1 : 0)
  return writeBlock(instance, parameters)
}
