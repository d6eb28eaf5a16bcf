/**
 * @file `pool2d render STATE`: draws a pooling as SVG, as the playground does for the same state.
 */
import { extname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { PoolError } from '../../errors.ts'
import { type Correction, parseState, renderState } from '../../render/index.ts'
import type { Theme } from '../../render/palette.ts'
import { splitEntries } from '../../render/state.ts'
import { exitCodes, OverwriteError, UsageError } from '../exit.ts'
import { standardStream } from '../files/inputs.ts'
import { assertWritable, writeFiles } from '../files/write-files.ts'
import { type Io, print, say } from '../io.ts'
import { inWords } from '../options/flags.ts'
import { parseChoice } from '../options/parse-values.ts'
import { printable } from '../printable.ts'

export interface RenderFlags {
  readonly output?: string
  readonly theme: Theme
  readonly force?: true
}

export function renderCommand(): Command {
  return new Command('pool2d render')
    .usage('STATE [options]')
    .description('Draws a pooling as SVG: input, window, output and formula. Reads no file.')
    .argument('<state>', "what follows \"#\" in the playground's address, in quotes: 'op=max&k=3&s=2'")
    .addOption(
      new Option('--theme <theme>', 'colours: light or dark')
        .argParser(parseChoice(['light', 'dark']))
        .default('light'),
    )
    .optionsGroup('Files:')
    .option('-o, --output <path>', 'a file, or - for standard output (the default)')
    .option('--force', 'replace an existing file')
    .addHelpText('after', keys)
}

const keys = `
Keys of a state, those left out having their defaults:
  op    max min avg sum lp rms median quantile mode var std gem soft stochastic stochastic-mean lse
        blur max-blur area adaptive-max adaptive-avg fractional unpool global-max global-avg global-lp
        spatial-pyramid-max spatial-pyramid-avg roi-pool roi-align ps-roi-pool ps-roi-align
  k s d window, stride (default: the window), dilation: 3, or 3x2 for height and width
  p     padding: 1, 1x0, same, same-lower, valid, or 1-2x0-1 for each side
  ceil=1   cip=0 (padding not counted)   div (divisor)   norm (2, inf)   out (output size)   seed
  q (quantile)   corr (of var, std)   e (p of gem)   r (of lse)   f (filter) pm (reflect, replicate, zero, circular)
  levels of a spatial pyramid: 3,2,1
  box   corners of a region: x1,y1,x2,y2     ratio (samples of a cell of roi-align)     aligned=1
  ties  first, lowest or highest of equally common labels     nodata (left out)   min (so many must count)
  x     a preset (classic d2l3 d2l4 channels parts edge checker digit dot ties signs nan labels
        nodata) or numbers: '1,2;3,4'
  c at  the channel and the output looked at, from 0     lang  en or zh

Example:
  pool2d render 'op=avg&k=3&s=2&p=1&x=d2l4&lang=zh' -o average.svg`

/** @throws UsageError for an invalid state, and PoolError as the library does */
export async function render(text: string, { output, theme, force }: RenderFlags, io: Io): Promise<number> {
  const { state, corrections } = parseState(text)
  const faults = [
    ...misread(text),
    ...corrections.map(explain),
    ...[...state.rest].filter(isStray).map(explainStray),
  ]
  if (faults.length > 0) throw new UsageError(faults.join('; '))
  if (output !== undefined && output !== standardStream && extname(output).toLowerCase() !== '.svg')
    throw new UsageError(`-o ${output}: the picture is SVG; give a name that ends in .svg`)
  const svg = `${draw(text, theme)}\n`
  if (output === undefined || output === standardStream) {
    await print(io, svg)
    return exitCodes.ok
  }
  const path = resolve(io.cwd, output)
  try {
    assertWritable(path, output, [], force === true)
    await writeFiles([{ path, label: output, bytes: Buffer.from(svg) }], { force: force === true })
    return exitCodes.ok
  } catch (error) {
    if (!(error instanceof OverwriteError)) throw error
    await say(io, `pool2d: ${printable(error.message)}\n`)
    return exitCodes.wouldOverwrite
  }
}

function draw(state: string, theme: Theme): string {
  try {
    return renderState(state, theme)
  } catch (error) {
    throw error instanceof PoolError
      ? new PoolError(error.code, inWords(error.message, keysOf), error.details)
      : error
  }
}

/** Translates the library's option names into keys of a state. */
const keysOf: Readonly<Record<string, string>> = {
  kernelSize: 'k',
  stride: 's',
  padding: 'p',
  dilation: 'd',
  divisorOverride: 'div',
  normType: 'norm',
  outputSize: 'out',
  correction: 'corr',
  filterSize: 'f',
  padMode: 'pm',
  minCount: 'min',
  Infinity: 'inf',
  '[before, after] pairs': 'each side, as 1-0x1-0',
}

/** Refuses an empty state and repeated keys. */
function misread(text: string): string[] {
  const keys = splitEntries(text).map(([key]) => key)
  if (keys.length === 0) return ['the state is empty; give key=value pairs, as op=max&k=3']
  const repeated = new Set(keys.filter((key, i) => keys.indexOf(key) < i))
  return [...repeated].map((key) => `${key.slice(0, 60)} is given more than once; leave one of them out`)
}

function explain({ key, given, used }: Correction): string {
  const entry = `${key}=${given.slice(0, 60)}`
  return used === null
    ? `${entry} is not understood`
    : `${entry} is out of range; the nearest is ${key}=${used}`
}

/** Accepts the keys of the page's panels, so that a whole address can be passed. */
const ofPage: Readonly<Record<string, RegExp>> = {
  view: /./,
  bug: /./,
  size: /^\d+x\d+x/,
  shift: /,/,
  dy: /./,
  quiz: /./,
  digit: /./,
  net: /./,
  netk: /./,
  move: /,/,
  grad: /./,
  pyr: /./,
  pixel: /,/,
  lesson: /./,
  learnt: /./,
  lecture: /./,
  sheet: /./,
}

function isStray([key, value]: readonly [string, string]): boolean {
  return !(key.startsWith('b.') || (Object.hasOwn(ofPage, key) && ofPage[key]!.test(value)))
}

/** Aliases of the keys. */
const words: Readonly<Record<string, readonly string[]>> = {
  op: ['mode', 'type'],
  k: ['kernel', 'size', 'window'],
  s: ['stride'],
  d: ['dilation'],
  p: ['padding', 'pad'],
  div: ['divisor'],
  x: ['input'],
}

function explainStray([key, value]: readonly [string, string]): string {
  const [given, name] = [key.slice(0, 60), key.toLowerCase()]
  if (value === '') return `${given} is not understood; a state is key=value, as op=max&k=3`
  const meant = Object.keys(words).find((one) => one === name || words[one]!.includes(name))
  return `${given} is not a key of a state${meant === undefined ? '' : ` (Did you mean ${meant}=?)`}`
}
