/**
 * @file The options of `pool2d pyramid` and `pool2d pyramid plan`.
 */
import { type Command, InvalidArgumentError } from 'commander'
import { downsampleMethods, edgeRules } from '../../pyramid/downsample/options.ts'
import type { FactorOption } from '../../pyramid/plan/plan-levels.ts'
import type { PyramidOptions } from '../../pyramid/plan/plan-options.ts'
import { pyramidFormats } from '../../pyramid/plan/pyramid-plan.ts'
import { parseChoice, parseElement, parseNodata, parsePixels } from '../options/parse-values.ts'

/** Options as commander gives them, by the names of `planPyramid`. */
export type PlanFlags = PyramidOptions

export function addPlanOptions(command: Command): Command {
  return addStorageOptions(addLevelOptions(command))
}

function addLevelOptions(command: Command): Command {
  return command
    .optionsGroup('Levels:')
    .option(
      '--method <name>',
      `what becomes of each window: auto, ${downsampleMethods.join(', ')} (default: auto, mode for labels and booleans, mean for images)`,
      parseChoice(['auto', ...downsampleMethods]),
    )
    .option(
      '--factor <n|auto|z=1,y=2,x=2>',
      'the window of each step; auto halves what is finest (default: 2)',
      parseFactor,
    )
    .option(
      '--levels <n>',
      'how many levels, level 0 among them (default: until all fits into a chunk)',
      parsePixels,
    )
    .option('--min-size <n>', 'or until no pooled axis is longer than this', parsePixels)
    .option('--background <value>', 'mode: not counted unless a window holds nothing else', parseElement)
    .option(
      '--nodata <value>',
      "left out of every window; nan for NaN, none to count a TIFF's own as a number",
      parseNodata,
    )
    .option('--alpha <channel>', 'mean: the channel, from 0, that weights the others', parseCount)
    .option(
      '--edges <rule>',
      'keep a last window that the end cuts (default), or trim it',
      parseChoice(edgeRules),
    )
}

function addStorageOptions(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .option('--axes <letters>', 'the names of the axes, as zyx, where the input has none', String)
    .option('--scale <y=0.5,x=0.25>', 'the distance between elements, by axis', parseNumbers)
    .option('--unit <name>', 'the unit of that distance, as micrometer', String)
    .option(
      '--missing <rule>',
      'chunks that are not there: fill (default) or error',
      parseChoice(['fill', 'error']),
    )
    .optionsGroup('Output:')
    .option(
      '--format <name>',
      `${pyramidFormats.join(', ')} (default: that of the input, or ome0.5)`,
      parseChoice(pyramidFormats),
    )
    .option('--chunks <nxm>', "the shape of chunks, one number an axis (default: the input's)", parseChunks)
    .option(
      '--shards <n>',
      'put n chunks along each pooled axis into one object (default: no shards)',
      parsePixels,
    )
    .option('--codec <name>', 'keep, none, gzip:1, zstd:1, blosc:lz4:5 (default: keep, or zstd:1)', String)
    .option('--in-place', 'add levels to the image IN; there is no OUT then')
    .optionsGroup('Machine:')
    .option(
      '--memory <size>',
      'what all threads may hold together, as 500MB or 2GB (default: 1GB)',
      parseBytes,
    )
    .option('--threads <n>', 'threads that compute and compress (default: the cores, at most 4)', parsePixels)
}

const planNames = [
  'method',
  'factor',
  'levels',
  'minSize',
  'background',
  'nodata',
  'alpha',
  'edges',
  'axes',
  'scale',
  'unit',
  'missing',
  'format',
  'chunks',
  'shards',
  'codec',
  'inPlace',
  'memory',
  'threads',
] as const

/** Those of the flags that are options of `planPyramid`. */
export function planOptionsOf(flags: PlanFlags): PyramidOptions {
  const given = planNames.filter((name) => flags[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, flags[name]]))
}

function parseFactor(text: string): FactorOption {
  if (text === 'auto') return text
  if (/^\d+$/.test(text)) return Number(text)
  return parseNumbers(text)
}

/** `z=1,y=2`. */
function parseNumbers(text: string): Readonly<Record<string, number>> {
  const pairs = text
    .split(',')
    .map((part) => /^([a-z]+)=(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)$/i.exec(part.trim()))
  if (pairs.some((pair) => pair === null))
    throw new InvalidArgumentError('Expected axes with numbers, as z=1,y=2,x=2.')
  const names = pairs.map((pair) => pair![1]!)
  if (new Set(names).size < names.length) throw new InvalidArgumentError('An axis is named twice.')
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, Number(pair![2])]))
}

export function parseChunks(text: string): number[] {
  const parts = text.split(/[x,×]/)
  if (parts.every((part) => /^\d+$/.test(part))) return parts.map(Number)
  throw new InvalidArgumentError('Expected one number an axis, as 64x512x512.')
}

function parseCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number >= 0.')
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
}

export function parseBytes(text: string): number {
  const [, number, prefix] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text) ?? []
  const unit = units[(prefix ?? '-').toLowerCase()]
  const bytes = Math.floor(Number(number) * (unit ?? Number.NaN))
  if (Number.isSafeInteger(bytes) && bytes >= 1) return bytes
  throw new InvalidArgumentError('Expected a size, as 500MB or 2GiB.')
}
