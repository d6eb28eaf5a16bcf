/**
 * @file A node as inference rules see it: facts about its inputs, and its attributes by name.
 */
import type { AttributeProto, NodeProto } from '../../proto/generated/onnx_pb.ts'
import type { Dimensions } from '../pooled-shape.ts'
import { type Fact, mostAxes, unknown } from './fact.ts'

/** Infers facts about a node's outputs; missing ones are unknown. */
export type Rule = (node: NodeView) => readonly Fact[] | Fact

export class NodeView {
  readonly opType: string
  /** The opset of ONNX's own domain. */
  readonly opset: number
  readonly outputs: number
  /** Undefined for an omitted optional input. */
  readonly inputs: readonly (Fact | undefined)[]
  private readonly attributes: ReadonlyMap<string, AttributeProto>

  constructor(
    { opType, output }: Pick<NodeProto, 'opType' | 'output'>,
    attributes: readonly AttributeProto[],
    inputs: readonly (Fact | undefined)[],
    opset: number,
  ) {
    this.opset = opset
    this.opType = opType
    this.outputs = output.length
    this.inputs = inputs
    this.attributes = new Map(attributes.map((attribute) => [attribute.name, attribute]))
  }

  has(name: string): boolean {
    return this.attributes.has(name)
  }

  attribute(name: string): AttributeProto | undefined {
    return this.attributes.get(name)
  }

  input(i: number): Fact {
    return this.inputs[i] ?? unknown
  }

  int(name: string, otherwise: number): number {
    const value = this.attributes.get(name)
    return value === undefined ? otherwise : Number(value.i)
  }

  ints(name: string): readonly number[] | undefined {
    return this.attributes.get(name)?.ints.map(Number)
  }

  floats(name: string): readonly number[] | undefined {
    return this.attributes.get(name)?.floats
  }

  text(name: string): string {
    return new TextDecoder().decode(this.attributes.get(name)?.s)
  }

  /**
   * A list that is an attribute in old versions of an operator and an input in new ones. Undefined if omitted, null if
   * unknown.
   */
  list(name: string, i: number): Dimensions | null | undefined {
    const attribute = this.attributes.get(name)
    if (attribute !== undefined)
      return attribute.ints.length > 0 ? attribute.ints.map(Number) : attribute.floats
    return this.inputs[i] === undefined ? undefined : this.inputs[i].elements
  }

  /** The node with only some of its inputs, since quantised operators have extra inputs for scales and zero points. */
  withInputs(places: readonly number[]): NodeView {
    return new NodeView(
      { opType: this.opType, output: new Array<string>(this.outputs).fill('') },
      [...this.attributes.values()],
      places.map((place) => this.inputs[place]),
      this.opset,
    )
  }
}

/** Axes counted from 0; null if one is unknown, out of range or repeated. */
export function axesOf(given: Dimensions | null, rank: number): readonly number[] | null {
  if (given === null || given.length > rank || rank > mostAxes) return null
  const axes = given.map((axis) => axisOf(axis, rank))
  return axes.includes(null) || new Set(axes).size < axes.length ? null : (axes as number[])
}

export function axisOf(axis: Dimensions[number], rank: number): number | null {
  if (typeof axis !== 'number' || !Number.isInteger(axis)) return null
  const place = axis < 0 ? axis + rank : axis
  return place >= 0 && place < rank ? place : null
}
