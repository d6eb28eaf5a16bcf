/**
 * A device that computes nothing: calls on it are checked and recorded as on any other.
 */
export function recordingDevice(): GPUDevice {
  const nothing = () => {}
  const buffer = ({ size, usage }: GPUBufferDescriptor) => ({
    size,
    usage,
    mapState: 'unmapped',
    mapAsync: nothing,
    destroy: nothing,
  })
  const pass = {
    setPipeline: nothing,
    setBindGroup: nothing,
    dispatchWorkgroups: nothing,
    end: nothing,
  }
  const encoder = { beginComputePass: () => pass, clearBuffer: nothing, finish: nothing }
  return {
    limits: {
      maxStorageBufferBindingSize: 2 ** 27,
      minStorageBufferOffsetAlignment: 256,
      maxComputeWorkgroupsPerDimension: 65_535,
      maxBufferSize: 2 ** 28,
    },
    lost: new Promise(nothing),
    queue: { writeBuffer: nothing, submit: nothing },
    createBuffer: buffer,
    createBindGroupLayout: nothing,
    createPipelineLayout: nothing,
    createShaderModule: nothing,
    createComputePipeline: nothing,
    createBindGroup: nothing,
    createCommandEncoder: () => encoder,
    pushErrorScope: nothing,
    popErrorScope: async () => null,
    destroy: nothing,
  } as unknown as GPUDevice
}
