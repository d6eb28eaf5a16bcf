/**
 * @file A layer's options in its config. JSON has no infinities, so they are written as 'inf' and '-inf'.
 */
import { invalid } from '../../errors.ts'

const infinities: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

/** Options in the form that a saved model stores. */
export function configOf(options: object): Record<string, never> {
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const infinity = [...infinities.keys()].find((text) => infinities.get(text) === value)
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
      name === 'normType' && typeof value === 'string' ? (infinities.get(value) ?? value) : value,
    ]),
  )
}
