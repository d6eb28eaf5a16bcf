/**
 * @file Every pooling as a layer of TensorFlow.js, named as in torch.nn.
 */
import { layerName } from '../../layers/layer.ts'
import { Pool2D, type Pool2DOptions } from '../../layers/pool2d.ts'
import { type ActionOf, catalogue, type PoolingName } from '../../ops/catalogue.ts'
import type { MaxBlurOptions } from '../../ops/max-blur.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { parseFlag } from '../../ops/options/parse.ts'
import type { SpatialPyramidOptions } from '../../ops/spatial-pyramid-levels.ts'
import { readOptions } from '../../tensor/read-options.ts'
import type { NestedArray } from '../../tensor/tensor.ts'
import { composedKinds } from './composed-layers.ts'
import type { ArgmaxOption, TfPooledWithIndices } from './extremum.ts'
import { type PoolFunctions, poolFunctions, type TfOptionsOf } from './functions.ts'
import { type LayerKind, layerClass, type PoolLayerClass } from './layer.ts'
import {
  type Adapted,
  type CoreOptions,
  coreOptions,
  type DataFormatOption,
  type TensorOption,
} from './options.ts'
import { assertTensorFlow, type TfLayers, type TfTensor } from './tensorflow.ts'

type ClassName<N extends PoolingName> = N extends `lpPool${infer R}` ? `LPPool${R}` : Capitalize<N>

/** The function's options, with samples as nested arrays because a layer is saved as JSON. */
export type LayerOptionsOf<N extends PoolingName> = {
  readonly [K in keyof TfOptionsOf<N> as K extends 'mask' ? never : K]: K extends TensorOption
    ? NestedArray
    : TfOptionsOf<N>[K]
} & ('mask' extends keyof TfOptionsOf<N> ? MaskedOption : object)

/** The option of layers that take a mask as their second input. */
export interface MaskedOption {
  /** The layer is applied to [x, mask]; the mask, of int32 or bool, is 0 for elements that are left out. Default: false. */
  readonly masked?: boolean
}

/** The result of `poolLayers`: layers by their names in the library. */
export type PoolLayers = {
  readonly [N in PoolingName as ClassName<N>]: PoolLayerClass<
    LayerOptionsOf<N> & (ActionOf<N> extends 'picks' ? ArgmaxOption : object)
  >
} & {
  readonly [R in 1 | 2 | 3 as `MaxBlurPool${R}d`]: PoolLayerClass<Adapted<MaxBlurOptions>>
} & {
  readonly SpatialPyramidPool: PoolLayerClass<Adapted<SpatialPyramidOptions>>
  /** The tutorial's layer: mode 'max' (default) or 'average', size [2, 2], stride 1. */
  readonly Pool2D: PoolLayerClass<Pool2DOptions & DataFormatOption>
}

/**
 * Every pooling of the library as a subclass of `tf.layers.Layer`, and the tutorial's `Pool2D`.
 *
 * @param tf  `@tensorflow/tfjs`, or its parts spread together, `{ ...core, ...layers }`
 * @returns   classes named as in torch.nn (`MaxPool2d`, `LPPool1d`, `AdaptiveAvgPool3d`, `GlobalMaxPool`, ...). Their config is
 *            the options of the function and those of every layer (inputShape, name, ...)
 *
 * The classes are registered: call this before loading a model that holds them. With `returnIndices` a layer has two outputs,
 * and a `MaxUnpool2d` takes both, `unpool.apply([pooled, indices])`. With `masked: true` a layer takes a mask, `pool.apply([x, mask])`.
 *
 * @throws PoolError "BAD_PARAM" for anything else
 * @example model.add(new (poolLayers(tf).MaxPool2d)({ kernelSize: 2 }))
 */
export function poolLayers(tf: TfLayers): PoolLayers {
  assertTensorFlow('poolLayers', tf, ['layers', 'serialization', 'InputSpec'])
  const functions = poolFunctions(tf)
  const rows = Object.values(catalogue).map((operation) => kindOf(operation, functions))
  const classes = [...rows, ...composedKinds(functions), tutorialKind(functions)].map((kind) => [
    kind.className,
    layerClass(tf, kind),
  ])
  return Object.fromEntries(classes)
}

type AnyFunction = (...inputsAndOptions: unknown[]) => TfTensor | TfPooledWithIndices

function kindOf(operation: AnyOperation, functions: PoolFunctions): LayerKind {
  const { op, names, rank, action, check, outputShape } = operation
  const inputs = action === 'unpools' ? 2 : 1
  const canMask = names.includes('mask')
  const named = names.filter((name) => name !== 'mask')
  const own = [...named, ...(action === 'picks' ? ['argmaxIndices'] : []), ...(canMask ? ['masked'] : [])]
  return {
    className: layerName(op),
    rank,
    read: (options) => {
      const { argmaxIndices: _, masked, ...core } = coreOptions(op, options, own)
      parseFlag(op, 'masked', masked, false)
      check(core)
      return core
    },
    inputsFor: (options) => ((options as MaskedOption).masked === true ? 2 : inputs),
    call: (given, options) => {
      const { masked, ...rest } = options as MaskedOption
      const call = masked ? { ...rest, mask: given[1] } : rest
      const result = (functions[op as PoolingName] as AnyFunction)(...given.slice(0, inputs), call)
      return 'indices' in result ? [result.output, result.indices] : result
    },
    fixed: (options, axes) => (rank === 0 ? new Array(axes).fill(1) : fixedSizes(options, axes)),
    outputShape,
  }
}

function tutorialKind({ maxPool2d, avgPool2d }: PoolFunctions): LayerKind {
  const windowOf = (options: Pool2DOptions & DataFormatOption) => {
    const names = ['size', 'mode', 'stride', 'rounding', 'dataFormat']
    const { dataFormat, ...own } = readOptions('Pool2D', options, names)
    const { size: kernelSize, stride, mode, rounding } = new Pool2D(own).options
    const window = { kernelSize, stride, dataFormat }
    return { mode, window, mean: { ...window, ...(rounding && { rounding }) } }
  }
  return {
    className: 'Pool2D',
    rank: 2,
    inputsFor: () => 1,
    read: (options) => coreOptions('Pool2D', windowOf(options).window, ['kernelSize', 'stride']),
    call: ([x], options) => {
      const { mode, window, mean } = windowOf(options)
      return mode === 'max' ? maxPool2d(x!, window) : avgPool2d(x!, mean)
    },
    fixed: (_, axes) => new Array(axes).fill(null),
    outputShape: catalogue.maxPool2d.outputShape,
  }
}

/** The sizes in `outputSize`, which may be one number or, for unpooling, the whole output shape. */
function fixedSizes({ outputSize, layout }: CoreOptions, axes: number): readonly (number | null)[] {
  if (!Array.isArray(outputSize)) return new Array(axes).fill(outputSize ?? null)
  if (outputSize.length === axes) return outputSize
  const start = outputSize.length - axes - (layout === 'NHWC' ? 1 : 0)
  return outputSize.slice(start, start + axes)
}
