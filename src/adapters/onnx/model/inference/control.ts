/**
 * @file Rules for operators with subgraphs: If, Loop and Scan.
 */
import { common, type Fact, factOf, unknown } from './fact.ts'
import { axisOf, type NodeView } from './node-view.ts'

/** Infers the outputs of the graph in an attribute from facts about its inputs. */
export type RunBody = (attribute: string, inputs: readonly Fact[]) => readonly Fact[]

type Control = (node: NodeView, run: RunBody) => readonly Fact[]

export const controls: ReadonlyMap<string, Control> = new Map([
  ['If', branch],
  ['Loop', loop],
  ['Scan', scan],
])

function branch(node: NodeView, run: RunBody): readonly Fact[] {
  const [then, otherwise] = [run('then_branch', []), run('else_branch', [])]
  const condition = node.input(0).elements?.[0]
  if (typeof condition === 'number') return condition === 0 ? otherwise : then
  return then.map((fact, i) => (otherwise[i] === undefined ? fact : common(fact, otherwise[i])))
}

/** Carried values may change shape in each iteration, or keep it if no iteration runs. */
function loop(node: NodeView, run: RunBody): readonly Fact[] {
  const carried = node.inputs.slice(2).map((_, i) => node.input(i + 2))
  const turn = [
    factOf('int64', []),
    factOf('BOOL', []),
    ...carried.map(({ dtype }) => ({ ...unknown, dtype })),
  ]
  const results = run('body', turn).slice(1)
  return results.map((fact, i) => (i < carried.length ? common(carried[i]!, fact) : stacked(fact, null, 0)))
}

/** Carried values keep their shape; scanned inputs lose an axis. Version 8, which has a batch axis too, stays unknown. */
function scan(node: NodeView, run: RunBody): readonly Fact[] {
  if (node.opset < 9) return run('body', []).map(({ dtype }) => ({ ...unknown, dtype }))
  const facts = node.inputs.map((_, i) => node.input(i))
  const carried = facts.length - node.int('num_scan_inputs', facts.length)
  const axes = node.ints('scan_input_axes')
  let length: Fact['shape'] = null
  const items = facts.map((fact, i) => {
    if (i < carried || fact.shape === null) return { ...fact, elements: null }
    const axis = axisOf(axes?.[i - carried] ?? 0, fact.shape.length)
    if (axis === null) return { ...unknown, dtype: fact.dtype }
    length = [fact.shape[axis]!]
    return factOf(
      fact.dtype,
      fact.shape.filter((_, place) => place !== axis),
    )
  })
  const to = node.ints('scan_output_axes')
  return run('body', items).map((fact, i) =>
    i < carried ? fact : stacked(fact, length?.[0] ?? null, to?.[i - carried] ?? 0),
  )
}

function stacked({ dtype, shape }: Fact, length: number | string | null, given: number): Fact {
  const axis = shape && axisOf(given, shape.length + 1)
  if (shape === null || axis === null) return factOf(dtype, null)
  return factOf(dtype, [...shape.slice(0, axis), length, ...shape.slice(axis)])
}
