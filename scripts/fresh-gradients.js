/**
 * @file Compares the built library with the answers of scripts/fresh-gradients.py, forward and backward, in both layouts.
 *
 * node scripts/fresh-gradients.js FILE.json
 */
import { readFileSync } from 'node:fs'
import * as pool from '../dist/index.js'

const functions = Object.fromEntries(Object.entries(pool))
const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'))

/** [N, C, ...] as [N, ..., C]. */
function channelsLast({ shape: [n, c, ...rest], data }) {
  const plane = rest.reduce((size, dim) => size * dim, 1)
  const moved = data.map((_, at) => {
    const [sample, within] = [Math.floor(at / (c * plane)), at % (c * plane)]
    return data[(sample * c + (within % c)) * plane + Math.floor(within / c)]
  })
  return { shape: [n, ...rest, c], data: moved }
}

function compare(what, got, want) {
  if (got.shape.join() !== want.shape.join()) return `${what}.shape = ${got.shape}, not ${want.shape}`
  const size = want.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  const at = want.data.findIndex((value, i) => !(Math.abs(value - got.data[i]) <= 1e-9 * size))
  return at < 0 ? null : `${what}[${at}] = ${got.data[at]}, not ${want.data[at]}`
}

function faultOf({ op, layout, options, boxes, mask, x, y, dy, dx }) {
  const isLast = layout === 'NHWC'
  const moved = (given) => (isLast ? channelsLast(given) : given)
  const tensorOf = ({ shape, data }) => pool.tensor(Float64Array.from(data), shape)
  const own = { ...options, layout }
  if (mask !== null) {
    const { shape, data } = mask.shape.length === x.shape.length ? moved(mask) : mask
    own.mask = pool.tensor(Uint8Array.from(data), shape)
  }
  const input = tensorOf(moved(x))
  const given = boxes === null ? [] : [pool.tensor(Float64Array.from(boxes.flat()), [boxes.length, 5])]
  const output = functions[op](input, ...given, own)
  const gradient = functions[`${op}Backward`](tensorOf(moved(dy)), input, ...given, own)
  return compare('y', output, moved(y)) ?? compare('dx', gradient, moved(dx))
}

let wrong = 0
for (const one of cases) {
  let fault = null
  try {
    fault = faultOf(one)
  } catch (error) {
    fault = String(error)
  }
  if (fault === null) continue
  wrong++
  const { op, layout, options, x, mask, boxes } = one
  if (wrong <= 20)
    console.log(
      fault,
      JSON.stringify({ op, layout, options, shape: x.shape, mask: mask?.shape, boxes }).slice(0, 400),
    )
}
console.log(`${cases.length - wrong} of ${cases.length} agree`)
if (wrong > 0) process.exitCode = 1
