/**
 * @file Which version of an operator an opset means.
 */
import { invalid } from '../../errors.ts'
import { latestOpset, type OperatorName, operators, type Schema } from './operators.ts'

/** The names under which models import the operators of ONNX itself. */
const onnxDomains = ['', 'ai.onnx']

/** Whether a node of a model is one of ONNX's pooling operators. */
export function isPoolingOperator(opType: string, domain = ''): opType is OperatorName {
  return onnxDomains.includes(domain) && Object.hasOwn(operators, opType)
}

/**
 * @throws PoolError "BAD_PARAM" for another operator, an opset before the operator, or one after those that this library knows
 */
export function schemaAt(label: string, opType: string, opset: number): Schema {
  if (!isPoolingOperator(opType)) {
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: 'opType', value: opType },
      `must be one of ${Object.keys(operators).join(', ')}`,
      'Use the name of an ONNX pooling operator.',
    )
  }
  const versions = operators[opType]
  const first = versions[0]!.since
  if (!Number.isInteger(opset) || opset < first || opset > latestOpset) {
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: 'opset', value: opset },
      `must be a whole number from ${first}, which brought ${opType}, to ${latestOpset}`,
      'Pass the opset that the model imports.',
    )
  }
  return versions.findLast(({ since }) => since <= opset)!
}
