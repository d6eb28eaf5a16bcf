/**
 * @file Runs one node on ONNX Runtime's CPU kernels.
 */
import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import type { DType, TypedArray } from '../../src/tensor/dtype.ts'
import { Tensor } from '../../src/tensor/tensor.ts'
import { type ModelAttributes, modelBytes } from '../support/onnx-model.ts'

export interface RuntimeNode {
  readonly opType: string
  /** Default: ONNX's own. */
  readonly domain?: string
  readonly opset: number
  readonly attributes: ModelAttributes
  /** Undefined for one that is left out. */
  readonly inputs: readonly (Tensor | undefined)[]
  readonly outputs: number
}

env.logLevel = 'fatal'
takeHalvesAsBits()

/** Its native part cannot read a Float16Array, which newer engines have; where its first tensor finds none, it takes 16-bit patterns. */
function takeHalvesAsBits(): void {
  const held = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array')
  if (held === undefined) return
  Reflect.deleteProperty(globalThis, 'Float16Array')
  new OrtTensor('float32', new Float32Array(1), [1])
  Object.defineProperty(globalThis, 'Float16Array', held)
}

/** The outputs, or what ONNX Runtime says instead. */
export async function runOnRuntime(node: RuntimeNode): Promise<readonly Tensor[] | string> {
  const names = node.inputs.map((input, i) => (input === undefined ? '' : `in${i}`))
  const outputs = Array.from({ length: node.outputs }, (_, i) => `out${i}`)
  const given = node.inputs.flatMap((input, i) => (input === undefined ? [] : [{ name: names[i]!, input }]))
  const model = modelBytes({
    opset: node.opset,
    nodes: [
      { opType: node.opType, domain: node.domain ?? '', attributes: node.attributes, inputs: names, outputs },
    ],
    inputs: given.map(({ name, input: { dtype, shape } }) => ({ name, dtype, shape })),
    outputs: outputs.map((name, i) => ({ name, dtype: i === 0 ? node.inputs[0]!.dtype : 'int64' })),
  })
  try {
    const session = await InferenceSession.create(model, { logSeverityLevel: 4, intraOpNumThreads: 1 })
    const feeds = given.map(({ name, input }) => [
      name,
      new OrtTensor(input.dtype as 'float32', input.data as Float32Array, input.shape),
    ])
    const results = await session.run(Object.fromEntries(feeds))
    await session.release()
    return outputs.map((name) => {
      const { data, dims, type } = results[name]!
      return new Tensor(data as TypedArray, dims, type as DType)
    })
  } catch (error) {
    return String((error as Error).message)
  }
}
