/**
 * @file A .npy file as a tensor.
 */
import { asTensor } from '../../tensor/as-tensor.ts'
import { dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { type Bytes, bytesOf } from '../bytes.ts'
import { hostIsLittleEndian, reverseEach } from './byte-order.ts'
import { type NpyHeader, readNpyHeader } from './header.ts'

/**
 * The array in a .npy file, versions 1.0 to 3.0, in row-major order.
 *
 * Reads f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 in both byte orders and both axis orders, bfloat16 as ml_dtypes saves it ("<V2"), and
 * booleans ("|b1") as truth values: uint8 0 and 1, with `isBoolean`.
 *
 * @param bytes  the whole file; the tensor shares its memory where alignment, byte order and axis order allow
 * @param name   the file's name, for messages
 * @throws PoolError "BAD_FORMAT" for anything else: other dtypes, text and pickled objects among them, a malformed header,
 *   and data shorter or longer than the header says. Nothing is allocated before these checks.
 *
 * Source: numpy.lib.format, versions 1.0 to 3.0
 */
export function parseNpy(bytes: Bytes, name = 'parseNpy'): Tensor {
  const file = bytesOf(name, bytes)
  const header = readNpyHeader(file, file.length, name)
  const data = elements(file, header)
  const { shape, fortranOrder, boolean } = header
  const dtype = boolean ? 'bool' : header.dtype
  if (!fortranOrder) return new Tensor(data, shape, dtype)
  const stride: number[] = []
  shape.reduce((step, dim, axis) => {
    stride[axis] = step
    return step * dim
  }, 1)
  return asTensor(name, 'data', { data, shape, dtype, stride, offset: 0 })
}

function elements(bytes: Uint8Array, header: NpyHeader): TypedArray {
  const { dtype, littleEndian, boolean, dataStart, dataLength } = header
  const Storage = dtypes[dtype].storage as unknown as {
    readonly BYTES_PER_ELEMENT: number
    new (buffer: ArrayBufferLike, start: number, length: number): TypedArray
  }
  const itemSize = Storage.BYTES_PER_ELEMENT
  const raw = bytes.subarray(dataStart, dataStart + dataLength)
  if (boolean) return raw.map((byte) => (byte === 0 ? 0 : 1))
  const isNative = itemSize === 1 || littleEndian === hostIsLittleEndian
  if (isNative && raw.byteOffset % itemSize === 0) {
    return new Storage(raw.buffer, raw.byteOffset, dataLength / itemSize)
  }
  const copy = Uint8Array.from(raw)
  if (!isNative) reverseEach(copy, itemSize)
  return new Storage(copy.buffer, 0, dataLength / itemSize)
}
