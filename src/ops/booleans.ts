/**
 * @file Pooling of truth values: maxima are "any", minima are "all", modes the commoner one. Other poolings are refused.
 */
import { invalid } from '../errors.ts'
import { areBits } from '../kernels/count.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { CountedSettings } from './counted/options.ts'

/**
 * @param isKept  true if the results are elements of x
 * @throws PoolError "BAD_DTYPE" for another pooling, "BAD_PARAM" for elements, or a `fill`, other than 0 and 1
 */
export function assertTruths(
  op: string,
  { data }: Tensor,
  isKept: boolean,
  counting: CountedSettings | undefined,
): void {
  if (!isKept) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'x.dtype', value: 'bool' },
      'of truth values max is "any", min is "all" and mode the commoner one; others have no truth value as their result',
      'Convert them to numbers: tensor(Float32Array.from(x.data), x.shape).',
    )
  }
  const bytes = data as Uint8Array
  if (!areBits(bytes)) {
    const at = bytes.findIndex((value) => value > 1)
    if (at >= 0) throw notTruth(op, `x.data[${at}]`, bytes[at]!)
  }
  const { fill = counting?.nodata } = counting ?? {}
  if (fill !== undefined && Number(fill) !== 0 && Number(fill) !== 1) throw notTruth(op, 'fill', fill)
}

function notTruth(op: string, argument: string, value: number | bigint): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument, value },
    'must be 0 or 1, as x is bool',
    'Pass truth values, or leave the dtype out.',
  )
}
