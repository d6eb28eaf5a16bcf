/**
 * @file Reads options once, and refuses unknown ones, so that the values that are used are those that were checked.
 */
import { invalid } from '../errors.ts'
import { memoizeWeak } from './memoize-weak.ts'
import { nearName } from './near-name.ts'

/** Options that hold data. The code that uses them reads each once. */
export const tensorOptions = ['out', 'indices', 'indicesOut', 'randomSamples', 'samples', 'mask']
/** As many axes as tensors have at most. */
const mostEntries = 64

/**
 * The options under `names` in an object of our own, each read once; arrays of numbers and of pairs are copied, holes as undefined.
 *
 * @throws PoolError "BAD_PARAM" as `readNamed`, or for arrays of arrays of arrays or of more than 64 entries
 */
export function readOptions<O extends object>(op: string, options: O, names: readonly string[]): O {
  return readEach(op, options, names, (value, name) =>
    Array.isArray(value) && !tensorOptions.includes(name) ? copy(op, name, value) : value,
  )
}

/**
 * The values under `names` in an object of our own, each read once.
 *
 * @throws PoolError "BAD_PARAM" for options that are not an object, or have a name outside `names`; undefined counts as not given
 */
export function readNamed<O extends object>(op: string, options: O, names: readonly string[]): O {
  return readEach(op, options, names, (value) => value)
}

function readEach<O extends object>(
  op: string,
  options: O,
  names: readonly string[],
  own: (value: unknown, name: string) => unknown,
): O {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'options', value: options },
      'must be an object',
      `Pass { ${names[0]}: … }.`,
    )
  }
  const given = options as Readonly<Record<string, unknown>>
  const read: Record<string, unknown> = { ...absent(names) }
  const isPlain = Object.getPrototypeOf(given) === Object.prototype
  for (const name in given) {
    if (!names.includes(name)) refuseUnknown(op, name, given[name], names)
    else if (isPlain) read[name] = own(given[name], name)
  }
  // Instances of classes have properties that no loop finds.
  if (!isPlain) for (const name of names) read[name] = own(given[name], name)
  return read as O
}

/** Copies of one object keep its layout in memory, which makes them quick to read. */
const absent = memoizeWeak(
  (names: readonly string[]): Readonly<Record<string, undefined>> =>
    Object.fromEntries(names.map((name) => [name, undefined])),
)

/** Arrays may be nested twice, as pairs are. */
function copy(op: string, argument: string, value: readonly unknown[], depth = 1): readonly unknown[] {
  const { length } = value
  if (length > mostEntries || depth > 2) {
    throw invalid(
      'BAD_PARAM',
      { op, argument, value },
      `must be numbers, or pairs of numbers, of at most ${mostEntries} axes`,
      'Give one entry per pooled axis.',
    )
  }
  const own: unknown[] = []
  for (let i = 0; i < length; i++) {
    const entry = value[i]
    own.push(Array.isArray(entry) ? copy(op, argument, entry, depth + 1) : entry)
  }
  return own
}

function refuseUnknown(op: string, name: string, value: unknown, names: readonly string[]): void {
  if (value === undefined) return
  throw invalid(
    'BAD_PARAM',
    { op, argument: name, value },
    `${op} has no such option; it has ${names.join(', ')}`,
    repairOf(name, names),
  )
}

function repairOf(name: string, names: readonly string[]): string {
  const near = nearName(name, names)
  if (near !== undefined) return `Did you mean ${near}?`
  const [meant, isSliding] = [nearName(name, ['kernelSize', 'outputSize']), names.includes('kernelSize')]
  if (meant === 'outputSize' && isSliding) return 'Adaptive poolings have an output size.'
  const isSized = !isSliding && names.includes('outputSize')
  if (meant === 'kernelSize' && isSized) return 'Leave it out: the windows follow from outputSize.'
  return 'Leave it out.'
}
