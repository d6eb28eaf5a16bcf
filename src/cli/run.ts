/**
 * @file One run of the command line, from arguments to exit code. Never throws, prints no stack.
 */
import { type Command, CommanderError } from 'commander'
import { version } from '../../package.json' with { type: 'json' }
import { pool, poolCommand } from './commands/pool.ts'
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

const main = async (): Promise<Action> => action(() => poolCommand().version(version), pool)

/** Other commands are loaded when they run. */
const pyramids = () => import('./commands/pyramid.ts')
const queues = () => import('./commands/queue.ts')

const subcommands: readonly (readonly [name: string, load: () => Promise<Action>])[] = [
  ['shape', () => import('./commands/shape.ts').then((of) => action(of.shapeCommand, of.printShape))],
  ['onnx', () => import('./commands/onnx.ts').then((of) => action(of.onnxCommand, of.onnx))],
  ['regions', () => import('./commands/regions.ts').then((of) => action(of.regionsCommand, of.regions))],
  ['render', () => import('./commands/render.ts').then((of) => action(of.renderCommand, of.render))],
  ['zarr', () => import('./commands/zarr.ts').then((of) => action(of.zarrCommand, of.zarr))],
  ['pyramid plan', () => pyramids().then((of) => action(of.pyramidPlanCommand, of.pyramidPlan))],
  ['pyramid run', () => pyramids().then((of) => action(of.pyramidRunCommand, of.pyramidRun))],
  ['pyramid finish', () => pyramids().then((of) => action(of.pyramidFinishCommand, of.pyramidFinish))],
  ['pyramid status', () => pyramids().then((of) => action(of.pyramidStatusCommand, of.pyramidStatusReport))],
  ['pyramid verify', () => pyramids().then((of) => action(of.pyramidVerifyCommand, of.pyramidVerify))],
  ['queue add', () => queues().then((of) => action(of.queueAddCommand, of.queueAdd))],
  ['queue work', () => queues().then((of) => action(of.queueWorkCommand, of.queueWork))],
  ['queue status', () => queues().then((of) => action(of.queueStatusCommand, of.queueStatus))],
  ['queue retry', () => queues().then((of) => action(of.queueRetryCommand, of.queueRetry))],
  ['queue', () => queues().then((of) => action(of.queueNameCommand, of.queueName))],
  ['pyramid', () => pyramids().then((of) => action(of.pyramidCommand, of.pyramid))],
]

/** @param argv  the arguments, without node and the program's name */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const named = subcommands.find(([name]) => name.split(' ').every((word, i) => word === argv[i]))
  const [name, load] = named ?? ['', main]
  const { make, act } = await load()
  const printed: string[] = []
  const command = quietly(make(), printed)
  let code: number = exitCodes.ok
  command.action(async (...values: unknown[]) => {
    code = await act(values, io)
  })
  try {
    const given = separated(named === undefined ? argv : argv.slice(name.split(' ').length))
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
