/**
 * @file The metadata of an array, written.
 */
import { formatDescr } from '../../adapters/npy/descr.ts'
import { dtypes } from '../../tensor/dtype.ts'
import {
  type ArrayMetadata,
  type ChunkEncoding,
  dtypeOfElements,
  type ElementType,
} from './array-metadata.ts'
import type { CodecSpec } from './codecs.ts'
import { formatFill, formatJson } from './json-values.ts'

/** The objects of an array's metadata, by their keys relative to the array. */
export function formatArray(array: ArrayMetadata): Readonly<Record<string, Uint8Array>> {
  return array.zarrFormat === 3 ? { 'zarr.json': formatJson(v3Of(array)) } : formatV2(array)
}

function v3Of(array: ArrayMetadata): object {
  const { shape, type, grid, encoding, sharding, fill, keys, attributes, axisNames } = array
  return {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: type,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: grid } },
    chunk_key_encoding: {
      name: keys.prefix ? 'default' : 'v2',
      configuration: { separator: keys.separator },
    },
    fill_value: formatFill(fill, type),
    codecs:
      sharding === undefined
        ? codecsOf(encoding, type)
        : [
            {
              name: 'sharding_indexed',
              configuration: {
                chunk_shape: sharding.chunks,
                codecs: codecsOf(sharding.encoding, type),
                index_codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }],
                index_location: 'end',
              },
            },
          ],
    attributes,
    ...(axisNames && { dimension_names: axisNames }),
  }
}

function codecsOf({ codecs }: ChunkEncoding, type: ElementType): object[] {
  const size = dtypes[dtypeOfElements(type)].storage.BYTES_PER_ELEMENT
  const bytes = { name: 'bytes', ...(size > 1 && { configuration: { endian: 'little' } }) }
  return [bytes, ...codecs.map((codec) => codecV3(codec, size))]
}

const shuffles = ['noshuffle', 'shuffle', 'bitshuffle']

function codecV3(codec: CodecSpec, size: number): object {
  switch (codec.name) {
    case 'crc32c':
      return { name: 'crc32c' }
    case 'zstd':
      return { name: 'zstd', configuration: { level: codec.level, checksum: false } }
    case 'blosc': {
      const { cname, clevel, shuffle, blocksize } = codec
      return {
        name: 'blosc',
        configuration: {
          cname,
          clevel,
          shuffle: shuffles[shuffle] ?? 'noshuffle',
          typesize: size,
          blocksize,
        },
      }
    }
    default: {
      const { name, ...configuration } = codec
      return { name, configuration }
    }
  }
}

function formatV2({ shape, type, grid, encoding, fill, keys, attributes, axisNames }: ArrayMetadata) {
  const [codec] = encoding.codecs
  const { name: id, ...settings } = codec ?? { name: undefined }
  const own = axisNames === undefined ? attributes : { _ARRAY_DIMENSIONS: axisNames, ...attributes }
  return {
    '.zarray': formatJson({
      zarr_format: 2,
      shape,
      chunks: grid,
      dtype: type === 'bool' ? '|b1' : formatDescr(dtypeOfElements(type)),
      compressor: id === undefined ? null : { id, ...settings },
      fill_value: formatFill(fill, type),
      order: 'C',
      filters: null,
      dimension_separator: keys.separator,
    }),
    '.zattrs': formatJson(own),
  }
}
