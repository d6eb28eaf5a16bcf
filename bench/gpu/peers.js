/**
 * @file ONNX Runtime web and TensorFlow.js in a page, each on the device that it makes, its tensors on the GPU before the first call and
 * after the last: ONNX Runtime with channels first, as `preferredLayout` says, and TensorFlow.js with channels last.
 */
import { poolings } from './poolings.js'

/** `runtime` is the module onnxruntime-web/webgpu. */
export function onnxRuntime(ort) {
  return {
    name: `ONNX Runtime web ${ort.env.versions.web}`,
    async prepare(pooling, host) {
      if (pooling.onnx === null) return null
      const session = await ort.InferenceSession.create(`/models/${poolings.indexOf(pooling)}`, {
        executionProviders: [{ name: 'webgpu', preferredLayout: 'NCHW' }],
        preferredOutputLocation: 'gpu-buffer',
      })
      const device = await ort.env.webgpu.device
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
      const buffer = device.createBuffer({ size: host.data.byteLength, usage })
      device.queue.writeBuffer(buffer, 0, host.data)
      const x = ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: host.shape })
      let last = null
      return {
        async run() {
          last?.dispose()
          last = (await session.run({ x })).y
        },
        wait: () => device.queue.onSubmittedWorkDone(),
        read: () => last.getData(),
        async dispose() {
          last?.dispose()
          await session.release()
          buffer.destroy()
        },
      }
    },
  }
}

/** The promise is for the peer; its backend must be registered. */
export async function tensorFlow(tf) {
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js has no backend webgpu here')
  await tf.ready()
  const backend = tf.backend()
  return {
    name: `tfjs-webgpu ${tf.version_core}`,
    prepare({ onnx, options: { kernelSize, stride } }, host) {
      if (onnx === null) return null
      const x = channelsLast(tf, host)
      const pool = {
        MaxPool: () => tf.maxPool(x, kernelSize, stride, 'valid'),
        AveragePool: () => tf.avgPool(x, kernelSize, stride, 'valid'),
        GlobalAveragePool: () => tf.mean(x, [1, 2], true),
      }[onnx]
      let last = null
      return {
        run() {
          last?.dispose()
          last = pool()
        },
        async wait() {
          /** It submits by itself once it has enough. */
          if (backend.commandEncoder) {
            backend.endComputePassEncoder()
            backend.submitQueue()
          }
          await backend.device.queue.onSubmittedWorkDone()
        },
        async read() {
          const first = tf.transpose(last, [0, 3, 1, 2])
          const data = await first.data()
          first.dispose()
          return data
        },
        dispose() {
          for (const tensor of [x, last]) tensor?.dispose()
        },
      }
    },
  }
}

function channelsLast(tf, { data, shape }) {
  return tf.tidy(() => tf.transpose(tf.tensor(data, shape), [0, 2, 3, 1]))
}
