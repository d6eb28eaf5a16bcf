/**
 * @file The metadata of an array, read: zarr.json of version 3, .zarray of version 2. What cannot be decoded is refused by name.
 */
import { parseDescr } from '../../adapters/npy/descr.ts'
import { parseShape, sizeOf } from '../../tensor/shape.ts'
import {
  type ArrayMetadata,
  type ChunkEncoding,
  type ElementType,
  elementTypes,
  type Sharding,
} from './array-metadata.ts'
import type { CodecSpec } from './codecs.ts'
import { badMetadata, type Json, parseFill } from './json-values.ts'

interface Named {
  readonly name: string
  readonly configuration: Json
}

/** @throws PoolError "BAD_FORMAT" naming the key and the field, "BAD_SHAPE" for an invalid shape */
export function parseArrayV3(key: string, json: Json, text: string): ArrayMetadata {
  if (json.node_type !== 'array') throw badMetadata(key, 'it describes a group; name an array in it')
  const shape = parseShape(key, 'shape', json.shape)
  const type = json.data_type as ElementType
  if (!elementTypes.includes(type))
    throw badMetadata(key, `data_type ${JSON.stringify(type)} is not read; ${elementTypes.join(', ')} are`)
  const grid = named(key, 'chunk_grid', json.chunk_grid)
  if (grid.name !== 'regular') throw badMetadata(key, `chunk_grid ${grid.name} is not read; regular is`)
  const chunks = parseChunks(key, 'chunk_shape', grid.configuration.chunk_shape, shape)
  const encoding = named(key, 'chunk_key_encoding', json.chunk_key_encoding)
  if (encoding.name !== 'default' && encoding.name !== 'v2')
    throw badMetadata(key, `chunk_key_encoding ${encoding.name} is not read; default and v2 are`)
  const isDefault = encoding.name === 'default'
  const separator = encoding.configuration.separator ?? (isDefault ? '/' : '.')
  const codecs = list(key, 'codecs', json.codecs)
  const isSharded = codecs.some(({ name }) => name === 'sharding_indexed')
  if (isSharded && codecs.length !== 1) throw badMetadata(key, 'codecs beside sharding_indexed are not read')
  return {
    zarrFormat: 3,
    shape,
    type,
    grid: chunks,
    encoding: isSharded ? { littleEndian: true, codecs: [] } : parseEncoding(key, codecs, shape.length),
    ...(isSharded && { sharding: parseSharding(key, codecs[0]!, chunks, shape) }),
    fill: parseFill(key, json, text, type),
    keys: { separator: separator === '.' ? '.' : '/', prefix: isDefault },
    attributes: (json.attributes ?? {}) as Json,
    ...(Array.isArray(json.dimension_names) && { axisNames: json.dimension_names as (string | null)[] }),
  }
}

/** @throws PoolError as `parseArrayV3` does */
export function parseArrayV2(key: string, json: Json, text: string, attributes: Json): ArrayMetadata {
  const shape = parseShape(key, 'shape', json.shape)
  const element =
    typeof json.dtype === 'string' ? parseDescr(json.dtype) : 'structured arrays are not supported'
  if (typeof element === 'string') throw badMetadata(key, `dtype ${JSON.stringify(json.dtype)}: ${element}`)
  if (element.dtype === 'bfloat16') throw badMetadata(key, `dtype ${JSON.stringify(json.dtype)} is not read`)
  const type = element.boolean ? 'bool' : element.dtype
  const { filters, compressor, order } = json
  if (Array.isArray(filters) && filters.length > 0)
    throw badMetadata(key, `filters ${JSON.stringify(filters)} are not read; write the array without filters`)
  const axes = shape.map((_, axis) => axis)
  const names = attributes._ARRAY_DIMENSIONS
  return {
    zarrFormat: 2,
    shape,
    type,
    grid: parseChunks(key, 'chunks', json.chunks, shape),
    encoding: {
      ...(order === 'F' && shape.length > 1 && { order: axes.toReversed() }),
      littleEndian: element.littleEndian,
      codecs:
        compressor === null || compressor === undefined
          ? []
          : [parseCodec(key, compressorOf(key, compressor))],
    },
    fill: parseFill(key, json, text, type),
    keys: { separator: json.dimension_separator === '/' ? '/' : '.', prefix: false },
    attributes,
    ...(Array.isArray(names) && names.length === shape.length && { axisNames: names as string[] }),
  }
}

function compressorOf(key: string, compressor: unknown): Named {
  const { id, ...configuration } = compressor as Json
  if (typeof id !== 'string') throw badMetadata(key, `compressor ${JSON.stringify(compressor)} has no id`)
  return { name: id, configuration }
}

function parseChunks(
  key: string,
  field: string,
  value: unknown,
  shape: readonly number[],
): readonly number[] {
  const chunks = parseShape(key, field, value)
  if (
    chunks.length === shape.length &&
    chunks.every((length) => length >= 1) &&
    Number.isFinite(sizeOf(chunks))
  )
    return chunks
  throw badMetadata(
    key,
    `${field} ${JSON.stringify(value)} must have one length >= 1 for each of ${shape.length} axes`,
  )
}

function parseSharding(
  key: string,
  { configuration }: Named,
  shard: readonly number[],
  shape: readonly number[],
): Sharding {
  const chunks = parseChunks(key, 'chunk_shape', configuration.chunk_shape, shape)
  if (chunks.some((length, axis) => shard[axis]! % length !== 0))
    throw badMetadata(key, `chunks of ${chunks.join('x')} do not divide shards of ${shard.join('x')}`)
  const index = list(key, 'index_codecs', configuration.index_codecs)
  const known = index.every(({ name }, i) => (i === 0 ? name === 'bytes' : name === 'crc32c'))
  if (!known || index.length > 2)
    throw badMetadata(
      key,
      `index_codecs ${index.map(({ name }) => name).join(', ')} are not read; bytes and crc32c are`,
    )
  return {
    chunks,
    encoding: parseEncoding(key, list(key, 'codecs', configuration.codecs), shape.length),
    index: {
      atStart: configuration.index_location === 'start',
      littleEndian: index[0]?.configuration.endian !== 'big',
      hasChecksum: index.length === 2,
    },
  }
}

function parseEncoding(key: string, codecs: readonly Named[], rank: number): ChunkEncoding {
  let order: readonly number[] | undefined
  let littleEndian = true
  const compressors: CodecSpec[] = []
  for (const codec of codecs) {
    const { name, configuration } = codec
    if (name === 'transpose') order = parseOrder(key, configuration.order, rank)
    else if (name === 'bytes') littleEndian = configuration.endian !== 'big'
    else compressors.push(parseCodec(key, codec))
  }
  return { ...(order && { order }), littleEndian, codecs: compressors }
}

function parseOrder(key: string, order: unknown, rank: number): readonly number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  if (order === 'C') return axes
  if (order === 'F') return axes.reverse()
  if (Array.isArray(order) && axes.every((axis) => order.includes(axis)) && order.length === rank)
    return order as number[]
  throw badMetadata(key, `transpose order ${JSON.stringify(order)} must hold each of ${rank} axes once`)
}

const shuffles: Readonly<Record<string, number>> = { noshuffle: 0, shuffle: 1, bitshuffle: 2 }

function parseCodec(key: string, { name, configuration }: Named): CodecSpec {
  const { level, acceleration, cname, clevel, shuffle, blocksize } = configuration
  switch (name) {
    case 'gzip':
    case 'zlib':
      return { name, level: Number(level ?? 1) }
    case 'zstd':
      return { name, level: Number(level ?? 0) }
    case 'lz4':
      return { name, acceleration: Number(acceleration ?? 1) }
    case 'crc32c':
      return { name }
    case 'blosc':
      return {
        name,
        cname: String(cname ?? 'lz4'),
        clevel: Number(clevel ?? 5),
        shuffle: typeof shuffle === 'number' ? shuffle : (shuffles[String(shuffle)] ?? 1),
        blocksize: Number(blocksize ?? 0),
      }
    default:
      throw badMetadata(
        key,
        `codec ${JSON.stringify(name)} is not read; gzip, zlib, zstd, blosc, lz4 and crc32c are`,
      )
  }
}

function list(key: string, field: string, value: unknown): Named[] {
  if (!Array.isArray(value)) throw badMetadata(key, `${field} must be a list`)
  return value.map((each) => named(key, field, each))
}

function named(key: string, field: string, value: unknown): Named {
  if (typeof value === 'string') return { name: value, configuration: {} }
  const { name, configuration } = (value ?? {}) as Json
  if (typeof name !== 'string') throw badMetadata(key, `${field} has no name`)
  return { name, configuration: (configuration ?? {}) as Json }
}
