/**
 * @file An instance of the modules of a build with their linear memory, and an allocator for scratch that is released as a whole.
 */
import { PoolError } from '../../errors.ts'
import type { Job } from '../job.ts'
import { type Build, loadModules, type Modules } from './load.ts'

type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
export type ArrayClass<A extends NumberArray = NumberArray> = {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): A
  readonly BYTES_PER_ELEMENT: number
}
/** An exported function: takes addresses and counts, returns at most a flag. */
export type Run = (...args: number[]) => number

const pageBytes = 65536
/** Scratch is aligned to a cache line, in bytes. */
const alignment = 64
/** Bytes after the last array that vectors may read. */
const slack = 64

/** Thrown if a memory of fixed size has no room for the scratch of a job. */
export class ScratchFull extends Error {}

/** The scratch of one instance in a shared memory. Vectors may read `slack` bytes past `to`. */
export interface Region {
  readonly memory: WebAssembly.Memory
  readonly from: number
  readonly to: number
}

/** Selects the tiles of a job that this thread runs. */
export type Share = <T>(tiles: Iterable<T>) => Iterable<T>

/** Runs a job in an instance: all its tiles, or a share of them. */
export type RunIn<J extends Job = Job> = (instance: WasmInstance, job: J, share?: Share) => void

/** Runs jobs on several threads. */
export interface Executor {
  /** Returns false, having done nothing, if one thread is faster or the job's arrays lie elsewhere. */
  run(job: Job, run: RunIn): boolean
}

export class WasmInstance {
  readonly memory: WebAssembly.Memory
  /** True for the SIMD build, which has the SIMD-only kernels. */
  readonly isSimd: boolean
  readonly #exports: Record<string, Run>
  /** Instantiated on first use. */
  #rare: Record<string, Run> | null = null
  readonly #rareModule: Modules['rare']
  readonly #base: number
  /** The end of the scratch; null if the memory may grow. */
  readonly #limit: number | null
  /** The end of the scratch that `release` leaves. */
  #floor: number
  #cursor: number
  #ints: Int32Array
  /** Counts the calls of `forget`. */
  forgotten = 0
  /** Runs the jobs of this instance's memory on several threads; null if there is one thread. */
  executor: Executor | null = null

  /**
   * @param scratch  bytes of fixed scratch, followed by `hostBytes` for the host's arrays; a region of a given memory;
   *   or null for memory that grows
   */
  constructor({ module, rare }: Modules, scratch: number | Region | null, hostBytes = 0) {
    const given = typeof scratch === 'object' ? scratch : null
    this.#exports = exportsOf(module, given?.memory ?? null)
    this.#rareModule = rare
    this.isSimd = this.#exports.isSimd!() !== 0
    this.memory = given?.memory ?? (this.#exports.memory as unknown as WebAssembly.Memory)
    this.#base = given?.from ?? align(this.#exports.heapBase!())
    this.#limit = given?.to ?? (typeof scratch === 'number' ? this.#base + align(scratch) : null)
    this.#floor = this.#base
    this.#cursor = this.#base
    this.#ints = new Int32Array(this.memory.buffer)
    if (typeof scratch === 'number') this.#grow(this.#base + align(scratch) + hostBytes)
  }

  /** The exported kernel `name`. A missing one is a bug in pool2d. */
  kernel(name: string): Run {
    const run = this.#exports[name] ?? this.#rareExports()?.[name]
    if (run === undefined) throw new Error(`no WebAssembly kernel ${name}`)
    return run
  }

  #rareExports(): Record<string, Run> | null {
    if (this.#rareModule === null) return null
    this.#rare ??= exportsOf(this.#rareModule(), this.memory)
    return this.#rare
  }

  /** The end of fixed scratch, where the host's arrays begin. */
  get end(): number {
    return this.#limit ?? this.memory.buffer.byteLength
  }

  /** Bytes of allocated scratch, without that which is kept. */
  get taken(): number {
    return this.#cursor - this.#floor
  }

  /** Frees all scratch but that which is kept and the first `taken` bytes. */
  release(taken = 0): void {
    this.#cursor = this.#floor + taken
  }

  /** Bytes of kept scratch. */
  get kept(): number {
    return this.#floor - this.#base
  }

  /** Keeps all scratch until `forget`. */
  keep(): void {
    this.#floor = this.#cursor
  }

  /** Frees all scratch. False if none was kept. */
  forget(): boolean {
    const had = this.kept > 0
    this.#floor = this.#base
    this.release()
    this.forgotten++
    return had
  }

  /** Allocates scratch and returns its address, valid until `release`. */
  alloc(bytes: number): number {
    const address = this.#cursor
    const end = address + align(bytes)
    if (this.#limit !== null && end > this.#limit) throw new ScratchFull()
    if (end + slack > this.memory.buffer.byteLength) this.#grow(end)
    this.#cursor = end
    return address
  }

  /** The memory as 32-bit integers, valid until the next `alloc`. */
  get ints(): Int32Array {
    return this.#ints
  }

  /** A view of scratch, valid until the next `alloc`. */
  view<A extends NumberArray>(of: ArrayClass<A>, address: number, length: number): A {
    return new of(this.memory.buffer as ArrayBuffer, address, length)
  }

  /** Grows the memory to at least `end`, by at least an eighth so that growing is rare. */
  #grow(end: number): void {
    const now = this.memory.buffer.byteLength
    const wanted = Math.ceil((end + slack - now) / pageBytes)
    const roomy = Math.max(wanted, Math.ceil(now / 8 / pageBytes))
    if (wanted > 0 && !tryGrow(this.memory, roomy) && !tryGrow(this.memory, wanted)) {
      throw new PoolError(
        'LIMIT',
        `kernel scratch = ${end} bytes; WebAssembly memory cannot grow beyond ${now} bytes here. Free memory, or pool a part of the planes at a time.`,
        { argument: 'scratch', value: end },
      )
    }
    this.#ints = new Int32Array(this.memory.buffer)
  }
}

function exportsOf(module: WebAssembly.Module, memory: WebAssembly.Memory | null): Record<string, Run> {
  const { exports } = new WebAssembly.Instance(module, memory === null ? {} : { env: { memory } })
  return exports as unknown as Record<string, Run>
}

function tryGrow(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages)
    return true
  } catch {
    return false
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

const instances: Partial<Record<Build, WasmInstance>> = {}

/** An instance with more bytes is dropped after use: memory cannot shrink. */
const mostKept = 64 * 1024 * 1024
/** Milliseconds for which a large instance is kept while large jobs follow each other. */
const idleTime = 200

let lastLarge = Number.NEGATIVE_INFINITY
const drops: Partial<Record<Build, ReturnType<typeof setTimeout>>> = {}

/**
 * Call after a job on `wasmInstanceOf(build)` that began at `started`. Drops an instance that grew large, so that the
 * next job makes a new one. Drops it at once after a single job, but only when idle if large jobs follow each other,
 * since allocating memory costs more than using it.
 */
export function trimInstance(build: Build, started: number): void {
  if ((instances[build]?.memory.buffer.byteLength ?? 0) <= mostKept) return
  const isRepeated = started - lastLarge < idleTime
  lastLarge = performance.now()
  clearTimeout(drops[build])
  const drop = (): void => void delete instances[build]
  if (!isRepeated) {
    drop()
    return
  }
  const timer = setTimeout(drop, idleTime)
  ;(timer as { unref?(): void }).unref?.()
  drops[build] = timer
}

/** The instance of a build for arrays outside WebAssembly memory, or the reason why there is none. */
export function wasmInstanceOf(build: Build): WasmInstance | { readonly reason: string } {
  const ready = instances[build]
  if (ready !== undefined) return ready
  const modules = loadModules(build)
  if ('reason' in modules) return modules
  try {
    instances[build] = new WasmInstance(modules, null)
    return instances[build]
  } catch (error) {
    return { reason: `WebAssembly cannot be instantiated here: ${(error as Error).message}` }
  }
}
