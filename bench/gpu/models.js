/**
 * @file ONNX models of one pooling, by ONNX's own schema.
 */
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const schema = fileURLToPath(new URL('../../src/adapters/onnx/proto/onnx.proto', import.meta.url))
const ModelProto = protobuf.loadSync(schema).lookupType('onnx.ModelProto')
const types = { float32: 1, ints: 7 }

export function modelOf({ onnx, options: { kernelSize, stride } }, shape) {
  const square = (name, length) => ({ name, type: types.ints, ints: [length, length] })
  const attribute =
    kernelSize === undefined ? [] : [square('kernel_shape', kernelSize), square('strides', stride)]
  const dims = (list) => ({ tensorType: { elemType: types.float32, shape: { dim: list } } })
  return ModelProto.encode(
    ModelProto.fromObject({
      irVersion: 8,
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'pooling',
        node: [{ opType: onnx, input: ['x'], output: ['y'], attribute }],
        input: [{ name: 'x', type: dims(shape.map((dimValue) => ({ dimValue }))) }],
        output: [{ name: 'y', type: dims(shape.map((_, i) => ({ dimParam: `d${i}` }))) }],
      },
    }),
  ).finish()
}
