/**
 * @file One run of the command line, from arguments to exit code. Never throws, prints no stack.
 */
import { type Command, CommanderError } from 'commander'
import { version } from '../../package.json' with { type: 'json' }
import { PoolError } from '../errors.ts'
import { onnx, onnxCommand } from './commands/onnx.ts'
import { pool, poolCommand } from './commands/pool.ts'
import { render, renderCommand } from './commands/render.ts'
import { printShape, shapeCommand } from './commands/shape.ts'
import { describeFailure, exitCodes, UsageError } from './exit.ts'
import { type Io, write } from './io.ts'
import { inFlags } from './options/flags.ts'
import { printable } from './printable.ts'

/** A command with what it does; commander passes its arguments, its options, and itself. */
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
  { name: 'render', ...action(renderCommand, render) },
]

/** @param argv  the arguments, without node and the program's own name */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const named = subcommands.find(({ name }) => name === argv[0])
  const { make, act } = named ?? main
  const printed: (() => Promise<void>)[] = []
  const command = quietly(make(), io, printed)
  let code: number = exitCodes.ok
  command.action(async (...values: unknown[]) => {
    code = await act(values, io)
  })
  try {
    await command.parseAsync(named === undefined ? argv : argv.slice(1), { from: 'user' })
  } catch (error) {
    code = await explain(error, io)
  }
  for (const print of printed) await print().catch(() => undefined)
  return code
}

/** Lets commander print through the run's streams, and throw instead of ending the process. */
function quietly(command: Command, io: Io, printed: (() => Promise<void>)[]): Command {
  return command
    .exitOverride()
    .helpOption('-h, --help', 'print this')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => printed.push(() => write(io.stdout, text)),
      writeErr: () => undefined,
      getOutHelpWidth: () => 110,
      getOutHasColors: () => false,
    })
}

async function explain(error: unknown, io: Io): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok
  const isUsage = error instanceof UsageError || error instanceof CommanderError
  const message = isUsage
    ? inFlags(error.message.replace(/^error: /, '').replaceAll('\n', ' '))
    : describeFailure(error).message
  const hint = isUsage ? ' (pool2d --help lists the options)' : ''
  await write(io.stderr, `pool2d: ${printable(message)}${hint}\n`).catch(() => undefined)
  if (isUsage || (error instanceof PoolError && error.code === 'BAD_PARAM')) return exitCodes.usage
  return exitCodes.failure
}
