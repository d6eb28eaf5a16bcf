/**
 * @file Runs a pooling node, given its operator's name and its inputs in order.
 */
import { invalid } from '../../errors.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Attributes } from './attributes.ts'
import { runAveragePool } from './average-pool.ts'
import { type NodeCall, readNode } from './call.ts'
import type { Choices } from './choices.ts'
import { runLpPool } from './lp-pool.ts'
import { runMaxPool } from './max-pool.ts'
import { runMaxRoiPool } from './max-roi-pool.ts'
import { runMaxUnpool } from './max-unpool.ts'
import { latestOpset, type OperatorName } from './operators.ts'
import { runRoiAlign } from './roi-align.ts'
import { isRuntimeOperator, runRuntimeNode, runtimeDomain, runtimeOperators } from './runtime-operators.ts'
import { onnxDomains } from './schema.ts'

/** A node of ONNX's own domain, or one of ONNX Runtime's. */
export interface OnnxNode {
  readonly opType: string
  /** 'com.microsoft' for QLinearAveragePool, QLinearGlobalAveragePool and NhwcMaxPool. Default: ONNX's own. */
  readonly domain?: string | undefined
  readonly attributes?: Attributes | undefined
  /** The opset that its model imports; default: the latest. */
  readonly opset?: number | undefined
  /** The number of outputs to compute, starting with the first. Default: all. */
  readonly outputs?: number | undefined
}

type Run = (call: NodeCall, inputs: readonly unknown[], outputs: number) => readonly Tensor[]

const runs: Readonly<Record<OperatorName, Run>> = {
  MaxPool: runMaxPool,
  AveragePool: runAveragePool,
  LpPool: runLpPool,
  GlobalMaxPool: runMaxPool,
  GlobalAveragePool: runAveragePool,
  GlobalLpPool: runLpPool,
  MaxUnpool: runMaxUnpool,
  MaxRoiPool: runMaxRoiPool,
  RoiAlign: runRoiAlign,
}

/**
 * The outputs of one node.
 *
 * @param node     opType, attributes by ONNX's names, opset; domain for ONNX Runtime's operators
 * @param inputs   in the operator's order; undefined or null for an omitted optional input
 * @param choices  choices for cases where the specification and runtimes disagree
 * @throws PoolError as the operator's function does
 *
 * @example const [Y] = runNode({ opType: 'AveragePool', attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } }, [x])
 */
export function runNode(
  node: OnnxNode,
  inputs: readonly (TensorLike | undefined | null)[],
  choices: Choices = {},
): readonly [Tensor, ...Tensor[]] {
  return runLabelled(node.opType, node, inputs, choices) as [Tensor, ...Tensor[]]
}

/** As `runNode`; every message begins with `label`. */
export function runLabelled(
  label: string,
  { opType, domain, attributes, opset = latestOpset, outputs }: OnnxNode,
  inputs: readonly unknown[],
  choices: Choices,
): readonly Tensor[] {
  if (domain === runtimeDomain) return runForeign(label, { opType, attributes, outputs }, inputs, choices)
  if (domain !== undefined && !onnxDomains.includes(domain)) throw notThere(label, 'domain', domain)
  const call = readNode({ label, opType, opset, attributes, choices })
  const names = call.schema.outputs
  const wanted = outputs ?? names.length
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > names.length) {
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: 'outputs', value: wanted },
      `must be a whole number from 1 to ${names.length}: ${opType}-${call.schema.since} has ${names.join(', ')}`,
      'Leave it out for all outputs.',
    )
  }
  return runs[call.schema.name](call, inputs, wanted)
}

/** Nodes of ONNX Runtime have one output each. */
function runForeign(
  label: string,
  {
    opType,
    attributes,
    outputs = 1,
  }: Pick<OnnxNode, 'opType' | 'outputs'> & { attributes: Attributes | undefined },
  inputs: readonly unknown[],
  choices: Choices,
): readonly Tensor[] {
  if (!isRuntimeOperator(opType, runtimeDomain)) throw notThere(label, 'opType', opType)
  if (outputs !== 1) {
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: 'outputs', value: outputs },
      `must be 1: ${opType} has Y`,
      'Leave it out.',
    )
  }
  return runRuntimeNode({ label, opType, ...(attributes && { attributes }), choices }, inputs)
}

function notThere(label: string, argument: string, value: string): Error {
  return invalid(
    'BAD_PARAM',
    { op: label, argument, value },
    `the operators of another domain are ${Object.keys(runtimeOperators).join(', ')} of ${runtimeDomain}`,
    'Use one of these, or leave the domain out.',
  )
}
