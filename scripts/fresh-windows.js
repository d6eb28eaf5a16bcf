/**
 * @file Compares the built library with the answers of scripts/fresh-windows.py, in both layouts.
 *
 * node scripts/fresh-windows.js FILE.json
 */
import { readFileSync } from 'node:fs'
import * as pool from '../dist/index.js'

const functions = Object.fromEntries(Object.entries(pool))
const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
}

/** The order of elements of [N, C, ...] in [N, ..., C]. */
function lastOf(data, [, c, ...rest]) {
  const plane = rest.reduce((size, dim) => size * dim, 1)
  return data.map((_, at) => {
    const [sample, rest] = [Math.floor(at / (c * plane)), at % (c * plane)]
    return data[(sample * c + (rest % c)) * plane + Math.floor(rest / c)]
  })
}

const move = ([n, c, ...rest]) => [n, ...rest, c]

function inputsOf({ dtype, shape, x, layout, mask, options }) {
  const parse =
    dtype.endsWith('64') && dtype !== 'float64' ? BigInt : (text) => Number(text.replace('inf', 'Infinity'))
  const data = x.map(parse)
  const isLast = layout === 'NHWC'
  const own = { ...options, layout }
  for (const name of ['nodata', 'ignore']) if (own[name] !== undefined) own[name] = parse(own[name])
  if (mask !== null) {
    const whole = mask.shape.length === shape.length && isLast
    const bytes = whole ? lastOf(mask.data, mask.shape) : mask.data
    own.mask = pool.tensor(Uint8Array.from(bytes), whole ? move(mask.shape) : mask.shape)
  }
  const given = arrays[dtype].from(isLast ? lastOf(data, shape) : data)
  return { x: pool.tensor(given, isLast ? move(shape) : shape), options: own }
}

/** Sums of n elements round n times, each time by half a step of the sum of their magnitudes at most; other answers twice. */
function boundOf({ op, dtype, counts, magnitudes }, i, expected) {
  if (dtype !== 'float32' && dtype !== 'float64') return 0
  const step = dtype === 'float32' ? 2 ** -24 : 2 ** -40
  const isSum = /sum|avg/i.test(op)
  const size = /avg/i.test(op) ? magnitudes[i] / Math.max(1, counts[i]) : magnitudes[i]
  return isSum ? step * (counts[i] + 2) * size : 4 * step * Math.max(1, Math.abs(expected))
}

function isClose(got, want, bound) {
  if (typeof got === 'bigint') return got === BigInt(want)
  const expected = Number(want.replace('inf', 'Infinity'))
  if (Object.is(got, expected) || got === expected) return true
  return Math.abs(got - expected) <= bound(expected)
}

let wrong = 0
for (const one of cases) {
  const { x, options } = inputsOf(one)
  let fault = null
  try {
    const { output, counts } = functions[one.op](x, { ...options, returnCounts: true })
    const outShape =
      one.layout === 'NHWC'
        ? [output.shape[0], output.shape.at(-1), ...output.shape.slice(1, -1)]
        : output.shape
    const y = one.layout === 'NHWC' ? lastOf(one.y, outShape) : one.y
    const isLast = one.layout === 'NHWC'
    const counted = isLast ? lastOf(one.counts, outShape) : one.counts
    const magnitudes = isLast ? lastOf(one.magnitudes, outShape) : one.magnitudes
    const sizes = { ...one, counts: counted, magnitudes }
    if (y.length !== output.data.length) fault = `${output.data.length} outputs, not ${y.length}`
    const plain = functions[one.op](x, options).data
    for (let i = 0; i < y.length && fault === null; i++) {
      if (!Object.is(plain[i], output.data[i]))
        fault = `y[${i}] = ${plain[i]} without counts, ${output.data[i]} with`
      if (counts.data[i] !== counted[i]) fault = `count[${i}] = ${counts.data[i]}, not ${counted[i]}`
      else if (!isClose(output.data[i], y[i], (want) => boundOf(sizes, i, want)))
        fault = `y[${i}] = ${output.data[i]}, not ${y[i]}`
    }
  } catch (error) {
    fault = String(error)
  }
  if (fault === null) continue
  wrong++
  const { y: _, x: __, counts: ___, magnitudes: ____, ...short } = one
  if (wrong <= 20) console.log(fault, JSON.stringify(short).slice(0, 400))
}
console.log(`${cases.length - wrong} of ${cases.length} agree`)
if (wrong > 0) process.exitCode = 1
