/**
 * @file The reduction to the mode of each window, its commonest label. Labels are integers, so it has no gradient.
 */
import { invalid } from '../../errors.ts'
import { voteKernels } from '../../kernels/optional-kernels.ts'
import { type ModeSpec, type Ties, tieRules } from '../../reducers/mode.ts'
import { type DType, dtypes, integerRange, type Scalar } from '../../tensor/dtype.ts'
import { parseFlag, parseName } from '../options/parse.ts'
import type { IndicesOutOption } from '../options/with-indices.ts'
import { pickElements } from './pick-elements.ts'
import type { Reduction } from './reduction.ts'

/** The options of modes. */
export interface ModeOptions extends IndicesOutOption {
  /** The winner among equally common labels: the 'first' in row-major order (default), the 'lowest' or the 'highest'. */
  readonly ties?: Ties | undefined
  /** A label that wins only if the window has no other label, such as a background of 0. An integer of x's dtype; a bigint beyond 2^53. */
  readonly ignore?: Scalar | null | undefined
}

interface ModeSettings {
  readonly returnIndices: boolean
  readonly ties: Ties
  readonly ignore: Scalar | null
}

export const mode: Reduction<ModeOptions, ModeSettings, 'votes'> = {
  action: 'votes',
  reducer: 'mode',
  needs: [],
  takes: ['ties', 'ignore', 'returnIndices', 'indicesOut'],
  settings: (op, { ties, ignore, returnIndices }) => ({
    returnIndices: parseFlag(op, 'returnIndices', returnIndices, false),
    ties: parseName(op, 'ties', ties, tieRules),
    ignore: parseLabel(op, ignore),
  }),
  countsPadding: () => false,
  keepsBooleans: true,
  kernels: voteKernels,
  forward: (call) =>
    pickElements(
      call,
      specOf(call.op, call.settings, call.x.dtype),
      call.settings.returnIndices,
      voteKernels,
    ),
  backward: ({ op, x }) => refuseGradient(op, x.dtype),
  gradientOutline: ({ op }, dtype) => refuseGradient(op, dtype),
  outline: ({ op, settings }, dtype) => ({
    ...specOf(op, settings, dtype),
    pass: 'forward',
    indices: settings.returnIndices ? new Int32Array(0) : null,
  }),
}

function refuseGradient(op: string, dtype: DType): never {
  throw invalid(
    'BAD_DTYPE',
    { op, argument: 'x.dtype', value: dtype },
    'gradients are of float32, float64, float16 and bfloat16 only, and labels are integers',
    'Leave the gradient of labels out.',
  )
}

/** @throws PoolError "BAD_DTYPE" for floating labels, "BAD_PARAM" for an `ignore` that the dtype cannot hold */
function specOf(op: string, { ties, ignore }: ModeSettings, dtype: DType): ModeSpec {
  if (dtypes[dtype].float) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'x.dtype', value: dtype },
      'labels must be integers',
      'Convert them, e.g. with tensor(Int32Array.from(x.data), x.shape).',
    )
  }
  if (ignore === null) return { reducer: 'mode', ties, ignore }
  const [least, largest] = integerRange(dtype)
  if (ignore >= least && ignore <= largest)
    return { reducer: 'mode', ties, ignore: typeof least === 'bigint' ? BigInt(ignore) : Number(ignore) }
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'ignore', value: ignore },
    `must be a label that ${dtype} can hold, from ${least} to ${largest}`,
    'Pass such a label, or leave it out.',
  )
}

function parseLabel(op: string, value: unknown): Scalar | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return value as Scalar
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'ignore', value },
    'must be a whole number, as a bigint beyond 2^53',
    'Pass e.g. 0 for the background.',
  )
}
