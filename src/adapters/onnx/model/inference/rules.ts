/**
 * @file The one table from operators to what is known of their outputs. An operator of another domain than ONNX's own has it before
 * its name; whatever has no rule here stays unknown, and is named as what stops the shapes.
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

/** `Conv`, `com.microsoft.QLinearAdd`. */
export function fullName({ domain, opType }: { readonly domain: string; readonly opType: string }): string {
  return domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`
}
