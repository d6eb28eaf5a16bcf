/**
 * @file What the caller decides where ONNX's specification, its shape inference and ONNX Runtime disagree. docs/onnx.md has the table.
 */
import { parseFlag, parseName } from '../../ops/options/parse.ts'

/**
 * How to decide where the specification leaves open what to compute, or runtimes disagree with it. docs/onnx.md has the
 * reasons.
 */
export interface Choices {
  /**
   * The output size of auto_pad VALID with ceil_mode 1: `apply` rounds up, as ONNX's shape inference and ONNX Runtime do;
   * `ignore` rounds down, as the specification's formula does. Default: apply.
   */
  readonly validCeil?: 'apply' | 'ignore'
  /**
   * Pads of auto_pad SAME_* with dilations: by the `dilated` window, as the specification and shape inference have it; or by the
   * `undilated` one, as ONNX Runtime's CPU kernels do, whose output is then smaller. Default: dilated.
   */
  readonly sameWindow?: 'dilated' | 'undilated'
  /**
   * LpPool of a window that ceil mode cuts short: the `norm` of what is there, as ONNX Runtime; or `scaled` up to the full
   * window, as PyTorch and ONNX's reference evaluator do. Default: norm.
   */
  readonly partialNorm?: 'norm' | 'scaled'
  /** Pads as wide as the window or wider, whose windows may touch no element: `allow`; or `refuse`, as ONNX Runtime. Default: allow. */
  readonly widePads?: 'allow' | 'refuse'
  /**
   * A padded input shorter than the window: `refuse`; or `truncate` (input - window) / stride toward zero, as ONNX Runtime and
   * shape inference do: one output of what is there if less than a stride is lacking, none if less than two. Default: refuse.
   */
  readonly shortInput?: 'refuse' | 'truncate'
  /**
   * What MaxUnpool's I counts over where output_shape is given: the `output`, as MaxPool's Indices do and ONNX Runtime reads them;
   * or the shape `inferred` from the attributes, laid into a corner of the output, as ONNX's reference evaluator. Default: output.
   */
  readonly unpoolIndices?: 'output' | 'inferred'
  /** Averages always add in row-major order, also over large windows, which are summed in blocks otherwise. Default: false. */
  readonly exact?: boolean
}

/** The choices under which shapes are those of ONNX Runtime's CPU kernels. */
export const onnxRuntimeChoices: Choices = Object.freeze({
  validCeil: 'apply',
  sameWindow: 'undilated',
  partialNorm: 'norm',
  widePads: 'refuse',
  shortInput: 'truncate',
  unpoolIndices: 'output',
})

/** The names of the choices that are one of two words, with the words; the first is the default. */
const words = {
  validCeil: ['apply', 'ignore'],
  sameWindow: ['dilated', 'undilated'],
  partialNorm: ['norm', 'scaled'],
  widePads: ['allow', 'refuse'],
  shortInput: ['refuse', 'truncate'],
  unpoolIndices: ['output', 'inferred'],
} as const

export const choiceNames = [...Object.keys(words), 'exact']

/** The names are checked by the caller, beside its own. */
export function readChoices(label: string, choices: Choices): Required<Choices> {
  const read = <N extends keyof typeof words>(name: N) =>
    parseName<(typeof words)[N][number]>(label, name, choices[name], words[name])
  return {
    validCeil: read('validCeil'),
    sameWindow: read('sameWindow'),
    partialNorm: read('partialNorm'),
    widePads: read('widePads'),
    shortInput: read('shortInput'),
    unpoolIndices: read('unpoolIndices'),
    exact: parseFlag(label, 'exact', choices.exact, false),
  }
}
