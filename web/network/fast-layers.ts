/**
 * @file The layers in WebAssembly SIMD, for training: the plain ones of src/network/layers.ts take about eight times as long.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { extent, type LayerPasses } from '../src/network/layers.ts'

type Export =
  | 'convolve'
  | 'convolveBackward'
  | 'convolveGradients'
  | 'connect'
  | 'connectBackward'
  | 'connectGradients'

type Exports = Record<Export, (...values: number[]) => void> & { memory: WebAssembly.Memory }

function compiled(): Exports {
  const folder = mkdtempSync(join(tmpdir(), 'pool2d-layers-'))
  try {
    const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
    const file = join(folder, 'layers.wasm')
    const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--initialMemory', '512']
    execFileSync(path('../../node_modules/.bin/asc'), [path('assembly/layers.ts'), '-o', file, ...options])
    const module = new WebAssembly.Module(readFileSync(file))
    const env = { abort: () => undefined }
    return new WebAssembly.Instance(module, { env }).exports as unknown as Exports
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const wasm = compiled()
const floats = new Float32Array(wasm.memory.buffer)
/** Past what the module itself keeps. */
const start = 4096

/** Puts arrays one behind the other; their addresses go to `run`, and `results` of them are read back afterwards. */
function call(arrays: readonly Float32Array[], results: number, run: (...addresses: number[]) => void) {
  let at = start
  const places = arrays.map((array) => {
    const place = at
    floats.set(array, place)
    /** Aligned to 16 bytes, with room for loads past the end. */
    at += (array.length + 11) & ~3
    return place
  })
  if (at > floats.length) throw new Error(`training needs ${at} floats of memory, which has ${floats.length}`)
  run(...places.map((place) => place * 4))
  arrays.slice(arrays.length - results).forEach((array, i) => {
    const place = places[arrays.length - results + i]!
    array.set(floats.subarray(place, place + array.length))
  })
}

export const fastLayers: LayerPasses = {
  convolve: ({ inputs, outputs, weights, bias }, x, side) => {
    const count = x.length / (inputs * side * side)
    const y = new Float32Array(count * outputs * (side - extent + 1) ** 2)
    call([weights, bias, x, y], 1, (...at) => wasm.convolve(...at, count, inputs, outputs, side))
    return y
  },
  convolveBackward: ({ inputs, outputs, weights }, dy, side) => {
    const out = side - extent + 1
    const count = dy.length / (outputs * out * out)
    const dx = new Float32Array(count * inputs * side * side)
    call([weights, framed(dy, out), dx], 1, (...at) =>
      wasm.convolveBackward(...at, count, inputs, outputs, side),
    )
    return dx
  },
  convolveGradients: ({ inputs, outputs, weights, bias }, x, dy, side) => {
    const size = (side - extent + 1) ** 2
    const count = x.length / (inputs * side * side)
    dy.forEach((slope, i) => {
      bias[Math.floor(i / size) % outputs]! += slope
    })
    call([x, dy, weights], 1, (from, slopes, into) =>
      wasm.convolveGradients(into!, from!, slopes!, count, inputs, outputs, side),
    )
  },
  connect: ({ inputs, outputs, weights, bias }, x) => {
    const count = x.length / inputs
    const y = new Float32Array(count * outputs)
    call([weights, bias, x, y], 1, (...at) => wasm.connect(...at, count, inputs, outputs))
    return y
  },
  connectBackward: ({ inputs, outputs, weights }, dy) => {
    const count = dy.length / outputs
    const dx = new Float32Array(count * inputs)
    call([weights, dy, dx], 1, (...at) => wasm.connectBackward(...at, count, inputs, outputs))
    return dx
  },
  connectGradients: ({ inputs, outputs, weights, bias }, x, dy) => {
    dy.forEach((slope, i) => {
      bias[i % outputs]! += slope
    })
    call([x, dy, weights], 1, (from, slopes, into) =>
      wasm.connectGradients(into!, from!, slopes!, dy.length / outputs, inputs, outputs),
    )
  },
}

/** Four rows and columns of zeros around each map. */
function framed(maps: Float32Array, side: number): Float32Array {
  const wide = side + 2 * (extent - 1)
  const count = maps.length / side ** 2
  const around = new Float32Array(count * wide * wide)
  for (let row = 0; row < count * side; row++) {
    const [map, r] = [Math.floor(row / side), row % side]
    around.set(
      maps.subarray(row * side, (row + 1) * side),
      map * wide * wide + (r + extent - 1) * wide + extent - 1,
    )
  }
  return around
}
