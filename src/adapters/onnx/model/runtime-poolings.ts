/**
 * @file Pooling operators that only ONNX Runtime has, mostly for quantised tensors, as `listPoolings` lists them. All but
 * MaxpoolWithMask are run.
 */
import { invalid } from '../../../errors.ts'
import type { OperatorName } from '../operators.ts'
import type { NodeProto } from '../proto/generated/onnx_pb.ts'
import { changed } from './changed.ts'
import { fullName } from './inference/rules.ts'
import type { Dimensions } from './pooled-shape.ts'

interface RuntimePooling {
  /** ONNX's operator with the same windows. */
  readonly like: OperatorName
  readonly layout: 'NCHW' | 'NHWC' | 'channels_last'
}

const poolings: ReadonlyMap<string, RuntimePooling> = new Map<string, RuntimePooling>([
  ['com.microsoft.MaxpoolWithMask', { like: 'MaxPool', layout: 'NCHW' }],
  ['com.microsoft.NhwcMaxPool', { like: 'MaxPool', layout: 'NHWC' }],
  ['com.microsoft.QLinearAveragePool', { like: 'AveragePool', layout: 'channels_last' }],
  ['com.microsoft.QLinearGlobalAveragePool', { like: 'GlobalAveragePool', layout: 'channels_last' }],
])

export function isRuntimePooling(node: NodeProto): boolean {
  return poolings.has(fullName(node))
}

/** Converts the node to ONNX's operator; `hasChannelsLast` is true for NHWC. */
export function asOnnx(node: NodeProto): { readonly node: NodeProto; readonly hasChannelsLast: boolean } {
  const { like, layout } = poolings.get(fullName(node))!
  const named = node.attribute.find(({ name }) => name === layout)
  const attribute = node.attribute.filter((other) => other !== named)
  return {
    node: changed(node, { opType: like, domain: '', attribute }),
    hasChannelsLast: layout === 'NHWC' || named?.i === 1n,
  }
}

/** The reason why such a node cannot be run. */
export function runtimeOnly(label: string, node: NodeProto): string {
  return invalid(
    'UNAVAILABLE',
    { op: label, argument: 'op_type', value: fullName(node) },
    "is ONNX Runtime's own operator, which is not run",
    'Use MaxPool, or maxPool2d with a mask.',
  ).message
}

/** NHWC to NCHW. */
export function channelsFirst(shape: Dimensions | null): Dimensions | null {
  return shape && [...shape.slice(0, 1), ...shape.slice(-1), ...shape.slice(1, -1)]
}

/** NCHW to NHWC. */
export function channelsLast(shape: Dimensions | null): Dimensions | null {
  return shape && [...shape.slice(0, 1), ...shape.slice(2), ...shape.slice(1, 2)]
}
