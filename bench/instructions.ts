/**
 * @file `npm run bench:instructions`: the WebAssembly instructions that each point of the surface executes for an element of its input,
 * which are the same in the cache and in memory.
 * `--only PATTERN` counts the points whose name matches the regular expression. `--surface FILE` takes the times that
 * `bench:surface --json FILE` saved, and says which points miss an aim by their instructions alone.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sizeOf } from '../src/tensor/shape.ts'
import { type CountedPoint, formatBounds } from './surface/bounds.ts'
import { callOf } from './surface/call.ts'
import { countEveryModule, countInstructions } from './surface/count-instructions.ts'
import type { Measured } from './surface/measure.ts'
import { allPoints, idOf, type Point } from './surface/points.ts'
import { shapeOf } from './surface/shape.ts'

const { values: options } = parseArgs({ options: { only: { type: 'string' }, surface: { type: 'string' } } })

/** Enough that what is done once a call hardly shows. */
const elements = 2 ** 17

const pattern = new RegExp(options.only ?? '')
const points = allPoints().filter((point) => point.place === 'cache' && pattern.test(idOf(point)))
if (points.length === 0)
  throw new Error(`no point has ${pattern} in its name, as "${idOf(allPoints()[0]!)}" has`)

countEveryModule()
console.log('vector  scalar  instructions an element')
const times = options.surface === undefined ? [] : readTimes(options.surface)
const measured = new Map(times.map((time) => [time.id, time]))
const counted = points.flatMap((point) => withTime(point, count(point)))
if (options.surface !== undefined) console.log(`\n${formatBounds(counted)}`)

function readTimes(file: string): Measured[] {
  return JSON.parse(readFileSync(file, 'utf8')).points
}

/** The first call compiles, and makes what later ones find. */
function count(point: Point): number {
  const shape = shapeOf(point, elements)
  const { run } = callOf(point, shape)
  run()
  const { vector, scalar } = countInstructions(run)
  const [vectors, scalars] = [vector, scalar].map((instructions) => instructions / sizeOf(shape))
  console.log(`${vectors!.toFixed(2).padStart(6)}${scalars!.toFixed(2).padStart(8)}  ${idOf(point)}`)
  return vectors! + scalars!
}

/** Plain loops execute no WebAssembly. */
function withTime(point: Point, instructions: number): CountedPoint[] {
  const time = measured.get(idOf(point))
  if (time === undefined || instructions === 0) return []
  const { ms, ratio, shape } = time
  return [{ point, ms, ratio, instructions, nanoseconds: (ms * 1e6) / sizeOf(shape) }]
}
