/**
 * @file `pool2d shape SHAPE`: prints the output shape and its arithmetic.
 */
import { Command } from 'commander'
import { PoolError } from '../../errors.ts'
import { formatShape } from '../../tensor/shape.ts'
import { type Io, print } from '../io.ts'
import { inFlags } from '../options/flags.ts'
import { parseShapeText } from '../options/parse-values.ts'
import {
  addCountedOptions,
  addKeepDimsOption,
  addPoolingOptions,
  addWeightedOptions,
} from '../options/pooling-options.ts'
import { type PoolingFlags, type PoolingSettings, settingsOf } from '../options/settings.ts'
import { type Pooling, planPooling } from '../pooling.ts'
import { printableJson } from '../printable.ts'
import { reportVersion } from '../report/file-report.ts'
import { arithmeticOf } from './shape-arithmetic.ts'

export interface ShapeFlags extends PoolingFlags {
  readonly json?: true
}

export function shapeCommand(): Command {
  const command = new Command('pool2d shape')
    .usage('SHAPE [options]')
    .description(
      'Prints the shape that pooling an array of SHAPE would give, with its arithmetic. Reads no file.',
    )
    .argument('<shape>', 'dimensions, as 3x2x5x5', parseShapeText)
  return addCountedOptions(addWeightedOptions(addKeepDimsOption(addPoolingOptions(command))))
    .optionsGroup('Reports:')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nShapes are read as by pool2d: see pool2d --help.\n\nExample:\n  pool2d shape 3x2x5x5 --size 2',
    )
}

/** @throws UsageError, and PoolError as the library does */
export async function printShape(shape: readonly number[], flags: ShapeFlags, io: Io): Promise<number> {
  const settings = settingsOf(flags)
  const pooling = plan(settings, shape)
  const { formula, axes } = arithmeticOf(settings, pooling)
  const { op, options, layout, outputShape } = pooling
  const json = {
    version: reportVersion,
    operation: op,
    options,
    layout,
    inputShape: shape,
    outputShape,
    formula,
    axes,
  }
  const width = Math.max(...axes.map(({ axis }) => axis.length))
  const lines = [
    `${op}: ${formatShape(shape)} -> ${formatShape(outputShape)}`,
    formula,
    ...axes.map(({ axis, text }) => `  ${axis.padStart(width)}: ${text}`),
  ]
  await print(io, flags.json ? `${printableJson(json)}\n` : `${lines.join('\n')}\n`)
  return 0
}

function plan(settings: PoolingSettings, shape: readonly number[]): Pooling {
  try {
    return planPooling(settings, shape)
  } catch (error) {
    throw error instanceof PoolError
      ? new PoolError(error.code, inFlags(error.message), error.details)
      : error
  }
}
