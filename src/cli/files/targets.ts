/**
 * @file The output path of each input: a file, a folder, a template with {dir} {name} {ext}, standard output, or beside the input.
 */
import { statSync } from 'node:fs'
import { join, parse, resolve } from 'node:path'
import { UsageError } from '../exit.ts'
import { type Side, sides } from '../pooling.ts'
import { FileClaims } from './file-claims.ts'
import { standardStream } from './inputs.ts'

/** The outputs of one input. Missing `folders` are created. */
export interface Target extends Partial<Readonly<Record<Side, string>>> {
  readonly output: string
  readonly folders: readonly string[]
}

export interface TargetOptions extends Readonly<Partial<Record<Side, string | undefined>>> {
  readonly output?: string | undefined
  readonly cwd: string
}

const placeholder = /\{([^{}]*)\}/g
const defaultTemplate = '{dir}/{name}.pool{ext}'

/**
 * One target per input.
 *
 * @throws UsageError if two results would share a file, or if a name is needed for standard input
 */
export function targetsOf(inputs: readonly string[], options: TargetOptions): Target[] {
  const targets = inputs.map((input) => targetOf(input, options, inputs.length > 1))
  assertApart(targets, options.cwd)
  return targets
}

/** The target of one input; `isMany` if there are others. */
export function targetOf(input: string, options: TargetOptions, isMany: boolean): Target {
  const { output, cwd } = options
  let target = resolveTarget('-o', output, input, isMany, cwd)
  for (const side of sides) {
    const where = options[side]
    if (where === undefined) continue
    if (where === standardStream)
      throw new UsageError(`--${side} takes a file; standard output is for the result`)
    const own = resolveTarget(`--${side}`, where, input, isMany, cwd)
    target = { ...target, [side]: own.output, folders: [...target.folders, ...own.folders] }
  }
  return target
}

function resolveTarget(
  option: string,
  where: string | undefined,
  input: string,
  isMany: boolean,
  cwd: string,
): Target {
  const isStdin = input === standardStream
  if (where === '') throw new UsageError(`${option} is empty; give a file, a folder or a template`)
  if (where === undefined)
    return { output: isStdin ? standardStream : fill(option, defaultTemplate, input), folders: [] }
  if (where === standardStream) {
    if (isMany) throw new UsageError('-o - takes one input; give a folder or a template for several')
    return { output: where, folders: [] }
  }
  const isTemplate = where.includes('{')
  const isFolder = !isTemplate && (/[/\\]$/.test(where) || isExistingFolder(resolve(cwd, where)))
  if (!isTemplate && !isFolder) {
    if (isMany)
      throw new UsageError(
        `${option} ${where} is one file for several inputs; give a folder or a template with {name}`,
      )
    return { output: where, folders: [] }
  }
  if (isStdin) throw new UsageError(`standard input has no name; give ${option} a file`)
  const output = isTemplate ? fill(option, where, input) : join(where, parse(input).base)
  return { output, folders: [parse(resolve(cwd, output)).dir] }
}

function fill(option: string, template: string, input: string): string {
  const { dir, name, ext } = parse(input)
  const values: Readonly<Record<string, string>> = { dir: dir === '' ? '.' : dir, name, ext }
  const filled = template.replaceAll(placeholder, (whole, key: string) => {
    if (Object.hasOwn(values, key)) return values[key]!
    throw new UsageError(`${option} has ${whole}; a template knows {dir}, {name} and {ext} (with its dot)`)
  })
  return filled.startsWith('./') && template.startsWith('{dir}/') ? filled.slice(2) : filled
}

function isExistingFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function assertApart(targets: readonly Target[], cwd: string): void {
  const claims = new FileClaims()
  for (const { output, indices, counts } of targets) {
    for (const path of [output, indices, counts]) {
      if (path === undefined || path === standardStream) continue
      const other = claims.claim(resolve(cwd, path), path)
      if (other === undefined) continue
      const also = other === path ? '' : `, which is also ${other}`
      throw new UsageError(
        `two results would be written to ${path}${also}; give a template with {dir} or {name}`,
      )
    }
  }
}
