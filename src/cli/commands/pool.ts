/**
 * @file `pool2d INPUT...`: pools files.
 */
import { Command, Option } from 'commander'
import { blockOtherDecodersOnceLoaded } from '../../adapters/image/sharp.ts'
import { PoolError } from '../../errors.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { exitCodeOf, type FailureCode, UsageError } from '../exit.ts'
import type { PageChoice } from '../files/content.ts'
import { findInputs, type Input, sourcesOf, standardStream } from '../files/inputs.ts'
import { assertFiles, meantAsOutput } from '../files/misplaced.ts'
import { readMask } from '../files/read-mask.ts'
import { withoutResults } from '../files/results-among-inputs.ts'
import { type Target, targetsOf } from '../files/targets.ts'
import { helpText } from '../help-text.ts'
import type { Io } from '../io.ts'
import { inFlags } from '../options/flags.ts'
import { collectNames, parsePage, parsePixels } from '../options/parse-values.ts'
import {
  addColourOptions,
  addCountedOptions,
  addKeepDimsOption,
  addPoolingOptions,
  addWeightedOptions,
} from '../options/pooling-options.ts'
import {
  assertMode,
  conflict,
  countingModes,
  type PoolingFlags,
  type PoolingSettings,
  pickingModes,
  settingsOf,
} from '../options/settings.ts'
import { checkSettings } from '../pooling.ts'
import type { Step } from '../report/progress.ts'
import { Reporter } from '../report/reporter.ts'
import { emptyReport, type FileJob, failed, poolFile } from './pool-file.ts'

export interface PoolFlags extends PoolingFlags {
  readonly output?: string
  readonly indices?: string
  readonly counts?: string
  readonly maxPixels?: number
  readonly page?: PageChoice
  readonly member?: readonly string[]
  readonly force?: true
  readonly dryRun?: true
  readonly json?: true
  readonly quiet?: true
}

export function poolCommand(): Command {
  const command = new Command('pool2d')
    .usage(
      'INPUT... [options]\n       pool2d shape SHAPE [options]\n       pool2d onnx MODEL.onnx [INPUT... -o DIR]\n       pool2d regions X BOXES -o OUT [options]\n       pool2d render STATE [options]\n       pool2d pyramid IN OUT [options]\n       pool2d zarr IN OUT [options]\n       pool2d queue add|work|status|retry OUT [options]',
    )
    .description('Pools images (PNG, JPEG, WebP, TIFF) and arrays (.npy, .npz) with the numbers of PyTorch.')
    .argument('<input...>', 'files, patterns in quotes, or - for standard input')
  return addCountedOptions(
    addColourOptions(addWeightedOptions(addKeepDimsOption(addPoolingOptions(command)))),
  )
    .option('--mask <file>', 'a .npy or an image of the same planes; where it is 0, elements are left out')
    .optionsGroup('Files:')
    .option('-o, --output <path>', 'a file, a folder, a template, or - for standard output')
    .option(
      '--indices <file.npy>',
      'max, min, median, quantile, mode, stochastic: also write where each element came from, as int64',
    )
    .option('--counts <file.npy>', 'also write how many elements count in each window, as int64')
    .option('--force', 'replace existing files (never an input)')
    .addOption(
      new Option('--max-pixels <n>', 'the largest image read (default: 100000000)').argParser(parsePixels),
    )
    .option('--page <n|all>', 'a page of a TIFF or a frame of a WebP, from 1 on, or all', parsePage)
    .option('--member <name>', 'an array of a .npz; give it again for more (default: all)', collectNames)
    .optionsGroup('Reports:')
    .option('--dry-run', 'print shapes and memory, write nothing')
    .option('--json', 'report as JSON, on standard output unless the result goes there')
    .option('--quiet', 'print errors only')
    .addHelpText('after', helpText)
}

/** @throws UsageError, and PoolError "BAD_PARAM", before any file is touched */
export async function pool(names: readonly string[], flags: PoolFlags, io: Io): Promise<number> {
  const settings = settingsOf(flags)
  assertIndexed(settings, flags)
  assertCounted(settings, flags)
  asUsage(() => checkSettings(settings))
  const all = await findInputs(names, io.cwd)
  assertFiles(all)
  const where = { output: flags.output, indices: flags.indices, counts: flags.counts, cwd: io.cwd }
  const { kept: found, leftOut } = all.length > 1 ? withoutResults(all, where) : { kept: all, leftOut: [] }
  const inputs = found.map(({ name }) => name)
  const targets = targetsOf(inputs, where)
  assertStreams(inputs, targets, flags, io)
  blockOtherDecodersOnceLoaded()
  const mask =
    flags.mask === undefined
      ? undefined
      : await readMask({ name: flags.mask, io, maxPixels: flags.maxPixels })

  const dataOnStdout = !flags.dryRun && targets.some(({ output }) => output === standardStream)
  const { json = false, quiet = false } = flags
  const reporter = new Reporter(io, { json, quiet, dataOnStdout, count: inputs.length, leftOut })
  const codes: (FailureCode | undefined)[] = []
  for (const [i, input] of found.entries()) {
    const progress = (step: Step, part?: number) => reporter.step(input.name, step, part)
    const report = await poolInput(input, targets[i]!, settings, flags, mask, io, inputs, progress)
    codes.push(report.error?.code)
    if (report.status !== 'failed' && report.error !== null) codes.push(undefined)
    await reporter.add(report)
  }
  await reporter.finish()
  const output = meantAsOutput(found, flags.output)
  if (output !== undefined) await reporter.note(`the result goes to ${output} with -o ${output}`)
  return exitCodeOf(codes)
}

function poolInput(
  input: Input,
  target: Target,
  settings: PoolingSettings,
  { force, dryRun, maxPixels, page, member, mask: maskName }: PoolFlags,
  mask: Tensor | undefined,
  io: Io,
  inputs: readonly string[],
  progress: FileJob['progress'],
) {
  if ('error' in input) return failed(emptyReport(input.name, target), input.error)
  return poolFile({
    name: input.name,
    target,
    settings,
    io,
    mask,
    inputs: sourcesOf(maskName === undefined ? inputs : [...inputs, maskName], io),
    force: force === true,
    dryRun: dryRun === true,
    maxPixels,
    progress,
    page,
    members: member,
  })
}

function assertIndexed({ mode, kind }: PoolingSettings, { indices }: PoolFlags): void {
  if (indices === undefined || pickingModes.includes(mode)) return
  throw new UsageError(
    `--indices has a meaning with --mode ${pickingModes.join(' or ')} only, and the mode is ${mode} (${kind})`,
  )
}

function assertCounted(settings: PoolingSettings, { counts }: PoolFlags): void {
  if (counts === undefined) return
  assertMode('--counts', settings, countingModes)
  for (const name of ['alpha', 'light'] as const)
    if (settings[name] !== undefined) throw conflict('--counts', `--${name}`)
}

function assertStreams(
  inputs: readonly string[],
  targets: readonly Target[],
  { dryRun }: PoolFlags,
  io: Io,
): void {
  if (inputs.includes(standardStream) && io.stdin.isTTY)
    throw new UsageError('standard input is a terminal; pipe a file into it')
  if (!dryRun && targets.some(({ output }) => output === standardStream) && io.stdout.isTTY)
    throw new UsageError('standard output is a terminal and the result is binary; redirect it or give -o')
}

/** Options that are wrong for any input are errors of the command line. */
function asUsage(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof PoolError ? new UsageError(inFlags(error.message)) : error
  }
}
