/**
 * @file The options of `planPyramid`, and what follows from the source where they are left out.
 */
import { invalid, type PoolError } from '../../errors.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import { type DownsampleMethod, downsampleMethods, type EdgeRule } from '../downsample/options.ts'
import { metresOf } from '../ome/length-units.ts'
import { type Axis, namedAxis, usualAxes } from '../ome/multiscales.ts'
import type { SourceInfo } from '../source/source.ts'
import type { CodecSpec } from '../zarr/codecs.ts'
import type { FactorOption } from './plan-levels.ts'
import type { PyramidFormat } from './pyramid-plan.ts'

/** Options of `planPyramid`. */
export interface PyramidOptions {
  /** 'auto' (default): mode for labels and booleans, mean for other images; 32 and 64-bit integers that may be either are refused. */
  readonly method?: DownsampleMethod | 'auto' | undefined
  /** 2 (default) along all axes of space; by axis, { z: 1, y: 2, x: 2 }; 'auto' halves what is finest until spacings agree. */
  readonly factor?: FactorOption | undefined
  /** The number of levels, level 0 included. Default: until every pooled axis fits into a chunk. */
  readonly levels?: number | undefined
  /** Or until no pooled axis is longer than this. */
  readonly minSize?: number | undefined
  readonly background?: Scalar | undefined
  /** Left out of every window. Default: the source's own, as a TIFF's GDAL_NODATA; 'none': that counts as a number. */
  readonly nodata?: Scalar | 'none' | undefined
  /** The channel that is alpha, along the axis c, from 0. PNG and WebP files say it themselves. */
  readonly alpha?: number | undefined
  readonly edges?: EdgeRule | undefined
  /** Default: OME 0.4 for sources in Zarr 2, OME 0.5 for all others. */
  readonly format?: PyramidFormat | undefined
  /** The shape of chunks, one number an axis. Default: the source's. */
  readonly chunks?: readonly number[] | undefined
  /** Chunks of a shard along each pooled axis; Zarr 3 only. Default: no shards. */
  readonly shards?: number | undefined
  /** 'keep' (default): the source's, or zstd:1; 'zstd:1', 'blosc:lz4:5', 'gzip:1', 'none'. */
  readonly codec?: string | undefined
  /** The names of the axes, as 'zyx', where the source does not name them. */
  readonly axes?: string | undefined
  /** The distance between elements of level 0, by axis. */
  readonly scale?: Readonly<Record<string, number>>
  /** The unit of the axes of space, a name of OME-Zarr such as 'micrometer'. */
  readonly unit?: string | undefined
  /** Adds levels to the source's own image. */
  readonly inPlace?: boolean | undefined
  /** Bytes that a run may hold, all threads together. Default: 1 GB. */
  readonly memory?: number | undefined
  /** Threads that share the memory. Default: 1. */
  readonly threads?: number | undefined
  /** Chunks that are not there: their elements are the fill value (default), or an error. */
  readonly missing?: 'fill' | 'error' | undefined
}

export const planOptionNames = [
  'method',
  'factor',
  'levels',
  'minSize',
  'background',
  'nodata',
  'alpha',
  'edges',
  'format',
  'chunks',
  'shards',
  'codec',
  'axes',
  'scale',
  'unit',
  'inPlace',
  'memory',
  'threads',
  'missing',
] as const

const op = 'pyramid'

export function refuse(argument: string, value: unknown, rule: string, repair: string): PoolError {
  return invalid('BAD_PARAM', { op, argument, value }, rule, repair)
}

/** @throws PoolError "BAD_PARAM" unless it is one of the choices, or left out */
export function assertOneOf(argument: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value as string)) return
  throw refuse(argument, value, `must be one of ${choices.join(', ')}`, 'Use one of those names.')
}

/** @throws PoolError "BAD_PARAM" unless it is a whole number from `least` on, or left out */
export function assertWhole(argument: string, value: unknown, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return
  throw refuse(argument, value, `must be a whole number >= ${least}`, 'Pass such a number, or leave it out.')
}

/** @throws PoolError "BAD_PARAM" where the type alone does not tell ids from quantities */
export function methodOf(
  { type, role, palette }: SourceInfo,
  method: DownsampleMethod | 'auto' = 'auto',
): DownsampleMethod {
  assertOneOf('method', method, ['auto', ...downsampleMethods])
  if (palette && !['auto', 'mode', 'stride'].includes(method))
    throw refuse(
      'method',
      method,
      'elements are indices of a palette, which only mode and stride keep',
      'Use one of them, or turn the image into colours first.',
    )
  if (palette && method === 'auto') return 'mode'
  if (method !== 'auto') return method
  if (role === 'labels' || type === 'bool') return 'mode'
  if (role === 'image' || !['uint32', 'uint64', 'int64'].includes(type)) return 'mean'
  throw refuse(
    'method',
    'auto',
    `elements of ${type} may be ids of labels or quantities, and nothing says which`,
    "Give 'mode' for labels, 'mean' for quantities.",
  )
}

/** @throws PoolError "BAD_PARAM" unless OME-Zarr names the unit, or it is left out */
export function assertUnit(unit: unknown): void {
  if (unit === undefined || metresOf.has(unit as string)) return
  const names = [...metresOf.keys()].join(', ')
  throw refuse('unit', unit, `must be a length of OME-Zarr: ${names}`, 'Write e.g. micrometer.')
}

/** @throws PoolError "BAD_PARAM" for names that do not fit the shape, and where a short axis may hold channels */
export function axesOf(
  { axes, shape }: SourceInfo,
  names: string | undefined,
  unit: string | undefined,
): readonly Axis[] {
  const withUnit = (axis: Axis): Axis =>
    unit !== undefined && axis.type === 'space' ? { ...axis, unit } : axis
  if (names !== undefined) {
    const letters = names.split('')
    if (
      letters.length !== shape.length ||
      new Set(letters).size !== letters.length ||
      !/^[a-z]+$/.test(names)
    ) {
      throw refuse(
        'axes',
        names,
        `must have a different small letter for each of ${shape.length} axes`,
        'Give e.g. zyx.',
      )
    }
    if (axes !== undefined && axes.map(({ name }) => name).join('') !== names) {
      const own = axes.map(({ name }) => name).join(', ')
      throw refuse('axes', names, `the source names its axes ${own}`, 'Leave it out.')
    }
    return (axes ?? letters.map(namedAxis)).map(withUnit)
  }
  if (axes !== undefined) return axes.map(withUnit)
  const ends = [shape[0]!, shape.at(-1)!]
  if (shape.length === 3 && ends.some((length) => length <= 4)) {
    const rule = `axes of ${shape.join('x')} have no names, and one of ${Math.min(...ends)} may hold channels, which are not pooled`
    throw refuse('axes', 'left out', rule, "Name them, as 'zyx', 'cyx' or 'yxc'.")
  }
  return usualAxes(shape.length).map(withUnit)
}

const bloscNames = ['blosclz', 'lz4', 'lz4hc', 'zlib', 'zstd']

/** @throws PoolError "BAD_PARAM" for a codec that is not written, or not in this version of Zarr */
export function codecsOf(
  codec: string,
  zarrFormat: 2 | 3,
  { codecs }: SourceInfo,
  itemSize: number,
): CodecSpec[] {
  if (codec === 'keep') return codecs === undefined ? [{ name: 'zstd', level: 1 }] : kept(codecs, zarrFormat)
  const [name, ...settings] = codec.split(':')
  const level = (text: string | undefined, most: number): number => {
    const value = Number(text ?? 1)
    if (/^\d+$/.test(text ?? '1') && value <= most) return value
    throw refuse('codec', codec, `the level must be a whole number from 0 to ${most}`, `Give e.g. ${name}:1.`)
  }
  if (name === 'none' && settings.length === 0) return []
  if (name === 'gzip' && settings.length <= 1) return [{ name, level: level(settings[0], 9) }]
  if (name === 'zstd' && settings.length <= 1) return [{ name, level: level(settings[0], 22) }]
  if (name === 'blosc' && settings.length <= 2 && bloscNames.includes(settings[0] ?? 'lz4')) {
    const [cname = 'lz4', clevel = '5'] = settings
    return [{ name, cname, clevel: level(clevel, 9), shuffle: itemSize > 1 ? 1 : 0, blocksize: 0 }]
  }
  throw refuse(
    'codec',
    codec,
    'must be keep, none, gzip:1, zstd:1 or blosc:lz4:5',
    'Give one of them, with a level.',
  )
}

/** The codecs of the source, where the format that is written has them. */
function kept(codecs: readonly CodecSpec[], zarrFormat: 2 | 3): CodecSpec[] {
  const written = codecs.map((codec): CodecSpec => {
    if (codec.name === 'zlib' && zarrFormat === 3) return { name: 'gzip', level: codec.level }
    return codec
  })
  const isOdd =
    zarrFormat === 2
      ? written.length > 1 || written[0]?.name === 'crc32c'
      : written.some(({ name }) => name === 'lz4')
  if (!isOdd) return written
  const names = codecs.map(({ name }) => name).join(', ')
  throw refuse('codec', 'keep', `Zarr ${zarrFormat} has no chunks in ${names}`, "Choose one, as 'zstd:1'.")
}
