/**
 * @file Layers: in models, saved and loaded, with shapes known before data, and trained.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { poolLayers } from '../../../src/adapters/tfjs/index.ts'
import { Tensor } from '../../../src/index.ts'
import { calls, type PoolCall, poolOf, titleOf } from './calls.ts'
import { counting, scattered, tf, useBackend, values } from './tf.ts'

const layers = poolLayers(tf)
const {
  AdaptiveAvgPool2d,
  AvgPool2d,
  FractionalMaxPool2d,
  GlobalAvgPool,
  LPPool2d,
  MaxPool2d,
  MaxUnpool2d,
  Pool2D,
} = layers

type Layer = InstanceType<typeof MaxPool2d>
type LayerClass = new (config: object) => Layer

beforeAll(() => useBackend('cpu'))

function classOf(name: string): LayerClass {
  const key = Object.keys(layers).find((known) => known.toLowerCase() === name.toLowerCase())
  return layers[key as 'MaxPool2d'] as unknown as LayerClass
}

/** The options a layer can hold: samples as nested arrays. */
function configOf({ options }: PoolCall): object {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, Tensor.isTensor(value) ? value.toArray() : value]),
  )
}

async function saveAndLoad(model: InstanceType<typeof tf.LayersModel>) {
  let saved: unknown
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined }))
      Object.assign(saved as object, { weightData: artifacts.weightData })
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  return tf.loadLayersModel(tf.io.fromMemory(saved as never))
}

const batched = calls.filter(
  ({ name, shape }) => !name.startsWith('maxUnpool') && !(name.endsWith('2d') && shape.length === 3),
)

test('a spatial pyramid knows its features as far as the input is known', () => {
  const { SpatialPyramidPool } = layers
  const shapeOf = (shape: (number | null)[], config: ConstructorParameters<typeof SpatialPyramidPool>[0]) =>
    new SpatialPyramidPool(config).computeOutputShape(shape as number[])
  expect(shapeOf([null, null, null, 3], { levels: [2, 1] })).toEqual([null, 15])
  expect(shapeOf([4, 6, 6, null], { levels: [2, 1] })).toEqual([4, null])
  const keeping = { levels: [[2, null]], dataFormat: 'channelsFirst' } as never
  expect(shapeOf([null, 3, 6, null], keeping)).toEqual([null, null])
  expect(shapeOf([null, 3, null, 5], keeping)).toEqual([null, null])
  expect(shapeOf([null, 3, 6, 5], keeping)).toEqual([null, 30])
  expect(() => new SpatialPyramidPool({ levels: [] })).toThrow(/levels/)
})

describe.each(batched.map((call) => [titleOf(call), call] as const))('%s', (_, call) => {
  const layer = () => new (classOf(call.name))(configOf(call))

  test('gives what the function gives, and the shape it said', () => {
    const x = scattered(call.shape)
    const y = layer().apply(x) as ReturnType<typeof counting>
    expect(values(y)).toEqual(values(poolOf(call)(x)))
    expect(layer().computeOutputShape(call.shape)).toEqual(y.shape)
  })

  // The list of a spatial pyramid has other axes than its input.
  test.skipIf(call.name === 'spatialPyramidPool')('knows its shape as far as the input is known', () => {
    const whole = layer().computeOutputShape(call.shape) as number[]
    for (let axis = 0; axis < call.shape.length; axis++) {
      const partly = call.shape.map((size, i) => (i === axis ? null : size))
      const shape = layer().computeOutputShape(partly as number[]) as (number | null)[]
      shape.forEach((size, i) => {
        if (i !== axis) expect(size).toBe(whole[i])
        else if (size !== null) expect(size).toBe(whole[i])
      })
    }
  })

  test('survives its config, and a model that is saved and loaded', async () => {
    const made = layer()
    const copy = (
      classOf(call.name) as unknown as { fromConfig(cls: unknown, config: object): Layer }
    ).fromConfig(classOf(call.name), JSON.parse(JSON.stringify(made.getConfig())))
    expect(copy.options).toEqual(made.options)
    expect(copy.name).toBe(made.name)

    const input = tf.input({ batchShape: call.shape })
    const model = tf.model({ inputs: input, outputs: layer().apply(input) as typeof input })
    const loaded = await saveAndLoad(model)
    expect(loaded.layers[1]!.getClassName()).toBe(
      (classOf(call.name) as unknown as { className: string }).className,
    )
    expect((loaded.layers[1] as Layer).options).toEqual(made.options)
    const x = scattered(call.shape)
    expect(values(loaded.predict(x) as typeof x)).toEqual(values(model.predict(x) as typeof x))
  })
})

test('unknown axes stay unknown, save where the output is given', () => {
  const unknown = [null, null, 8, 3] as unknown as number[]
  expect(new MaxPool2d({ kernelSize: 3, stride: 2 }).computeOutputShape(unknown)).toEqual([null, null, 3, 3])
  expect(new AdaptiveAvgPool2d({ outputSize: [2, null] }).computeOutputShape(unknown)).toEqual([
    null,
    2,
    8,
    3,
  ])
  expect(new GlobalAvgPool({}).computeOutputShape(unknown)).toEqual([null, 1, 1, 3])
  const fractional = { kernelSize: 2, outputRatio: 0.5 }
  expect(new FractionalMaxPool2d(fractional).computeOutputShape(unknown)).toEqual([null, null, 4, 3])
  const unpool = new MaxUnpool2d({ kernelSize: 2, outputSize: [7, 8] })
  expect(unpool.computeOutputShape([null, null, null, 3] as never)).toEqual([null, 7, 8, 3])
  expect(() => new MaxPool2d({ kernelSize: 3 }).computeOutputShape([null, 2, 8, 3] as never)).toThrow(
    /x.shape\[1\] = 2/,
  )
})

test('samples of a fractional layer are saved; without them each call draws its own', () => {
  const x = scattered([1, 20, 20, 1])
  const fresh = new FractionalMaxPool2d({ kernelSize: 2, outputSize: 12 })
  const draws = Array.from({ length: 8 }, () => values(fresh.apply(x) as typeof x).join())
  expect(new Set(draws).size).toBeGreaterThan(1)
  const fixed = new FractionalMaxPool2d({ kernelSize: 2, outputSize: 12, randomSamples: [[[0.25, 0.75]]] })
  expect(values(fixed.apply(x) as typeof x)).toEqual(values(fixed.apply(x) as typeof x))
})

test("the tutorial's layer", () => {
  const x = counting([1, 3, 3, 2], 1)
  const max = new Pool2D({})
  expect(values(max.apply(x) as typeof x)).toEqual([9, 10, 11, 12, 15, 16, 17, 18])
  expect(max.computeOutputShape([3, 5, 5, 2])).toEqual([3, 4, 4, 2])
  const average = new Pool2D({ size: [1, 3], mode: 'average', stride: 2, dataFormat: 'channelsFirst' })
  expect(average.computeOutputShape([null, 2, 5, 7] as never)).toEqual([null, 2, 3, 3])
  expect(values(average.apply(counting([1, 1, 1, 5])) as typeof x)).toEqual([1, 3])
  const { mode, size, stride, dataFormat } = average.getConfig()
  expect({ mode, size, stride, dataFormat }).toEqual({
    mode: 'average',
    size: [1, 3],
    stride: 2,
    dataFormat: 'channelsFirst',
  })
  expect(() => new Pool2D({ mode: 'avg' as never })).toThrow(/mode = "avg"; must be "max" or "average"/)
})

test('a layer can give its indices to an unpooling, through a saved model', async () => {
  const input = tf.input({ shape: [4, 4, 2] })
  const [pooled, indices] = new MaxPool2d({ kernelSize: 2, returnIndices: true }).apply(
    input,
  ) as (typeof input)[]
  const output = new MaxUnpool2d({ kernelSize: 2 }).apply([pooled!, indices!]) as typeof input
  expect(output.shape).toEqual([null, 4, 4, 2])
  const model = await saveAndLoad(tf.model({ inputs: input, outputs: output }))
  const y = model.predict(counting([1, 4, 4, 2])) as ReturnType<typeof counting>
  expect(values(y)).toEqual(Array.from({ length: 32 }, (_, i) => (i % 16 >= 8 && i % 4 >= 2 ? i : 0)))
})

test('a wrong number of axes is named by the layer', () => {
  expect(() => new MaxPool2d({ kernelSize: 2 }).apply(tf.ones([2, 2, 2]))).toThrow(/expected ndim=4/)
})

describe('training', () => {
  type Factory = () => InstanceType<typeof tf.layers.Layer>
  const network = (pool: Factory) => {
    const model = tf.sequential()
    const kernelInitializer = tf.initializers.glorotUniform({ seed: 7 })
    model.add(
      tf.layers.conv2d({
        inputShape: [9, 9, 1],
        filters: 3,
        kernelSize: 2,
        kernelInitializer,
        activation: 'relu',
      }),
    )
    model.add(pool())
    model.add(tf.layers.flatten())
    model.add(tf.layers.dense({ units: 2, kernelInitializer, activation: 'softmax' }))
    model.compile({ optimizer: tf.train.sgd(0.5), loss: 'categoricalCrossentropy' })
    return model
  }
  const lossesOf = async (pool: Factory): Promise<number[]> => {
    const model = network(pool)
    const x = scattered([6, 9, 9, 1])
    const y = tf.oneHot(tf.tensor1d([0, 1, 0, 1, 1, 0], 'int32'), 2)
    const losses: number[] = []
    for (let step = 0; step < 12; step++) losses.push((await model.trainOnBatch(x, y)) as number)
    model.dispose()
    return losses
  }
  const expectSameLosses = async (ours: Factory, theirs: Factory) => {
    const [a, b] = [await lossesOf(ours), await lossesOf(theirs)]
    expect(b.at(-1)!).toBeLessThan(b[0]! * 0.8)
    for (const [step, loss] of a.entries()) expect(Math.abs(loss - b[step]!)).toBeLessThan(1e-5)
  }

  test("with maxima follows tf.layers' step by step", () =>
    expectSameLosses(
      () => new MaxPool2d({ kernelSize: 2 }),
      () => tf.layers.maxPooling2d({ poolSize: 2 }),
    ))

  test("with averages follows tf.layers' step by step", () =>
    expectSameLosses(
      () => new AvgPool2d({ kernelSize: 2 }),
      () => tf.layers.averagePooling2d({ poolSize: 2 }),
    ))

  test('with a norm lowers the loss, and leaves no tensors behind', async () => {
    const losses = await lossesOf(() => new LPPool2d({ kernelSize: 2, normType: 3 }))
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.8)
    const before = tf.memory().numTensors
    const model = network(() => new LPPool2d({ kernelSize: 2, normType: 3 }))
    const [x, y] = [scattered([6, 9, 9, 1]), tf.ones([6, 2])]
    await model.trainOnBatch(x, y)
    const afterOne = tf.memory().numTensors
    for (let step = 0; step < 5; step++) await model.trainOnBatch(x, y)
    expect(tf.memory().numTensors).toBe(afterOne)
    model.dispose()
    tf.dispose([x, y])
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1)
  })
})
