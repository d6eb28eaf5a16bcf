/**
 * @file Checks indices from the caller in their own type, before they are narrowed to 32 bits.
 */
import { invalid } from '../../errors.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { areInside } from '../../kernels/memory/inside.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import type { DType } from '../../tensor/dtype.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { assertSameShape } from '../geometry/tensor-axes.ts'

const indexTypes: readonly DType[] = [
  'int32',
  'int64',
  'float64',
  'uint32',
  'int16',
  'uint16',
  'int8',
  'uint8',
  'uint64',
]

interface IndexRules {
  /** The required shape, and the reason for it. */
  readonly shape: readonly number[]
  readonly why: string
  /** The number of elements of the plane that indices refer to. */
  readonly planeSize: number
  /** True if output `at` may have index -1, because its window has no taps. */
  mayBeEmpty(at: number): boolean
}

/**
 * @throws PoolError "BAD_DTYPE" for fractions or float32, "BAD_SHAPE" for another shape, "BAD_INDEX" for one outside its plane
 */
export function parseIndices(op: string, indices: TensorLike, rules: IndexRules): IndexArray {
  const { shape, why, planeSize } = rules
  const { data: array, shape: given, dtype } = asTensor(op, 'indices', indices, 'float64')
  if (!indexTypes.includes(dtype)) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'indices.dtype', value: dtype },
      'must be an integer type, or float64 holding whole numbers',
      'Pass the indices as returned by the pooling.',
    )
  }
  assertSameShape(op, 'indices', given, shape, why)
  const data = storageOf(array)
  if (dtype === 'int32' && areInside(data as Int32Array, planeSize)) return data as Int32Array
  for (let at = 0; at < data.length; at++) {
    const index = data[at]!
    const whole = typeof index === 'bigint' || Number.isInteger(index)
    if (whole && index >= 0 && index < planeSize) continue
    if (Number(index) === -1 && rules.mayBeEmpty(at)) continue
    throw invalid(
      'BAD_INDEX',
      { op, argument: `indices[${at}]`, value: index },
      `must be a whole number from 0 to ${planeSize - 1}, within its plane of ${planeSize} elements`,
      'Pass the indices that the pooling returned, unchanged, and where sizes are ambiguous the outputSize.',
    )
  }
  if (dtype === 'int32' || dtype === 'float64') return data as IndexArray
  const storage = planeSize < 2 ** 31 ? Int32Array : Float64Array
  const narrowed = allocateArray<IndexArray>(op, storage, data.length, temporary)
  for (let at = 0; at < data.length; at++) narrowed[at] = Number(data[at])
  return narrowed
}
