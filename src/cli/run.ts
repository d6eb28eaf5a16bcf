/**
 * @file One run of the command line, from arguments to exit code. Never throws, prints no stack.
 */
import { type Command, CommanderError } from 'commander'
import { version } from '../../package.json' with { type: 'json' }
import { onnx, onnxCommand } from './commands/onnx.ts'
import { pool, poolCommand } from './commands/pool.ts'
import {
  pyramid,
  pyramidCommand,
  pyramidFinish,
  pyramidFinishCommand,
  pyramidPlan,
  pyramidPlanCommand,
  pyramidRun,
  pyramidRunCommand,
  pyramidStatusCommand,
  pyramidStatusReport,
  pyramidVerify,
  pyramidVerifyCommand,
} from './commands/pyramid.ts'
import {
  queueAdd,
  queueAddCommand,
  queueName,
  queueNameCommand,
  queueRetry,
  queueRetryCommand,
  queueStatus,
  queueStatusCommand,
  queueWork,
  queueWorkCommand,
} from './commands/queue.ts'
import { regions, regionsCommand } from './commands/regions.ts'
import { render, renderCommand } from './commands/render.ts'
import { printShape, shapeCommand } from './commands/shape.ts'
import { zarr, zarrCommand } from './commands/zarr.ts'
import { describeFailure, exitCodeOf, exitCodes, ReaderLeft, UsageError } from './exit.ts'
import { type Io, print, say } from './io.ts'
import { meantBy } from './options/suggestions.ts'
import { printable } from './printable.ts'

/** A command and its action; commander passes the arguments, the options and the command. */
interface Action {
  readonly make: () => Command
  readonly act: (values: readonly unknown[], io: Io) => Promise<number>
}

function action<V extends unknown[]>(
  make: () => Command,
  act: (...values: [...V, Io]) => Promise<number>,
): Action {
  return { make, act: (values, io) => act(...(values.slice(0, -1) as V), io) }
}

const main = action(() => poolCommand().version(version), pool)
const subcommands = [
  { name: 'shape', ...action(shapeCommand, printShape) },
  { name: 'onnx', ...action(onnxCommand, onnx) },
  { name: 'regions', ...action(regionsCommand, regions) },
  { name: 'render', ...action(renderCommand, render) },
  { name: 'zarr', ...action(zarrCommand, zarr) },
  { name: 'pyramid plan', ...action(pyramidPlanCommand, pyramidPlan) },
  { name: 'pyramid run', ...action(pyramidRunCommand, pyramidRun) },
  { name: 'pyramid finish', ...action(pyramidFinishCommand, pyramidFinish) },
  { name: 'pyramid status', ...action(pyramidStatusCommand, pyramidStatusReport) },
  { name: 'pyramid verify', ...action(pyramidVerifyCommand, pyramidVerify) },
  { name: 'queue add', ...action(queueAddCommand, queueAdd) },
  { name: 'queue work', ...action(queueWorkCommand, queueWork) },
  { name: 'queue status', ...action(queueStatusCommand, queueStatus) },
  { name: 'queue retry', ...action(queueRetryCommand, queueRetry) },
  { name: 'queue', ...action(queueNameCommand, queueName) },
  { name: 'pyramid', ...action(pyramidCommand, pyramid) },
]

/** @param argv  the arguments, without node and the program's name */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const named = subcommands.find(({ name }) => name.split(' ').every((word, i) => word === argv[i]))
  const { make, act } = named ?? main
  const printed: string[] = []
  const command = quietly(make(), printed)
  let code: number = exitCodes.ok
  command.action(async (...values: unknown[]) => {
    code = await act(values, io)
  })
  try {
    const given = separated(named === undefined ? argv : argv.slice(named.name.split(' ').length))
    await command.parseAsync(given, { from: 'user' }).catch(unlessDone)
    for (const text of printed) await print(io, text)
    return code
  } catch (error) {
    return explain(error, command, io)
  }
}

/** Commander throws after it has printed help or the version. */
function unlessDone(error: unknown): void {
  if (!(error instanceof CommanderError && error.exitCode === 0)) throw error
}

/** Makes commander print to the run's streams, and throw instead of exiting. */
function quietly(command: Command, printed: string[]): Command {
  return command
    .exitOverride()
    .helpOption('-h, --help', 'print this')
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => printed.push(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => 110,
      getOutHasColors: () => false,
    })
}

/** Accepts -o=FILE for -o FILE. */
function separated(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  const isOption = (i: number): boolean => end < 0 || i < end
  return argv.flatMap((text, i) =>
    isOption(i) && /^-[a-zA-Z]=/.test(text) ? [text.slice(0, 2), text.slice(3)] : [text],
  )
}

async function explain(error: unknown, command: Command, io: Io): Promise<number> {
  if (error instanceof ReaderLeft) return exitCodes.failure
  const { code, message } = describeFailure(error instanceof CommanderError ? asUsage(error, command) : error)
  const isUsage = code === 'USAGE' || code === 'BAD_PARAM'
  const hint = isUsage ? ` (${command.name()} --help lists the options)` : ''
  await say(io, `pool2d: ${printable(message)}${hint}\n`)
  return isUsage ? exitCodes.usage : exitCodeOf([code])
}

function asUsage({ code, message }: CommanderError, { options }: Command): UsageError {
  const text = message.replace(/^error: /, '').replaceAll('\n', ' ')
  if (code !== 'commander.unknownOption') return new UsageError(text)
  const [, unknown = ''] = /'(.*)'/.exec(text) ?? []
  const known = options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? [])
  const meant = meantBy(unknown, [...known, '--help'])
  return new UsageError(meant === undefined ? text : `${text} (Did you mean ${meant}?)`)
}
