/**
 * @file Matrices worth looking at, by the name that an address gives them.
 */

/** One channel: `values` in row-major order. */
export interface Plane {
  readonly rows: number
  readonly columns: number
  readonly values: readonly number[]
}

function plane(rows: readonly (readonly number[])[]): Plane {
  return { rows: rows.length, columns: rows[0]!.length, values: rows.flat() }
}

function generated(rows: number, columns: number, value: (row: number, column: number) => number): Plane {
  return {
    rows,
    columns,
    values: Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns)),
  }
}

const counting = (size: number) => generated(size, size, (row, column) => row * size + column)

/** A seven, drawn with grey levels 0 to 9. */
const seven = [
  '000000000000',
  '000000000000',
  '002799999620',
  '002555568940',
  '000000016910',
  '000000059400',
  '000000298000',
  '000000793000',
  '000003960000',
  '000008920000',
  '000009800000',
  '000000000000',
]

/** The value of unmeasured cells in the preset `nodata`, as in elevation models. */
export const missing = -9999

export const presets = {
  classic: [
    plane([
      [1, 3, 2, 1],
      [5, 6, 1, 2],
      [7, 2, 8, 4],
      [3, 1, 0, 5],
    ]),
  ],
  d2l3: [counting(3)],
  d2l4: [counting(4)],
  channels: [counting(4), generated(4, 4, (row, column) => row * 4 + column + 1)],
  /** A channel for each of four parts of a region. */
  parts: [10, 20, 30, 40].map((first) => generated(4, 4, (row, column) => first + row * 4 + column)),
  edge: [generated(6, 6, (_, column) => (column < 3 ? 9 : 0))],
  checker: [generated(6, 6, (row, column) => (row + column) % 2)],
  digit: [plane(seven.map((row) => [...row].map(Number)))],
  dot: [generated(6, 6, (row, column) => (row === 1 && column === 1 ? 9 : 0))],
  ties: [
    plane([
      [4, 4, 1, 2],
      [4, 4, 2, 1],
      [0, 3, 3, 0],
      [3, 0, 0, 3],
    ]),
  ],
  signs: [
    plane([
      [-3, 1, 4, -1],
      [5, -9, 2, -6],
      [5, 3, -5, 8],
      [-9, 7, 9, -3],
    ]),
  ],
  nan: [
    plane([
      [1, Number.NaN, 2, 3],
      [4, 5, 6, 7],
      [Number.NaN, 0, Number.NEGATIVE_INFINITY, 1],
      [2, Number.NaN, 3, 2],
    ]),
  ],
  labels: [
    plane([
      [1, 1, 1, 3, 3, 3],
      [1, 1, 3, 3, 3, 3],
      [1, 1, 1, 3, 3, 4],
      [1, 1, 3, 1, 4, 4],
      [2, 2, 2, 1, 4, 4],
      [2, 2, 2, 2, 4, 4],
    ]),
  ],
  nodata: [
    plane([
      [12, 13, 15, 16, 18, 19],
      [11, 13, missing, 16, 17, 18],
      [missing, 12, 14, 15, missing, missing],
      [10, missing, missing, 14, missing, missing],
      [9, 10, 12, 13, missing, 16],
      [8, 9, 11, 12, 14, 15],
    ]),
  ],
} as const satisfies Record<string, readonly Plane[]>

export type PresetName = keyof typeof presets

export const presetNames = Object.keys(presets) as PresetName[]
