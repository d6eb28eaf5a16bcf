/**
 * @file A layer's options in its config. JSON has no infinities and no NaN, so they are written as 'inf', '-inf' and 'nan'.
 */
import { invalid } from '../../errors.ts'

const unwritable: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
])

/** The options that may be such numbers. */
const numbers = ['normType', 'nodata', 'fill']

/** Options in the form that a saved model stores. */
export function configOf(options: object): Record<string, never> {
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const infinity = [...unwritable.keys()].find((text) => Object.is(unwritable.get(text), value))
      return [name, infinity ?? value]
    })
  return Object.fromEntries(entries)
}

/** Options from a config, or as the caller gave them. */
export function optionsOf(
  className: string,
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  for (const argument of ['randomSamples', 'samples']) {
    const value = config[argument]
    if (value === undefined || Array.isArray(value)) continue
    throw invalid(
      'BAD_PARAM',
      { op: className, argument, value },
      'must be nested arrays, because a layer is saved as JSON',
      `Pass await ${argument}.array().`,
    )
  }
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      numbers.includes(name) && typeof value === 'string' ? (unwritable.get(value) ?? value) : value,
    ]),
  )
}
