/**
 * @file Decodes protobuf bytes. Limits size and nesting depth; every failure is a PoolError.
 */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import { formatValue, PoolError } from '../../../errors.ts'

/** Protobuf's limits. */
const largestFile = 2 ** 31 - 1
const deepest = 100

/**
 * @throws PoolError "LIMIT" for a file of 2 GiB or more, "BAD_FORMAT" unless the bytes are such a message, nested within the limit
 */
export function decode<M extends DescMessage>(file: string, schema: M, bytes: Uint8Array): MessageShape<M> {
  if (bytes.length > largestFile) {
    throw new PoolError(
      'LIMIT',
      `${file}: size = ${bytes.length}; must be at most ${largestFile} bytes, as protobuf has it. Store the data of the model elsewhere.`,
      { argument: 'size', value: bytes.length },
    )
  }
  try {
    return fromBinary(schema, bytes, { readUnknownFields: false, recursionLimit: deepest })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PoolError(
      'BAD_FORMAT',
      `${file}: content = ${bytes.length} bytes; must be a protobuf message ${schema.typeName}, nested at most ${deepest} deep (${formatValue(reason)}). Pass a file that ONNX wrote.`,
      { argument: 'content', value: bytes.length, cause },
    )
  }
}
