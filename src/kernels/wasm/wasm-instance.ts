/**
 * @file An instance of the kernels with its linear memory: scratch that is taken and given back as a whole.
 */
import { PoolError } from '../../errors.ts'
import type { Job } from '../job.ts'
import { type Build, loadModule } from './load.ts'

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
/** Every export but the memory: addresses and counts in, at most a flag out. */
export type Run = (...args: number[]) => number

const pageBytes = 65536
/** A vector register, and a line of cache: what every block of scratch is aligned to. */
const alignment = 64
/** Bytes after the last array, which vectors at its end may read. */
const slack = 64

/** Thrown inside the kernels when a memory of fixed size has no room for the scratch of a job. */
export class ScratchFull extends Error {}

/** A part of a memory that others have parts of too: its scratch, whose vectors may read `slack` bytes past `to`. */
export interface Region {
  readonly memory: WebAssembly.Memory
  readonly from: number
  readonly to: number
}

/** Runs a job in a instance. */
export type RunIn<J extends Job = Job> = (instance: WasmInstance, job: J) => void

/** Threads that run jobs together in one memory. */
export interface ThreadPool {
  /** False for a job that one thread runs better, or that does not lie in the memory; nothing is done then. */
  run(job: Job, run: RunIn): boolean
}

export class WasmInstance {
  readonly memory: WebAssembly.Memory
  /** Whether vectors are real, and kernels that need them are there. */
  readonly isSimd: boolean
  readonly #exports: Record<string, Run>
  readonly #base: number
  /** End of the scratch; null lets the memory grow. */
  readonly #limit: number | null
  #cursor: number
  #ints: Int32Array
  /** Threads that run this instance's jobs with it. */
  threadPool: ThreadPool | null = null
  /** Which tiles of a job are for this instance, where threads share them; null for all. */
  share: (<T>(tiles: Iterable<T>) => Iterable<T>) | null = null

  /** @param scratch  its fixed size, after which `hostBytes` of the host's own arrays lie; or where it is in a given memory */
  constructor(module: WebAssembly.Module, scratch: number | Region | null, hostBytes = 0) {
    const given = typeof scratch === 'object' ? scratch : null
    const exports = new WebAssembly.Instance(module, given ? { env: { memory: given.memory } } : {}).exports
    this.#exports = exports as unknown as Record<string, Run>
    this.isSimd = this.#exports.isSimd!() !== 0
    this.memory = given?.memory ?? (exports.memory as WebAssembly.Memory)
    this.#base = given?.from ?? align(this.#exports.heapBase!())
    this.#limit = given?.to ?? (typeof scratch === 'number' ? this.#base + align(scratch) : null)
    this.#cursor = this.#base
    this.#ints = new Int32Array(this.memory.buffer)
    if (typeof scratch === 'number') this.#grow(this.#base + align(scratch) + hostBytes)
  }

  /** The export of a name; a kernel that is not there is a mistake of ours. */
  kernel(name: string): Run {
    const run = this.#exports[name]
    if (run === undefined) throw new Error(`no WebAssembly kernel ${name}`)
    return run
  }

  /** Where fixed scratch ends and the host's arrays begin. */
  get end(): number {
    return this.#limit ?? this.memory.buffer.byteLength
  }

  /** Bytes of scratch that are taken. */
  get taken(): number {
    return this.#cursor - this.#base
  }

  /** Gives all scratch back. */
  release(): void {
    this.#cursor = this.#base
  }

  /** Bytes of scratch, at an address that stays good until `release`. */
  alloc(bytes: number): number {
    const address = this.#cursor
    const end = address + align(bytes)
    if (this.#limit !== null && end > this.#limit) throw new ScratchFull()
    if (end + slack > this.memory.buffer.byteLength) this.#grow(end)
    this.#cursor = end
    return address
  }

  /** The memory as 32-bit integers; only good until the next `take`. */
  get ints(): Int32Array {
    return this.#ints
  }

  /** A view of scratch; only good until the next `take`. */
  view<A extends NumberArray>(of: ArrayClass<A>, address: number, length: number): A {
    return new of(this.memory.buffer as ArrayBuffer, address, length)
  }

  /** Makes the memory reach `end`; by at least an eighth, so that growing is rare. */
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

/** Bytes of memory that a instance is kept with: it cannot shrink. */
const mostKept = 64 * 1024 * 1024
/** Milliseconds for which a larger one waits for the next large job. */
const idleTime = 200

let lastLarge = Number.NEGATIVE_INFINITY
const drops: Partial<Record<Build, ReturnType<typeof setTimeout>>> = {}

/**
 * To be called after a job on `machineOf(build)` that began at `started`. A instance that grew large is dropped, and the next job makes a new one: at once after a
 * single job, and once it is idle where large jobs follow each other, since memory costs more to get than to use.
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

/** The instance of a build that all plain arrays go through, or why there is none. */
export function wasmInstanceOf(build: Build): WasmInstance | { readonly reason: string } {
  const ready = instances[build]
  if (ready !== undefined) return ready
  const module = loadModule(build)
  if ('reason' in module) return module
  try {
    instances[build] = new WasmInstance(module, null)
    return instances[build]
  } catch (error) {
    return { reason: `WebAssembly cannot be instantiated here: ${(error as Error).message}` }
  }
}
