/**
 * @file Training steps of a small network on the current backend, with poolings of pool2d/tfjs and with those of tf.layers.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { layers as keras, Sequential } from '@tensorflow/tfjs-layers'
import { poolLayers } from '../../../src/adapters/tfjs/index.ts'
import { scattered, tf } from '../../adapters/tfjs/tf.ts'
import { counted, type GpuBackend, useBackend } from './tfjs-backend.ts'

type Layer = keras.Layer

const { AvgPool2d, MaxPool2d } = poolLayers(tf)

const poolings: Readonly<Record<'ours' | 'theirs', () => readonly [Layer, Layer]>> = {
  ours: () => [new MaxPool2d({ kernelSize: 2 }), new AvgPool2d({ kernelSize: 2 })],
  theirs: () => [
    tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }),
    tf.layers.averagePooling2d({ poolSize: 2, strides: 2 }),
  ],
}

/** LeNet's shape. tanh leaves no ties, whose gradients go to other elements in tf.layers. */
function network([first, second]: readonly [Layer, Layer]): Sequential {
  const model = tf.sequential()
  const conv = { kernelSize: 5, activation: 'tanh', kernelInitializer: 'zeros' } as const
  model.add(tf.layers.conv2d({ ...conv, inputShape: [28, 28, 1], filters: 6 }))
  model.add(first)
  model.add(tf.layers.conv2d({ ...conv, filters: 16 }))
  model.add(second)
  model.add(tf.layers.flatten())
  model.add(tf.layers.dense({ units: 10, kernelInitializer: 'zeros' }))
  model.setWeights(model.getWeights().map(({ shape }, i) => tf.mul(many(shape, i + 1), 0.2)))
  return model
}

/** As `scattered`, for more than 600 elements. */
function many(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, dim) => product * dim, 1)
  const repeated = tf.tile(scattered([600], seed), [Math.ceil(size / 600)])
  return tf.reshape(tf.slice(repeated, 0, size), shape.slice())
}

export interface Trained {
  /** Reads from the GPU in all steps. */
  readonly reads: number
  readonly milliseconds: number
  readonly weights: readonly number[]
}

/** Trains two networks in turns, step by step. */
export async function trainBoth(
  backend: GpuBackend,
  steps: number,
): Promise<Record<keyof typeof poolings, Trained>> {
  await useBackend(backend)
  const x = many([8, 28, 28, 1], 5)
  const labels = tf.oneHot(
    Array.from({ length: 8 }, (_, i) => i),
    10,
  )
  const runs = (['ours', 'theirs'] as const).map((name) => {
    const model = network(poolings[name]())
    const optimizer = tf.train.sgd(0.1)
    const step = () =>
      optimizer.minimize(() =>
        tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as Tensor),
      )
    return { name, model, step, reads: 0, milliseconds: 0 }
  })
  for (let i = 0; i <= steps; i++) {
    for (const run of runs) {
      const begin = performance.now()
      run.reads += counted(run.step).reads
      await run.model.getWeights()[0]!.data()
      /** The first step compiles. */
      if (i > 0) run.milliseconds += (performance.now() - begin) / steps
    }
  }
  const [ours, theirs] = await Promise.all(
    runs.map(async ({ model, reads, milliseconds }): Promise<Trained> => {
      const weights = await Promise.all(model.getWeights().map((tensor) => tensor.data()))
      return { reads, milliseconds, weights: weights.flatMap((each) => Array.from(each)) }
    }),
  )
  return { ours: ours!, theirs: theirs! }
}
