/**
 * @file The state of a picture and the readable text that holds it: `op=max&k=3&s=2&lang=zh`, the page's address and the command's argument.
 */
import { tieRules } from '../reducers/mode.ts'
import {
  anyNumber,
  box,
  type Codec,
  clamp,
  flag,
  levels,
  norm,
  oneOf,
  padding,
  pair,
  planes,
  real,
  whole,
} from './codec.ts'
import { defaultPooling, operations, type Pooling, padModes, reads } from './pooling.ts'
import { type Plane, type PresetName, presetNames, presets } from './presets.ts'

export type Language = 'en' | 'zh'

export interface State {
  readonly pooling: Pooling
  /** A preset's name, or the learner's own numbers. */
  readonly input: PresetName | readonly Plane[]
  /** Which channel is shown. */
  readonly channel: number
  /** The selected output cell: its position in the output plane. */
  readonly at: number
  readonly language: Language | null
  /** Keys that belong to someone else (the page's panels, later versions), kept as they came. */
  readonly rest: ReadonlyMap<string, string>
}

/** A value of the text that was changed or ignored. */
export interface Correction {
  readonly key: string
  readonly given: string
  /** The value used instead; null for the default. */
  readonly used: string | null
}

type Fields = { readonly [K in keyof Pooling]: readonly [key: string, codec: Codec<Pooling[K]>] }

const kernelCodec = pair(1, 16)

/** The key and the encoding of each field. */
const fields: Fields = {
  op: ['op', oneOf(operations)],
  kernel: ['k', kernelCodec],
  stride: ['s', pair(1, 16)],
  padding: ['p', padding],
  dilation: ['d', pair(1, 8)],
  ceil: ['ceil', flag],
  countPad: ['cip', flag],
  divisor: ['div', whole(-999, 999) as Codec<number | null>],
  norm: ['norm', norm],
  out: ['out', pair(1, 16)],
  levels: ['levels', levels],
  seed: ['seed', whole(0, 2 ** 32 - 1)],
  q: ['q', real(0, 1)],
  correction: ['corr', real(0, 99)],
  exponent: ['e', real(0.01, 99)],
  sharpness: ['r', real(-99, 99, (r) => r !== 0)],
  filter: ['f', pair(1, 7)],
  padMode: ['pm', oneOf(padModes)],
  box: ['box', box],
  ratio: ['ratio', whole(0, 16)],
  aligned: ['aligned', flag],
  ties: ['ties', oneOf(tieRules)],
  nodata: ['nodata', anyNumber as Codec<number | null>],
  minCount: ['min', whole(1, 256)],
}

const defaultInput: PresetName = 'classic'

/** The version of this text; later ones may only add keys. */
const version = '1'

/**
 * Reads a state. Wrong values are clamped or replaced by the default, and reported. Never throws.
 */
export function parseState(text: string): { state: State; corrections: readonly Correction[] } {
  const entries = new Map(splitEntries(text))
  const corrections: Correction[] = []
  const take = <T>(key: string, codec: Codec<T>): T | undefined => {
    const given = entries.get(key)
    entries.delete(key)
    if (given === undefined) return undefined
    let isCut = false
    const value = codec.read(given, () => {
      isCut = true
    })
    if (value === undefined) corrections.push({ key, given, used: null })
    else if (isCut) corrections.push({ key, given, used: codec.write(value) })
    return value
  }
  take('v', oneOf([version]))
  const pooling = readPooling('', take)
  const input = take('x', inputCodec) ?? defaultInput
  const count = channelsOf(input).length
  const state: State = {
    pooling,
    input,
    channel: clamp(take('c', whole(0, count - 1)) ?? 0, 0, count - 1),
    at: take('at', whole(0, 2 ** 16)) ?? 0,
    language: take('lang', oneOf<Language>(['en', 'zh'])) ?? null,
    rest: entries,
  }
  return { state, corrections }
}

/** A second pooling with prefixed keys, `b.op=avg`; null if not given. */
export function parsePooling(prefix: string, rest: ReadonlyMap<string, string>): Pooling | null {
  if (!rest.has(`${prefix}op`)) return null
  return readPooling(prefix, (key, codec) => {
    const given = rest.get(key)
    return given === undefined ? undefined : codec.read(given)
  })
}

type Take = <T>(key: string, codec: Codec<T>) => T | undefined

/** As in PyTorch, a stride that is not given is the window. */
function readPooling(prefix: string, take: Take): Pooling {
  const read: Record<string, unknown> = {}
  for (const [field, [key, codec]] of Object.entries(fields)) {
    const value = take(`${prefix}${key}`, codec as Codec<unknown>)
    if (value !== undefined && !(field === 'divisor' && value === 0)) read[field] = value
  }
  if (read.kernel !== undefined) read.stride ??= read.kernel
  return { ...defaultPooling, ...read }
}

/** The text of a state: the fields that the operation reads and that differ from the default, in a fixed order. */
export function formatState(state: State): string {
  const { pooling, input, channel, at, language, rest } = state
  const entries = formatPooling(pooling, '')
  if (input !== defaultInput) entries.push(['x', inputCodec.write(input)])
  if (channel !== 0) entries.push(['c', `${channel}`])
  if (at !== 0) entries.push(['at', `${at}`])
  if (language !== null) entries.push(['lang', language])
  entries.push(...rest, ['v', version])
  return entries.map(([key, value]) => `${escapeText(key)}=${escapeText(value)}`).join('&')
}

export function formatPooling(pooling: Pooling, prefix: string): [string, string][] {
  const always: readonly (keyof Pooling)[] = ['op', 'kernel', 'stride', 'out']
  const used: readonly string[] = ['op', ...reads[pooling.op]]
  return Object.entries(fields)
    .filter(([field]) => used.includes(field))
    .map(([field, [key, codec]]): [string, string, string | null] => {
      const { write } = codec as Codec<unknown>
      const name = field as keyof Pooling
      const value = pooling[name]
      const usual =
        always.includes(name) || defaultPooling[name] === null ? null : write(defaultPooling[name])
      return [`${prefix}${key}`, value === null ? '' : write(value), usual]
    })
    .filter(([, value, usual]) => value !== '' && value !== usual)
    .map(([key, value]) => [key, value])
}

const inputCodec: Codec<State['input']> = {
  read: (text, onCut) => presetNames.find((name) => name === text) ?? planes.read(text, onCut),
  write: (input) => (typeof input === 'string' ? input : notPreset(planes.write(input))),
}

/** A plane of one NaN is not a preset. Numbers may be upper or lower case. */
function notPreset(text: string): string {
  return presetNames.some((name) => name === text) ? text.toUpperCase() : text
}

export function channelsOf(input: State['input']): readonly Plane[] {
  return typeof input === 'string' ? presets[input] : input
}

/** The keys and values of an address, in order; a key may repeat. */
export function splitEntries(text: string): [string, string][] {
  return text
    .replace(/^#/, '')
    .split('&')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [key, ...value] = entry.split('=')
      return [unescapeText(key!), unescapeText(value.join('='))]
    })
}

/** Escapes only characters that an address may not contain: `,;/-` stay readable. */
function escapeText(text: string): string {
  return text.replace(/[^\w.,;/:@!*()'~+-]/g, encodeURIComponent)
}

function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
