/**
 * @file The pooling of one array by the options of the command line: its places opened, its result planned. Every thread makes its own.
 */
import { dirname } from 'node:path'
import { PoolError } from '../../errors.ts'
import { codecsOf } from '../../pyramid/plan/plan-options.ts'
import { ArrayPooler } from '../../pyramid/pool-array.ts'
import { isS3, openStore } from '../../pyramid/store/open-store.ts'
import {
  type ArrayMetadata,
  chunksOf,
  dtypeOfElements,
  type ElementType,
} from '../../pyramid/zarr/array-metadata.ts'
import { ZarrArray } from '../../pyramid/zarr/zarr-array.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { formatShape } from '../../tensor/shape.ts'
import { UsageError } from '../exit.ts'
import { stagesOf } from '../operations.ts'
import { inFlags } from '../options/flags.ts'
import type { PoolingSettings } from '../options/settings.ts'
import { assertTruthful, type Pooling, planArrayPooling } from '../pooling.ts'

/** Plain data that says what to do. Places are absolute. */
export interface ArrayRequest {
  readonly in: string
  readonly out: string
  readonly mask?: string | undefined
  readonly counts?: string | undefined
  readonly settings: PoolingSettings
  readonly chunks?: readonly number[] | undefined
  readonly codec?: string | undefined
  readonly missing: 'fill' | 'error'
}

export interface OpenArray {
  readonly pooler: ArrayPooler
  readonly pooling: Pooling
  readonly source: ArrayMetadata
  /** The arrays that are made: the result, and the counts if they are wanted. */
  readonly made: readonly ZarrArray[]
}

/** @throws UsageError and PoolError for options that do not fit the array, and where there is none */
export async function openArrayPooling(request: ArrayRequest): Promise<OpenArray> {
  const source = await arrayAt(request.in)
  const planned = plan(source.metadata, request)
  const mask = request.mask === undefined ? undefined : await maskAt(request.mask, source, planned.leading)
  const target = await ZarrArray.of(openStore(request.out), '', planned.target)
  const counts = request.counts && (await ZarrArray.of(openStore(request.counts), '', planned.counts))
  const pooler = new ArrayPooler({
    source,
    target,
    stages: planned.stages,
    mask,
    counts: counts || undefined,
  })
  const made = counts ? [target, counts] : [target]
  return { pooler, pooling: planned.pooling, source: source.metadata, made }
}

async function arrayAt(place: string): Promise<ZarrArray> {
  const parent = isS3(place) ? place : dirname(place)
  return await ZarrArray.open(openStore(parent), place.slice(parent.length + 1))
}

async function maskAt(place: string, { metadata }: ZarrArray, leading: number): Promise<ZarrArray> {
  const mask = await arrayAt(place)
  const { shape, type } = mask.metadata
  if (dtypes[dtypeOfElements(type)].float)
    throw new UsageError(`--mask is of integers or booleans, and this is ${type}`)
  const forms = [...new Set([metadata.shape, metadata.shape.slice(leading)].map(formatShape))]
  if (forms.includes(formatShape(shape))) return mask
  throw new UsageError(
    `--mask is ${formatShape(shape)}, and must be ${forms.join(' or ')}, as the array or its pooled axes are`,
  )
}

function plan(metadata: ArrayMetadata, { settings, chunks, codec = 'keep' }: ArrayRequest) {
  const { shape, type, zarrFormat, encoding, sharding } = metadata
  const axes = settings.axes ?? (shape.length === 1 ? 1 : 2)
  if (shape.length < axes)
    throw new UsageError(
      `the array is ${formatShape(shape)}, and ${axes} axes are to be pooled; give options for fewer`,
    )
  if (type === 'bool') assertTruthful(settings)
  const dtype = dtypeOfElements(type)
  const leading = shape.length - axes
  const view = [1, ...shape.slice(leading)]
  const pooling = inWordsOfFlags(() => planArrayPooling({ ...settings, axes }, view, dtype))
  const stages = inWordsOfFlags(() => stagesIn(pooling, dtype))
  const outputShape = [...shape.slice(0, leading), ...pooling.outputShape.slice(1)]
  const own = chunks ?? chunksOf(metadata)
  if (own.length !== shape.length)
    throw new UsageError(`--chunks has ${own.length} numbers, and the array ${shape.length} axes`)
  const { codecs } = sharding?.encoding ?? encoding
  const encodingOf = (stored: ElementType) => {
    const info = { shape, type: stored, chunks: own, location: '', fingerprint: '', codecs }
    const itemSize = dtypes[dtypeOfElements(stored)].storage.BYTES_PER_ELEMENT
    return { littleEndian: true, codecs: codecsOf(codec, zarrFormat, info, itemSize) }
  }
  const target: ArrayMetadata = {
    zarrFormat,
    shape: outputShape,
    type,
    grid: own.map((length, axis) => Math.min(length, outputShape[axis]!)),
    encoding: encodingOf(type),
    fill: metadata.fill,
    keys: { separator: '/', prefix: zarrFormat === 3 },
    attributes: {},
    axisNames: metadata.axisNames,
  }
  const counts: ArrayMetadata = { ...target, type: 'int64', encoding: encodingOf('int64'), fill: 0n }
  return { pooling, stages, leading, target, counts }
}

/** The stages, each with the plans of its axes. */
function stagesIn({ operation, options, view }: Pooling, dtype: ReturnType<typeof dtypeOfElements>) {
  let shape = view
  return stagesOf(operation, options).map(([own, given]) => {
    const described = own.describe('forward', { shape, dtype }, given)
    shape = described.shape
    return { operation: own, options: given, axes: described.plan().axes }
  })
}

function inWordsOfFlags<R>(act: () => R): R {
  try {
    return act()
  } catch (error) {
    throw error instanceof PoolError
      ? new PoolError(error.code, inFlags(error.message), error.details)
      : error
  }
}
