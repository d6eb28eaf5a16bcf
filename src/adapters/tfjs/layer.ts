/**
 * @file Layer classes: a function with fixed options, which the constructor checks and a saved model stores.
 */
import { configOf, optionsOf } from './layer-config.ts'
import type { CoreOptions } from './options.ts'
import { type SymbolicShape, symbolicShape } from './symbolic-shape.ts'
import type { LayerArgs, TfLayer, TfLayers, TfTensor } from './tensorflow.ts'

/** A layer of TensorFlow.js that pools; `O` are its options. */
export type PoolLayer<O> = TfLayer & { readonly options: Readonly<O> }

/** The class of a layer, registered with TensorFlow.js so that saved models load. */
export type PoolLayerClass<O> = {
  /** The name it is saved under. */
  readonly className: string
} & (object extends O
  ? new (
      config?: O & LayerArgs,
    ) => PoolLayer<O>
  : new (
      config: O & LayerArgs,
    ) => PoolLayer<O>)

export interface LayerKind {
  readonly className: string
  /** The number of pooled axes; 0 pools all axes after batch and channels. */
  readonly rank: number
  /** The number of inputs. */
  inputsFor(options: object): number
  /** @throws PoolError for options that are invalid for every input */
  read(options: object): CoreOptions
  call(inputs: readonly TfTensor[], options: object): TfTensor | readonly TfTensor[]
  /** As in `symbolicShape`. */
  fixed(options: CoreOptions, rank: number): readonly (number | null)[]
  outputShape(shape: readonly number[], options: CoreOptions): readonly number[]
  /** The output shape for an input shape with unknown axes, if the output has other axes than the input. */
  symbolic?(shape: SymbolicShape, options: CoreOptions): SymbolicShape
}

/** Options that TensorFlow.js gives every layer; loading a model adds `customObjects`. */
const layerArgs = [
  'batchInputShape',
  'batchSize',
  'customObjects',
  'dtype',
  'inputDType',
  'inputShape',
  'name',
  'trainable',
  'weights',
]

/** Makes a layer class and registers it, so that models that contain the layer can be loaded. */
export function layerClass<O>(tf: TfLayers, kind: LayerKind): PoolLayerClass<O> {
  const { className, rank } = kind
  const named = {
    [className]: class extends tf.layers.Layer {
      static readonly className = className
      readonly options: Readonly<object>
      readonly #core: CoreOptions

      constructor(config: object = {}) {
        const ofLayer = ([name]: [string, unknown]) => layerArgs.includes(name)
        const entries = Object.entries(config)
        super(Object.fromEntries(entries.filter(ofLayer)))
        const own = entries.filter((entry) => !ofLayer(entry))
        const options = optionsOf(className, Object.fromEntries(own))
        this.#core = kind.read(options)
        this.options = Object.freeze(options)
        const ndim = rank === 0 ? { minNDim: 3 } : { ndim: rank + 2 }
        const masked = (options as { masked?: boolean }).masked === true
        this.inputSpec = Array.from(
          { length: kind.inputsFor(options) },
          (_, i) => new tf.InputSpec(masked && i === 1 ? {} : ndim),
        )
      }

      override call(inputs: TfTensor | TfTensor[]): TfTensor | TfTensor[] {
        return tf.tidy(() => kind.call([inputs].flat(), this.options) as TfTensor | TfTensor[])
      }

      /** Marks the indices as int32. A model would otherwise cast them to float32, which is not exact beyond 2^24. */
      override apply(...args: Parameters<TfLayer['apply']>): ReturnType<TfLayer['apply']> {
        const outputs = super.apply(...args)
        const [, indices] = [outputs].flat()
        if (indices instanceof tf.SymbolicTensor) Object.assign(indices, { dtype: 'int32' })
        return outputs
      }

      override computeOutputShape(inputShape: SymbolicShape | SymbolicShape[]): never {
        const first = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as SymbolicShape
        const { layout, keepDims } = this.#core
        if (kind.symbolic !== undefined) return kind.symbolic(first, this.#core) as never
        const whole = symbolicShape(first, {
          layout,
          fixed: kind.fixed(this.#core, first.length - 2),
          outputShape: (given) => kind.outputShape(given, { ...this.#core, keepDims: undefined }),
        })
        const shape = keepDims === false ? [whole[0]!, layout === 'NCHW' ? whole[1]! : whole.at(-1)!] : whole
        return (this.#core.returnIndices ? [shape, [...shape]] : shape) as never
      }

      override getConfig() {
        return { ...super.getConfig(), ...configOf(this.options) }
      }
    },
  }
  const layer = named[className]!
  tf.serialization.registerClass(layer as never, 'pool2d')
  return layer as unknown as PoolLayerClass<O>
}
