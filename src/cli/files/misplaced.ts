/**
 * @file Recognises arguments that were meant as option values, commands or outputs.
 */
import { UsageError } from '../exit.ts'
import { nearest } from '../options/nearest.ts'
import { extensions } from './formats.ts'
import type { Input } from './inputs.ts'

const commands: Readonly<Record<string, string>> = {
  shape: 'shape',
  onnx: 'onnx',
  render: 'render',
  help: '--help',
}

/** @throws UsageError for numbers that belong to an option, and for misspelled commands */
export function assertFiles(inputs: readonly Input[]): void {
  const missing = inputs.filter((input) => 'error' in input).map(({ name }) => name)
  if (missing.length > 0 && missing[0] === inputs[0]!.name) {
    const meant = /^[a-z]+$/i.test(missing[0]!) ? nearest(missing[0]!, Object.keys(commands)) : undefined
    if (meant !== undefined)
      throw new UsageError(`${missing[0]}: no such file (Did you mean pool2d ${commands[meant]}?)`)
  }
  const number = missing.find((name) => /^\d+([x,]\d+)*$/.test(name))
  if (number !== undefined)
    throw new UsageError(`${number}: no such file; an option takes all its numbers in one, as --size 2x2`)
}

/** The last of two inputs, if it does not exist and may be meant as the output: `pool2d x.npy y.npy`. */
export function meantAsOutput(inputs: readonly Input[], output: string | undefined): string | undefined {
  const last = inputs.at(-1)
  if (output !== undefined || inputs.length !== 2 || last === undefined) return undefined
  const couldBe =
    'error' in last && extensions.some((extension) => last.name.toLowerCase().endsWith(extension))
  return couldBe ? last.name : undefined
}
