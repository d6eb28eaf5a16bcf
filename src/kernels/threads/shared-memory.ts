/**
 * @file The memory that all threads share: arrays, the scratch of each thread, and control words. Its size is fixed.
 */
import { ArraySpace } from '../memory/array-space.ts'
import { FreeList } from '../memory/free-list.ts'
import { own, scratchBytes } from '../memory/wasm-memory.ts'
import { compileShared, loadModules } from '../wasm/load.ts'
import { WasmInstance } from '../wasm/wasm-instance.ts'

const pageBytes = 65536
/** The bytes before the first scratch, which the module uses itself. */
const moduleBytes = pageBytes
/** Bytes after the last array that vectors may read. */
const slack = 64
/** The smallest memory that is tried. */
const leastBytes = 32 * 1024 * 1024

export class SharedMemory {
  readonly modules: ReturnType<typeof compileShared>
  readonly memory: WebAssembly.Memory
  /** The instance of the caller's thread. */
  readonly instance: WasmInstance
  /** Bytes for arrays and the scratch of workers. */
  readonly bytes: number
  /** The caller's arrays. */
  readonly arrays: ArraySpace
  readonly #freeList: FreeList

  /** @throws Error with the reason if shared memory is not available */
  constructor(wantedBytes: number) {
    this.modules = sharedModules()
    this.memory = largestUpTo(wantedBytes + moduleBytes + scratchBytes + slack)
    const from = moduleBytes
    const to = from + scratchBytes
    const { module, rare } = this.modules
    this.instance = new WasmInstance({ module, rare: () => rare }, { memory: this.memory, from, to })
    this.bytes = this.memory.buffer.byteLength - to - slack
    this.#freeList = new FreeList(to, this.bytes)
    this.arrays = new ArraySpace(
      'threads',
      this.memory,
      this.#freeList,
      'Free arrays, or ask for a larger memory with `bytes`.',
    )
    own(this.instance, this.#freeList)
    memories.set(this.memory.buffer, this)
  }

  /** The address of an uninitialised block, or null. */
  alloc(bytes: number): number | null {
    return this.#freeList.alloc(bytes)
  }

  free(at: number): void {
    this.#freeList.free(at)
  }
}

/** Keeps a memory alive as long as an array lies in its buffer. */
const memories = new WeakMap<ArrayBufferLike, SharedMemory>()

let compiled: ReturnType<typeof compileShared> | null = null

function sharedModules(): ReturnType<typeof compileShared> {
  const plain = loadModules('simd')
  if ('reason' in plain) throw new Error(plain.reason)
  try {
    compiled ??= compileShared()
  } catch (error) {
    throw new Error(`this engine takes no WebAssembly with shared memory: ${(error as Error).message}`)
  }
  return compiled
}

/** Allocates `bytes`; halves the size until the engine grants it. */
function largestUpTo(bytes: number): WebAssembly.Memory {
  let pages = Math.min(65536, Math.ceil(bytes / pageBytes))
  for (;;) {
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
      if (!(memory.buffer instanceof SharedArrayBuffer)) throw new Error('it is not shared')
      return memory
    } catch (error) {
      const fewer = Math.ceil(pages / 2)
      if (fewer * pageBytes < leastBytes)
        throw new Error(`no shared memory of ${pages * pageBytes} bytes: ${(error as Error).message}`)
      pages = fewer
    }
  }
}
