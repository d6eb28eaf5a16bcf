/**
 * @file Converts a node's AttributeProtos to attributes, and checks their types against the operator's schema.
 */
import { invalid } from '../../../errors.ts'
import type { Attributes } from '../attributes.ts'
import type { AttributeSpec, Schema } from '../operators.ts'
import {
  type AttributeProto,
  type NodeProto,
  AttributeProto_AttributeType as Type,
} from '../proto/generated/onnx_pb.ts'

const types: Readonly<Record<AttributeSpec['kind'], Type>> = {
  int: Type.INT,
  ints: Type.INTS,
  float: Type.FLOAT,
  string: Type.STRING,
}

/**
 * Attributes that are not in the schema are kept, so that the operator refuses them.
 *
 * @throws PoolError "BAD_FORMAT" for an attribute of another type, one given twice, or one that refers to an attribute of a function
 */
export function nodeAttributes(label: string, schema: Schema, node: NodeProto): Attributes {
  const attributes = new Map<string, Attributes[string]>()
  for (const attribute of node.attribute) {
    const { name, refAttrName } = attribute
    if (attributes.has(name) || refAttrName !== '') {
      throw invalid(
        'BAD_FORMAT',
        { op: label, argument: name, value: refAttrName || 'twice' },
        'must be given once, with its value',
        'Pass a model that ONNX checks.',
      )
    }
    const spec = Object.hasOwn(schema.attributes, name) ? schema.attributes[name] : undefined
    attributes.set(name, attributeValue(label, attribute, spec))
  }
  return Object.fromEntries(attributes)
}

function attributeValue(
  label: string,
  attribute: AttributeProto,
  spec: AttributeSpec | undefined,
): Attributes[string] {
  const { name, type } = attribute
  const wanted = spec === undefined ? type : types[spec.kind]
  if (type !== wanted && type !== Type.UNDEFINED) {
    throw invalid(
      'BAD_FORMAT',
      { op: label, argument: `${name} type`, value: Type[type] ?? type },
      `must be ${Type[wanted]}`,
      'Pass a model that ONNX checks.',
    )
  }
  switch (wanted) {
    case Type.INT:
      return attribute.i
    case Type.INTS:
      return attribute.ints
    case Type.FLOAT:
      return attribute.f
    case Type.STRING:
      return new TextDecoder().decode(attribute.s)
    default:
      return Type[type] ?? String(type)
  }
}
