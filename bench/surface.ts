/**
 * @file `npm run bench:surface`: every operation, dtype, layout and geometry beside a copy of its input; draws the heat
 * maps, one of inputs in the cache and one of inputs in memory. `--quick` measures a sample, `--only PATTERN` the points whose name matches
 * the regular expression; neither draws the maps. `--json FILE` saves all numbers.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { drawHeatMap } from './surface/heat-map.ts'
import { measure } from './surface/measure.ts'
import { allPoints, idOf, isInSample, type Point } from './surface/points.ts'
import { formatExclusions, formatSummary, type MeasuredPoint } from './surface/summary.ts'
import { findError } from './surface/verify.ts'
import { saveImage } from './sweep.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' } },
})

const budget = { turns: 5, milliseconds: 10 }
const date = new Date().toISOString().slice(0, 10)
const machine = `${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.versions.node}`
const loadBefore = formatLoad()

const pattern = new RegExp(options.only ?? '')
const points = allPoints().filter(
  (point) => (!options.quick || isInSample(point)) && pattern.test(idOf(point)),
)
if (points.length === 0)
  throw new Error(`no point has ${pattern} in its name, as "${idOf(allPoints()[0]!)}" has`)

console.log(`${formatExclusions()}\n\n${date}, ${machine}, load ${loadBefore}`)
const results = measureAll(points)
console.log(formatSummary(results))
console.log(`\n${Math.round(performance.now() / 1000)} s, load ${loadBefore} before, ${formatLoad()} after`)
if (options.json) writeFileSync(options.json, `${JSON.stringify(reportOf(results), null, 1)}\n`)
if (!options.quick && options.only === undefined) draw(results)

/** An answer that is wrong is said and not timed, and fails the run. */
function measureAll(all: readonly Point[]): MeasuredPoint[] {
  return all.flatMap((point, i) => {
    if (i % 500 === 0) console.error(`${i} of ${all.length}, ${Math.round(performance.now() / 1000)} s`)
    const error = findError(point)
    if (error === null) return [{ point, ...measure(point, budget) }]
    console.log(`WRONG: ${idOf(point)}: ${error}`)
    process.exitCode = 1
    return []
  })
}

function reportOf(all: readonly MeasuredPoint[]): object {
  return {
    date,
    machine,
    load: [loadBefore, formatLoad()],
    points: all.map(({ point: _, ...rest }) => rest),
  }
}

function draw(all: readonly MeasuredPoint[]): void {
  drawPlace(
    'surface',
    'in the cache',
    all.filter(({ point }) => point.place === 'cache'),
  )
  drawPlace(
    'surface-memory',
    'in memory',
    all.filter(({ point }) => point.place === 'memory'),
  )
}

function drawPlace(name: string, where: string, own: readonly MeasuredPoint[]): void {
  const cells = own.map(({ point, ratio }) => ({
    operation: `${point.operation.id} ${point.pass.replace('with', '+')}`,
    dtype: point.dtype,
    geometry: `${point.rank}-D ${point.geometry.id}`,
    layout: point.layout.id,
    ratio,
  }))
  const subtitle = `How many times as long as a copy of the input; NCHW, and × so many channels last. ${date}, ${machine}, one thread.`
  saveImage(
    name,
    drawHeatMap(`Every operation, dtype, layout and geometry: inputs ${where}`, subtitle, cells),
  )
}

function formatLoad(): string {
  return loadavg()[0]!.toFixed(1)
}
