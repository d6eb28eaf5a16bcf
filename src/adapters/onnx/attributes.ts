/**
 * @file Reads a node's attributes by its operator's schema: refuses unknown attributes and fills in defaults.
 */
import { invalid } from '../../errors.ts'
import { parseName } from '../../ops/options/parse.ts'
import { arrayName } from '../../tensor/dtype.ts'
import { nearName } from '../../tensor/near-name.ts'
import { readNamed } from '../../tensor/read-options.ts'
import { type AttributeSpec, operators, type Schema } from './operators.ts'

/** A list of whole numbers, ONNX's INTS. */
export type Ints = readonly (number | bigint)[]

/** A node's attributes by ONNX's names. */
export type Attributes = Readonly<Record<string, number | bigint | string | Ints | undefined>>

/** Checked attributes with defaults; an omitted list stays undefined. */
export type AttributeValues = Readonly<Record<string, number | string | readonly number[] | undefined>>

const largest = 2 ** 31 - 1

/**
 * @throws PoolError "BAD_PARAM" for an attribute that this version of the operator does not have, or an invalid value
 */
export function readAttributes(label: string, schema: Schema, attributes: unknown = {}): AttributeValues {
  const given = readKnown(label, schema, attributes)
  return Object.fromEntries(
    Object.entries(schema.attributes).map(([name, spec]) => [
      name,
      readAttribute(label, name, spec, given[name]),
    ]),
  )
}

/** Copies the attributes, reading each once, since the caller's object may have getters. */
function readKnown(label: string, schema: Schema, attributes: unknown): Attributes {
  const names = Object.keys(schema.attributes)
  const version = `${schema.name}-${schema.since}`
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) {
    readNamed(label, attributes as object, names.length > 0 ? names : ['attribute'])
  }
  const given = { ...(attributes as Attributes) }
  for (const [name, value] of Object.entries(given)) {
    if (names.includes(name) || value === undefined) continue
    const later = operators[schema.name].find((version) => Object.hasOwn(version.attributes, name))
    const near = nearName(name, names)
    const repair = near === undefined ? 'Leave it out.' : `Did you mean ${near}?`
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: name, value },
      `${version} has no such attribute; it has ${names.join(', ') || 'no attributes'}`,
      later === undefined ? repair : `Leave it out, or pass opset ${later.since} or later.`,
    )
  }
  return given
}

function readAttribute(
  label: string,
  name: string,
  spec: AttributeSpec,
  value: unknown,
): number | string | readonly number[] | undefined {
  if (value === undefined && spec.kind !== 'ints') return spec.default
  switch (spec.kind) {
    case 'int':
      return parseInt64(label, name, value, spec.least, spec.most ?? largest)
    case 'ints':
      return readInts(label, name, value, spec)
    case 'float':
      return parseFloat32(label, name, value)
    case 'string':
      return parseName(label, name, value, spec.names)
  }
}

function readInts(
  label: string,
  name: string,
  value: unknown,
  { least, required }: { readonly least: number; readonly required: boolean },
): readonly number[] | undefined {
  if (value === undefined && !required) return undefined
  const isList = Array.isArray(value) || arrayName(value) !== undefined
  if (isList) {
    return Array.from(value as ArrayLike<unknown>, (entry, axis) =>
      parseInt64(label, `${name}[${axis}]`, entry, least, largest),
    )
  }
  throw invalid(
    'BAD_PARAM',
    { op: label, argument: name, value },
    'must be a list of whole numbers',
    value === undefined ? 'Give it.' : 'Pass e.g. [2, 2].',
  )
}

function parseInt64(label: string, argument: string, value: unknown, least: number, most: number): number {
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  if (whole && (value as number | bigint) >= least && (value as number | bigint) <= most)
    return Number(value) + 0
  throw invalid(
    'BAD_PARAM',
    { op: label, argument, value },
    `must be a whole number from ${least} to ${most}`,
    `Pass e.g. ${Math.min(most, Math.max(least, 2))}.`,
  )
}

/** ONNX's float attributes are float32. */
function parseFloat32(label: string, argument: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(Math.fround(value))) return Math.fround(value)
  throw invalid(
    'BAD_PARAM',
    { op: label, argument, value },
    'must be a finite number above 0',
    'Pass e.g. 0.5.',
  )
}
