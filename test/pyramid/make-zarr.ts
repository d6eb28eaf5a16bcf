/**
 * @file Arrays and images in stores, for tests to make pyramids from.
 */
import { formatImageGroup } from '../../src/pyramid/ome/multiscales.ts'
import { joinKey, type Store } from '../../src/pyramid/store/store.ts'
import type { ArrayMetadata, ElementType } from '../../src/pyramid/zarr/array-metadata.ts'
import type { CodecSpec } from '../../src/pyramid/zarr/codecs.ts'
import { formatArray } from '../../src/pyramid/zarr/format-array.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'

export interface Made {
  readonly chunks: readonly number[]
  readonly shard?: readonly number[]
  readonly codecs?: readonly CodecSpec[]
  readonly zarrFormat?: 2 | 3
  readonly type?: ElementType
  readonly axisNames?: readonly string[]
}

/** Writes an array. */
export async function makeArray(store: Store, path: string, x: Tensor, made: Made): Promise<void> {
  const { chunks, shard, codecs = [], zarrFormat = 3, type = x.dtype as ElementType, axisNames } = made
  const encoding = { littleEndian: true, codecs }
  const metadata: ArrayMetadata = {
    zarrFormat,
    shape: x.shape,
    type,
    grid: shard ?? chunks,
    encoding,
    ...(shard && {
      sharding: { chunks, encoding, index: { atStart: false, littleEndian: true, hasChecksum: true } },
    }),
    fill: type === 'int64' || type === 'uint64' ? 0n : 0,
    keys: { separator: '/', prefix: zarrFormat === 3 },
    attributes: {},
    axisNames,
  }
  for (const [name, bytes] of Object.entries(formatArray(metadata)))
    await store.set(joinKey(path, name), bytes)
  const whole = { from: x.shape.map(() => 0), to: x.shape }
  await (await ZarrArray.of(store, path, metadata)).write({ data: x.data, box: whole }, (key) => key)
}

/** Writes an OME image of one level. */
export async function makeImage(
  store: Store,
  path: string,
  x: Tensor,
  made: Made,
  beside: object = {},
): Promise<void> {
  const names = 'tczyx'.slice(5 - x.shape.length).split('')
  const types: Record<string, string> = { t: 'time', c: 'channel' }
  const group = {
    version: made.zarrFormat === 2 ? ('0.4' as const) : ('0.5' as const),
    axes: names.map((name) => ({
      name,
      type: types[name] ?? 'space',
      ...(types[name] === undefined && { unit: 'micrometer' }),
    })),
    datasets: [{ path: '0', scale: names.map((_, i) => 0.5 + i), translation: names.map((_, i) => i) }],
    name: 'made',
    beside: beside as Record<string, unknown>,
  }
  await makeArray(store, joinKey(path, '0'), x, made)
  const objects = formatImageGroup(group, { type: 'none', metadata: {} })
  for (const [name, bytes] of Object.entries(objects)) await store.set(joinKey(path, name), bytes)
}
