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
  /** True if only a corner is shown. */
  readonly isCut: boolean
  /** True if a number was too large and was replaced by the largest shown. */
  readonly hasCutNumber: boolean
}

/** Numbers in rows, parted by commas, semicolons, tabs or spaces; or arrays, channels outermost, as JSON, NumPy or PyTorch write them. */
export function readText(text: string): ReadMatrix {
  const plain = text
    .trim()
    .replace(/[，、]/g, ',')
    .replace(/；/g, ';')
  const isArray = /^(\w+\()?\s*\[/.test(plain)
  const nested = isArray ? parseArrays(plain) : parseRows(plain)
  const shape = shapeOf(nested)
  let hasCutNumber = false
  const values = nested.flat(Number.POSITIVE_INFINITY).map((value) =>
    toNumber(value as string, () => {
      hasCutNumber = true
    }),
  )
  return { ...fromFlat(values, shape), hasCutNumber }
}

export function readNpy(bytes: Uint8Array): ReadMatrix {
  const tensor = parseNpy(bytes, 'npy')
  const values = Array.from(valuesOf(tensor) as ArrayLike<number | bigint>, Number)
  return { ...fromFlat(values, tensor.shape), hasCutNumber: false }
}

type Nested = readonly unknown[]

/**
 * Brackets with numbers between them, parted by commas or by spaces alone: `[[1, 2], [3, 4]]`, `[[1. 2.]\n [3. 4.]]` as NumPy prints
 * it, `tensor([[1., 2.]])`, `array([1], dtype=int32)`.
 */
function parseArrays(text: string): Nested {
  const inner = text.replace(/^\w+\(/, '').replace(/(,\s*\w+=[^[\]]*)*\)$/, '')
  const open: unknown[][] = [[]]
  for (const token of inner.match(/[[\]]|[^\s,[\]]+/g) ?? []) {
    if (token === '[') open.push([])
    else if (token !== ']') open.at(-1)!.push(token)
    else if (open.length === 1) throw unbalanced()
    else {
      const closed = open.pop()!
      open.at(-1)!.push(closed)
    }
  }
  const [whole] = open
  if (open.length !== 1 || whole!.length !== 1) throw unbalanced()
  return whole![0] as Nested
}

function unbalanced(): PoolError {
  return new PoolError('BAD_FORMAT', 'JSON: brackets do not match. Paste arrays such as [[1, 2], [3, 4]].')
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

function toNumber(text: string, onCut: () => void): number {
  const number = readNumber(text.trim(), onCut)
  if (number === undefined) throw new PoolError('BAD_FORMAT', `${JSON.stringify(text)}: is not a number.`)
  return number
}

/** [W], [H, W], [C, H, W] or [1, C, H, W]; the top left corner and the first channels of what is larger. */
function fromFlat(values: readonly number[], shape: readonly number[]): Omit<ReadMatrix, 'hasCutNumber'> {
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
