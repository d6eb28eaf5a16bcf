/**
 * @file Patterns such as *.jpg match what an earlier run has written beside its inputs: results of other inputs are left out.
 */
import { resolve } from 'node:path'
import { type Input, standardStream } from './inputs.ts'
import { Places } from './places.ts'
import { type TargetOptions, targetOf } from './targets.ts'

/** An input that is where the result of another one goes. */
export interface LeftOut {
  readonly input: string
  readonly resultOf: string
}

/** Only where names are built from those of inputs: a folder that is named may hold inputs of the same name. */
export function withoutResults(inputs: readonly Input[], options: TargetOptions) {
  const isBuilt = (where: string | undefined) => where?.includes('{name}')
  const places = new Places()
  const claim = (path: string, name: string) => places.claim(resolve(options.cwd, path), name)
  for (const { name } of inputs) {
    if (name === standardStream) continue
    const { output, indices } = targetOf(name, options, true)
    if (options.output === undefined || isBuilt(options.output)) claim(output, name)
    if (indices !== undefined && isBuilt(options.indices)) claim(indices, name)
  }
  const kept: Input[] = []
  const leftOut: LeftOut[] = []
  for (const input of inputs) {
    const { name } = input
    const resultOf = 'error' in input ? undefined : places.ownerOf(resolve(options.cwd, name))
    if (resultOf === undefined || resultOf === name) kept.push(input)
    else leftOut.push({ input: name, resultOf })
  }
  return { kept, leftOut }
}
