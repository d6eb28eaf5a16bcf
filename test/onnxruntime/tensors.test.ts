import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { maxPool, runNode } from '../../src/adapters/onnx/index.ts'
import { modelBytes } from '../support/onnx-model.ts'

const window = { kernel_shape: [2, 2], strides: [2, 2] }

test("ONNX Runtime's tensors go in as they are, and their memory stays theirs", () => {
  const x = new OrtTensor(
    'float32',
    Float32Array.from({ length: 16 }, (_, i) => i),
    [1, 1, 4, 4],
  )
  const { Y, Indices } = maxPool({ X: x }, window)
  expect(Y.toArray()).toEqual([
    [
      [
        [5, 7],
        [13, 15],
      ],
    ],
  ])
  expect(Indices.toArray()).toEqual([
    [
      [
        [5n, 7n],
        [13n, 15n],
      ],
    ],
  ])
  expect(x.data).toHaveLength(16)
})

test('ours become its tensors without a copy', () => {
  const x = new OrtTensor('float32', new Float32Array(16), [1, 1, 4, 4])
  const { Y, Indices } = maxPool({ X: x }, window)
  expect(new OrtTensor(Y.dtype as 'float32', Y.data, Y.shape).data).toBe(Y.data)
  expect(new OrtTensor('int64', Indices.data, Indices.shape).data).toBe(Indices.data)
})

test.each([
  ['float64', new Float64Array(4)],
  ['int8', new Int8Array(4)],
  ['uint8', new Uint8Array(4)],
  ['float16', new Uint16Array(4)],
] as const)('%s too', (type, data) => {
  const x = new OrtTensor(type, data as never, [1, 1, 2, 2])
  const [y] = runNode({ opType: 'MaxPool', attributes: { kernel_shape: [2, 2] }, outputs: 1 }, [x as never])
  expect([y!.dtype, y!.shape]).toEqual([type, [1, 1, 1, 1]])
  expect(new OrtTensor(type, y!.data as never, y!.shape).data).toBe(y!.data)
})

test('between two of its sessions', async () => {
  const session = await InferenceSession.create(
    modelBytes({
      opset: 12,
      nodes: [{ opType: 'MaxUnpool', attributes: window, inputs: ['x', 'i'], outputs: ['y'] }],
      inputs: [
        { name: 'x', dtype: 'float32', shape: [1, 1, 2, 2] },
        { name: 'i', dtype: 'int64', shape: [1, 1, 2, 2] },
      ],
      outputs: [{ name: 'y', dtype: 'float32' }],
    }),
  )
  const X = new OrtTensor(
    'float32',
    Float32Array.from({ length: 16 }, (_, i) => i),
    [1, 1, 4, 4],
  )
  const { Y, Indices } = maxPool({ X }, window)
  const { y } = await session.run({
    x: new OrtTensor('float32', Y.data, Y.shape),
    i: new OrtTensor('int64', Indices.data, Indices.shape),
  })
  const [again] = runNode({ opType: 'MaxPool', attributes: window, outputs: 1 }, [y as never])
  expect(again!.toArray()).toEqual(Y.toArray())
})
