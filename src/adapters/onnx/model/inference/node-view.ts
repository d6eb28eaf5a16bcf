/**
 * @file A node as the rules of inference see it: the facts of its inputs, and its attributes by name.
 */
import type { AttributeProto, NodeProto } from '../../proto/generated/onnx_pb.ts'
import type { Dimensions } from '../pooled-shape.ts'
import { type Fact, mostAxes, unknown } from './fact.ts'

/** The facts of a node's outputs, as many as are known. */
export type Rule = (node: NodeView) => readonly Fact[] | Fact

export class NodeView {
  readonly opType: string
  /** The version of ONNX's own operators. */
  readonly opset: number
  readonly outputs: number
  /** Undefined for an optional one that was left out. */
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
   * A list that is an attribute in old versions of an operator and an input in new ones: undefined where it is left out, null where
   * it is not known.
   */
  list(name: string, i: number): Dimensions | null | undefined {
    const attribute = this.attributes.get(name)
    if (attribute !== undefined)
      return attribute.ints.length > 0 ? attribute.ints.map(Number) : attribute.floats
    return this.inputs[i] === undefined ? undefined : this.inputs[i].elements
  }

  /** The same node with some of its inputs only: quantised operators have the scales of each tensor beside it. */
  withInputs(places: readonly number[]): NodeView {
    return new NodeView(
      { opType: this.opType, output: new Array<string>(this.outputs).fill('') },
      [...this.attributes.values()],
      places.map((place) => this.inputs[place]),
      this.opset,
    )
  }
}

/** Axes from 0 on; null if one is not known, out of range or there twice. */
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
