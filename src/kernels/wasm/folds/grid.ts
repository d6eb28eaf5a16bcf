/**
 * @file Writes the parameters of folds, in the order of assembly/grid.ts.
 */
import { type Block, writeBlock } from '../block.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import type { IndirectionTable } from './indirection.ts'

export const EpilogueKind = { None: 0, Product: 1, Each: 2 } as const

/** The parameters of a fold besides its pointers. Sizes are in bytes, `n` is in elements. */
export interface GridSpec {
  readonly planes: number
  readonly srcPlane: number
  readonly dstPlane: number
  readonly rows: IndirectionTable
  readonly dstRow: number
  readonly cols: IndirectionTable
  readonly dstCol: number
  readonly n: number
  readonly rowPositions?: number
  readonly colPositions?: number
  readonly ramp?: number
  readonly starts?: number
  readonly epilogue?: number
  /** The rule's position in `roundings`, counted from 1; 0 for no rounding. */
  readonly rounding?: number
  readonly range?: number
  readonly perElement?: boolean
  readonly rowDivisors?: number
  readonly colDivisors?: number
}

/** @param more  parameters of kernels that extend the grid */
export function writeGrid(
  instance: WasmInstance,
  spec: GridSpec,
  orderMask = 0,
  more: readonly number[] = [],
): Block {
  const { planes, srcPlane, dstPlane, rows, dstRow, cols, dstCol, n } = spec
  const { rowPositions = 0, colPositions = 0, ramp = 0, starts = 0 } = spec
  const { epilogue = EpilogueKind.None, rounding = 0, range = 0 } = spec
  const { rowDivisors = 0, colDivisors = 0, perElement = false } = spec
  const parameters = [planes, srcPlane, dstPlane, rows.count, rows.ends, rows.items, dstRow]
  parameters.push(cols.count, cols.ends, cols.items, dstCol, n, orderMask)
  parameters.push(rowPositions, colPositions, ramp, starts)
  parameters.push(epilogue, rounding, range, rowDivisors, colDivisors, Number(perElement), ...more)
  return writeBlock(instance, parameters)
}
