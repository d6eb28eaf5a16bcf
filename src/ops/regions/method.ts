/**
 * @file The interface of region methods, which reduce the cells of a grid laid over each region, forward and backward.
 */
import type { Box, Regions } from './boxes.ts'
import type { Images } from './images.ts'

/** Cells of a grid along one axis: runs of elements, or samples. */
export interface Grid<A> {
  readonly rows: readonly A[]
  readonly columns: readonly A[]
}

export interface Method<A> {
  /** The cells of a region: x1, y1, x2, y2 as given. */
  gridOf(images: Images, corners: Box['corners'], size: readonly [number, number]): Grid<A>
  /** The result of a cell of the channel that begins at `plane`. */
  reduce(images: Images, plane: number, rows: A, columns: A): number
  /** Adds the share of each element of the cell in `dy` to `dx`. Absent if the method has no gradient. */
  spread?(
    images: Images,
    plane: number,
    rows: A,
    columns: A,
    dy: number,
    dx: Float32Array | Float64Array,
  ): void
}

/** The position of a region's outputs. */
export interface Target {
  readonly size: readonly [height: number, width: number]
  readonly channels: number
  /** True if each cell has input channels of its own: output channel c of cell (i, j) is input channel (c height + i) width + j. */
  readonly isPositionSensitive: boolean
  /** The first output of a channel of a region, and the distance between neighbouring columns. */
  readonly planeOf: (region: number, channel: number) => number
  readonly step: number
}

type Visit<A> = (at: number, plane: number, rows: A, columns: A) => void

/** Calls `visit` for each output, with the cell that it is made from. */
export function everyCell<A>(
  method: Method<A>,
  images: Images,
  boxes: Regions,
  { size, channels, isPositionSensitive, planeOf, step }: Target,
  visit: Visit<A>,
): void {
  for (let region = 0; region < boxes.length; region++) {
    const { image, corners } = boxes.at(region)!
    const { rows, columns } = method.gridOf(images, corners, size)
    const area = size[0] * size[1]
    const visitCell = (channel: number, cell: number): void => {
      const [i, j] = [Math.floor(cell / size[1]), cell % size[1]]
      const source = isPositionSensitive ? channel * area + cell : channel
      visit(planeOf(region, channel) + cell * step, images.planeOf(image, source), rows[i]!, columns[j]!)
    }
    if (step === 1)
      for (let channel = 0; channel < channels; channel++)
        for (let cell = 0; cell < area; cell++) visitCell(channel, cell)
    else
      for (let cell = 0; cell < area; cell++)
        for (let channel = 0; channel < channels; channel++) visitCell(channel, cell)
  }
}
