/**
 * @file Reads the options of pooling. Refuses combinations that contradict each other, before any file is touched.
 */
import { reducersOver } from '../../ops/catalogue.ts'
import type { countedNames } from '../../ops/counted/options.ts'
import type { PyramidMode } from '../../ops/spatial-pyramid-levels.ts'
import type { PadMode } from '../../plan/weighted.ts'
import type { Ties } from '../../reducers/mode.ts'
import type { Interpolation } from '../../reducers/order.ts'
import type { Rounding } from '../../reducers/rounding.ts'
import { UsageError } from '../exit.ts'
import { cliOperation, type Kind, type Mode, modes, modesWith, ownKinds } from '../operations.ts'
import type { PaddingValue, PerAxis } from './parse-values.ts'

export const modeAliases: Readonly<Record<string, Mode>> = { avg: 'average', mean: 'average' }
export const layouts = ['NCHW', 'NHWC'] as const
export type LayoutName = (typeof layouts)[number]

/** Options from commander; undefined if not given. */
export interface PoolingFlags {
  readonly mode: Mode
  readonly size?: PerAxis | undefined
  /** `size` by its name in PyTorch. */
  readonly kernelSize?: PerAxis | undefined
  readonly stride?: PerAxis | undefined
  readonly padding?: PaddingValue | undefined
  readonly dilation?: PerAxis | undefined
  readonly ceilMode?: true | undefined
  readonly countIncludePad: boolean
  readonly divisorOverride?: number | undefined
  readonly rounding?: Rounding | undefined
  readonly normType?: number | undefined
  readonly correction?: number | undefined
  readonly q?: number | undefined
  readonly interpolation?: Interpolation | undefined
  readonly ties?: Ties | undefined
  readonly ignore?: number | bigint | undefined
  readonly p?: number | undefined
  readonly eps?: number | undefined
  readonly r?: number | undefined
  readonly seed?: number | undefined
  readonly outputSize?: PerAxis | undefined
  readonly global?: true | undefined
  readonly keepDims?: boolean | undefined
  readonly filterSize?: PerAxis | undefined
  readonly padMode?: PadMode | undefined
  readonly levels?: readonly number[] | undefined
  readonly pooling?: readonly PyramidMode[] | undefined
  readonly layout?: LayoutName | undefined
  readonly alpha?: 'separate' | 'weighted' | undefined
  readonly light?: 'stored' | 'linear' | undefined
  /** A file. */
  readonly mask?: string | undefined
  /** 'none': what a file declares counts as a number. */
  readonly nodata?: number | bigint | 'none' | undefined
  readonly minCount?: number | undefined
  readonly fill?: number | bigint | undefined
}

export interface PoolingSettings extends Omit<PoolingFlags, 'nodata'> {
  readonly kind: Kind
  readonly nodata?: number | bigint | undefined
  /** The value for missing data that a file declares counts as a number. */
  readonly countsMissing?: true
  /** The number of pooled axes, if an option has one number per axis. */
  readonly axes?: number | undefined
}

const slidingFlags = ['size', 'stride', 'padding', 'dilation', 'ceilMode'] as const

/** @throws UsageError for options that contradict each other */
export function settingsOf({ kernelSize, nodata, ...given }: PoolingFlags): PoolingSettings {
  if (given.size !== undefined && kernelSize !== undefined)
    throw new UsageError('--size and --kernel-size are the same; give one of them')
  const missing = nodata === 'none' ? { countsMissing: true as const } : { nodata }
  const flags = { ...given, ...missing, size: given.size ?? kernelSize }
  const kind = kindOf(flags)
  if (ownKinds[flags.mode] === undefined) assertOneKind(flags, kind)
  else assertOwnKind(flags)
  for (const name of optionsOfModes)
    if (flags[name] !== undefined) assertMode(optionName(name), flags, modesWith(name))
  for (const name of countedFlags)
    if (flags[name] !== undefined) assertMode(optionName(name), flags, modesWith(name))
  if (flags.seed !== undefined) assertMode('--seed', flags, modesWith('samples'))
  if (flags.pooling !== undefined) assertMode('--pooling', flags, ['spatial-pyramid'])
  if (flags.rounding !== undefined) assertMode('--rounding', flags, roundedModes)
  assertColours(flags)
  assertDivisor(flags, kind)
  assertKeepDims(flags, kind)
  if (flags.minCount !== undefined && countedFlags.every((name) => flags[name] === undefined))
    throw new UsageError(
      '--min-count needs --mask, --nodata or --fill, which windows with fewer elements give',
    )
  return { ...flags, kind, axes: countAxes(flags) }
}

const optionsOfModes = [
  'normType',
  'correction',
  'q',
  'interpolation',
  'ties',
  'ignore',
  'p',
  'eps',
  'r',
  'filterSize',
  'padMode',
  'levels',
] as const

/** The options that leave elements out. `--min-count` alone leaves none out. */
const countedFlags = ['mask', 'nodata', 'fill'] as const satisfies readonly (typeof countedNames)[number][]

function kindOf({ mode, global, outputSize }: PoolingFlags): Kind {
  return ownKinds[mode] ?? (global ? 'global' : outputSize === undefined ? 'sliding' : 'adaptive')
}

/** @throws UsageError for options of other windows than those that slide, adapt, or cover everything */
function assertOneKind(flags: PoolingFlags, kind: Kind): void {
  if (kind === 'global' && flags.outputSize !== undefined) throw conflict('--output-size', '--global')
  if (kind !== 'sliding') {
    const given = slidingFlags.find((name) => flags[name] !== undefined)
    const [other] = kind === 'global' ? ['--global'] : ['--output-size']
    if (given !== undefined) throw conflict(optionName(given), other!)
  }
  if (kind === 'adaptive') assertMode('--output-size', flags, modesWithAdaptive)
}

/** @throws UsageError for windows that the mode does not take, or without those that it needs */
function assertOwnKind(flags: PoolingFlags): void {
  const named = { size: 'kernelSize' } as Readonly<Record<string, string>>
  const { mode } = flags
  for (const name of [...slidingFlags, 'outputSize', 'global'] as const) {
    if (flags[name] === undefined || modesWith(named[name] ?? name).includes(mode)) continue
    throw new UsageError(`${optionName(name)} has no meaning with --mode ${mode}`)
  }
  if (mode === 'area' && flags.outputSize === undefined)
    throw new UsageError('--mode area needs --output-size, as 64x64')
  if (mode === 'spatial-pyramid' && flags.levels === undefined)
    throw new UsageError('--mode spatial-pyramid needs --levels, as 4,2,1')
}

const modesWithAdaptive: readonly Mode[] = reducersOver('adaptive', 2)
export const pickingModes = modesWith('returnIndices')
export const countingModes = modesWith('returnCounts')
/** Modes whose results of integers are means, which the library rounds. Sums are whole. */
export const meanModes: readonly Mode[] = modesWith('rounding').filter((mode) => mode !== 'sum')
/** Modes whose results may be fractions of integers. */
const roundedModes = modes.filter(
  (mode) =>
    meanModes.includes(mode) ||
    (mode !== 'sum' && mode !== 'spatial-pyramid' && !pickingModes.includes(mode)),
)

/** Modes that mix colours. */
const mixingModes: readonly Mode[] = ['average', 'blur', 'area']

function assertColours(flags: PoolingFlags): void {
  for (const name of ['alpha', 'light'] as const) {
    if (flags[name] === undefined) continue
    assertMode(optionName(name), flags, mixingModes)
    const other = (['nodata', 'fill', 'divisorOverride'] as const).find((name) => flags[name] !== undefined)
    if (other !== undefined) throw conflict(optionName(other), optionName(name))
  }
}

function assertDivisor(flags: PoolingFlags, kind: PoolingSettings['kind']): void {
  const given =
    flags.divisorOverride !== undefined
      ? '--divisor-override'
      : flags.countIncludePad
        ? undefined
        : '--no-count-include-pad'
  if (given === undefined) return
  assertMode(given, flags, modesWith('divisorOverride'))
  if (kind !== 'sliding') throw conflict(given, kind === 'global' ? '--global' : '--output-size')
}

function assertKeepDims({ mode, keepDims = true }: PoolingFlags, kind: Kind): void {
  if (keepDims) return
  if (kind !== 'global') throw new UsageError('--no-keep-dims has a meaning with --global only')
  if (!cliOperation(mode, kind, 2)!.names.includes('keepDims'))
    throw new UsageError(`--no-keep-dims has no meaning with --mode ${mode}`)
}

function countAxes(flags: PoolingFlags): number | undefined {
  const perAxis = [...slidingFlags, 'filterSize' as const, 'outputSize' as const].filter((name) =>
    Array.isArray(flags[name]),
  )
  const [first, ...others] = perAxis.map((name) => (flags[name] as readonly unknown[]).length)
  const odd = others.findIndex((count) => count !== first)
  if (odd >= 0) {
    throw new UsageError(
      `${optionName(perAxis[0]!)} has ${first} numbers and ${optionName(perAxis[odd + 1]!)} ${others[odd]}; ` +
        'give one for all axes, or as many as there are axes',
    )
  }
  return first
}

export function conflict(option: string, other: string): UsageError {
  return new UsageError(`${option} has no meaning with ${other}; leave one of them out`)
}

/** @throws UsageError for an option that the mode does not take */
export function assertMode(
  option: string,
  { mode }: Pick<PoolingFlags, 'mode'>,
  taking: readonly Mode[],
): void {
  if (taking.includes(mode)) return
  throw new UsageError(
    taking.length > 3
      ? `${option} has no meaning with --mode ${mode}`
      : `${option} has a meaning with --mode ${taking.join(' or ')} only, and the mode is ${mode}`,
  )
}

function optionName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`
}
