/**
 * @file Downsampling as its rules are written, one window at a time, in exact arithmetic. Shares nothing with the library.
 */
type Value = number | bigint

export interface Rules {
  readonly factors: readonly number[]
  readonly method: string
  readonly background?: Value | undefined
  readonly nodata?: Value | undefined
  readonly edges?: 'keep' | 'trim' | undefined
  /** Nearest element of the dtype, and the element one step from another. */
  readonly round?: (value: number) => number
  readonly step?: (value: Value) => Value
}

const isSame = (a: Value, b: Value | undefined) => a === b || (a !== a && b !== undefined && b !== b)
const isAfter = (a: Value, b: Value) => (a !== a && b === b) || a > b

export function define(x: ArrayLike<Value>, shape: readonly number[], rules: Rules): Value[] {
  const { factors, edges = 'keep' } = rules
  const sizes = shape.map((n, a) => (edges === 'keep' ? Math.ceil : Math.floor)(n / factors[a]!))
  const places = (dims: readonly number[]): number[][] =>
    dims.reduce<number[][]>(
      (all, n) => all.flatMap((at) => Array.from({ length: n }, (_, i) => [...at, i])),
      [[]],
    )
  const flat = (at: readonly number[]) => at.reduce((sum, i, a) => sum * shape[a]! + i, 0)
  return places(sizes).map((out) => {
    const extents = out.map((o, a) => Math.min((o + 1) * factors[a]!, shape[a]!) - o * factors[a]!)
    return resultOf(
      places(extents).map((tap) => x[flat(tap.map((t, a) => out[a]! * factors[a]! + t))]!),
      rules,
    )
  })
}

function resultOf(window: Value[], { method, background, nodata, round, step }: Rules): Value {
  const there = nodata === undefined ? window : window.filter((value) => !isSame(value, nodata))
  if (there.length === 0) return nodata!
  const others = background === undefined ? there : there.filter((value) => !isSame(value, background))
  const counted = others.length > 0 ? others : there
  const sorted = [...counted].sort((a, b) => (isAfter(a, b) ? 1 : isAfter(b, a) ? -1 : 0))
  const hasNaN = sorted.at(-1) !== sorted.at(-1)
  if (method === 'stride') return there[0]!
  if (method === 'mean') {
    const mean = round
      ? round((there as number[]).reduce((a, b) => a + b, 0) / there.length)
      : wholeMean(there)
    const value = typeof there[0] === 'bigint' || round ? mean : Number(mean)
    return nodata !== undefined && isSame(value, nodata) && value === value ? step!(value) : value
  }
  if (method !== 'mode' && hasNaN) return Number.NaN
  if (method === 'min') return sorted[0]!
  if (method === 'max') return sorted.at(-1)!
  if (method === 'median') return sorted[(sorted.length - 1) >> 1]!
  const count = (value: Value) => sorted.filter((other) => isSame(other, value)).length
  return sorted.reduce((best, value) => (count(value) > count(best) ? value : best))
}

/** Half to even. */
function wholeMean(values: readonly Value[]): bigint {
  const [sum, n] = [values.reduce<bigint>((a, b) => a + BigInt(b), 0n), BigInt(values.length)]
  const down = (sum - (((sum % n) + n) % n)) / n
  const twice = 2n * (sum - down * n)
  return twice > n || (twice === n && down % 2n !== 0n) ? down + 1n : down
}
