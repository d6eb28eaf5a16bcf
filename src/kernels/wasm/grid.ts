/**
 * @file The parameter block of folds, field by field as assembly/grid.ts lays it out.
 */
import type { IndirectionTable } from './indirection.ts'
import type { WasmInstance } from './wasm-instance.ts'

const fields = [
  ...['src', 'dst', 'planes', 'srcPlane', 'dstPlane'],
  ...['rows', 'rowEnds', 'rowOffsets', 'dstRow', 'cols', 'colEnds', 'colOffsets', 'dstCol', 'n', 'orderMask'],
  ...['indices', 'rowPlaces', 'colPlaces', 'ramp', 'starts'],
  ...['finish', 'rounding', 'range', 'rowDivisors', 'colDivisors', 'perElement'],
]
const place = Object.fromEntries(fields.map((name, i) => [name, i]))

export const EpilogueKind = { Sum: 0, Product: 1, Each: 2 } as const

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
  readonly rowPlaces?: number
  readonly colPlaces?: number
  readonly ramp?: number
  readonly starts?: number
  readonly finish?: number
  /** 0 for what is not rounded, else the place of the rule in `roundings`, from 1. */
  readonly rounding?: number
  readonly range?: number
  readonly perElement?: boolean
  readonly rowDivisors?: number
  readonly colDivisors?: number
}

export function writeGrid(instance: WasmInstance, spec: GridSpec): number {
  const { rows, cols, perElement, ...numbers } = spec
  const address = instance.alloc(4 * fields.length)
  const at = address >> 2
  const ints = instance.ints
  ints.fill(0, at, at + fields.length)
  for (const [name, value] of Object.entries(numbers)) ints[at + place[name]!] = value
  ints[at + place.rows!] = rows.count
  ints[at + place.rowEnds!] = rows.ends
  ints[at + place.rowOffsets!] = rows.items
  ints[at + place.cols!] = cols.count
  ints[at + place.colEnds!] = cols.ends
  ints[at + place.colOffsets!] = cols.items
  ints[at + place.perElement!] = perElement ? 1 : 0
  return address
}

/** Points a grid at its operands. */
export function bindPointers(
  instance: WasmInstance,
  grid: number,
  src: number,
  dst: number,
  indices = 0,
): void {
  const at = grid >> 2
  const ints = instance.ints
  ints[at] = src
  ints[at + 1] = dst
  ints[at + place.indices!] = indices
}
