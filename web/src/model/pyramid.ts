/**
 * @file Two small images and their pyramids, made by pool2d/pyramid's own downsampling: labels by mean and by mode, heights with and without
 * their missing values.
 */
import { downsample } from '../../../src/pyramid/downsample/downsample.ts'
import { missing, type Plane } from '../../../src/render/presets.ts'
import { isLeftOut } from '../../../src/render/term.ts'

export const pyramidImages = ['labels', 'heights'] as const
export type PyramidImage = (typeof pyramidImages)[number]

export const pyramidSide = 16
export const pyramidLevels = 5

/** A river through meadows, forest and a town; 1 water, 2 meadow, 3 forest, 4 town. */
const land = [
  '3333332122222222',
  '3333332112222222',
  '3333333212222222',
  '3333333211222222',
  '3333333321222222',
  '3333332221124444',
  '3333322222114444',
  '2333222222214444',
  '2222222222211444',
  '2222223222221144',
  '2222233322222114',
  '2222333332222211',
  '2223333333222221',
  '2233333333322222',
  '2333333333332222',
  '3333333333333222',
]

/** A slope; `.` was not measured. */
const gaps = [
  '................',
  '................',
  '..##############',
  '..##############',
  '..####.#########',
  '..##############',
  '..########...###',
  '..#######.....##',
  '..#######.....##',
  '..########...###',
  '..##############',
  '..##.###########',
  '..##############',
  '..##############',
  '..############..',
  '..############..',
]

const plane = (value: (row: number, column: number) => number): Plane => ({
  rows: pyramidSide,
  columns: pyramidSide,
  values: Array.from({ length: pyramidSide ** 2 }, (_, i) =>
    value(Math.floor(i / pyramidSide), i % pyramidSide),
  ),
})

const images: Readonly<Record<PyramidImage, Plane>> = {
  labels: plane((row, column) => Number(land[row]![column])),
  heights: plane((row, column) => (gaps[row]![column] === '.' ? missing : 10 + row + 2 * column)),
}

/** One way of pooling, level by level; level 0 is the image. */
export interface Pyramid {
  /** `nodata` leaves missing heights out; `mean` knows no names and no gaps. */
  readonly rule: 'mean' | 'mode' | 'nodata'
  readonly levels: readonly Plane[]
}

/** The wrong pyramid, then the right one. */
export function pyramidsOf(image: PyramidImage): readonly [Pyramid, Pyramid] {
  const right = image === 'labels' ? 'mode' : 'nodata'
  return [
    { rule: 'mean', levels: levelsOf(image, 'mean') },
    { rule: right, levels: levelsOf(image, right) },
  ]
}

function levelsOf(image: PyramidImage, rule: Pyramid['rule']): readonly Plane[] {
  const levels = [images[image]]
  while (levels.length < pyramidLevels) levels.push(halved(levels.at(-1)!, rule))
  return levels
}

function halved({ rows, columns, values }: Plane, rule: Pyramid['rule']): Plane {
  const data = rule === 'mode' ? Int32Array.from(values) : Float32Array.from(values)
  const options = {
    factor: 2,
    method: rule === 'mode' ? ('mode' as const) : ('mean' as const),
    ...(rule === 'nodata' && { nodata: missing }),
  }
  const half = downsample({ data, shape: [rows, columns] }, options)
  return { rows: rows / 2, columns: columns / 2, values: Array.from(half.data, Number) }
}

/** A pixel of a level, and the pixels of the image that it covers, [from, to) along each axis. */
export interface Pixel {
  readonly level: number
  readonly row: number
  readonly column: number
}

export function coverOf({ level, row, column }: Pixel): {
  rows: [number, number]
  columns: [number, number]
} {
  const size = 2 ** level
  return { rows: [row * size, (row + 1) * size], columns: [column * size, (column + 1) * size] }
}

/** The centre of pixel i of a level, counted in pixels of the image: it lies half a pixel before a border. */
export function centreOf(level: number, i: number): number {
  return (i + 0.5) * 2 ** level - 0.5
}

/** The state of a pixel's value: a label or height that the image has, one that it covers nowhere, or none. */
export function kindOfPixel(
  image: PyramidImage,
  pixel: Pixel,
  value: number,
): 'known' | 'stranger' | 'missing' {
  if (image === 'heights') return isLeftOut(missing, value) ? 'missing' : value < 0 ? 'stranger' : 'known'
  const { rows, columns } = coverOf(pixel)
  for (let row = rows[0]; row < rows[1]; row++)
    for (let column = columns[0]; column < columns[1]; column++)
      if (images.labels.values[row * pyramidSide + column] === value) return 'known'
  return 'stranger'
}
