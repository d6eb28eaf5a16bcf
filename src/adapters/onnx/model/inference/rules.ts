/**
 * @file The table of inference rules by operator. Operators of other domains are named with the domain. Outputs of operators
 * without a rule stay unknown, and `listPoolings` reports the operator as the reason.
 */
import { convolutionRules } from './convolution.ts'
import { elementwiseRules } from './elementwise.ts'
import { layoutRules } from './layout.ts'
import { matrixRules } from './matrix.ts'
import type { Rule } from './node-view.ts'
import { quantizationRules } from './quantization.ts'
import { resizeRules } from './resize.ts'
import { sourceRules } from './sources.ts'

export const rules: ReadonlyMap<string, Rule> = new Map([
  ...convolutionRules,
  ...elementwiseRules,
  ...layoutRules,
  ...matrixRules,
  ...quantizationRules,
  ...resizeRules,
  ...sourceRules,
])

/** The operator's name, with its domain unless that is ONNX's: `Conv`, `com.microsoft.QLinearAdd`. */
export function fullName({ domain, opType }: { readonly domain: string; readonly opType: string }): string {
  return domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`
}
