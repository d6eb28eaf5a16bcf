/**
 * @file Chooses and compiles the WebAssembly module: the SIMD build, the scalar build, or none with a reason.
 * Synchronous, on first use.
 */
import { formatValue, invalid, PoolError } from '../../errors.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { decodeBytes } from './decode-bytes.ts'
import { commonBytes } from './generated/common.ts'
import { rareBytes } from './generated/rare.ts'
import { scalarBytes } from './generated/scalar.ts'
import { simdDigest } from './generated/simd.ts'
import { importMemory } from './imported-memory.ts'

export type Build = 'simd' | 'scalar'

/** The backend's name for each build. The scalar build is `wasm`, since `scalar` names the TypeScript kernels. */
export const backendOf: Readonly<Record<Build, 'simd' | 'wasm'>> = { simd: 'simd', scalar: 'wasm' }

/** The modules of a build. */
export interface Modules {
  readonly module: WebAssembly.Module
  /** Gives a module with the kernels that `module` lacks, for the same memory; null if it lacks none. */
  readonly rare: (() => WebAssembly.Module) | null
}

interface Unavailable {
  readonly reason: string
}

type Loaded = Modules | Unavailable

const modules: Partial<Record<Build, Loaded>> = {}

/** A module that only engines with SIMD accept: one function, `i8x16.popcnt(i8x16.splat(0))`. */
const simdProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x62, 0x0b],
)

/** The compiled modules of a build, or the reason why there are none. */
export function loadModules(build: Build): Loaded {
  modules[build] ??= compileBuild(build)
  return modules[build]
}

function compileBuild(build: Build): Loaded {
  const isSimd = build === 'simd'
  const module = compileModule(isSimd ? commonBytes : scalarBytes, isSimd)
  if ('reason' in module) return module
  return { module, rare: isSimd ? rareModule : null }
}

let compiledRare: WebAssembly.Module | null = null

/** The module of the kernels that few programs need. It imports the memory of the other. */
function rareModule(): WebAssembly.Module {
  compiledRare ??= new WebAssembly.Module(importMemory(decodeBytes(rareBytes), false))
  return compiledRare
}

/** The modules of the SIMD build, to run in a shared memory. */
export function compileShared(): { module: WebAssembly.Module; rare: WebAssembly.Module } {
  const [module, rare] = [commonBytes, rareBytes].map(
    (text) => new WebAssembly.Module(importMemory(decodeBytes(text), true)),
  )
  return { module: module!, rare: rare! }
}

/** Compiles the text of a module. */
export function compileModule(text: string, needsSimd: boolean): WebAssembly.Module | Unavailable {
  if (typeof WebAssembly !== 'object') return { reason: 'this environment has no WebAssembly' }
  if (needsSimd && !WebAssembly.validate(simdProbe)) return { reason: 'this engine has no WebAssembly SIMD' }
  try {
    return new WebAssembly.Module(decodeBytes(text))
  } catch (error) {
    return { reason: `WebAssembly may not be compiled here: ${(error as Error).message}` }
  }
}

/** `WebAssembly.Module`, for compilers without the DOM's types. */
export type WasmModule = object

/** The module `pool2d/pool.wasm` or its bytes, for hosts that forbid compiling inlined bytes. */
export interface InitOptions {
  readonly wasm: WasmModule | ArrayBufferLike | ArrayBufferView
}

/**
 * Sets the SIMD module before first use, for hosts that forbid compiling at run time but let modules be imported. After
 * the first use it changes nothing, because the kernels already run this same module.
 *
 * @throws PoolError "UNAVAILABLE" if the module cannot be compiled, "BAD_FORMAT" if it is not the one of this version
 */
export function init(options: InitOptions): void {
  const { wasm } = readOptions('init', options, ['wasm'])
  if (typeof WebAssembly !== 'object') {
    throw new PoolError('UNAVAILABLE', 'init: this environment has no WebAssembly. Leave init out.', {
      op: 'init',
    })
  }
  const module = isModule(wasm) ? wasm : compileGiven(wasm)
  const [digest] = WebAssembly.Module.customSections(module, 'pool2d')
  if (digest === undefined || String.fromCharCode(...new Uint8Array(digest)) !== simdDigest) {
    throw new PoolError(
      'BAD_FORMAT',
      'init: wasm is not the module of this version of pool2d. Pass its pool2d/pool.wasm.',
      { op: 'init', argument: 'wasm' },
    )
  }
  modules.simd = { module, rare: null }
}

/** Unlike `instanceof`, this accepts modules of other realms. */
function isModule(wasm: unknown): wasm is WebAssembly.Module {
  try {
    WebAssembly.Module.customSections(wasm as WebAssembly.Module, '')
    return true
  } catch {
    return false
  }
}

function compileGiven(bytes: unknown): WebAssembly.Module {
  if (!ArrayBuffer.isView(bytes) && !/ArrayBuffer$/.test(formatValue(bytes))) {
    throw invalid(
      'BAD_PARAM',
      { op: 'init', argument: 'wasm', value: bytes },
      'must be a WebAssembly.Module, or its bytes',
      'Pass pool2d/pool.wasm.',
    )
  }
  try {
    return new WebAssembly.Module(bytes as BufferSource)
  } catch (cause) {
    throw new PoolError(
      'UNAVAILABLE',
      `init: wasm cannot be compiled; ${(cause as Error).message}. Pass a WebAssembly.Module, or leave init out.`,
      { op: 'init', argument: 'wasm', cause },
    )
  }
}

/** The backend in use, and why faster ones are not. */
export interface Info {
  readonly backend: 'simd' | 'wasm' | 'scalar'
  /** The reasons why the SIMD build, or WebAssembly as a whole, is not used; empty if it is. */
  readonly reasons: readonly string[]
}

/** The backend that runs here: `simd`, `wasm` (no SIMD) or `scalar` (TypeScript). */
export function info(): Info {
  const reasons: string[] = []
  for (const build of ['simd', 'scalar'] as const) {
    const loaded = loadModules(build)
    if (!('reason' in loaded)) return { backend: backendOf[build], reasons }
    if (!reasons.includes(loaded.reason)) reasons.push(loaded.reason)
  }
  return { backend: 'scalar', reasons }
}
