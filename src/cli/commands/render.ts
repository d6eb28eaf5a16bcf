/**
 * @file `pool2d render STATE`: the picture of a pooling as SVG, the same that the playground draws for the address.
 */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { type Correction, parseState, renderState } from '../../render/index.ts'
import type { Theme } from '../../render/palette.ts'
import { exitCodes, OverwriteError, UsageError } from '../exit.ts'
import { standardStream } from '../files/inputs.ts'
import { assertWritable, writeFiles } from '../files/write-files.ts'
import { type Io, write } from '../io.ts'
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
    .addOption(new Option('--theme <theme>', 'colours').choices(['light', 'dark']).default('light'))
    .optionsGroup('Files:')
    .option('-o, --output <path>', 'a file, or - for standard output (the default)')
    .option('--force', 'replace an existing file')
    .addHelpText('after', keys)
}

const keys = `
Keys of a state, those left out having their defaults:
  op    max min avg lp adaptive-max adaptive-avg fractional unpool global-max global-avg global-lp
  k s d window, stride (default: the window), dilation: 3, or 3x2 for height and width
  p     padding: 1, 1x0, same, same-lower, valid, or 1-2x0-1 for each side
  ceil=1   cip=0 (padding not counted)   div (divisor)   norm (2, inf)   out (output size)   seed
  x     a preset (classic d2l3 d2l4 channels edge checker digit dot ties signs nan) or numbers: '1,2;3,4'
  c at  the channel and the output looked at, from 0     lang  en or zh

Example:
  pool2d render 'op=avg&k=3&s=2&p=1&x=d2l4&lang=zh' -o average.svg`

/** @throws UsageError for a state that cannot be taken as it is, and PoolError as the library does */
export async function render(state: string, { output, theme, force }: RenderFlags, io: Io): Promise<number> {
  const { corrections } = parseState(state)
  if (corrections.length > 0) throw new UsageError(corrections.map(explain).join('; '))
  const svg = renderState(state, theme)
  if (output === undefined || output === standardStream) {
    await write(io.stdout, `${svg}\n`)
    return exitCodes.ok
  }
  const path = resolve(io.cwd, output)
  try {
    assertWritable(path, output, [], force === true)
    await writeFiles([{ path, label: output, bytes: Buffer.from(`${svg}\n`) }], { force: force === true })
    return exitCodes.ok
  } catch (error) {
    if (!(error instanceof OverwriteError)) throw error
    await write(io.stderr, `pool2d: ${printable(error.message)}\n`)
    return exitCodes.wouldOverwrite
  }
}

function explain({ key, given, used }: Correction): string {
  const entry = `${key}=${given.slice(0, 60)}`
  return used === null
    ? `${entry} is not understood`
    : `${entry} is out of range; the nearest is ${key}=${used}`
}
