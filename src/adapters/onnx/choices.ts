/**
 * @file Choices between ONNX's specification, its shape inference and ONNX Runtime where they disagree. docs/onnx.md has the table.
 */
import { parseFlag, parseName } from '../../ops/options/parse.ts'

/**
 * Choices for cases that the specification leaves open or that runtimes compute differently. docs/onnx.md gives the reasons.
 */
export interface Choices {
  /**
   * The output size of auto_pad VALID with ceil_mode 1: `apply` rounds up, as ONNX's shape inference and ONNX Runtime do;
   * `ignore` rounds down, as the specification's formula does. Default: apply.
   */
  readonly validCeil?: 'apply' | 'ignore' | undefined
  /**
   * Pads of auto_pad SAME_* with dilations: by the `dilated` window, as in the specification and shape inference; or by the
   * `undilated` one, as ONNX Runtime's CPU kernels do, whose output is then smaller. Default: dilated.
   */
  readonly sameWindow?: 'dilated' | 'undilated' | undefined
  /**
   * LpPool of a window that ceil mode cuts short: the `norm` of the elements in it, as in ONNX Runtime; or `scaled` up to the full
   * window, as PyTorch and ONNX's reference evaluator do. Default: norm.
   */
  readonly partialNorm?: 'norm' | 'scaled' | undefined
  /** Pads as wide as the window or wider, whose windows may have no taps: `allow`; or `refuse`, as ONNX Runtime does. Default: allow. */
  readonly widePads?: 'allow' | 'refuse' | undefined
  /**
   * A padded input shorter than the window: `refuse`; or `truncate` (input - window) / stride toward zero, as ONNX Runtime and
   * shape inference do. If the input is too short by less than one stride, this gives one output over the elements present; if by less
   * than two strides, no output. Default: refuse.
   */
  readonly shortInput?: 'refuse' | 'truncate' | undefined
  /**
   * The shape in which MaxUnpool's I counts if output_shape is given: the `output`, as in MaxPool's Indices and ONNX Runtime; or the
   * shape `inferred` from the attributes, placed in the first corner of the output, as in ONNX's reference evaluator. Default: output.
   */
  readonly unpoolIndices?: 'output' | 'inferred' | undefined
  /** Add averages in row-major order for large windows too, which are otherwise summed in float64. Default: false. */
  readonly exact?: boolean | undefined
}

/** Every choice made. */
export type AllChoices = { readonly [K in keyof Choices]-?: NonNullable<Choices[K]> }

/** The choices that give the shapes of ONNX Runtime's CPU kernels. */
export const onnxRuntimeChoices: Choices = Object.freeze({
  validCeil: 'apply',
  sameWindow: 'undilated',
  partialNorm: 'norm',
  widePads: 'refuse',
  shortInput: 'truncate',
  unpoolIndices: 'output',
})

/** The choices with two values; the first value is the default. */
const words = {
  validCeil: ['apply', 'ignore'],
  sameWindow: ['dilated', 'undilated'],
  partialNorm: ['norm', 'scaled'],
  widePads: ['allow', 'refuse'],
  shortInput: ['refuse', 'truncate'],
  unpoolIndices: ['output', 'inferred'],
} as const

export const choiceNames = [...Object.keys(words), 'exact']

/** Reads the values of choices. The caller has already refused unknown names. */
export function readChoices(label: string, choices: Choices): AllChoices {
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
