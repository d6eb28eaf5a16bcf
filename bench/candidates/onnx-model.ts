/**
 * @file A model of one pooling node, written as ONNX protobuf by hand.
 */
import type { Problem } from '../problem.ts'

const floatType = 1
const uint8Type = 2
const int64Type = 7

export function onnxModel({ workload, outShape }: Problem): Uint8Array {
  const { window, stride, padding, shape, indices, global } = workload
  const element = workload.dtype === 'float32' ? floatType : uint8Type
  const outputs = indices ? ['y', 'indices'] : ['y']
  const attributes = global
    ? []
    : [
        intsAttribute('kernel_shape', [window, window]),
        intsAttribute('strides', [stride, stride]),
        intsAttribute('pads', [padding, padding, padding, padding]),
      ]
  const node = message([
    text(1, 'x'),
    ...outputs.map((name) => text(2, name)),
    text(4, operatorOf(workload)),
    ...attributes.map((attribute) => bytes(5, attribute)),
  ])
  const graph = message([
    bytes(1, node),
    text(2, 'pooling'),
    bytes(11, valueInfo('x', element, shape)),
    bytes(12, valueInfo('y', element, outShape)),
    ...(indices ? [bytes(12, valueInfo('indices', int64Type, outShape))] : []),
  ])
  const opset = message([text(1, ''), int(2, 12)])
  return Uint8Array.from(message([int(1, 7), bytes(7, graph), bytes(8, opset)]))
}

function operatorOf({ reducer, global }: Problem['workload']): string {
  return `${global ? 'Global' : ''}${reducer === 'max' ? 'MaxPool' : 'AveragePool'}`
}

function valueInfo(name: string, element: number, shape: readonly number[]): number[] {
  const dims = message(shape.map((dim) => bytes(1, int(1, dim))))
  const tensor = message([int(1, element), bytes(2, dims)])
  return message([text(1, name), bytes(2, bytes(1, tensor))])
}

function intsAttribute(name: string, values: readonly number[]): number[] {
  const attributeInts = 7
  return message([text(1, name), ...values.map((value) => int(8, value)), int(20, attributeInts)])
}

function message(fields: readonly number[][]): number[] {
  return fields.flat()
}

function int(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)]
}

function bytes(field: number, value: readonly number[]): number[] {
  return [...varint((field << 3) | 2), ...varint(value.length), ...value]
}

function text(field: number, value: string): number[] {
  return bytes(field, [...new TextEncoder().encode(value)])
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))]
}
