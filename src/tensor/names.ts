/**
 * @file An option is honoured or refused, never ignored.
 */
import { refusal } from '../errors.ts'

/**
 * @throws PoolError "BAD_PARAM" for options that are no object, or hold a name not in `names`; undefined counts as left out
 */
export function assertNames(op: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refusal(
      'BAD_PARAM',
      { op, argument: 'options', value: options },
      'must be an object',
      `Pass { ${names[0]}: … }.`,
    )
  }
  for (const name in options) {
    if (names.includes(name)) continue
    const value = (options as Record<string, unknown>)[name]
    if (value === undefined) continue
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    throw refusal(
      'BAD_PARAM',
      { op, argument: name, value },
      `${op} has no such option; it has ${names.join(', ')}`,
      names.includes(camel) ? `Write ${camel}.` : 'Leave it out.',
    )
  }
}
