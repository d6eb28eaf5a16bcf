/**
 * @file Protobuf bytes as messages: bounded in size and depth, and refused as one kind of error.
 */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import { formatValue, PoolError } from '../../../errors.ts'

/** Protobuf's own bounds. */
const largestFile = 2 ** 31 - 1
const deepest = 100

/**
 * @throws PoolError "LIMIT" for a file past 2 GiB, "BAD_FORMAT" for bytes that are no such message or nest too deep
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
