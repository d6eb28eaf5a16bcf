/**
 * @file Leaves out results of an earlier run that a pattern such as *.jpg matches.
 */
import { resolve } from 'node:path'
import { sides } from '../pooling.ts'
import { FileClaims } from './file-claims.ts'
import { type Input, standardStream } from './inputs.ts'
import { type TargetOptions, targetOf } from './targets.ts'

/** An input whose path is the output of another input. */
export interface LeftOut {
  readonly input: string
  readonly resultOf: string
}

/** Applies only to output names derived from input names. A given output folder may contain inputs of the same name. */
export function withoutResults(inputs: readonly Input[], options: TargetOptions) {
  const isBuilt = (where: string | undefined) => where?.includes('{name}')
  const claims = new FileClaims()
  const claim = (path: string, name: string) => claims.claim(resolve(options.cwd, path), name)
  for (const { name } of inputs) {
    if (name === standardStream) continue
    const target = targetOf(name, options, true)
    if (options.output === undefined || isBuilt(options.output)) claim(target.output, name)
    for (const side of sides) if (isBuilt(options[side])) claim(target[side]!, name)
  }
  const kept: Input[] = []
  const leftOut: LeftOut[] = []
  for (const input of inputs) {
    const { name } = input
    const resultOf = 'error' in input ? undefined : claims.ownerOf(resolve(options.cwd, name))
    if (resultOf === undefined || resultOf === name) kept.push(input)
    else leftOut.push({ input: name, resultOf })
  }
  return { kept, leftOut }
}
