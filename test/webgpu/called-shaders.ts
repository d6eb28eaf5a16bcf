/**
 * @file The shaders that the poolings of a gpu ask for, with each dtype and option, from calls on a device that only records. Uses no test
 * framework, so that other runtimes compile them too.
 */
import { gpuOperations } from '../../src/adapters/webgpu/functions.ts'
import { type Gpu, type GpuTensor, webgpu } from '../../src/adapters/webgpu/index.ts'
import { gpuTypes } from '../../src/adapters/webgpu/wgsl/elements.ts'
import { type DType, isPoolError, type Tensor } from '../../src/index.ts'
import { recordingDevice } from '../adapters/webgpu/recording-device.ts'
import { callOf, catalogue, type Entry, knownSamples, type Options } from '../support/catalogue.ts'

export async function calledShaders(): Promise<readonly string[]> {
  const codes = new Set<string>()
  const createShaderModule = ({ code }: GPUShaderModuleDescriptor) => codes.add(code)
  const gpu = await webgpu(Object.assign(recordingDevice(), { createShaderModule }) as never)
  const there = new Set(gpuOperations.map(({ op }) => op))
  for (const entry of catalogue.filter(({ name }) => there.has(name)))
    for (const dtype of gpuTypes)
      for (const extra of formsOf(entry)) unlessRefused(() => callBoth(gpu, entry, dtype, extra))
  return [...codes]
}

/** Each option alone, and with what leaves elements out. */
function formsOf({ optional }: Entry): readonly Options[] {
  const given = Object.entries(optional).map(([name, value]): Options => ({ [name]: value }))
  return [{}, { mask: true }, { nodata: 3 }]
    .filter((form) => Object.keys(form).every((name) => name in optional))
    .flatMap((form) => [form, ...given.map((option) => ({ ...form, ...option }))])
}

function callBoth(gpu: Gpu, entry: Entry, dtype: DType, extra: Options): void {
  const { inputs, options } = callOf(entry, dtype, { ...extra, ...knownSamples(entry) })
  const { mask } = options
  const uploaded = mask === undefined ? options : { ...options, mask: gpu.tensor(mask as Tensor) }
  const there = inputs.map((input) => gpu.tensor(input))
  const call = gpu as unknown as Record<string, (...given: unknown[]) => GpuTensor | { output: GpuTensor }>
  const y = call[entry.name]!(...there, uploaded)
  call[`${entry.name}Backward`]?.('output' in y ? y.output : y, ...there, uploaded)
}

function unlessRefused(run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!isPoolError(error)) throw error
  }
}
