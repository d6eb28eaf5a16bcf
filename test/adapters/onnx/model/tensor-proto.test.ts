import { create, toBinary } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { parseTensor } from '../../../../src/adapters/onnx/index.ts'
import {
  TensorProto_DataLocation as Location,
  TensorProtoSchema,
  TensorProto_DataType as Type,
} from '../../../../src/adapters/onnx/proto/generated/onnx_pb.ts'
import { tensor, zeros } from '../../../../src/tensor/create.ts'
import { dtypeNames } from '../../../../src/tensor/dtype.ts'
import { tensorBytes } from '../../../support/onnx-model.ts'
import { refusalOf } from '../../../support/refusals.ts'

type Fields = Parameters<typeof create<typeof TensorProtoSchema>>[1]

const bytesOf = (fields: Fields): Uint8Array => toBinary(TensorProtoSchema, create(TensorProtoSchema, fields))

function expectRefused(bytes: Uint8Array, message: string | RegExp): void {
  const error = refusalOf(() => parseTensor(bytes, 'x.pb'))
  expect(error?.code).toBe('BAD_FORMAT')
  expect(error?.message).toMatch(message)
  expect(error?.message).toMatch(/^x\.pb: .+ = .+; .+\. .+\.$/s)
}

describe('raw data', () => {
  test.each(dtypeNames)('%s', (dtype) => {
    const big = dtype === 'int64' || dtype === 'uint64'
    const x = tensor([[1, 2, 3].map((v) => (big ? BigInt(v) : v))], undefined, dtype)
    const read = parseTensor(tensorBytes(x))
    expect([read.dtype, read.shape, read.data]).toEqual([dtype, [1, 3], x.data])
  })

  test('is shared where it is aligned, and copied where it is not', () => {
    const bytes = tensorBytes(tensor([1, 2, 3, 4]))
    for (let shift = 0; shift < 4; shift++) {
      const moved = new Uint8Array(bytes.length + shift).subarray(shift)
      moved.set(bytes)
      const { data } = parseTensor(moved)
      expect(Array.from(data as Float32Array)).toEqual([1, 2, 3, 4])
      expect(data.byteOffset % 4).toBe(0)
    }
  })

  test('scalars and empty tensors', () => {
    expect(parseTensor(tensorBytes(tensor(Float32Array.of(7), []))).toArray()).toBe(7)
    expect(parseTensor(tensorBytes(zeros([0, 3]))).shape).toEqual([0, 3])
  })
})

describe('data in fields', () => {
  test.each([
    [Type.FLOAT, { floatData: [1.5, -2] }, [1.5, -2]],
    [Type.DOUBLE, { doubleData: [0.1, 2] }, [0.1, 2]],
    [Type.INT8, { int32Data: [-128, 127] }, [-128, 127]],
    [Type.UINT8, { int32Data: [0, 255] }, [0, 255]],
    [Type.INT16, { int32Data: [-32768, 1] }, [-32768, 1]],
    [Type.UINT16, { int32Data: [65535, 1] }, [65535, 1]],
    [Type.INT32, { int32Data: [-1, 1] }, [-1, 1]],
    [Type.UINT32, { uint64Data: [4294967295n, 1n] }, [4294967295, 1]],
    [Type.INT64, { int64Data: [-(2n ** 63n), 1n] }, [-(2n ** 63n), 1n]],
    [Type.UINT64, { uint64Data: [2n ** 64n - 1n, 1n] }, [2n ** 64n - 1n, 1n]],
    [Type.FLOAT16, { int32Data: [0x3c00, 0xc000] }, [1, -2]],
    [Type.BFLOAT16, { int32Data: [0x3f80, 0xc000] }, [1, -2]],
  ])('type %i', (dataType, fields, values) => {
    expect(parseTensor(bytesOf({ dataType, dims: [2n], ...fields } as Fields)).toArray()).toEqual(values)
  })

  test.each([
    [Type.UINT8, [256]],
    [Type.UINT8, [-1]],
    [Type.INT8, [128]],
    [Type.FLOAT16, [65536]],
  ])('type %i does not hold %j', (dataType, int32Data) => {
    expectRefused(bytesOf({ dataType, dims: [1n], int32Data }), 'int32_data[0]')
  })
})

describe('refused', () => {
  test.each([
    ['../../etc/passwd', '0', '8'],
    ['/etc/passwd', '-1', '8'],
    ['weights.bin', '0', '9000000000000000'],
    ['link.bin', '0', '8'],
  ])('external data at %s, offset %s, length %s', (location, offset, length) => {
    const externalData = Object.entries({ location, offset, length }).map(([key, value]) => ({ key, value }))
    const fields = { dataType: Type.FLOAT, dims: [2n], externalData }
    expectRefused(
      bytesOf({ ...fields, dataLocation: Location.EXTERNAL }),
      `location = ${JSON.stringify(location)}`,
    )
    expectRefused(bytesOf(fields), 'data in other files is never read')
    expectRefused(
      bytesOf({ dataType: Type.FLOAT, dims: [2n], dataLocation: Location.EXTERNAL }),
      'external_data',
    )
  })

  test.each([
    [[2n ** 62n], 'dims[0] = 4611686018427387904n'],
    [[-1n, 2n], 'dims[0] = -1n'],
    [[2n ** 40n], 'must be 4398046511104 for shape 1099511627776'],
    [[65536n, 65536n, 65536n, 65536n], 'must be Infinity'],
    [[3n], 'raw_data length = 8; must be 12'],
  ])('dims %s of 8 bytes', (dims, message) => {
    expectRefused(bytesOf({ dataType: Type.FLOAT, dims, rawData: new Uint8Array(8) }), message)
  })

  test.each([
    [Type.STRING, 'STRING'],
    [Type.BOOL, 'BOOL'],
    [Type.COMPLEX64, 'COMPLEX64'],
    [Type.FLOAT8E4M3FN, 'FLOAT8E4M3FN'],
    [Type.INT4, 'INT4'],
    [0, 'UNDEFINED'],
    [99, '99'],
  ])('type %i', (dataType, name) => {
    expectRefused(bytesOf({ dataType, dims: [1n], rawData: new Uint8Array(4) }), `data_type = "${name}"`)
  })

  test('segments', () => {
    expectRefused(bytesOf({ dataType: Type.FLOAT, dims: [2n], segment: { begin: 0n, end: 1n } }), 'segment')
  })

  test('every cut of a file', () => {
    const bytes = tensorBytes(tensor([1, 2, 3, 4]))
    for (let length = 0; length < bytes.length; length++) {
      expect(refusalOf(() => parseTensor(bytes.subarray(0, length)))?.code).toBe('BAD_FORMAT')
    }
  })

  test('a length of 2^63, and a varint without end', () => {
    expectRefused(Uint8Array.of(0x4a, 255, 255, 255, 255, 255, 255, 255, 255, 127), 'TensorProto')
    expectRefused(new Uint8Array(64).fill(255), 'TensorProto')
  })
})
