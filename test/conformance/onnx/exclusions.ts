/**
 * @file What sets our run of ONNX's tests apart: tests that we do not pass, tests that need a choice, tests whose numbers are rounded.
 */
import type { Choices } from '../../../src/adapters/onnx/index.ts'

/** Tests that fail, each with the reason. One that starts to pass fails the run. */
export const exclusions: Readonly<Record<string, string>> = {}

/** Tests that pass with a choice and not without, each with the reason. */
export const chosen: Readonly<Record<string, { readonly choices: Choices; readonly reason: string }>> = {
  'node/test_maxunpool_export_with_output_shape': {
    choices: { unpoolIndices: 'inferred' },
    reason:
      'indices count over the 4x4 that the attributes infer, although output_shape is 5x5; MaxPool counts over the 5x5 that it pooled, and ONNX Runtime reads them so',
  },
}

/** Tests whose numbers, for RoiAlign its inputs too, ONNX wrote down with four decimals. */
export const fourDecimals: readonly string[] = [
  'node/test_averagepool_2d_ceil_last_window_starts_on_pad',
  'node/test_roialign_aligned_false',
  'node/test_roialign_aligned_true',
]
