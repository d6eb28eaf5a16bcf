/**
 * @file The memory that all threads see: arrays, scratch of each thread, control words. It has one size from the start.
 */

import { ArraySpace } from '../memory/array-space.ts'
import { FreeList } from '../memory/free-list.ts'
import { own, scratchBytes } from '../memory/wasm-memory.ts'
import { simdBytes } from '../wasm/generated/simd.ts'
import { decodeBytes, loadModule } from '../wasm/load.ts'
import { WasmInstance } from '../wasm/wasm-instance.ts'
import { shareMemory } from './shared-module.ts'

const pageBytes = 65536
/** What the module has for itself. */
const moduleBytes = pageBytes
/** Vectors may read past the last array. */
const slack = 64
/** Less than this is not asked for. */
const leastBytes = 32 * 1024 * 1024

export class SharedMemory {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** The caller's. */
  readonly instance: WasmInstance
  /** Bytes for arrays and for workers' scratch. */
  readonly bytes: number
  /** Those of callers. */
  readonly arrays: ArraySpace
  readonly #gaps: FreeList

  /** @throws Error with the reason if there is no such memory here */
  constructor(wantedBytes: number) {
    this.module = sharedModule()
    this.memory = largestUpTo(wantedBytes + moduleBytes + scratchBytes + slack)
    const from = moduleBytes
    const to = from + scratchBytes
    this.instance = new WasmInstance(this.module, { memory: this.memory, from, to })
    this.bytes = this.memory.buffer.byteLength - to - slack
    this.#gaps = new FreeList(to, this.bytes)
    this.arrays = new ArraySpace(
      'threads',
      this.memory,
      this.#gaps,
      'Free arrays, or ask for a larger memory with `bytes`.',
    )
    own(this.instance, this.#gaps)
    memories.set(this.memory.buffer, this)
  }

  /** The address of bytes of any content, or null. */
  take(bytes: number): number | null {
    return this.#gaps.alloc(bytes)
  }

  give(at: number): void {
    this.#gaps.free(at)
  }
}

/** As long as an array lies in a buffer, its memory can be found. */
const memories = new WeakMap<ArrayBufferLike, SharedMemory>()

let compiled: WebAssembly.Module | null = null

function sharedModule(): WebAssembly.Module {
  const plain = loadModule('simd')
  if ('reason' in plain) throw new Error(plain.reason)
  try {
    compiled ??= new WebAssembly.Module(shareMemory(decodeBytes(simdBytes)))
  } catch (error) {
    throw new Error(`this engine takes no WebAssembly with shared memory: ${(error as Error).message}`)
  }
  return compiled
}

/** Half as much again and again, where so much cannot be had. */
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
