/**
 * @file Finds the version of an operator that an opset selects.
 */
import { invalid } from '../../errors.ts'
import { latestOpset, type OperatorName, operators, type Schema } from './operators.ts'

/** The names of ONNX's own domain. */
export const onnxDomains: readonly string[] = ['', 'ai.onnx']

/** True for ONNX's pooling operators. */
export function isPoolingOperator(opType: string, domain = ''): opType is OperatorName {
  return onnxDomains.includes(domain) && Object.hasOwn(operators, opType)
}

/**
 * @throws PoolError "BAD_PARAM" for another operator, or an opset before the operator or after `latestOpset`
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
      `must be a whole number from ${first}, which introduced ${opType}, to ${latestOpset}`,
      'Pass the opset that the model imports.',
    )
  }
  return versions.findLast(({ since }) => since <= opset)!
}
