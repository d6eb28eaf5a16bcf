/**
 * @file `pool2d regions X BOXES -o OUT`: pools the regions of boxes, by the functions named as in torchvision.
 */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { formatNpy, parseNpy } from '../../adapters/npy/index.ts'
import { PoolError } from '../../errors.ts'
import { psRoiAlign, psRoiPool, roiAlign, roiPool } from '../../ops/functions/regions.ts'
import { tensor } from '../../tensor/create.ts'
import { formatShape } from '../../tensor/shape.ts'
import { valuesOf } from '../../tensor/storage.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { exitCodes, OverwriteError, UsageError } from '../exit.ts'
import { labelOf, readBytes } from '../files/content.ts'
import { formatOf } from '../files/formats.ts'
import { sourcesOf, standardStream } from '../files/inputs.ts'
import { assertWritable, writeFiles } from '../files/write-files.ts'
import { deliver, type Io, say } from '../io.ts'
import { inWords } from '../options/flags.ts'
import { type PerAxis, parseChoice, parseNumber, parsePerAxis, parseWhole } from '../options/parse-values.ts'
import { layouts } from '../options/settings.ts'
import { printable } from '../printable.ts'

/** The functions, and the options that only some of them take. */
const modes = {
  'roi-pool': { pool: roiPool, takes: [] },
  'roi-align': { pool: roiAlign, takes: ['samplingRatio', 'aligned'] },
  'ps-roi-pool': { pool: psRoiPool, takes: [] },
  'ps-roi-align': { pool: psRoiAlign, takes: ['samplingRatio'] },
} as const satisfies Record<string, { pool: unknown; takes: readonly string[] }>

type RegionMode = keyof typeof modes

export interface RegionFlags {
  readonly output?: string
  readonly mode: RegionMode
  readonly outputSize?: PerAxis
  readonly spatialScale?: number
  readonly samplingRatio?: number
  readonly aligned?: true
  readonly layout?: (typeof layouts)[number]
  readonly force?: true
  readonly quiet?: true
}

export function regionsCommand(): Command {
  return new Command('pool2d regions')
    .usage('X.npy BOXES.npy -o OUT.npy --output-size N [options]')
    .description(
      'Pools a grid of cells in each box, by the functions of torchvision. Reads .npy alone: pictures have no floats.',
    )
    .argument('<x>', '[N, C, H, W], or [C, H, W] of one image, of floats; - for standard input')
    .argument('<boxes>', '[K, 5] of image, x1, y1, x2, y2, or [K, 4] of one image; - for standard input')
    .optionsGroup('Pooling:')
    .addOption(
      new Option('--mode <mode>', Object.keys(modes).join(', '))
        .argParser(parseChoice(Object.keys(modes) as RegionMode[]))
        .default('roi-align'),
    )
    .option('--output-size <n|nxm>', 'cells of a box, rows by columns', parsePerAxis)
    .option('--spatial-scale <n>', 'corners are multiplied by it (default: 1)', parseNumber)
    .option(
      '--sampling-ratio <n>',
      'roi-align, ps-roi-align: samples of a cell along each axis (default: as many as it has elements)',
      parseWhole,
    )
    .option('--aligned', 'roi-align: whole coordinates are borders of elements, not their centres')
    .option('--layout <layout>', `${layouts.join(' or ')} (default: NCHW)`, parseChoice(layouts))
    .optionsGroup('Files:')
    .option('-o, --output <path>', 'a .npy, or - for standard output')
    .option('--force', 'replace an existing file (never an input)')
    .optionsGroup('Reports:')
    .option('--quiet', 'print errors only')
    .addHelpText('after', help)
}

const help = `
Exit codes:
  0 done   1 failure   2 usage   4 would overwrite

Example:
  pool2d regions features.npy boxes.npy -o pooled.npy --output-size 7 --spatial-scale 0.25 --sampling-ratio 2 --aligned`

/** @throws UsageError before any file is touched, and PoolError as the library does */
export async function regions(name: string, boxes: string, flags: RegionFlags, io: Io): Promise<number> {
  const { output, mode, outputSize, force = false, quiet } = flags
  if (output === undefined)
    throw new UsageError('the result needs a file; give -o OUT.npy, or - for standard output')
  if (outputSize === undefined) throw new UsageError('--output-size is needed, as 7 or 7x7')
  if (name === standardStream && boxes === standardStream)
    throw new UsageError('standard input (-) can be read once only')
  for (const option of ['samplingRatio', 'aligned'] as const)
    if (flags[option] !== undefined && !(modes[mode].takes as readonly string[]).includes(option))
      throw new UsageError(`${words[option]} has no meaning with --mode ${mode}`)
  formatOf(output, 'npy', 'npy')
  try {
    if (output !== standardStream)
      assertWritable(resolve(io.cwd, output), output, sourcesOf([name, boxes], io), force)
    const x = await readArray(name, io)
    const rows = await readArray(boxes, io)
    const pooled = poolRegions(x, rows, flags)
    const bytes = formatNpy(pooled)
    if (output === standardStream) await deliver(io, bytes)
    else await writeFiles([{ path: resolve(io.cwd, output), label: output, bytes }], { force })
    const line = `${labelOf(name)} ${formatShape(x.shape)} ${x.dtype} -> ${output} ${formatShape(pooled.shape)}`
    if (!quiet && output !== standardStream) await say(io, `${printable(line)}\n`)
    return exitCodes.ok
  } catch (error) {
    if (!(error instanceof OverwriteError)) throw error
    await say(io, `pool2d: ${printable(error.message)}\n`)
    return exitCodes.wouldOverwrite
  }
}

async function readArray(name: string, io: Io): Promise<Tensor> {
  return parseNpy(await readBytes({ name, io }), labelOf(name))
}

function poolRegions(x: Tensor, rows: Tensor, flags: RegionFlags): Tensor {
  const { mode, outputSize, spatialScale, samplingRatio, aligned, layout } = flags
  const images = x.shape.length === 3 ? tensor(x.data, [1, ...x.shape], x.dtype) : x
  const given = { outputSize: outputSize!, spatialScale, samplingRatio, aligned, layout }
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const pool = modes[mode].pool as typeof roiPool
  try {
    return pool(images, boxesFor(images, rows), options as never) as Tensor
  } catch (error) {
    throw error instanceof PoolError
      ? new PoolError(error.code, inWords(error.message, words), error.details)
      : error
  }
}

/** Boxes of x's dtype. Rows of four numbers lie in the only image. */
function boxesFor(x: Tensor, rows: Tensor): Tensor | readonly Tensor[] {
  const values = Array.from(valuesOf(rows) as ArrayLike<number>, Number)
  const boxes = tensor(values, rows.shape, x.dtype) as Tensor
  return rows.shape[1] === 4 ? [boxes] : boxes
}

const words: Readonly<Record<string, string>> = {
  outputSize: '--output-size',
  spatialScale: '--spatial-scale',
  samplingRatio: '--sampling-ratio',
  aligned: '--aligned',
}
