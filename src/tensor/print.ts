/**
 * @file Tensors as text, in the form PyTorch prints: four decimals, columns aligned, long axes cut to their ends (lines are not wrapped).
 */
import { type DType, dtypes, type Scalar } from './dtype.ts'
import { rowMajorStrides, sizeOf } from './shape.ts'

const threshold = 1000
const edge = 3
const prefix = 'tensor('

/** `tensor([[1., 2.], [3., 4.]])`, with the dtype named unless it is float32, or int64 with at least one element. */
export function formatTensor(values: ArrayLike<Scalar>, shape: readonly number[], dtype: DType): string {
  const cut = sizeOf(shape) > threshold
  const format = formatter(visible(values, shape, cut), dtypes[dtype].float)
  const notes = [
    ...(sizeOf(shape) === 0 ? [`size=(${shape.join(', ')})`] : []),
    ...(dtype === 'float32' || (dtype === 'int64' && sizeOf(shape) > 0) ? [] : [`dtype=${dtype}`]),
  ]
  const body = sizeOf(shape) === 0 ? '[]' : nest(values, shape, cut, format)
  return `${[`${prefix}${body}`, ...notes].join(', ')})`
}

function nest(
  values: ArrayLike<Scalar>,
  shape: readonly number[],
  cut: boolean,
  format: (value: Scalar) => string,
): string {
  const strides = rowMajorStrides(shape)
  const level = (axis: number, start: number): string => {
    if (axis === shape.length) return format(values[start]!)
    const items = indicesOf(shape[axis]!, cut).map((i) =>
      i < 0 ? (axis === shape.length - 1 ? ' ...' : '...') : level(axis + 1, start + i * strides[axis]!),
    )
    const isLast = axis === shape.length - 1
    const gap = isLast
      ? ', '
      : `,${'\n'.repeat(shape.length - 1 - axis)}${' '.repeat(prefix.length + axis + 1)}`
    return `[${items.join(gap)}]`
  }
  return level(0, 0)
}

/** All indices of an axis, or those at both ends with -1 for the omitted ones. */
function indicesOf(length: number, cut: boolean): number[] {
  const whole = !cut || length <= 2 * edge
  const count = whole ? length : 2 * edge + 1
  return Array.from({ length: count }, (_, i) =>
    whole || i < edge ? i : i === edge ? -1 : length - count + i,
  )
}

function visible(values: ArrayLike<Scalar>, shape: readonly number[], cut: boolean): Scalar[] {
  if (sizeOf(shape) === 0) return []
  const strides = rowMajorStrides(shape)
  let starts = [0]
  shape.forEach((length, axis) => {
    const steps = indicesOf(length, cut).filter((i) => i >= 0)
    starts = starts.flatMap((start) => steps.map((i) => start + i * strides[axis]!))
  })
  return starts.map((start) => values[start]!)
}

function formatter(shown: readonly Scalar[], float: boolean): (value: Scalar) => string {
  const text = float ? floatText(shown as number[]) : String
  const measured = float
    ? (shown as number[]).filter((value) => value !== 0 && Number.isFinite(value))
    : shown
  const width = Math.max(0, ...measured.map((value) => text(value as number).length))
  return (value) => text(value as number).padStart(width)
}

function floatText(shown: readonly number[]): (value: number) => string {
  const finite = shown
    .filter(Number.isFinite)
    .map(Math.abs)
    .filter((value) => value !== 0)
  const largest = Math.max(...finite)
  const smallest = Math.min(...finite)
  const whole = finite.every(Number.isInteger)
  const scientific =
    finite.length > 0 && (largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4))
  const digits = scientific ? exponential : whole ? wholeNumber : fixed
  return (value) => (Number.isFinite(value) ? digits(value) : nonFinite(value))
}

function wholeNumber(value: number): string {
  return Object.is(value, -0) ? '-0.' : `${value.toFixed(0)}.`
}

/** Ties go to the even digit, where toFixed goes up. */
function fixed(value: number): string {
  const scaled = Math.abs(value) * 1e4
  const isTie = scaled % 1 === 0.5
  const digits = (isTie ? Math.floor(scaled) + (Math.floor(scaled) % 2) : scaled) / 1e4
  return `${signOf(value)}${(isTie ? digits : Math.abs(value)).toFixed(4)}`
}

function exponential(value: number): string {
  return (
    signOf(value) +
    Math.abs(value)
      .toExponential(4)
      .replace(/e([+-])(\d)$/, 'e$10$2')
  )
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : ''
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}
