/**
 * @file Goes through a model's nodes in order, those in branches, loops and model-local functions included, and learns what each
 * gives from what it takes. Each node is seen once, and once more for each further call of its function.
 */
import { invalid } from '../../../../errors.ts'
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  NodeProto,
  ValueInfoProto,
} from '../../proto/generated/onnx_pb.ts'
import { changed } from '../changed.ts'
import { dtypeOf } from '../element-types.ts'
import { nodePlace, printable, valueInfo } from '../parse-model.ts'
import { controls } from './control.ts'
import { type Fact, factOf, unknown } from './fact.ts'
import { NodeView } from './node-view.ts'
import { fullName, rules } from './rules.ts'
import { type Known, Scope } from './scope.ts'
import { tensorFact } from './sources.ts'
import { stopOf } from './stop.ts'

/** A node that the caller looks at itself. */
export interface Visit {
  /** `node 3 "call" (F): node 0 (MaxPool)`. */
  readonly place: string
  /** The names of the calls around it, each with a slash. */
  readonly path: string
  readonly node: NodeProto
  /** The version of ONNX's own operators that holds here. */
  readonly opset: number
  readonly inputs: readonly (Known | undefined)[]
  /** What the model says of its first output. */
  readonly declared: Fact | undefined
}

export interface Walk {
  readonly file: string
  readonly graph: GraphProto
  readonly functions: readonly FunctionProto[]
  readonly opset: number
  readonly looksAt: (node: NodeProto) => boolean
  /** Gives the facts of the node's outputs. */
  readonly look: (visit: Visit) => readonly Fact[]
}

/** Where in the model a node stands. */
interface Place {
  readonly scope: Scope
  readonly opset: number
  /** Before the places and the names of nodes in functions. */
  readonly place: () => string
  readonly path: () => string
  /** What the call of the function gives for the attributes that its nodes refer to. */
  readonly attributes: ReadonlyMap<string, AttributeProto> | null
  readonly depth: number
}

/** Graphs and functions within each other. */
const deepest = 100

const byData: ReadonlySet<string> = new Set(['Compress', 'NonMaxSuppression', 'NonZero', 'Unique'])

/** Letters of names and entries of lists in nodes that are seen again because their function is called again. */
const mostRepeated = 2 ** 22

/** What a node costs beside them. */
const nodeItself = 16

/**
 * What is known of the graph's outputs, by name.
 *
 * @throws PoolError "LIMIT" for a model that calls its functions from each other too often, or too deep
 */
export function walk(request: Walk): ReadonlyMap<string, Known> {
  const outputs = new Walker(request).graph(request.graph, [], {
    scope: new Scope(),
    opset: request.opset,
    place: () => '',
    path: () => '',
    attributes: null,
    depth: 0,
  })
  return new Map(request.graph.output.map(({ name }, i) => [name, outputs[i]!]))
}

class Walker {
  private readonly request: Walk
  private readonly functions: ReadonlyMap<string, FunctionProto>
  private readonly called = new Set<FunctionProto>()
  private repeated = 0
  private isRepeating = false

  constructor(request: Walk) {
    this.request = request
    this.functions = new Map(
      request.functions.map((body) => [functionKey(body.domain, body.name, body.overload), body]),
    )
  }

  graph(graph: GraphProto, inputs: readonly Known[], outer: Place): readonly Known[] {
    const place = this.within(outer)
    const { scope } = place
    this.spend(() => graph.initializer.length + graph.sparseInitializer.length + graph.valueInfo.length)
    for (const info of [...graph.input, ...graph.output, ...graph.valueInfo]) declare(scope, info)
    graph.input.forEach(({ name }, i) => {
      scope.set(
        name,
        inputs[i] ?? {
          ...unknown,
          stop: () => `${outer.place()}input "${printable(name)}": the model says no more`,
        },
      )
    })
    for (const tensor of graph.initializer) setConstant(scope, outer.place, tensor.name, tensorFact(tensor))
    for (const { values, dims } of graph.sparseInitializer) {
      if (values !== undefined)
        setConstant(scope, outer.place, values.name, factOf(dtypeOf(values.dataType), dims.map(Number)))
    }
    for (const [index, node] of graph.node.entries()) this.node(node, index, place)
    return graph.output.map(({ name }) => scope.get(name))
  }

  private node(given: NodeProto, index: number, place: Place): void {
    this.spend(() => entriesOf(given))
    const node = withAttributes(given, place.attributes)
    const inputs = node.input.map((name) => (name === '' ? undefined : place.scope.get(name)))
    const where = (): string => place.place() + nodePlace(node, index)
    const facts = this.outputs(node, inputs, where, place)
    const limit = this.limitOf(node)
    node.output.forEach((name, i) => {
      const fact = facts[i] ?? unknown
      if (name !== '') place.scope.set(name, { ...fact, stop: stopOf(fact, inputs, where, limit) })
    })
  }

  private outputs(
    node: NodeProto,
    inputs: readonly (Known | undefined)[],
    where: () => string,
    place: Place,
  ): readonly Fact[] {
    const { looksAt, look } = this.request
    if (looksAt(node)) {
      const declared = place.scope.declaredAs(node.output[0] ?? '')
      return look({ place: where(), path: place.path(), node, opset: place.opset, inputs, declared })
    }
    const body = this.functions.get(functionKey(node.domain, node.opType, node.overload))
    if (body !== undefined) return this.call(body, node, inputs, where, place)
    const view = new NodeView(node, node.attribute, inputs, place.opset)
    const control = controls.get(fullName(node))
    if (control !== undefined)
      return control(view, (name, facts) => this.body(view.attribute(name)?.g, facts, where, place))
    for (const { g, graphs } of node.attribute)
      for (const inner of g === undefined ? graphs : [g]) this.body(inner, [], where, place)
    const found = rules.get(fullName(node))?.(view) ?? []
    return Array.isArray(found) ? found : [found as Fact]
  }

  /** What is wrong with the operator, whatever is known of its inputs. */
  private limitOf(node: NodeProto): string | null {
    const name = fullName(node)
    if (byData.has(name)) return 'its shape depends on data'
    return this.request.looksAt(node) || rules.has(name) || controls.has(name)
      ? null
      : 'this operator has no rule for shapes'
  }

  private body(
    graph: GraphProto | undefined,
    facts: readonly Fact[],
    where: () => string,
    place: Place,
  ): readonly Fact[] {
    if (graph === undefined) return []
    const stop = (): string => `${where()}: what it passes to its body is not known before`
    return this.graph(
      graph,
      facts.map((fact) => ({ ...fact, stop })),
      place,
    )
  }

  /** As if the function's nodes stood in its place. */
  private call(
    body: FunctionProto,
    node: NodeProto,
    inputs: readonly (Known | undefined)[],
    where: () => string,
    outer: Place,
  ): readonly Fact[] {
    const wasRepeating = this.isRepeating
    this.isRepeating ||= this.called.has(body)
    this.called.add(body)
    const own = body.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')
    const place: Place = {
      ...this.within({ ...outer, scope: new Scope() }),
      opset: own === undefined ? outer.opset : Number(own.version),
      place: () => `${where()}: `,
      path: () => `${outer.path()}${printable(node.name || (node.output[0] ?? ''))}/`,
      attributes: new Map(
        [...body.attributeProto, ...node.attribute].map((attribute) => [attribute.name, attribute]),
      ),
    }
    for (const info of body.valueInfo) declare(place.scope, info)
    body.input.forEach((name, i) => {
      place.scope.set(
        name,
        inputs[i] ?? { ...unknown, stop: () => `${where()}: leaves out ${printable(name)}` },
      )
    })
    for (const [index, inner] of body.node.entries()) this.node(inner, index, place)
    this.isRepeating = wasRepeating
    return body.output.map((name) => place.scope.get(name))
  }

  private within(outer: Place): Place {
    if (outer.depth < deepest) return { ...outer, scope: new Scope(outer.scope), depth: outer.depth + 1 }
    throw invalid(
      'LIMIT',
      { op: this.request.file, argument: 'graphs and functions', value: outer.depth + 1 },
      `may be within each other ${deepest} deep`,
      'Inline the functions of the model, none of which may call itself.',
    )
  }

  private spend(entries: () => number): void {
    if (!this.isRepeating) return
    this.repeated += entries()
    if (this.repeated <= mostRepeated) return
    throw invalid(
      'LIMIT',
      { op: this.request.file, argument: 'entries of functions that are called again', value: this.repeated },
      `must be at most ${mostRepeated}`,
      'Save the model without functions that call each other many times.',
    )
  }
}

function entriesOf({ name, input, output, attribute }: NodeProto): number {
  const lists = attribute.map(
    ({ s, ints, floats, t }) => 1 + s.length + ints.length + floats.length + (t?.dims.length ?? 0),
  )
  const names = [name, ...input, ...output].map(({ length }) => 1 + length)
  return [...lists, ...names].reduce((sum, entries) => sum + entries, nodeItself)
}

function functionKey(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain === 'ai.onnx' ? '' : domain, name, overload])
}

function declare(scope: Scope, info: ValueInfoProto): void {
  const { name, dtype, shape } = valueInfo(info)
  scope.declare(name, factOf(dtype, shape))
}

function setConstant(scope: Scope, place: () => string, name: string, fact: Fact): void {
  scope.set(name, {
    ...fact,
    stop: () => `${place()}initializer "${printable(name)}": its elements are not read`,
  })
}

/** Attributes that refer to the function's get their values from the call; those that it leaves out are left out. */
function withAttributes(node: NodeProto, given: ReadonlyMap<string, AttributeProto> | null): NodeProto {
  if (given === null || !node.attribute.some(({ refAttrName }) => refAttrName !== '')) return node
  const attribute = node.attribute.flatMap((own) => {
    if (own.refAttrName === '') return [own]
    const value = given.get(own.refAttrName)
    return value === undefined ? [] : [changed(value, { name: own.name })]
  })
  return changed(node, { attribute })
}
