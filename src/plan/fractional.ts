/**
 * @file Fractional windows: pseudo-random starts from one sample in [0, 1), as PyTorch draws them.
 */
import { type AxisPlan, planRuns } from './axis.ts'

/**
 * Windows of equal length. Their starts advance by floor or ceil of (in - window) / (out - 1); the last window ends
 * with the axis.
 *
 * @param round  rounding of the tensor's dtype (`Math.fround` for float32): PyTorch computes the starts in it
 *
 * Source: Graham, Fractional Max-Pooling (2014), in PyTorch's variant.
 */
export function planFractional(
  inSize: number,
  outSize: number,
  window: number,
  sample: number,
  round: (value: number) => number,
): AxisPlan {
  const first = new Int32Array(outSize)
  const last = inSize - window
  const alpha = round(last / (outSize - 1))
  const origin = Math.trunc(round(sample * alpha))
  for (let i = 0; i < outSize - 1; i++) first[i] = Math.trunc(round(round(i + sample) * alpha)) - origin
  if (outSize > 0) first[outSize - 1] = last
  return planRuns(inSize, window, first)
}
