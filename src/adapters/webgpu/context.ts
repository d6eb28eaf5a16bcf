/**
 * @file The state that the calls on one device share: pipelines by their text, small buffers by their content, scratch buffers, and the
 * device's end.
 */
import { invalid, PoolError } from '../../errors.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { BufferCache, type Spent } from './buffer-cache.ts'
import { type GpuLoss, usages } from './device.ts'
import type { Program } from './wgsl/program.ts'

const mostRuns = { count: 512, bytes: Infinity }
const mostTables = { count: 256, bytes: 2 ** 26 }

export interface Compiled {
  readonly pipeline: GPUComputePipeline
  readonly layout: GPUBindGroupLayout
}

export class Context {
  readonly device: GPUDevice
  readonly lost: Promise<GpuLoss>
  /** The largest binding, and the alignment of its offset. */
  readonly largestBinding: number
  readonly alignment: number
  /** The most workgroups along one axis of a dispatch. */
  readonly mostGroups: number
  readonly #isOwn: boolean
  readonly #pipelines = new Map<string, Compiled>()
  readonly #runs = new BufferCache<string>(mostRuns)
  /** The tables of plans, by the direction in which shaders read them. */
  readonly tables = {
    forward: new BufferCache<PoolPlan>(mostTables),
    transposed: new BufferCache<PoolPlan>(mostTables),
  }
  readonly #scratch = new Map<number, GPUBuffer[]>()
  #end: string | null = null

  constructor(device: GPUDevice, isOwn: boolean) {
    this.device = device
    this.#isOwn = isOwn
    const { maxStorageBufferBindingSize, minStorageBufferOffsetAlignment, maxComputeWorkgroupsPerDimension } =
      device.limits
    this.largestBinding = Math.floor(maxStorageBufferBindingSize / 4) * 4
    this.alignment = minStorageBufferOffsetAlignment
    this.mostGroups = maxComputeWorkgroupsPerDimension
    this.lost = device.lost.then(({ reason, message }) => {
      this.#end ??= `the device was lost (${reason ?? 'unknown'}: ${message})`
      return { reason: reason ?? 'unknown', message }
    })
  }

  /** Destroys the device unless it is the caller's. */
  dispose(): void {
    if (this.#end !== null) return
    this.#end = 'dispose() was called'
    this.#runs.clear()
    this.tables.forward.clear()
    this.tables.transposed.clear()
    for (const buffer of [...this.#scratch.values()].flat()) buffer.destroy()
    this.#scratch.clear()
    this.#pipelines.clear()
    if (this.#isOwn) this.device.destroy()
  }

  /** @throws PoolError "UNAVAILABLE" after the loss or the disposal of the device */
  assertUsable(op: string): void {
    if (this.#end === null) return
    throw new PoolError(
      'UNAVAILABLE',
      `${op}: gpu = WebGPU; ${this.#end}, and its tensors are gone. Call webgpu() again and upload them.`,
      { op, argument: 'gpu' },
    )
  }

  pipeline({ code, bindings }: Program): Compiled {
    const known = this.#pipelines.get(code)
    if (known !== undefined) return known
    const { device } = this
    const types = ['uniform', 'read-only-storage', ...bindings.map(storageOf)] as GPUBufferBindingType[]
    const layout = device.createBindGroupLayout({
      entries: types.map((type, binding) => ({ binding, visibility: 4, buffer: { type } })),
    })
    const pipeline = device.createComputePipeline({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
    })
    const compiled = { pipeline, layout }
    this.#pipelines.set(code, compiled)
    return compiled
  }

  /** A small buffer of these words. Calls of the same shapes share one. */
  run(words: readonly number[], spent: Spent, usage = usages.uniform): GPUBuffer {
    return this.#runs.take(`${usage}: ${words.join()}`, spent, () => {
      const padded = new Uint32Array(Math.ceil(words.length / 4) * 4)
      padded.set(words)
      return this.filled(padded, usage)
    })
  }

  /** A new buffer with these words. */
  filled(words: Uint32Array, usage: number): GPUBuffer {
    const buffer = this.device.createBuffer({ size: words.byteLength, usage: usage | usages.copyTarget })
    this.device.queue.writeBuffer(buffer, 0, words as Uint32Array<ArrayBuffer>)
    return buffer
  }

  /** A new buffer for elements. @throws PoolError "LIMIT" if the device cannot allocate that size */
  elements(op: string, argument: string, bytes: number): GPUBuffer {
    const size = Math.max(4, Math.ceil(bytes / 4) * 4)
    const { maxBufferSize } = this.device.limits
    if (size > maxBufferSize) {
      throw invalid(
        'LIMIT',
        { op, argument: `${argument}, bytes`, value: size },
        `must be at most ${maxBufferSize}, the largest buffer of the device`,
        'Pool a part of the batch at a time.',
      )
    }
    const { storage, copySource, copyTarget } = usages
    return this.device.createBuffer({ size, usage: storage | copySource | copyTarget })
  }

  /** A buffer of a size class, to be given back by `release` once the work that uses it is submitted. */
  scratch(op: string, bytes: number): GPUBuffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, 256)))
    return this.#scratch.get(size)?.pop() ?? this.elements(op, 'scratch buffer', size)
  }

  release(buffer: GPUBuffer): void {
    const kept = this.#scratch.get(buffer.size)
    if (kept === undefined) this.#scratch.set(buffer.size, [buffer])
    else kept.push(buffer)
  }
}

function storageOf({ access }: { access: 'in' | 'out' }): GPUBufferBindingType {
  return access === 'in' ? 'read-only-storage' : 'storage'
}
