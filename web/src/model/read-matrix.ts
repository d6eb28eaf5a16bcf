/**
 * @file A matrix from outside: CSV or JSON that was pasted, or a .npy file. What is too large for the grid is cut, and said.
 */
import { parseNpy } from '../../../src/adapters/npy/index.ts'
import { PoolError } from '../../../src/errors.ts'
import { maxChannels, maxSide, readNumber } from '../../../src/render/codec.ts'
import type { Plane } from '../../../src/render/presets.ts'
import { valuesOf } from '../../../src/tensor/storage.ts'

export interface ReadMatrix {
  readonly planes: readonly Plane[]
  readonly shape: readonly number[]
  /** Whether only a corner of it is shown. */
  readonly isCut: boolean
}

/** Numbers in rows, parted by commas, semicolons, tabs or spaces; or JSON arrays, channels outermost. */
export function readText(text: string): ReadMatrix {
  const trimmed = text.trim()
  const nested = trimmed.startsWith('[') ? parseJson(trimmed) : parseRows(trimmed)
  const shape = shapeOf(nested)
  return fromFlat(nested.flat(4).map(toNumber), shape)
}

export function readNpy(bytes: Uint8Array): ReadMatrix {
  const tensor = parseNpy(bytes, 'npy')
  return fromFlat(Array.from(valuesOf(tensor) as ArrayLike<number | bigint>, Number), tensor.shape)
}

type Nested = readonly unknown[]

/** JSON has no NaN and no infinities; Python writes them bare. */
function parseJson(text: string): Nested {
  const quoted = text.replace(/-?\b(NaN|nan|Infinity|inf)\b/g, '"$&"')
  try {
    return JSON.parse(quoted) as Nested
  } catch (cause) {
    throw new PoolError(
      'BAD_FORMAT',
      `JSON: ${(cause as Error).message}. Paste arrays such as [[1, 2], [3, 4]].`,
    )
  }
}

function parseRows(text: string): Nested {
  if (text === '')
    throw new PoolError('BAD_FORMAT', 'CSV: no number was found. Paste rows such as "1, 2, 3".')
  return text.split(/\r?\n/).map((row) => row.trim().split(/\s*[,;\t]\s*|\s+/))
}

function shapeOf(nested: Nested): number[] {
  const shape: number[] = []
  for (let level: unknown = nested; Array.isArray(level); level = level[0]) shape.push(level.length)
  const check = (level: unknown, axis: number): void => {
    const isArray = Array.isArray(level)
    const fits = axis === shape.length ? !isArray : isArray && level.length === shape[axis]
    if (!fits) {
      throw new PoolError(
        'BAD_SHAPE',
        `rows: all must be as long as the first, which has ${shape.at(-1)} numbers.`,
      )
    }
    if (isArray) for (const inner of level) check(inner, axis + 1)
  }
  check(nested, 0)
  return shape
}

function toNumber(value: unknown): number {
  const number = typeof value === 'number' ? value : readNumber(String(value).trim())
  if (number === undefined) throw new PoolError('BAD_FORMAT', `${JSON.stringify(value)}: is not a number.`)
  return number
}

/** [W], [H, W], [C, H, W] or [1, C, H, W]; the top left corner and the first channels of what is larger. */
function fromFlat(values: readonly number[], shape: readonly number[]): ReadMatrix {
  if (shape.length > 4 || values.length === 0) {
    throw new PoolError(
      'BAD_SHAPE',
      `shape [${shape.join(', ')}]: must be [H, W], [C, H, W] or [1, C, H, W], not empty.`,
    )
  }
  const [, channels, rows, columns] = [...new Array<number>(4 - shape.length).fill(1), ...shape] as number[]
  const [height, width] = [Math.min(rows!, maxSide), Math.min(columns!, maxSide)]
  const planes = Array.from({ length: Math.min(channels!, maxChannels) }, (_, channel) => ({
    rows: height,
    columns: width,
    values: Array.from({ length: height * width }, (_, i) => {
      const [row, column] = [Math.floor(i / width), i % width]
      return values[(channel * rows! + row) * columns! + column]!
    }),
  }))
  const shown = planes.length * height * width
  return { planes, shape, isCut: shown < values.length }
}
