/**
 * @file From a source and options to a plan. Reads metadata only, writes nothing.
 */
import { createHash } from 'node:crypto'
import { version as program } from '../../../package.json' with { type: 'json' }
import { dtypes } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { edgeRules, readDownsampling } from '../downsample/options.ts'
import { type Axis, assertOmeAxes, type Placement } from '../ome/multiscales.ts'
import { openSource, type StorePath } from '../source/open-source.ts'
import type { SourceInfo } from '../source/source.ts'
import { absolute } from '../store/open-store.ts'
import { joinKey } from '../store/store.ts'
import { dtypeOfElements } from '../zarr/array-metadata.ts'
import { zstdEncoder } from '../zarr/codecs.ts'
import { assertFactor, type Level, planLevels } from './plan-levels.ts'
import {
  assertOneOf,
  assertUnit,
  assertWhole,
  axesOf,
  codecsOf,
  methodOf,
  type PyramidOptions,
  planOptionNames,
  refuse,
} from './plan-options.ts'
import { planStages, type StageRequest, taskBytes } from './plan-stages.ts'
import { type PlannedLevel, type PyramidFormat, type PyramidPlan, pyramidFormats } from './pyramid-plan.ts'

const usualMemory = 1e9

/**
 * What a run would do, as plain JSON.
 *
 * @param source   a file (.npy, PNG, JPEG, WebP, TIFF), a folder with a Zarr array or an OME image, or a path in a store
 * @param target   a folder, or a path in a store; with `inPlace` it is the source
 * @param options  method, factor, levels or minSize, background, nodata, alpha, edges, format, chunks, shards, codec, axes, scale, unit,
 *                 inPlace, memory, threads, missing
 * @throws PoolError "BAD_PARAM" for an option, "BAD_PATH" for a source that is not there, "BAD_FORMAT" for one that is not read, "LIMIT"
 *   where no task fits into the memory
 */
export async function planPyramid(
  source: string | StorePath,
  target: string | StorePath,
  options: PyramidOptions = {},
): Promise<PyramidPlan> {
  const given = checked(options)
  const opened = await openSource(source)
  try {
    return planFor(opened.info, placeOf(source), placeOf(target), given)
  } finally {
    opened.close?.()
  }
}

interface Place {
  readonly location: string
  readonly path: string
}

function placeOf(place: string | StorePath): Place {
  return typeof place === 'string'
    ? { location: absolute(place), path: '' }
    : { location: place.store.location, path: place.path ?? '' }
}

function checked(options: PyramidOptions): PyramidOptions {
  const given = readOptions('pyramid', options, planOptionNames)
  assertOneOf('edges', given.edges, edgeRules)
  assertOneOf('format', given.format, pyramidFormats)
  assertOneOf('missing', given.missing, ['fill', 'error'])
  assertUnit(given.unit)
  assertWhole('levels', given.levels, 1)
  assertWhole('minSize', given.minSize, 1)
  assertWhole('alpha', given.alpha, 0)
  assertWhole('shards', given.shards, 1)
  assertWhole('memory', given.memory, 1)
  assertWhole('threads', given.threads, 1)
  if (given.levels !== undefined && given.minSize !== undefined)
    throw refuse('minSize', given.minSize, 'the levels are given too', 'Leave one of them out.')
  return given
}

function planFor(info: SourceInfo, source: Place, target: Place, options: PyramidOptions): PyramidPlan {
  const { shape, type, fill = 0, group } = info
  assertShape(shape)
  const { inPlace = false, edges = 'keep', missing = 'fill', factor = 2, background, threads = 1 } = options
  const nodata = options.nodata === 'none' ? undefined : (options.nodata ?? info.nodata)
  const method = methodOf(info, options.method)
  assertMask(info, nodata)
  const axes = axesOf(info, options.axes, options.unit)
  assertFactor(factor, axes)
  const format = options.format ?? formatOf(info)
  const zarrFormat = format === 'ome0.4' || format === 'zarr2' ? 2 : 3
  if (format.startsWith('ome')) assertOmeAxes(axes)
  if (inPlace) assertInPlace(info, options, source, target)
  const itemSize = dtypes[dtypeOfElements(type)].storage.BYTES_PER_ELEMENT
  const chunks = chunksFor(options.chunks, info)
  const placement = placementFor(info, axes, options.scale)
  const alpha = alphaFor(info, axes, options, method)
  const minSize = chunks.map((length) => options.minSize ?? length)
  const made = planLevels({
    shape,
    axes,
    placement,
    factor,
    edges,
    levels: options.levels,
    minSize,
    pick: method === 'stride',
  })
  assertElements(info, made, { method, background, nodata, alpha })
  const levels = stored(made, chunks, options.shards, zarrFormat, group?.datasets[0]?.path, inPlace)
  const request = {
    levels,
    itemSize,
    memory: Math.floor((options.memory ?? usualMemory) / threads),
    wholeAxes: alpha === undefined ? [] : [alpha.axis],
    sourceChunks: info.decoded ?? info.chunks,
  }
  const decided = {
    version: 1 as const,
    program,
    source: { ...source, fingerprint: info.fingerprint, shape, type },
    target: { ...target, inPlace },
    format,
    method,
    ...(background !== undefined && { background: String(background) }),
    ...(nodata !== undefined && { nodata: textOf(nodata) }),
    ...(alpha !== undefined && { alpha }),
    edges,
    missing,
    fill: textOf(fill),
    codecs: codecsOf(options.codec ?? 'keep', zarrFormat, info, itemSize),
    encoder: zstdEncoder,
    axes,
    levels,
    ...keptOf(group, inPlace),
  }
  return { ...decided, ...workOf(request, inPlace), hash: hashOf(decided) }
}

/** What the source's group says of its image, and the new group keeps. */
function keptOf(group: SourceInfo['group'], inPlace: boolean) {
  return {
    beside: group?.beside ?? {},
    ...(group?.name !== undefined && { name: group.name }),
    ...(group?.labels !== undefined && !inPlace && { labels: group.labels }),
    ...(group?.transforms !== undefined && { transforms: group.transforms }),
  }
}

/** The stages, tasks and bytes of the work. */
function workOf(request: StageRequest, inPlace: boolean): Pick<PyramidPlan, 'stages' | 'tasks' | 'bytes'> {
  const { levels, itemSize } = request
  const stages = planStages(request)
  const written = levels.slice(inPlace ? 1 : 0).reduce((sum, level) => sum + sizeOf(level.shape), 0)
  const read = stages.reduce((sum, { from }) => sum + sizeOf(levels[from]!.shape), 0)
  return {
    stages,
    tasks: stages.reduce((sum, { tasks }) => sum + tasks, 0),
    bytes: {
      read: read * itemSize,
      written: written * itemSize,
      task: Math.max(...stages.map(({ from, to }) => taskBytes(request, from, to))),
    },
  }
}

function formatOf({ group, zarrFormat }: SourceInfo): PyramidFormat {
  const version = group?.version ?? (zarrFormat === 2 ? '0.4' : '0.5')
  return `ome${version}`
}

/** Places do not count: a source that was moved is the same, and so is a target. */
function hashOf({ source, target, ...decided }: Pick<PyramidPlan, 'source' | 'target'>): string {
  const { location: _, path: __, ...what } = source
  const text = JSON.stringify({ ...decided, source: what, inPlace: target.inPlace })
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function textOf(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function assertShape(shape: readonly number[]): void {
  if (shape.length < 1 || shape.length > 5)
    throw refuse('source.shape', shape, 'must have one to five axes', 'Reshape the array.')
  if (shape.some((length) => length === 0) || !Number.isFinite(sizeOf(shape)))
    throw refuse(
      'source.shape',
      shape,
      'must have at least one element, and at most 2^53 - 1',
      'Check the metadata.',
    )
}

function assertInPlace(
  { group, shape }: SourceInfo,
  options: PyramidOptions,
  source: Place,
  target: Place,
): void {
  const refused = (rule: string, repair: string) => refuse('inPlace', true, rule, repair)
  if (source.location !== target.location || source.path !== target.path)
    throw refused('levels are added to the source itself, and a target is given', 'Leave the target out.')
  if (group === undefined)
    throw refused(
      `levels are added to an OME image, and the source is an array of ${shape.join('x')}`,
      'Give a target.',
    )
  if (group.datasets.length > 1)
    throw refused(
      `the image has ${group.datasets.length} levels already`,
      'Give a target, which gets levels of its own.',
    )
  const own = `ome${group.version}`
  if (options.format !== undefined && options.format !== own)
    throw refuse('format', options.format, `the image is ${own}, and levels are added to it`, 'Leave it out.')
}

function chunksFor(chunks: readonly number[] | undefined, { shape, chunks: own }: SourceInfo): number[] {
  const given = chunks ?? own
  const isRight =
    Array.isArray(given) &&
    given.length === shape.length &&
    given.every((n) => Number.isSafeInteger(n) && n >= 1)
  if (!isRight)
    throw refuse(
      'chunks',
      given,
      `must be a whole number >= 1 for each of ${shape.length} axes`,
      'Give e.g. 64x512x512.',
    )
  return given.map((length, axis) => Math.min(length, shape[axis]!))
}

function assertMask({ masked, location }: SourceInfo, nodata: unknown): void {
  if (!masked || nodata !== undefined) return
  throw refuse(
    'source',
    location,
    'has a mask that says which elements count, and masks are not read',
    'Give --nodata, with the value of those that do not, or remove the mask.',
  )
}

function placementFor(
  { placement, shape }: SourceInfo,
  axes: readonly Axis[],
  scale: PyramidOptions['scale'],
): Placement {
  const { scale: own, translation } = placement ?? {
    scale: shape.map(() => 1),
    translation: shape.map(() => 0),
  }
  for (const [name, value] of Object.entries(scale ?? {})) {
    if (!axes.some((axis) => axis.name === name))
      throw refuse(
        `scale.${name}`,
        value,
        `the axes are ${axes.map((axis) => axis.name).join(', ')}`,
        'Name one of them.',
      )
    if (!(Number.isFinite(value) && value > 0))
      throw refuse(`scale.${name}`, value, 'must be a number > 0', 'Pass e.g. 0.5.')
  }
  return { scale: own.map((value, i) => scale?.[axes[i]!.name] ?? value), translation }
}

function alphaFor(
  info: SourceInfo,
  axes: readonly Axis[],
  { alpha, nodata }: PyramidOptions,
  method: string,
) {
  const weighs = method === 'mean' && (info.nodata === undefined || nodata === 'none')
  const channel = alpha ?? (weighs ? info.alpha : undefined)
  if (channel === undefined) return undefined
  const axis = axes.findIndex(({ name, type }) => name === 'c' || type === 'channel')
  if (axis < 0) throw refuse('alpha', channel, 'the source has no axis c', 'Leave it out, or name the axes.')
  return { axis, channel }
}

/** The same checks as for a tensor, before anything is written. */
function assertElements(
  info: SourceInfo,
  levels: readonly Level[],
  given: Omit<Parameters<typeof readDownsampling>[2], 'factor'>,
): void {
  const [, first] = levels
  readDownsampling(info.shape, dtypeOfElements(info.type), {
    ...given,
    factor: first?.step ?? 1,
    edges: 'keep',
  })
}

function stored(
  levels: readonly Level[],
  chunks: readonly number[],
  shards: number | undefined,
  zarrFormat: 2 | 3,
  base: string | undefined,
  inPlace: boolean,
): PlannedLevel[] {
  if (shards !== undefined && zarrFormat === 2)
    throw refuse(
      'shards',
      shards,
      'Zarr 2 has no shards',
      "Leave it out, or choose the format 'ome0.5' or 'zarr3'.",
    )
  const pooled = levels.at(-1)!.factors.map((factor) => factor > 1)
  const folder = inPlace ? base!.split('/').slice(0, -1).join('/') : ''
  return levels.map(({ shape, ...level }, i) => {
    const own = chunks.map((length, axis) => Math.min(length, shape[axis]!))
    const shard = own.map((length, axis) =>
      pooled[axis] ? length * Math.min(shards ?? 1, Math.ceil(shape[axis]! / length)) : length,
    )
    return {
      path: inPlace && i === 0 ? base! : joinKey(folder, String(i)),
      shape,
      chunks: own,
      ...(shards !== undefined && { shard }),
      ...level,
    }
  })
}
