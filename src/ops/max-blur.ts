/**
 * @file Max blur pooling as two rows of the catalogue: maxima at stride 1, then their blur.
 */
import { readOptions } from '../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { blurPool, maxPool } from './catalogue.ts'
import type { BlurOptions } from './geometry/blur.ts'
import type { AnyOperation } from './operation.ts'
import type { PerAxis } from './options/parse.ts'

/** Options of max blur pooling. */
export interface MaxBlurOptions extends BlurOptions {
  /** Elements of the maximum's window, along all axes or one number per axis. */
  readonly kernelSize: PerAxis
}

/** Max blur pooling over `rank` axes. */
function maxBlurOver(rank: 1 | 2 | 3) {
  const op = `maxBlurPool${rank}d`
  const names = ['kernelSize', 'filterSize', 'stride', 'padMode', 'layout', 'out']
  const rows = () =>
    ({ max: maxPool[rank], blur: blurPool[rank] }) as unknown as Record<'max' | 'blur', AnyOperation>
  const parts = (name: string, options: object) => {
    const given = readOptions(name, options as Partial<MaxBlurOptions>, names)
    const { kernelSize, filterSize, stride, padMode, layout, out } = given
    return { max: { kernelSize, stride: 1, layout }, blur: { filterSize, stride, padMode, layout }, out }
  }
  /** The two rows of the catalogue with their options. */
  const stages = (options: object): readonly (readonly [AnyOperation, object])[] => {
    const { max, blur } = parts(op, options)
    return [
      [rows().max, max],
      [rows().blur, blur],
    ]
  }
  return {
    op,
    names,
    geometry: 'blurring' as const,
    stages,
    check(options: object): void {
      for (const [row, own] of stages(options)) row.check(own)
    },
    outputShape: (shape: readonly number[], options: object): readonly number[] =>
      stages(options).reduce((given, [row, own]) => row.outputShape(given, own), shape),
    forward(x: TensorLike, options: object): Tensor {
      const { max, blur, out } = parts(op, options)
      return rows().blur.forward(rows().max.forward(x, max), { ...blur, out }) as Tensor
    },
    backward(dy: TensorLike, x: TensorLike, options: object): Tensor {
      const { max, blur, out } = parts(`${op}Backward`, options)
      const maxima = rows().max.forward(x, max)
      return rows().max.backward(rows().blur.backward(dy, maxima, blur), x, { ...max, out })
    },
  }
}

export const maxBlur = {
  1: /* @__PURE__ */ maxBlurOver(1),
  2: /* @__PURE__ */ maxBlurOver(2),
  3: /* @__PURE__ */ maxBlurOver(3),
}
