/**
 * @file The options of pooling itself, which `pool2d` and `pool2d shape` share.
 */
import { type Command, Option } from 'commander'
import { padModes } from '../../plan/weighted.ts'
import { tieRules } from '../../reducers/mode.ts'
import { interpolations } from '../../reducers/order.ts'
import { roundings } from '../../reducers/rounding.ts'
import { type Mode, modes } from '../operations.ts'
import {
  collectPyramidModes,
  parseChoice,
  parseElement,
  parseLabel,
  parseLevels,
  parseNodata,
  parseNorm,
  parseNumber,
  parsePadding,
  parsePart,
  parsePerAxis,
  parseSeed,
  parseWhole,
} from './parse-values.ts'
import { layouts, modeAliases } from './settings.ts'

export function addPoolingOptions(command: Command): Command {
  return command
    .optionsGroup('Pooling:')
    .addOption(
      new Option('--mode <mode>', `what becomes of each window: ${modes.map(withAliases).join(', ')}`)
        .argParser(parseChoice(modes, modeAliases))
        .default('max'),
    )
    .option('--size <n|nxm>', 'the window, in elements (default: 2)', parsePerAxis)
    .option('-k, --kernel-size <n|nxm>', 'the same, by its name in PyTorch', parsePerAxis)
    .option(
      '--stride <n|nxm>',
      'the step between windows (default: the size; blur, max-blur: 2)',
      parsePerAxis,
    )
    .option(
      '--padding <n|nxm|same|valid>',
      'padding; before:after for ends that differ (default: 0)',
      parsePadding,
    )
    .option('--dilation <n|nxm>', 'the distance between elements of a window (default: 1)', parsePerAxis)
    .option('--ceil-mode', 'round output sizes up: keep a last window that overhangs')
    .option('--no-count-include-pad', 'average: leave padding out of the divisor')
    .option('--divisor-override <n>', 'average: divide by this instead', parseWhole)
    .option(
      '--rounding <rule>',
      'how means of integers, and means, norms and deviations of pixels become whole: trunc, floor, half-up or half-even (default: half-even)',
      parseChoice(roundings),
    )
    .option('--norm-type <p>', 'lp: the p of the norm, or inf (default: 2)', parseNorm)
    .option(
      '--correction <n>',
      'var, std: divide by the number of elements less this (default: 1)',
      parseNumber,
    )
    .option('--q <part>', 'quantile: the part of the elements below it, from 0 to 1', parsePart)
    .option(
      '--interpolation <rule>',
      `quantile: its value between two elements: ${interpolations.join(', ')} (default: linear)`,
      parseChoice(interpolations),
    )
    .option(
      '--ties <rule>',
      `mode: which of equally common labels wins: ${tieRules.join(', ')} (default: first)`,
      parseChoice(tieRules),
    )
    .option('--ignore <label>', 'mode: a label that wins only where there is no other, as 0', parseLabel)
    .option('--p <p>', 'gem: the exponent (default: 3)', parseNumber)
    .option('--eps <x>', 'gem: what smaller elements count as (default: 1e-6)', parseNumber)
    .option('--r <r>', 'lse: how near to the maximum, or below 0 to the minimum (default: 1)', parseNumber)
    .option('--seed <n>', 'stochastic: makes the same picks at every run (default: other ones)', parseSeed)
    .option(
      '--output-size <n|nxm>',
      'adaptive, area: the windows that give this size (not min, lp)',
      parsePerAxis,
    )
    .option('--global', 'one window over everything')
    .option('--layout <layout>', 'of arrays: NCHW (unless given) or NHWC', parseChoice(layouts))
}

/** The options of modes whose windows have weights or levels, in the same group. */
export function addWeightedOptions(command: Command): Command {
  return command
    .option(
      '--filter-size <n|nxm>',
      'blur, max-blur: elements of the filter, 1 to 7 (default: 3)',
      parsePerAxis,
    )
    .option(
      '--pad-mode <mode>',
      `blur, max-blur: what lies outside: ${padModes.join(', ')} (default: reflect)`,
      parseChoice(padModes),
    )
    .option('--levels <n,n>', 'spatial-pyramid: the output sizes, as 4,2,1', parseLevels)
    .addOption(
      new Option(
        '--pooling <name>',
        'spatial-pyramid: max or average; give it again for both (default: max)',
      ).argParser(collectPyramidModes),
    )
}

/** The option of results without pooled axes, in the same group. */
export function addKeepDimsOption(command: Command): Command {
  return command.option('--no-keep-dims', '--global: leave out the pooled axes, which have length 1')
}

/** The options of pixels, in the same group. */
export function addColourOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--alpha <rule>',
        'average, blur, area of images: weighted lets colours count by their alpha',
      ).choices(['separate', 'weighted']),
    )
    .addOption(
      new Option(
        '--light <rule>',
        'average, blur, area of images: linear mixes light by the curve of sRGB',
      ).choices(['stored', 'linear']),
    )
}

/** The options that leave elements out, in the same group. */
export function addCountedOptions(command: Command): Command {
  return command
    .option(
      '--nodata <value>',
      "leave elements of this value out; nan for NaN, none to count a TIFF's own as a number",
      parseNodata,
    )
    .option(
      '--min-count <n>',
      'the least elements that a window needs, or else it gives --fill (default: 1)',
      parseWhole,
    )
    .option('--fill <value>', 'the result of windows with fewer (default: --nodata, or NaN)', parseElement)
}

/** `average (avg, mean)`. */
function withAliases(mode: Mode): string {
  const aliases = Object.keys(modeAliases).filter((alias) => modeAliases[alias] === mode)
  return aliases.length === 0 ? mode : `${mode} (${aliases.join(', ')})`
}
