/**
 * Writes the table of docs/accuracy.md: errors of this library beside those of PyTorch and NumPy, which scripts/accuracy.py has recorded.
 *
 *     npm run build && npm run accuracy
 */
import { readFile, writeFile } from 'node:fs/promises'
import {
  adaptiveAvgPool2d,
  avgPool2d,
  avgPool2dBackward,
  globalAvgPool,
  lpPool2d,
  rand,
  tensor,
} from 'pool2d'

const document = new URL('../docs/accuracy.md', import.meta.url)
const [begin, end] = ['<!-- table: written by npm run accuracy -->', '<!-- /table -->']
const recorded = JSON.parse(
  await readFile(new URL('../test/fixtures/accuracy.json', import.meta.url), 'utf8'),
)
const seed = 7

function dataOf({ data, side, dtype = 'float32' }) {
  const shape = [1, 1, side, side]
  const storage = dtype === 'float64' ? Float64Array : Float32Array
  if (data === 'ones') return tensor(new storage(side * side).fill(1), shape)
  if (data === '100.1') return tensor(new storage(side * side).fill(100.1), shape)
  const round = dtype === 'float64' ? Number : Math.fround
  const drawn = rand(shape, { seed, dtype })
  return tensor(
    drawn.data.map((value) => round(round(value * 10) + 283)),
    shape,
  )
}

/** The sum of a part of a plane, and its rounding error. */
function sumOf({ data, shape }, [top, bottom], [left, right], of = (value) => value) {
  const width = shape.at(-1)
  let [sum, lost] = [0, 0]
  for (let i = top; i < bottom; i++)
    for (let j = left; j < right; j++) {
      const value = of(data[i * width + j])
      const next = sum + value
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
      sum = next
    }
  return [sum, lost]
}

const added = ([sum, lost]) => sum + lost

/** To within a few units of the last place of float64 squared, far below what is printed. */
const divided = ([sum, lost], by) => {
  const quotient = sum / by
  return [quotient, (remainder(sum, quotient, by) + lost) / by]
}

/** `sum - quotient * by`, exactly: the quotient is split so that its halves times `by`, below 2^27, are exact. */
function remainder(sum, quotient, by) {
  const scaled = quotient * (2 ** 27 + 1)
  const high = scaled - (scaled - quotient)
  return sum - high * by - (quotient - high) * by
}

/** Windows of an output in row-major order. */
function* windowsOf({ side, window, outputs }) {
  if (outputs !== undefined) {
    const edges = Array.from({ length: outputs }, (_, i) => [
      Math.floor((i * side) / outputs),
      Math.ceil(((i + 1) * side) / outputs),
    ])
    for (const rows of edges) for (const columns of edges) yield [rows, columns]
    return
  }
  const size = window ?? side
  for (let i = 0; i + size <= side; i++)
    for (let j = 0; j + size <= side; j++)
      yield [
        [i, i + size],
        [j, j + size],
      ]
}

/** The exact value of each output, as a sum of two numbers, and the result of a call. */
const operations = {
  global: (x, item) => [means(x, item), (options) => globalAvgPool(x, options)],
  adaptive: (x, item) => [
    means(x, item),
    (options) => adaptiveAvgPool2d(x, { outputSize: item.outputs, ...options }),
  ],
  sliding: (x, item) => [
    means(x, item),
    (options) => avgPool2d(x, { kernelSize: item.window, stride: 1, ...options }),
  ],
  gradient(x, { side, window }) {
    const size = side - window + 1
    const dy = tensor(
      Float32Array.from({ length: size * size }, (_, i) => x.data[Math.floor(i / size) * side + (i % size)]),
      [1, 1, size, size],
    )
    const exact = []
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++) {
        const reach = (at) => [Math.max(0, at - window + 1), Math.min(size, at + 1)]
        exact.push(divided(sumOf(dy, reach(i), reach(j)), window ** 2))
      }
    return [exact, (options) => avgPool2dBackward(dy, x, { kernelSize: window, stride: 1, ...options })]
  },
  norm: (x, item) => [
    Array.from(windowsOf(item), ([rows, columns]) => [
      Math.sqrt(added(sumOf(x, rows, columns, (value) => value * value))),
      0,
    ]),
    (options) =>
      'exact' in options ? null : lpPool2d(x, { normType: 2, kernelSize: item.window, stride: 1 }),
  ],
}

function means(x, item) {
  return Array.from(windowsOf(item), ([rows, columns]) =>
    divided(sumOf(x, rows, columns), (rows[1] - rows[0]) * (columns[1] - columns[0])),
  )
}

/** The distance to the next number of the dtype. */
function unitOf(value, dtype) {
  const digits = dtype === 'float64' ? 52 : 23
  return 2 ** (Math.floor(Math.log2(Math.abs(value))) - digits)
}

function largestError(exact, got, dtype) {
  if (got === null) return null
  return exact.reduce(
    (most, [want, rest], i) => Math.max(most, Math.abs(got.data[i] - want - rest) / unitOf(want, dtype)),
    0,
  )
}

const names = {
  global: () => 'mean of all',
  adaptive: ({ outputs }) => `adaptive to ${outputs} x ${outputs}`,
  sliding: ({ window }) => `average ${window} x ${window}, stride 1`,
  gradient: ({ window }) => `gradient of average ${window} x ${window}, stride 1`,
  norm: ({ window }) => `L2 norm ${window} x ${window}, stride 1`,
}
const inputs = { raster: '288 ± 5', ones: '1', 100.1: '100.1' }

function rowOf(item) {
  const { op, data, side, dtype = 'float32', torch, numpy } = item
  const [exact, call] = operations[op](dataOf(item), item)
  const errors = [call({}), call({ exact: true })].map((got) => largestError(exact, got, dtype))
  const cells = [...errors, torch, numpy].map((error) => (error === null ? '–' : printed(error)))
  return `| ${names[op](item)} | ${inputs[data]} | ${side}² | ${dtype} | ${cells.join(' | ')} |`
}

function printed(error) {
  return error < 10 ? error.toFixed(2) : error.toPrecision(3)
}

const head = [
  '| what | values | of | dtype | here | here, `exact` | PyTorch | NumPy |',
  '| --- | --- | --- | --- | --: | --: | --: | --: |',
]
const table = [...head, ...recorded.rows.map(rowOf)].join('\n')
console.log(table)
const text = await readFile(document, 'utf8')
const [from, to] = [text.indexOf(begin), text.indexOf(end)]
if (from < 0 || to < from) throw new Error('docs/accuracy.md has lost its markers')
await writeFile(document, `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`)
