/**
 * @file A tensor as a .npy file, byte for byte as numpy.save writes it.
 */
import { invalid } from '../../errors.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { hostIsLittleEndian, reverseEach } from './byte-order.ts'
import { formatDescr } from './descr.ts'
import { magic } from './header.ts'
import { maxRank } from './header-text.ts'

const preambleLength = 10
const alignment = 64

/** numpy leaves room in the header for the first axis to grow to this many digits. */
const growthDigits = 21

/**
 * The bytes of a .npy file of version 1.0: little-endian, row-major. bfloat16 is written as ml_dtypes writes it ("<V2"): numpy
 * alone reads that as raw records, to be viewed as ml_dtypes.bfloat16. Truth values are written as "|b1".
 *
 * @throws PoolError "BAD_SHAPE" above 64 axes, which numpy does not have
 */
export function formatNpy(x: TensorLike): Uint8Array {
  const { data, shape, dtype, isBoolean } = asTensor('formatNpy', 'x', x)
  if (shape.length > maxRank) {
    const at = { op: 'formatNpy', argument: 'x.shape.length', value: shape.length }
    throw invalid('BAD_SHAPE', at, `arrays have at most ${maxRank} axes`, 'Reshape it.')
  }
  const header = headerText(isBoolean ? '|b1' : formatDescr(dtype), shape)
  const elements = storageOf(data)
  const file = new Uint8Array(preambleLength + header.length + elements.byteLength)
  file.set([...magic, 1, 0, header.length & 0xff, header.length >> 8])
  for (let i = 0; i < header.length; i++) file[preambleLength + i] = header.charCodeAt(i)
  const body = file.subarray(preambleLength + header.length)
  body.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength))
  if (isBoolean) for (let i = 0; i < body.length; i++) body[i] = body[i] === 0 ? 0 : 1
  if (!hostIsLittleEndian) reverseEach(body, elements.BYTES_PER_ELEMENT)
  return file
}

function headerText(descr: string, shape: readonly number[]): string {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`
  const room = shape.length === 0 ? 0 : growthDigits - String(shape[0]).length
  const unpadded = preambleLength + dict.length + room + 1
  const padding = (alignment - (unpadded % alignment)) % alignment
  return `${dict}${' '.repeat(room + padding)}\n`
}
