/**
 * @file Visits a model's nodes in order, including those in branches, loops and model-local functions, and infers facts about each
 * node's outputs from its inputs. A node in a function is visited once per call.
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

/** A node that is passed to the caller. */
export interface Visit {
  /** `node 3 "call" (F): node 0 (MaxPool)`. */
  readonly place: string
  /** The names of the enclosing function calls, each followed by a slash. */
  readonly path: string
  readonly node: NodeProto
  /** The opset of ONNX's own domain in this graph. */
  readonly opset: number
  readonly inputs: readonly (Known | undefined)[]
  /** The model's declaration of the first output. */
  readonly declared: Fact | undefined
}

export interface Walk {
  readonly file: string
  readonly graph: GraphProto
  readonly functions: readonly FunctionProto[]
  readonly opset: number
  readonly looksAt: (node: NodeProto) => boolean
  /** Returns facts about the node's outputs. */
  readonly look: (visit: Visit) => readonly Fact[]
}

/** The position of a node in the model. */
interface Place {
  readonly scope: Scope
  readonly opset: number
  /** Prefixes for the places and names of nodes in functions. */
  readonly place: () => string
  readonly path: () => string
  /** The attributes of the function call, to which nodes in the function refer. */
  readonly attributes: ReadonlyMap<string, AttributeProto> | null
  readonly depth: number
}

/** The deepest nesting of graphs and functions. */
const deepest = 100

const byData: ReadonlySet<string> = new Set(['Compress', 'NonMaxSuppression', 'NonZero', 'Unique'])

/** Limit on the work for repeated function calls: letters of names and entries of lists in the nodes visited again. */
const mostRepeated = 2 ** 20

/** The fixed cost of a node in that sum. */
const nodeItself = 16

/**
 * Infers facts about the graph's outputs, by name.
 *
 * @throws PoolError "LIMIT" for functions that are called too often or nested too deep
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
          stop: () =>
            `${outer.place()}input "${printable(name)}": the model does not declare its whole shape`,
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

  /** The reason if no inputs could make the operator's output shape known; else null. */
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
    const stop = (): string => `${where()}: the values passed to its body are unknown in advance`
    return this.graph(
      graph,
      facts.map((fact) => ({ ...fact, stop })),
      place,
    )
  }

  /** Visits the nodes of a called function as if they replaced the call. */
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
      `must be nested at most ${deepest} deep`,
      'Inline the functions of the model; a function must not call itself.',
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

/** Resolves references to the function's attributes from the call; drops those that the call omits. */
function withAttributes(node: NodeProto, given: ReadonlyMap<string, AttributeProto> | null): NodeProto {
  if (given === null || !node.attribute.some(({ refAttrName }) => refAttrName !== '')) return node
  const attribute = node.attribute.flatMap((own) => {
    if (own.refAttrName === '') return [own]
    const value = given.get(own.refAttrName)
    return value === undefined ? [] : [changed(value, { name: own.name })]
  })
  return changed(node, { attribute })
}
